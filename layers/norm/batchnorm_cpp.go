package norm

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// batchNormEmit writes a configuration derived from nnet::batchnorm_config and a call of nnet::normalize.
var batchNormEmit = codegen.Emitter{
	Emit: func(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
		return emitScale(env, n, ir.Attrs[Attrs](n)), nil
	},
}

func emitScale(env *codegen.Env, n *ir.Node, a *Attrs) *codegen.Fragment {
	scale, bias := n.Weight("scale"), n.Weight("bias")
	c := env.Config(n, "nnet::batchnorm_config")
	channels(c, env, n, a.NFilt)
	c.Expr("multiplier_limit", "DIV_ROUNDUP(n_in, reuse_factor)")
	c.Bool("store_weights_in_bram", false)
	c.Type("bias_t", bias.Type.Name)
	c.Type("scale_t", scale.Type.Name)
	c.Product(n.In(0).Type.Format, scale.Type.Format)
	return fragment(c, env.Call(n, "nnet::normalize", c.Name, scale.Var, bias.Var))
}

// channels writes the sizes and the way tensors travel: n_filt of -1 means a scale per value.
func channels(c *codegen.Config, env *codegen.Env, n *ir.Node, nFilt int) {
	c.Uint("n_in", n.In(0).Size())
	c.Uint("n_filt", nFilt)
	c.Expr("n_scale_bias", "(n_filt == unsigned(-1)) ? n_in : n_filt")
	c.Expr("io_type", env.IOEnum())
	c.Uint("reuse_factor", n.ReuseFactor)
}

func fragment(c *codegen.Config, call *codegen.Call) *codegen.Fragment {
	return &codegen.Fragment{
		Configs: []*codegen.Config{c}, Call: call,
		Includes: []string{"nnet_batchnorm.h", "nnet_batchnorm_stream.h"},
	}
}
