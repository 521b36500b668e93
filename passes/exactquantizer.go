package passes

import (
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/quant"
	"github.com/hlsgo/hlsgo/layers/shape"
)

// quantize narrows the mask of a quantizer to what reaches it, and says what it makes. Overflow that wraps
// keeps its bits unless it can never happen. mirrors _produce_kif for FixedPointQuantizer.
func (e *exact) quantize(n *ir.Node) (kif, error) {
	a := ir.Attrs[quant.FixedPointAttrs](n)
	x, err := e.made(inputs(n)[0])
	if err != nil {
		return x, err
	}
	own := ofMask(a.Mask)
	if len(a.Mask.Shape) > 0 && len(a.Mask.Shape) != len(x.shape) {
		return x, n.Errorf("precision: got bits of shape %v for values of shape %v", a.Mask.Shape, x.shape)
	}
	shape, at, err := spread(own.shape, x.shape)
	if err != nil {
		return x, n.Errorf("%w", err)
	}
	out := newKIF(shape, 0, 0, 0)
	for v := range out.k {
		m, s := at(v)
		narrowed(&out, v, bitsOf{own.k[m], own.i[m], own.f[m]}, bitsOf{x.k[s], x.i[s], x.f[s]}, a)
	}
	mask := maskOf(out, a.Mask.Shape)
	if !equalMasks(mask, a.Mask) {
		a.Mask = mask
		e.changes++
	}
	return out, nil
}

type bitsOf struct{ k, i, f int }

// largest is the largest value.
func (b bitsOf) largest() float64 { return math.Ldexp(1, b.i) - math.Ldexp(1, -b.f) }

// narrowed stores what a quantizer of the bits own makes of values of the bits in.
func narrowed(out *kif, at int, own, in bitsOf, a *quant.FixedPointAttrs) {
	less := bitsOf{min(own.k, in.k), min(own.i, in.i), min(own.f, in.f)}
	// rounding up may need one bit more
	if in.f > own.f && own.i > in.i && (a.RND != "TRN" || own.k != 0) {
		less.i++
	}
	result := own
	if a.SAT == "SAT" || a.SAT == "SAT_SM" || own.largest() >= in.largest() && own.k >= in.k {
		result = less
	}
	if result.k+result.i+result.f <= 0 {
		result = bitsOf{}
	}
	out.k[at], out.i[at], out.f[at] = result.k, result.i, result.f
}

// ofMask is a mask as sign, integer and fractional bits; of the shape [] where it is one for all.
func ofMask(m quant.Mask) kif {
	out := newKIF(m.Shape, 0, 0, 0)
	for j := range m.B {
		out.k[j], out.i[j], out.f[j] = m.K[j], m.I[j]-m.K[j], m.B[j]-m.I[j]
	}
	return out
}

// maskOf shrinks bits to the shape that a mask had: along axes of one it takes the most sign bits, the most
// bits and the most integer bits, each for itself.
func maskOf(x kif, had []int) quant.Mask {
	shape := slices.Clone(had)
	if len(shape) == 0 {
		shape = filled(len(x.shape), 1)
	}
	m := quant.Mask{Shape: shape}
	n := ir.Size(shape)
	m.K, m.B, m.I = filled(n, -1<<30), filled(n, -1<<30), filled(n, -1<<30)
	for v := range x.k {
		at := m.Index(x.shape, v)
		m.K[at] = max(m.K[at], x.k[v])
		m.B[at] = max(m.B[at], x.k[v]+x.i[v]+x.f[v])
		m.I[at] = max(m.I[at], x.k[v]+x.i[v])
	}
	return m
}

func equalMasks(a, b quant.Mask) bool {
	return slices.Equal(a.Shape, b.Shape) && slices.Equal(a.K, b.K) && slices.Equal(a.B, b.B) &&
		slices.Equal(a.I, b.I)
}

