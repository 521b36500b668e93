package xilinx

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/rnn"
)

// ApplyResourceStrategy stores the weights of resource layers with the output axis first, as their kernels
// read them.
var ApplyResourceStrategy = ir.Pass{
	Name: "vivado:apply_resource_strategy",
	Doc:  "store weights of resource layers by output",
	Match: func(n *ir.Node) bool {
		m := layers.MatrixOf(n)
		return m != nil && !m.WeightsTransposed && n.Strategy.Resourceful()
	},
	Apply: func(n *ir.Node) (bool, error) {
		roles := rnn.Matrices(n)
		if roles == nil {
			roles = []string{"weight"}
		}
		for _, role := range roles {
			w := n.Weight(role)
			if channelsLast(n, w) {
				if n.Graph().Config.IOType == ir.Parallel {
					continue // it is computed as Latency, of which hls4ml has no answer to compare with
				}
				n.Graph().Warnf("%s %q: Strategy Resource: like hls4ml 1.3.0, hlsgo mixes up the weights of a depthwise "+
					"convolution of ONNX: the answer is not the network's; use Latency", n.Kind, n.Name)
			}
			w.Data = w.Data.Transpose(outputFirst(len(w.Data.Shape))...)
		}
		layers.MatrixOf(n).WeightsTransposed = true
		return false, nil
	},
}

// channelsLast reports whether w are the weights of a depthwise convolution as ONNX has them, with the axis
// of filters before that of channels.
func channelsLast(n *ir.Node, w *ir.Weight) bool {
	shape := w.Data.Shape
	return layers.TraitsOf(n).Has(layers.Depthwise) && shape[len(shape)-1] > 1
}

// outputFirst brings the last axis, that of the outputs, to the front.
func outputFirst(axes int) []int {
	switch axes {
	case 3:
		return []int{2, 0, 1}
	case 4:
		return []int{3, 0, 1, 2}
	}
	return []int{1, 0}
}

// GenerateUnrolledDenseResource marks the layers whose multiplications are written out one by one.
var GenerateUnrolledDenseResource = ir.Pass{
	Name: "vivado:generate_unrolled_dense_resource",
	Doc:  "mark layers whose multiplications are written out",
	Match: func(n *ir.Node) bool {
		return layers.Transposed(n) && n.ReuseFactor > 1 && n.Strategy == ir.ResourceUnrolled
	},
	Apply: func(n *ir.Node) (bool, error) {
		layers.MatrixOf(n).Unrolled = true
		nIn, nOut, ok := multSize(n)
		if rf := n.ReuseFactor; ok && (rf > nIn && rf%nIn != 0 || nIn*nOut%rf != 0) {
			return false, n.Errorf("Strategy resource_unrolled: got ReuseFactor %d, want one of %v",
				rf, layers.ValidReuseFactors(nIn, nOut))
		}
		return false, nil
	},
}
