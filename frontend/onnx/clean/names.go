package clean

import (
	"fmt"

	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

// giveNames names nodes by their operators and tensors by their nodes: MatMul_0, MatMul_0_out0,
// MatMul_0_param0, and the ends global_in, global_in_1, global_out.
func giveNames(g *graph.Graph) error {
	count := map[string]int{}
	names := map[string]string{}
	for _, n := range g.Nodes {
		n.Name = fmt.Sprintf("%s_%d", n.Op, count[n.Op])
		count[n.Op]++
		for i, o := range n.Outputs {
			if o != "" {
				names[o] = fmt.Sprintf("%s_out%d", n.Name, i)
			}
		}
		params := 0
		for _, in := range n.Inputs {
			if g.Init(in) != nil {
				names[in] = fmt.Sprintf("%s_param%d", n.Name, params)
				params++
			}
		}
	}
	nameEnds(names, g.Inputs, "global_in")
	nameEnds(names, g.Outputs, "global_out")
	g.Rename(names)
	return nil
}

func nameEnds(names map[string]string, ends []string, name string) {
	for i, end := range ends {
		names[end] = name
		if i > 0 {
			names[end] = fmt.Sprintf("%s_%d", name, i)
		}
	}
}
