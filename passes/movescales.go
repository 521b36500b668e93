package passes

import (
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/conv"
	"github.com/hlsgo/hlsgo/layers/dense"
	"github.com/hlsgo/hlsgo/layers/norm"
)

// Scales that quantizers left in front of sums of products move behind them, so that the sums are of whole
// numbers: (s*x)w = s*(xw). Mirrors hls4ml's model/optimizer/passes/move_scales.py; what that leaves in front
// of weights, for which there is no firmware, moves here where it can.

// alphaAt is the layer that scales behind input i of n, or nil.
func alphaAt(n *ir.Node, i int) *ir.Node {
	if i >= len(n.Inputs) {
		return nil
	}
	p := n.Graph().Producer(n.Inputs[i])
	if p == nil {
		return nil
	}
	if _, ok := p.Attrs.(*norm.AlphaAttrs); !ok {
		return nil
	}
	return p
}

// affine are a scale and a shift, each a tensor without axes when all of its numbers are one.
type affine struct{ scale, bias *ir.Tensor }

func affineOf(n *ir.Node) *affine {
	if n == nil {
		return nil
	}
	return &affine{scalar(plain(n, "scale")), scalar(plain(n, "bias"))}
}

// scalar is t, or its one number.
func scalar(t *ir.Tensor) *ir.Tensor {
	if t.AllEqual(t.Data[0]) {
		return &ir.Tensor{DType: t.DType, Data: t.Data[:1]}
	}
	return t
}

func isScalar(t *ir.Tensor) bool { return len(t.Shape) == 0 }

// unshifted reports whether nothing is added.
func (a *affine) unshifted() bool { return isScalar(a.bias) && a.bias.Data[0] == 0 }

// ScaleDownMatMul moves a scale from the inputs of a matrix product behind it.
var ScaleDownMatMul = ir.Pass{
	Name: "scale_down_mat_mul",
	Doc:  "move scales from the inputs of a matrix product behind it",
	Match: func(n *ir.Node) bool {
		_, ok := n.Attrs.(*dense.MatMulAttrs)
		return ok && (alphaAt(n, 0) != nil || alphaAt(n, 1) != nil)
	},
	Apply: func(n *ir.Node) (bool, error) {
		from := 1
		if a := alphaAt(n, 0); a != nil && (constant(a, 0) != nil || !onConstant(alphaAt(n, 1))) {
			from = 0
		}
		a, shape := alphaAt(n, from), n.Out().Shape
		f := affineOf(a)
		if !f.unshifted() {
			return notMoved(n)
		}
		scale, err := f.scale.BroadcastTo(shape...)
		if err != nil && from == 1 && !powersOfTwo(f.scale) { // one scale for each column of weights
			scale, err = reduced(f.scale).BroadcastTo(shape...)
		}
		if err != nil {
			return notMoved(n)
		}
		if from == 0 && !isScalar(f.scale) {
			n.Graph().Warnf("%s %q: scales of single inputs: like hls4ml 1.3.0, hlsgo applies them to the outputs: "+
				"the answer is not the network's", n.Kind, n.Name)
		}
		return true, moveBehind(n, a, a, affine{scale, ir.NewTensor(ir.Float64, shape...)}, a)
	},
}

// powersOfTwo reports whether all scales are powers of two, which the type of weights can say.
func powersOfTwo(t *ir.Tensor) bool {
	return !slices.ContainsFunc(t.Data, func(v float64) bool {
		mantissa, _ := math.Frexp(v)
		return mantissa != 0.5
	})
}

// onConstant reports whether n scales constant numbers.
func onConstant(n *ir.Node) bool { return n != nil && constant(n, 0) != nil }

// notMoved leaves scales where they are. A layer in front of data works there as well.
func notMoved(*ir.Node) (bool, error) { return false, nil }

// reduced is t with one number along each axis along which all numbers are the same.
func reduced(t *ir.Tensor) *ir.Tensor {
	for axis := range t.Shape {
		first := firstAlong(t, axis)
		if same, err := ir.Elementwise(first, t, func(x, y float64) float64 { return x - y }); err == nil &&
			same.AllEqual(0) {
			t = first
		}
	}
	return t
}

// firstAlong is the first slice of t along an axis, which it keeps.
func firstAlong(t *ir.Tensor, axis int) *ir.Tensor {
	shape := slices.Clone(t.Shape)
	inner := ir.Size(shape[axis+1:])
	block := shape[axis] * inner
	shape[axis] = 1
	out := &ir.Tensor{Shape: shape, DType: t.DType}
	for at := 0; at < len(t.Data); at += block {
		out.Data = append(out.Data, t.Data[at:at+inner]...)
	}
	return out
}

