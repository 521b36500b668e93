package merge

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// mergeEmit writes a configuration of the sizes and a call of the function that Op names.
var mergeEmit = codegen.Emitter{Emit: emitMerge}

func emitMerge(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	if _, _, err := operands(n, env.Stream()); err != nil {
		return nil, err
	}
	if env.Stream() {
		if err := checkWords(n); err != nil {
			return nil, err
		}
	}
	c := env.Config(n, "nnet::merge_config")
	c.Uint("n_elem", n.Out().Size())
	c.Uint("n_elem1", n.In(0).Size())
	c.Uint("n_elem2", n.In(1).Size())
	c.Uint("reuse_factor", n.ReuseFactor)
	name, terms := operation(n)
	if terms > 0 {
		c.Uint("n_terms", terms)
		name = "average_of_sum"
	}
	return fragment(n, c, "nnet::"+name), nil
}

// fragment calls the function with both inputs.
func fragment(n *ir.Node, c *codegen.Config, function string) *codegen.Fragment {
	a, b, out := n.In(0), n.In(1), n.Out()
	return &codegen.Fragment{
		Configs: []*codegen.Config{c},
		Call: &codegen.Call{
			Function: function,
			Template: []string{a.Type.Name, b.Type.Name, out.Type.Name, c.Name},
			Args:     []string{a.Name, b.Name, out.Name},
		},
		Includes: []string{"nnet_merge.h", "nnet_merge_stream.h"},
	}
}
