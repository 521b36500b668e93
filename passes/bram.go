package passes

import "github.com/hlsgo/hlsgo/ir"

// RegisterBramWeights moves weights with more values than BramFactor to ports of the top function.
var RegisterBramWeights = ir.Pass{
	Name:  "vivado:register_bram_weights",
	Doc:   "move large weights to BRAM ports",
	Match: func(n *ir.Node) bool { return len(n.Weights) > 0 },
	Apply: func(n *ir.Node) (bool, error) {
		limit := n.Graph().Config.BramFactor()
		for _, w := range n.Stored() {
			if float64(ir.Size(w.Shape)) > limit {
				w.Storage = "bram"
			}
		}
		return false, nil
	},
}
