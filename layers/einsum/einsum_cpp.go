package einsum

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// emitEinsum writes the configurations of three permutations and of the layer, and a call of nnet::einsum.
func emitEinsum(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	if env.Stream() {
		return nil, env.Unsupported(n, "tensors as streams")
	}
	a, s, name := ir.Attrs[Attrs](n), n.State.(*State), codegen.ConfigName(n)
	c := env.Config(n, "")
	c.Type("tpose_inp0_config", name+"_tpose_inp0")
	c.Type("tpose_inp1_config", name+"_tpose_inp1")
	c.Type("tpose_out_conf", name+"_tpose_out")
	c.Type("accum_t", n.Type("accum_t").Name)
	c.Uint("n_free0", s.Rows)
	c.Uint("n_free1", s.Cols)
	c.Uint("n_contract", s.Terms)
	c.Uint("n_inplace", s.Blocks)
	c.Expr("io_type", env.IOEnum())
	c.Expr("strategy", codegen.StrategyEnum(n.Strategy))
	c.Uint("reuse_factor", n.ReuseFactor)
	c.Uint("multiplier_limit", ceilDiv(s.Rows*s.Cols*s.Terms*s.Blocks, n.ReuseFactor))
	c.Bool("store_weights_in_bram", false)
	x, y, out := n.In(0), n.In(1), n.Out()
	c.Product(x.Type.Format, y.Type.Format)
	return &codegen.Fragment{
		Configs: []*codegen.Config{
			transposition(name+"_tpose_inp0", a.Inp0Shape, s.Inp0Transpose),
			transposition(name+"_tpose_inp1", a.Inp1Shape, s.Inp1Transpose),
			transposition(name+"_tpose_out", s.Between, s.OutTranspose), c,
		},
		Call: &codegen.Call{
			Function: "nnet::einsum", Template: []string{x.Type.Name, y.Type.Name, out.Type.Name, name},
			Args: []string{x.Name, y.Name, out.Name},
		},
		Includes: []string{"nnet_einsum.h"},
	}, nil
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }
