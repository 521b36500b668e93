package passes

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// EliminateLinearActivation removes linear activations that do not change the type.
var EliminateLinearActivation = ir.Pass{
	Name: "eliminate_linear_activation",
	Doc:  "remove linear activations that keep the type",
	Match: func(n *ir.Node) bool {
		return isActivation(n) && function(n) == "linear" &&
			samePrecision(n.In(0).Type.Format, n.Out().Type.Format)
	},
	Apply: remove,
}

// remove takes n out of the graph.
func remove(n *ir.Node) (bool, error) { return true, n.Graph().Remove(n) }

// samePrecision is hls4ml's comparison of types, which asks a: fixed-point, integer and float types want the
// same kind and fields, the others (auto, xnor, exponent) only look at width and sign.
func samePrecision(a, b fixed.Format) bool {
	switch a.Kind {
	case fixed.KindFixed, fixed.KindInt, fixed.KindFloat:
		return a == b
	}
	return width(a) == width(b) && a.Signed == b.Signed
}

// width is 0 for auto, as in hls4ml.
func width(f fixed.Format) int {
	if f.Kind == fixed.KindAuto {
		return 0
	}
	return f.W
}

// MergeLinearActivation removes linear activations behind a node whose result type is free; the type of a
// quantizer on the activation becomes that result type. An explicit type of the activation without quantizer
// is lost, as in hls4ml.
var MergeLinearActivation = ir.Pass{
	Name: "merge_linear_activation",
	Doc:  "merge linear activations into a producer whose type is auto",
	Match: func(n *ir.Node) bool {
		if !isActivation(n) || function(n) != "linear" {
			return false
		}
		p := producer(n)
		safe := p != nil && (isMatrix(p) || isBatchNorm(p) || isActivation(p))
		return safe && resultAuto(p)
	},
	Apply: func(n *ir.Node) (bool, error) {
		p := producer(n)
		if q := n.Data.Quantizers["quantizer"]; q != nil {
			p.SetQuantizer("quantizer", q)
			p.Out().Type.Format = q.Format()
		}
		return remove(n)
	},
}
