package passes

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// EliminateLinearActivation removes linear activations that do not change the type. A cast to the type that a
// value has is the identity, so the answer stays.
var EliminateLinearActivation = ir.Pass{
	Name: "eliminate_linear_activation",
	Doc:  "remove linear activations that keep the type",
	Match: func(n *ir.Node) bool {
		return isLinear(n) && samePrecision(n.In(0).Type.Format, n.Out().Type.Format)
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
// is lost, as in hls4ml. Producers are those that compute their result in a type of its own anyway; what
// moves values or merges tensors would lose bits that it passes on.
var MergeLinearActivation = ir.Pass{
	Name: "merge_linear_activation",
	Doc:  "merge linear activations into a producer whose type is auto",
	Match: func(n *ir.Node) bool {
		p := producer(n)
		safe := p != nil && (isMatrix(p) || isScale(p) || isActivation(p))
		return isLinear(n) && safe && resultAuto(p)
	},
	Apply: func(n *ir.Node) (bool, error) {
		p := producer(n)
		// what the activation would have cast to: with it gone, the producer casts
		if q := n.Data.Quantizers["quantizer"]; q != nil {
			p.SetQuantizer("quantizer", q)
			p.Out().Type.Format = q.Format()
		}
		return remove(n)
	},
}