// request says what n can use of each of its inputs. mirrors _request_kif.
func (e *exact) request(n *ir.Node) ([]kif, error) {
	if r, ok := e.requested[n]; ok {
		return r, nil
	}
	r, err := e.requestRule(n)
	if err == nil {
		e.requested[n] = r
	}
	return r, err
}

func (e *exact) requestRule(n *ir.Node) ([]kif, error) {
	in := inputs(n)
	switch {
	case n.Kind == quantizer:
		w, err := quantizerWants(n)
		return []kif{w}, err
	case isActivation(n) && trusted(n) && passesOn(function(n)):
		return []kif{trustedWants(n)}, nil
	case n.Kind == "Reshape", n.Kind == "Transpose", n.Kind == "Concatenate",
		isActivation(n) && passesOn(function(n)):
		w, err := e.wanted(n)
		if err != nil {
			return nil, err
		}
		return handedOn(n, w, in), nil
	}
	var out []kif
	for _, p := range in {
		out = append(out, anyKIF(p.Out().Shape))
	}
	return out, nil
}

// handedOn is what a node that computes little asks for when w is wanted of it.
func handedOn(n *ir.Node, w kif, in []*ir.Node) []kif {
	switch {
	case n.Kind == "Reshape":
		return []kif{{in[0].Out().Shape, w.k, w.i, w.f}}
	case n.Kind == "Transpose":
		return []kif{permuted(w, inverse(ir.Attrs[shape.TransposeAttrs](n).Perm))}
	case n.Kind == "Concatenate":
		a, b := in[0].Out().Shape, in[1].Out().Shape
		return split(w, a, b, axisOf(n))
	case function(n) == "relu":
		out := anyKIF(w.shape)
		out.f = w.f
		return []kif{out}
	}
	return []kif{w}
}

func inverse(perm []int) []int {
	out := make([]int, len(perm))
	for i, p := range perm {
		out[p] = i
	}
	return out
}

// split undoes a concatenation.
func split(w kif, a, b []int, axis int) []kif {
	outer, ra, rb := ir.Size(a[:axis]), ir.Size(a[axis:]), ir.Size(b[axis:])
	var pa, pb []int
	for i := range outer {
		for j := range ra {
			pa = append(pa, i*(ra+rb)+j)
		}
		for j := range rb {
			pb = append(pb, i*(ra+rb)+ra+j)
		}
	}
	return []kif{w.take(a, pa), w.take(b, pb)}
}

// quantizerWants is what a quantizer can use: saturation looks at every integer bit, rounding below its step.
// Bits that narrowing gave more axes than the values have are an error, as in hls4ml: those behind a global
// pooling over two axes.
func quantizerWants(n *ir.Node) (kif, error) {
	a := ir.Attrs[quant.FixedPointAttrs](n)
	own, out := ofMask(a.Mask), newKIF(n.Out().Shape, 0, 0, 0)
	if !a.Mask.Fits(out.shape) {
		return out, n.Errorf("precision: got bits of shape %v for values of shape %v, want a reshape before the "+
			"quantizer", a.Mask.Shape, out.shape)
	}
	for v := range out.k {
		m := a.Mask.Index(out.shape, v)
		out.k[v], out.i[v], out.f[v] = own.k[m], own.i[m], own.f[m]
	}
	return asked(out, a.RND, a.SAT), nil
}

// trustedWants is what an activation with a type of its framework can use.
func trustedWants(n *ir.Node) kif {
	f := n.Out().Type.Format
	out := asked(ofType(n), f.Q.Short(), f.O.Short())
	if function(n) == "relu" {
		wide := anyKIF(out.shape)
		out.k, out.i = wide.k, wide.i
	}
	return out
}

// asked widens the bits of a type by what its modes look at.
func asked(x kif, rnd, sat string) kif {
	n := len(x.k)
	if sat != "WRAP" {
		x.k, x.i = filled(n, 1), filled(n, unlimited)
	}
	switch rnd {
	case "TRN":
	case "RND":
		for v := range x.f {
			x.f[v]++
		}
	default:
		x.f = filled(n, unlimited)
	}
	return x
}
