package layers

import (
	"math"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// IsAuto reports whether the type in the role exists and is still to be inferred.
func IsAuto(n *ir.Node, role string) bool {
	t := n.Type(role)
	return t != nil && t.Format == fixed.Auto
}

// Resolve gives the type in the role the format, when it is still auto, and renames it to
// <node>_<role>, as hls4ml does with inferred types.
func Resolve(n *ir.Node, role string, f fixed.Format) {
	if !IsAuto(n, role) {
		return
	}
	t := n.Type(role)
	t.Name, t.Format = n.Name+"_"+role, f
}

// ResolveQuiet is Resolve without the renaming.
func ResolveQuiet(n *ir.Node, role string, f fixed.Format) {
	if IsAuto(n, role) {
		n.Type(role).Format = f
	}
}

// sized reports whether every format is a fixed-point or integer one; only for those hls4ml infers widths.
func sized(formats ...fixed.Format) bool {
	for _, f := range formats {
		if !f.IsFixedOrInt() {
			return false
		}
	}
	return true
}

// ceilLog2 is ceil(log2(n)) in floating point, as hls4ml takes it.
func ceilLog2(n int) int { return int(math.Ceil(math.Log2(float64(n)))) }

// InferSum resolves the types of a kind that adds nOps products of input and weight to a bias: weight_t and
// bias_t take the model's default, accum_t and result_t the width that holds every sum exactly. Mirrors
// _infer_common_precision of model/optimizer/passes/infer_precision.py.
func InferSum(n *ir.Node, env InferEnv, nOps int) error {
	inferWeight(n, "weight", env)
	inferWeight(n, "bias", env)
	x, w, b := n.In(0).Type.Format, n.Format("weight_t"), n.Format("bias_t")
	f := env.Default
	if sized(x, w, b) {
		noBias := env.InferNoBias && n.Weight("bias").Data.AllEqual(0)
		f = env.Cap(sumFormat(x, w, b, nOps, noBias))
	}
	Resolve(n, "accum_t", f)
	Resolve(n, "result_t", f)
	return nil
}

func inferWeight(n *ir.Node, role string, env InferEnv) {
	w := n.Weight(role)
	if w == nil || w.Type.Format != fixed.Auto {
		return
	}
	if q := n.Quantizer(role); q != nil {
		w.Type.Name, w.Type.Format = n.Name+"_"+role+"_t", q.Format()
		return
	}
	w.Type.Format = env.Default
}

// sumFormat is the exact format of nOps products x*w, plus b unless noBias.
func sumFormat(x, w, b fixed.Format, nOps int, noBias bool) fixed.Format {
	grow := ceilLog2(nOps)
	bits, whole := w.W+x.W+grow, w.I+x.I+grow
	signed := w.Signed || x.Signed
	frac := bits - whole
	if !noBias {
		whole = max(whole+bit(b.Signed && !signed), b.I+bit(signed && !b.Signed)) + 1
		bits = whole + max(frac, b.W-b.I)
		signed = signed || b.Signed
	}
	return fixed.Format{W: bits, I: whole, Signed: signed}
}

// InferScale resolves the types of a kind that computes x*scale + bias with a single rounding. Mirrors
// _infer_bn_precision.
func InferScale(n *ir.Node, env InferEnv) error {
	ResolveQuiet(n, "scale_t", env.Default)
	ResolveQuiet(n, "bias_t", env.Default)
	x, s, b := n.In(0).Type.Format, n.Format("scale_t"), n.Format("bias_t")
	f := env.Default
	if sized(x, s, b) {
		f = env.Cap(sumFormat(x, s, b, 1, false))
	}
	Resolve(n, "result_t", f)
	return nil
}

// InferLikeInput gives the result the type of the input, without renaming. Mirrors
// _infer_output_matching_precision.
func InferLikeInput(n *ir.Node, _ InferEnv) error {
	ResolveQuiet(n, "result_t", n.In(0).Type.Format)
	return nil
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
