package conv

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// State is what the tools of Xilinx keep of a convolution.
type State struct {
	NPartitions int `hls:"n_partitions"` // output pixels per unit
	// What a pass works out for the encoded implementation: the size of the shortened input, and for each of its
	// pixels the places that it takes in windows, as bits.
	MinHeight    *int   `hls:"min_height"`
	MinWidth     *int   `hls:"min_width"`
	Instructions string `hls:"instructions"`
	layers.MatrixState
}

func newState() any { return &State{} }

// StateOf returns what the tool keeps of n; a fresh State where it keeps nothing, as in other dialects.
func StateOf(n *ir.Node) *State {
	if s, ok := n.State.(*State); ok {
		return s
	}
	return &State{}
}