// moveBehind takes layers that scale out and puts one called as `named` behind n. It has the attributes of
// `like`, as hls4ml copies them, be that a layer that scales or not.
func moveBehind(n, named, like *ir.Node, f affine, out ...*ir.Node) error {
	g := n.Graph()
	attrs, quantizers, types := carried(like)
	for _, a := range out {
		warnOtherReaders(a, a.Outputs[0], named.Name)
		if err := g.Remove(a); err != nil {
			return err
		}
	}
	s, err := g.NewNode(ir.NodeSpec{
		Kind: "ApplyAlpha", Name: named.Name, Attrs: attrs, Inputs: slices.Clone(n.Outputs), Origin: named.Origin,
		Data: ir.Data{
			Tensors:    map[string]*ir.Tensor{"scale_data": f.scale, "bias_data": f.bias},
			Quantizers: quantizers,
		},
	})
	if err != nil {
		return err
	}
	for _, t := range types {
		if s.Type(t.Key) == nil {
			s.SetType(t.Key, t.Type)
		}
	}
	warnOtherReaders(n, n.Outputs[0], named.Name)
	return g.Insert(s, nil, 0)
}

// carried is what a layer that scales takes over from another: filters, types and quantizers of scale and
// bias.
func carried(like *ir.Node) (
	attrs *norm.AlphaAttrs, quantizers map[string]ir.Quantizer, types []ir.TypeSlot,
) {
	attrs = &norm.AlphaAttrs{
		Attrs: norm.Attrs{NFilt: -1, UseGamma: true, UseBeta: true}, Quantizer: true,
	}
	quantizers = map[string]ir.Quantizer{}
	if a, ok := like.Attrs.(*norm.AlphaAttrs); ok {
		attrs = ir.CloneAttrs(a).(*norm.AlphaAttrs)
	} else if v, ok := like.Get("n_filt"); ok {
		if filters, ok := v.(int); ok {
			attrs.NFilt = filters
		}
	}
	for _, role := range []string{"scale", "bias"} {
		if q := like.Quantizer(role); q != nil {
			quantizers[role+"_quantizer"] = q
		}
	}
	return attrs, quantizers, slices.Clone(like.Types)
}

// ScaleDownAdd moves equal scales of both terms behind a sum.
var ScaleDownAdd = ir.Pass{
	Name: "scale_down_add",
	Doc:  "move equal scales of both terms behind a sum",
	Match: func(n *ir.Node) bool {
		if opOfTwo(n) != "add" {
			return false
		}
		a, b := alphaAt(n, 0), alphaAt(n, 1)
		return a != nil && b != nil && sameNumbers(plain(a, "scale"), plain(b, "scale"))
	},
	Apply: func(n *ir.Node) (bool, error) {
		a, b := alphaAt(n, 0), alphaAt(n, 1)
		bias, err := ir.Elementwise(plain(a, "bias"), plain(b, "bias"), plus)
		if err != nil {
			return notMoved(n)
		}
		scale := plain(a, "scale")
		if len(scale.Data) != n.Out().Size() || len(bias.Data) != n.Out().Size() {
			return notMoved(n)
		}
		return true, moveBehind(n, a, a, affine{scale, bias}, a, b)
	},
}

// sameNumbers reports whether tensors that repeat to each other hold the same numbers.
func sameNumbers(a, b *ir.Tensor) bool {
	d, err := ir.Elementwise(a, b, func(x, y float64) float64 { return x - y })
	return err == nil && d.AllEqual(0)
}

// BiasDownAdd would move a shift behind a sum: hls4ml 1.3.0 does so only for a scale of zero, which no
// quantizer has. It stands here for its place among the passes that matched.
var BiasDownAdd = ir.Pass{
	Name: "bias_down_add",
	Doc:  "leave scales of one term in front of a sum",
	Match: func(n *ir.Node) bool {
		return opOfTwo(n) == "add" && (alphaAt(n, 0) == nil) != (alphaAt(n, 1) == nil)
	},
	Apply: notMoved,
}

// ScaleDownConv moves scales from the inputs of a convolution behind it.
var ScaleDownConv = ir.Pass{
	Name: "scale_down_conv",
	Doc:  "move scales from the inputs of a convolution behind it",
	Match: func(n *ir.Node) bool {
		_, ok := n.Attrs.(*conv.OnnxAttrs)
		return ok && (alphaAt(n, 0) != nil || alphaAt(n, 1) != nil || alphaAt(n, 2) != nil)
	},
	Apply: scaleDownConv,
}

