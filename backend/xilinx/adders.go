package xilinx

import (
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/quant"
)

// Layers under Strategy distributed_arithmetic, whose products are graphs of adders. The graphs themselves
// are made when the project is written: predictions need none.

// DistributedArithmeticCodegen refuses layers that have no graph of adders, and plans those of the others.
var DistributedArithmeticCodegen = ir.Pass{
	Name: "vivado:distributed_arithmetic_codegen",
	Doc:  "plan the adders of dense layers and convolutions",
	Match: func(n *ir.Node) bool {
		return n.Strategy == ir.DistributedArithmetic && n.Kind != "EinsumDense" && !planned(n)
	},
	Apply: func(n *ir.Node) (bool, error) {
		if !slices.Contains(layers.ImplOf(n).Strategies, ir.DistributedArithmetic) {
			return false, n.Errorf("Strategy: got distributed_arithmetic, want Latency or Resource: as in hls4ml, " +
				"there are adders for Dense, Conv1D, Conv2D and EinsumDense alone")
		}
		if n.ReuseFactor != 1 { // of a node that a pass made after the set-up of layers
			return false, n.Errorf("Strategy distributed_arithmetic: got ReuseFactor %d, want 1", n.ReuseFactor)
		}
		return false, layers.PlanAdders(n)
	},
}

// DistributedArithmeticEinsumCodegen is the same for products along named axes.
var DistributedArithmeticEinsumCodegen = ir.Pass{
	Name: "vivado:distributed_arithmetic_einsum_codegen",
	Doc:  "plan the adders of products along named axes",
	Match: func(n *ir.Node) bool {
		return n.Strategy == ir.DistributedArithmetic && n.Kind == "EinsumDense" && !planned(n)
	},
	Apply: func(n *ir.Node) (bool, error) {
		n.Wire("weight")
		return false, layers.PlanAdders(n)
	},
}

func planned(n *ir.Node) bool {
	s := layers.AddersOf(n)
	return s != nil && s.Made
}

// FuseQuantizerIntoDALayers gives a quantizer to the graphs of adders behind it, which convert every value as
// it comes in: streams get values of different types in this way. Where several layers would do the same
// conversion, it must be one that costs nothing. Of two quantizers in a row the first stays a layer: hls4ml
// takes both in, by code that does not compile.
var FuseQuantizerIntoDALayers = ir.Pass{
	Name:  "vivado:fuse_quantizer_into_d_a_layers",
	Doc:   "let adders convert their inputs in the place of a quantizer",
	Match: fusesIntoAdders,
	Apply: func(n *ir.Node) (bool, error) {
		q := ir.Attrs[quant.FixedPointAttrs](n)
		for _, r := range readersOf(n) {
			layers.AddersOf(r).Quantized = adderTypes(n, q)
			n.Graph().Touch(r)
		}
		return true, n.Graph().Remove(n)
	},
}

func fusesIntoAdders(n *ir.Node) bool {
	q, ok := n.Attrs.(*quant.FixedPointAttrs)
	list := readersOf(n)
	if !ok || len(list) == 0 || slices.Contains(n.Graph().Outputs, n.Outputs[0]) {
		return false
	}
	for _, r := range list {
		taken := planned(r) && layers.AddersOf(r).Quantized != nil
		if !planned(r) || taken || r.Kind == "EinsumDense" || r.Kind != "Dense" && !samePixels(q.Shape) {
			return false
		}
	}
	return len(list) == 1 || q.RND == "RND" && q.SAT == "WRAP"
}

// samePixels reports whether a mask of that shape has the same bits for every pixel.
func samePixels(shape []int) bool {
	return len(shape) == 0 || !slices.ContainsFunc(shape[:len(shape)-1], func(d int) bool { return d != 1 })
}

func readersOf(n *ir.Node) []*ir.Node { return n.Graph().Consumers(n.Outputs[0]) }

// adderTypes are the types of the values of the last axis: what the mask keeps of them, cut to the type of
// the quantizer's result.
func adderTypes(n *ir.Node, q *quant.FixedPointAttrs) []fixed.Format {
	shape, modes := n.Out().Shape, q.Type(0)
	k, i, f := n.Out().Type.Format.KIF()
	out := make([]fixed.Format, shape[len(shape)-1])
	for c := range out {
		e := q.Index(shape, c)
		k, i, f := min(k, q.K[e]), min(i, q.I[e]-q.K[e]), min(f, q.B[e]-q.I[e])
		if k+i+f > 0 {
			out[c] = fixed.FromKIF(k, i, f).With(modes.Q, modes.O)
		}
	}
	return out
}

// Templates of adders in hls4ml take the weights away from the layer.
var (
	DALatencyDenseTemplate = wiring("vivado:d_a_latency_dense_template", "dense layers", func(n *ir.Node) bool {
		return n.Kind == "Dense"
	})
	DALatencyConvTemplate = wiring("vivado:d_a_latency_conv_template", "convolutions of arrays",
		func(n *ir.Node) bool {
			// Streams keep the call of other strategies, weights included, and hls4ml has no template for
			// Conv2DBatchnorm.
			return n.Kind != "Dense" && n.Kind != "EinsumDense" && n.Graph().Config.IOType == ir.Parallel
		})
)

func wiring(name, what string, is func(n *ir.Node) bool) ir.Pass {
	return ir.Pass{
		Name: name,
		Doc:  "put the weights of " + what + " into their adders",
		Match: func(n *ir.Node) bool {
			return n.Strategy == ir.DistributedArithmetic && is(n) && len(n.Stored()) > 0
		},
		Apply: func(n *ir.Node) (bool, error) {
			n.Wire()
			return false, nil
		},
	}
}
