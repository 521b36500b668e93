package softmax

import (
	"fmt"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// softmaxEmit writes a configuration with the tables of the layer and a call of nnet::softmax, or of
// nnet::softmax_multidim where the axis is not the only one.
var softmaxEmit = codegen.Emitter{Emit: emitSoftmax}

func emitSoftmax(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	a := ir.Attrs[Attrs](n)
	multi := (a.NInner > 1 || a.NOuter > 1) && !env.Stream()
	if env.Stream() && !a.last(n.In(0).Shape) {
		return nil, env.Unsupported(n, fmt.Sprintf("softmax over axis %d", a.Axis))
	}
	function := "nnet::softmax"
	if multi {
		function = "nnet::softmax_multidim"
	}
	c := softmaxConfig(env, n, a)
	return &codegen.Fragment{
		Configs:  []*codegen.Config{c},
		Call:     env.Call(n, function, c.Name),
		Includes: []string{"nnet_activation.h", "nnet_activation_stream.h"},
	}, nil
}

func softmaxConfig(env *codegen.Env, n *ir.Node, a *Attrs) *codegen.Config {
	expSize, invSize := tableSizes(n, a)
	c := codegen.NewConfig("softmax_"+codegen.ConfigName(n), "nnet::activ_config")
	c.Uint("n_in", a.NIn)
	c.Uint("n_slice", a.NIn/a.NInner/a.NOuter)
	c.Uint("n_outer", a.NOuter)
	c.Uint("n_inner", a.NInner)
	parallel := -1
	if a.ParallelizationFactor != nil {
		parallel = *a.ParallelizationFactor
	}
	c.Uint("parallelization_factor", parallel)
	c.Uint("exp_table_size", expSize)
	c.Uint("inv_table_size", invSize)
	c.Expr("io_type", env.IOEnum())
	c.Uint("reuse_factor", n.ReuseFactor)
	if axis := a.Axis; env.Stream() {
		c.Uint("axis", -1) // the function of streams wants the last by this name
	} else {
		c.Uint("axis", axis)
	}
	c.Enum("nnet::softmax_implementation", "implementation",
		"nnet::softmax_implementation::"+string(a.Implementation))
	c.Float("exp_scale", expScale(a))
	c.Type("exp_table_t", n.Type("exp_table_t").Name)
	c.Type("inv_table_t", n.Type("inv_table_t").Name)
	c.Type("accum_t", n.Type("accum_t").Name)
	c.Type("inv_inp_t", inverseInput(n).Name)
	c.Type("inp_norm_t", differenceType(env, n, a))
	return c
}

func expScale(a *Attrs) float64 {
	if a.ExpScale != nil {
		return *a.ExpScale
	}
	return 1
}

// differenceType names the type of max-x, by its own name where a front end gave it one.
func differenceType(env *codegen.Env, n *ir.Node, a *Attrs) string {
	if t := n.Type("inp_norm_t"); t != nil && a.Implementation == Stable {
		return t.Name
	}
	return env.Spell.Type(differenceFormat(n, a))
}
