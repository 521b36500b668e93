package xilinx

import (
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/conv"
	"github.com/hlsgo/hlsgo/layers/dense"
)

// ValidateConvImplementation replaces the encoded implementation, which Vitis does not have.
var ValidateConvImplementation = ir.Pass{
	Name:  "vitis:validate_conv_implementation",
	Doc:   "replace encoded convolutions by line buffers",
	Match: func(n *ir.Node) bool { return strings.Contains(n.Kind, "Conv") },
	Apply: func(n *ir.Node) (bool, error) {
		c := conv.CommonOf(n)
		if c != nil && c.Implementation == ir.Encoded {
			n.Graph().Warnf("%s %q: ConvImplementation: got Encoded, which Vitis does not have: using LineBuffer",
				n.Kind, n.Name)
			c.Implementation = ir.LineBuffer
		}
		return false, nil
	},
}

// multSize is the number of terms of one sum and of sums; ok is false for kinds without weight matrix.
func multSize(n *ir.Node) (nIn, nOut int, ok bool) {
	if a, ok := n.Attrs.(*dense.Attrs); ok {
		return a.NIn, a.NOut, true
	}
	if c := conv.CommonOf(n); c != nil {
		return conv.WindowSize(n), c.NFilt, true
	}
	return 0, 0, false
}

// matrix reports whether n multiplies by one weight matrix.
func matrix(n *ir.Node) bool {
	_, _, ok := multSize(n)
	return ok
}

// streams reports whether the tensors of n are streams.
func streams(n *ir.Node) bool { return n.Graph().Config.IOType == ir.Stream }

func wantsResource(n *ir.Node) bool { return n.Graph().Config.Strategy(n.Name, n.Kind) == ir.Resource }

// ValidateResourceStrategy warns of reuse factors that cost Vitis a divider.
var ValidateResourceStrategy = ir.Pass{
	Name:  "vitis:validate_resource_strategy",
	Doc:   "warn of reuse factors that cost a divider",
	Match: func(n *ir.Node) bool { return matrix(n) && wantsResource(n) },
	Apply: func(n *ir.Node) (bool, error) {
		if nIn, _, _ := multSize(n); n.ReuseFactor > nIn && n.ReuseFactor%nIn > 0 {
			n.Graph().Warnf("%s %q: ReuseFactor: got %d, no multiple of %d: Vitis HLS up to 2022.1 needs a divider",
				n.Kind, n.Name, n.ReuseFactor, nIn)
		}
		return false, nil
	},
}

// ValidateResourceUnrolledStrategy warns that Vitis may not keep the initiation interval.
var ValidateResourceUnrolledStrategy = ir.Pass{
	Name: "vitis:validate_resource_unrolled_strategy",
	Doc:  "warn that unrolled layers may miss their initiation interval",
	Match: func(n *ir.Node) bool {
		t := layers.TraitsOf(n)
		return (t.Has(layers.Matrix) || t.Has(layers.Gated)) && n.Strategy == ir.ResourceUnrolled
	},
	Apply: func(n *ir.Node) (bool, error) {
		n.Graph().Warnf("%s %q: Strategy resource_unrolled: Vitis may miss the interval: check the report",
			n.Kind, n.Name)
		return false, nil
	},
}

// ValidateStdCppTypes warns of floating-point types that Vitis cannot synthesize.
var ValidateStdCppTypes = ir.Pass{
	Name:  "vitis:validate_std_cpp_types",
	Doc:   "warn of types that cannot be synthesized",
	Match: func(*ir.Node) bool { return true },
	Apply: func(n *ir.Node) (bool, error) {
		if slices.ContainsFunc(formats(n), unsynthesizable) {
			n.Graph().Warnf("%s %q: got C++ types that Vitis cannot synthesize: only for tests", n.Kind, n.Name)
		}
		return false, nil
	},
}

// formats lists the formats of all types of n.
func formats(n *ir.Node) []fixed.Format {
	out := []fixed.Format{n.Format("result_t")}
	for _, s := range n.Types {
		out = append(out, s.Type.Format)
	}
	for _, w := range n.Weights {
		out = append(out, w.Type.Format)
	}
	return out
}

func unsynthesizable(f fixed.Format) bool {
	return f.Kind == fixed.KindFloat && (f.Float == fixed.FloatHalf || f.Float == fixed.FloatBFloat)
}
