package dense

import (
	"slices"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// BiasAttrs are the attributes of BiasAdd.
type BiasAttrs struct {
	DataFormat string `hls:"data_format"`
}

// biasAddDef is the bias of a dense layer or convolution as a layer of its own, which a pass gives back to
// that layer. Mirrors BiasAdd of hls4ml's model/layers.py.
var biasAddDef = layers.Def{
	Kind:  "BiasAdd",
	Doc:   "bias per channel of the dense layer or convolution before it",
	Attrs: func() any { return &BiasAttrs{DataFormat: "channels_last"} },
	// hls4ml counts the kind among the merging ones
	Options: []ir.Option{layers.ReuseFactorOption()},
	Init: func(n *ir.Node, data ir.Data) error {
		in := n.In(0)
		if in == nil {
			return n.Errorf("input %q: got no such tensor", n.Inputs[0])
		}
		if err := n.AddOutput(in.Shape); err != nil {
			return err
		}
		return layers.AddBias(n, data, in.Shape[len(in.Shape)-1])
	},
	Ref: func(n *ir.Node) (func(in [][]float64, out []float64), error) {
		bias := slices.Clone(n.Weight("bias").Unquantized.Data)
		return func(in [][]float64, out []float64) {
			for i, x := range in[0] {
				// One value per channel, channels last.
				out[i] = x + bias[i%len(bias)]
			}
		}, nil
	},
	Impl:    map[codegen.Dialect]layers.Impl{codegen.Xilinx: {Setup: refuseBias}},
	Missing: "the layer before takes the bias over",
}

// refuseBias reports a bias that no layer took over, once the set-up begins.
func refuseBias(n *ir.Node) error {
	return n.Errorf("input %q: got a bias behind another layer than Dense or a convolution, which has no "+
		"firmware: want it in a BatchNormalization", n.Inputs[0])
}
