package qonnx

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// BipolarAttrs are the attributes of BipolarQuant. Its inputs are a tensor and a scale, which a pass takes
// over.
type BipolarAttrs struct {
	Scale *ir.Tensor `hls:"-"` // nil: still an input
}

// Scaling implements Scaled.
func (a *BipolarAttrs) Scaling() *ir.Tensor { return a.Scale }

// Scaled is implemented by the attributes of quantizers.
type Scaled interface {
	// Scaling is the scale; nil while it is an input.
	Scaling() *ir.Tensor
}

var bipolarDef = layers.Def{
	Kind:    "BipolarQuant",
	Doc:     "the scale, or less the scale below zero, until a pass makes bits of it",
	Attrs:   func() any { return &BipolarAttrs{} },
	Init:    initQuantizer,
	Ref:     bipolarRef,
	Impl:    map[codegen.Dialect]layers.Impl{codegen.Xilinx: {Setup: refuse}},
	Missing: missing,
}

var bipolarRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	if len(n.Inputs) != 2 {
		return nil, n.Errorf("inputs: got %d, want a tensor and a scale", len(n.Inputs))
	}
	scaleAt, err := spread(n, 1)
	if err != nil {
		return nil, err
	}
	return func(in [][]float64, out []float64) {
		for i, x := range in[0] {
			out[i] = in[1][scaleAt(i)]
			if x < 0 {
				out[i] = -out[i]
			}
		}
	}, nil
}
