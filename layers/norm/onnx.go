package norm

import (
	"math"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// batchNormOnnxDef is a batch normalization that has its four vectors as inputs, as ONNX does, with the
// attributes of BatchNormalization. A pass makes one of it. Mirrors BatchNormOnnx of hls4ml's
// model/layers.py.
var batchNormOnnxDef = layers.Def{
	Kind:    "BatchNormOnnx",
	Doc:     "batch normalization of ONNX, until a pass makes a BatchNormalization of it",
	Attrs:   func() any { return &Attrs{NFilt: -1, UseGamma: true, UseBeta: true, Epsilon: 1e-5} },
	Options: []ir.Option{layers.ReuseFactorOption()},
	Init: func(n *ir.Node, _ ir.Data) error {
		if len(n.Inputs) != 5 || n.In(0) == nil {
			return n.Errorf("inputs: got %q, want a tensor, scale, bias, mean and variance", n.Inputs)
		}
		return n.AddOutput(n.In(0).Shape)
	},
	Ref:     batchNormOnnxRef,
	Impl:    map[codegen.Dialect]layers.Impl{codegen.Xilinx: {Setup: refuseOnnx}},
	Missing: "a pass makes a BatchNormalization of it",
}

// refuseOnnx reports parameters that the network computes, once the set-up begins.
func refuseOnnx(n *ir.Node) error {
	return n.Errorf("inputs %q: got parameters that the network computes, want constants", n.Inputs[1:])
}

var batchNormOnnxRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	eps, channels := ir.Attrs[Attrs](n).Epsilon, n.Out().Shape[len(n.Out().Shape)-1]
	for i := 1; i < 5; i++ {
		if v := n.In(i); v == nil || v.Size() != channels {
			return nil, n.Errorf("input %q: got no such tensor, or not one number per channel", n.Inputs[i])
		}
	}
	return func(in [][]float64, out []float64) {
		for i, x := range in[0] {
			c := i % channels
			out[i] = (x-in[3][c])/math.Sqrt(in[4][c]+eps)*in[1][c] + in[2][c]
		}
	}, nil
}
