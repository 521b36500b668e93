package shape

import (
	"slices"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// ReshapeAttrs are the attributes of Reshape.
type ReshapeAttrs struct {
	DataFormat string `hls:"data_format"`
	// TargetShape is without the batch axis; one entry may be -1.
	TargetShape []int `hls:"target_shape"`
}

// Target implements layers.Reshaping.
func (a *ReshapeAttrs) Target() []int { return a.TargetShape }

var reshapeDef = layers.Def{
	Kind:    "Reshape",
	Doc:     "another shape for the same values",
	Traits:  layers.Moves | layers.Reshapes | layers.AnyWords,
	Attrs:   func() any { return &ReshapeAttrs{} },
	Options: []ir.Option{{Name: "target_shape"}},
	Init:    initReshape,
	Infer:   layers.InferLikeInput,
	Bits:    reshapeBits,
	Ref:     reshapeRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {Kernel: reshapeKernel, Emit: reshapeEmit},
	},
}

// initReshape mirrors Reshape.initialize.
func initReshape(n *ir.Node, _ ir.Data) error {
	a := ir.Attrs[ReshapeAttrs](n)
	in := n.In(0)
	if in == nil {
		return n.Errorf("input %q: got no such tensor", n.Inputs[0])
	}
	shape, ok := fillShape(a.TargetShape, in.Size())
	if !ok {
		return n.Errorf("target_shape: got %v, want a shape of %d values", a.TargetShape, in.Size())
	}
	a.TargetShape = shape
	return n.AddOutput(shape)
}

// fillShape replaces the one entry -1 by what makes the shape hold size values.
func fillShape(target []int, size int) ([]int, bool) {
	shape := slices.Clone(target)
	known, open := 1, -1
	for i, d := range shape {
		switch {
		case d == -1 && open < 0:
			open = i
		case d < 1 || d > size:
			return nil, false
		default:
			if known *= d; known > size {
				return nil, false
			}
		}
	}
	if open >= 0 {
		shape[open] = size / known
		known *= shape[open]
	}
	return shape, len(shape) > 0 && known == size
}
