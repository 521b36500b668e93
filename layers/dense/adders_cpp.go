package dense

import (
	"fmt"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/codegen/xilinx/spell"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// emitAdders writes the graph of adders of the layer as a function, which arrays call by itself; for streams
// a configuration names it to nnet::dense. Weights and bias are in the graph.
func emitAdders(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	a := ir.Attrs[Attrs](n)
	name := fmt.Sprintf("dense_da_%d", n.Index)
	code, err := spell.AdderFunction(env, n, spell.Adders{
		Name: name, Inputs: layers.AdderInputs(n, a.NIn), Outs: a.NOut,
		Weight: n.Weight("weight").Data.Data, Bias: n.Weight("bias").Data.Data,
	})
	if err != nil {
		return nil, err
	}
	in, out := n.In(0), n.Out()
	function := env.Owner() + "::" + name
	if !env.Stream() {
		return &codegen.Fragment{Code: code, Call: &codegen.Call{
			Function: function, Template: []string{in.Type.Name, out.Type.Name}, Args: []string{in.Name, out.Name},
		}}, nil
	}
	c := env.Config(n, "")
	c.Uint("n_in", a.NIn)
	c.Uint("n_out", a.NOut)
	c.Expr("io_type", env.IOEnum())
	c.Expr("strategy", codegen.StrategyEnum(n.Strategy))
	c.Auto("dense_da", fmt.Sprintf("%s<%s::value_type, %s::value_type>", function, in.Type.Name, out.Type.Name))
	return &codegen.Fragment{
		Configs: []*codegen.Config{c}, Code: code, Call: env.Call(n, "nnet::dense", c.Name),
		Includes: []string{"nnet_da_wrappers.h"},
	}, nil
}
