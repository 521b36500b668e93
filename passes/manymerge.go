package passes

import (
	"fmt"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// ChainMerge makes merges of two out of one of more tensors, from the first to the last. hls4ml refuses
// those. Sums, products and the like may be taken in any grouping; this one is the order in which numbers
// would be merged one by one. The types between are inferred, so that nothing is lost before the last; it
// keeps the name.
var ChainMerge = ir.Pass{
	Name: "chain_merge",
	Doc:  "merge more than two tensors two by two",
	Match: func(n *ir.Node) bool {
		_, ok := n.Attrs.(layers.Chained)
		return ok && len(n.Inputs) > 2
	},
	Apply: func(n *ir.Node) (bool, error) {
		g, inputs := n.Graph(), n.Inputs
		attrs := n.Attrs.(layers.Chained).Chain(len(inputs))
		so := inputs[0]
		for i, next := range inputs[1 : len(inputs)-1] {
			name := fmt.Sprintf("%s_of_%d", n.Name, i+2)
			if g.Node(name) != nil {
				return false, n.Errorf("inputs: got %d, and a layer called %q, which a merge of the first %d is to be",
					len(inputs), name, i+2)
			}
			m, err := g.NewNode(ir.NodeSpec{
				Kind: n.Kind, Name: name, ClassName: n.ClassName, Attrs: ir.CloneAttrs(attrs), Origin: n.Origin,
				Inputs: []string{so, next},
			})
			if err != nil {
				return false, err
			}
			m.Out().Type.Format = fixed.Auto // the configuration speaks of the layer, which is the last
			g.InsertBefore(m, n)
			so = name
		}
		g.SetInputs(n, so, inputs[len(inputs)-1])
		return true, nil
	},
}
