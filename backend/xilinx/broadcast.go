package xilinx

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/merge"
)

// BroadcastStream repeats the smaller of two streams of different shapes before they are merged. hls4ml does
// so for Vivado alone and refuses such merges for Vitis.
var BroadcastStream = ir.Pass{
	Name: "vivado:broadcast_stream",
	Doc:  "repeat the smaller of two streams to be merged",
	Match: func(n *ir.Node) bool {
		return layers.TraitsOf(n).Has(layers.Elementwise) && !slices.Equal(n.In(0).Shape, n.In(1).Shape)
	},
	Apply: func(n *ir.Node) (bool, error) {
		if !streams(n) {
			return false, nil
		}
		small, large := 0, 1
		if n.In(0).Size() > n.In(1).Size() {
			small, large = 1, 0
		}
		g, from := n.Graph(), n.Inputs[small]
		b, err := g.NewNode(ir.NodeSpec{
			Kind: "Broadcast", Name: "broadcast_" + from, Inputs: []string{from},
			Attrs: &merge.BroadcastAttrs{TargetShape: slices.Clone(n.In(large).Shape)}, Origin: n.Origin,
		})
		if err != nil {
			return false, err
		}
		return true, g.Insert(b, n, small)
	},
}