func scaleDownConv(n *ir.Node) (bool, error) {
	x, w, b := alphaAt(n, 0), alphaAt(n, 1), alphaAt(n, 2)
	for i, a := range []*ir.Node{w, b} {
		if i+1 < len(n.Inputs) && a == nil && constant(n, i+1) == nil {
			return false, n.Errorf("input %q: got a tensor that the network computes, want constants", n.Inputs[i+1])
		}
	}
	f, ok := convAffine(n, affineOf(x), affineOf(w), affineOf(b))
	if !ok {
		return notMoved(n)
	}
	scale, err := f.scale.BroadcastTo(n.Out().Shape...)
	if err != nil {
		return notMoved(n)
	}
	bias, err := f.bias.BroadcastTo(n.Out().Shape...)
	if err != nil {
		return notMoved(n)
	}
	named, like := convNames(n, x, w, b)
	out := slices.DeleteFunc([]*ir.Node{x, w, b}, func(a *ir.Node) bool { return a == nil })
	return true, moveBehind(n, named, like, affine{scale, bias}, out...)
}

// convNames says after which of its layers hls4ml calls the one behind the convolution, and whose attributes
// it gives it.
func convNames(n, x, w, b *ir.Node) (named, like *ir.Node) {
	data := n.Graph().Producer(n.Inputs[0])
	switch {
	case w != nil && b != nil && x == nil:
		return w, w
	case w != nil && b == nil:
		return w, data
	case x != nil:
		return x, data
	default:
		return b, b
	}
}

// convAffine is what scales and shifts the sums of a convolution whose data, weights and bias are scaled, as
// far as they are; ok is false where nothing of the kind gives the same.
func convAffine(n *ir.Node, x, w, b *affine) (f affine, ok bool) {
	if x != nil && !x.unshifted() || w != nil && !w.unshifted() {
		return f, false
	}
	if x == nil && w == nil {
		ones := ir.NewTensor(ir.Float64, n.Out().Shape...).Map(func(float64) float64 { return 1 })
		return affine{ones, b.bias}, b.scale.AllEqual(1)
	}
	s, ok := sumScale(x, w)
	switch {
	case !ok:
		return f, false
	case b != nil:
		return affine{s, b.bias}, (x == nil || isScalar(x.scale)) && sameNumbers(s, b.scale)
	case x != nil && !isScalar(x.scale):
		// hls4ml takes scales of input channels for those of filters
		if w != nil || len(n.Inputs) == 3 && !valueOf(constant(n, 2)).AllEqual(0) {
			return f, false
		}
		n.Graph().Warnf("%s %q: scales of single inputs: like hls4ml 1.3.0, hlsgo applies them to the outputs: "+
			"the answer is not the network's", n.Kind, n.Name)
	}
	return unscaledBias(n, s)
}

// sumScale is the scale of the sums of scaled data and weights.
func sumScale(x, w *affine) (*ir.Tensor, bool) {
	if w == nil {
		return reduced(x.scale), true
	}
	filters, ok := filterScale(w.scale)
	if !ok || x == nil {
		return filters, ok
	}
	s, err := ir.Elementwise(reduced(x.scale), filters, times)
	return s, err == nil
}

// filterScale is the scale of each filter, of weights with filters first; ok is false where it differs
// inside a filter.
func filterScale(t *ir.Tensor) (*ir.Tensor, bool) {
	if len(t.Shape) < 2 {
		return t, isScalar(t)
	}
	r := reduced(t)
	return &ir.Tensor{Shape: []int{len(r.Data)}, DType: r.DType, Data: r.Data}, len(r.Data) == r.Shape[0]
}

// unscaledBias makes up for a bias that the scale behind multiplies too: s*(xw + b) + b*(1-s). hls4ml takes
// the bias before its quantizer there.
func unscaledBias(n *ir.Node, s *ir.Tensor) (affine, bool) {
	none := affine{s, ir.NewTensor(ir.Float64, n.Out().Shape...)}
	if len(n.Inputs) < 3 {
		return none, true
	}
	bias := valueOf(constant(n, 2))
	if bias.AllEqual(0) {
		return none, true
	}
	if !isScalar(s) { // hls4ml leaves these in front of the weights
		q, err := quantized(constant(n, 2))
		if err != nil {
			return none, false
		}
		bias = q
	}
	rest, err := ir.Elementwise(bias, s, func(b, s float64) float64 { return b * (1 - s) })
	return affine{s, rest}, err == nil
}
