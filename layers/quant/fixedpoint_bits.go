package quant

import (
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// fixedPointBits is the part of a quantizer in bit-exact propagation, which it is the reason for.
var fixedPointBits = layers.Bits{Make: makeFixedPoint, Want: wantFixedPoint}

// makeFixedPoint narrows the mask of a quantizer to what reaches it, and says what it makes. Overflow that
// wraps keeps its bits unless it can never happen. mirrors _produce_kif for FixedPointQuantizer.
func makeFixedPoint(n *ir.Node, env layers.BitsEnv) (kif.Tensor, error) {
	a := ir.Attrs[FixedPointAttrs](n)
	x, err := env.Kept(0)
	if err != nil {
		return x, err
	}
	own := a.Mask.bits()
	if len(a.Mask.Shape) > 0 && len(a.Mask.Shape) != len(x.Shape) {
		return x, n.Errorf("precision: got bits of shape %v for values of shape %v", a.Mask.Shape, x.Shape)
	}
	shape, at, err := kif.Spread(own.Shape, x.Shape)
	if err != nil {
		return x, n.Errorf("%w", err)
	}
	out := kif.New(shape, 0, 0, 0)
	for v := range out.K {
		m, s := at(v)
		r := a.narrowed(bitsOf{own.K[m], own.I[m], own.F[m]}, bitsOf{x.K[s], x.I[s], x.F[s]})
		out.K[v], out.I[v], out.F[v] = r.k, r.i, r.f
	}
	mask := maskOf(out, a.Mask.Shape)
	if !equalMasks(mask, a.Mask) {
		a.Mask = mask
		env.Changed()
	}
	return out, nil
}

type bitsOf struct{ k, i, f int }

// largest is the largest value.
func (b bitsOf) largest() float64 { return math.Ldexp(1, b.i) - math.Ldexp(1, -b.f) }

// narrowed is what the quantizer makes, with the bits own, of values of the bits in.
func (a *FixedPointAttrs) narrowed(own, in bitsOf) bitsOf {
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
		return bitsOf{}
	}
	return result
}

// bits are the sign, integer and fractional bits of the entries; of the shape [] where one is for all.
func (m *Mask) bits() kif.Tensor {
	out := kif.New(m.Shape, 0, 0, 0)
	for j := range m.B {
		out.K[j], out.I[j], out.F[j] = m.K[j], m.I[j]-m.K[j], m.B[j]-m.I[j]
	}
	return out
}

// maskOf shrinks bits to the shape that a mask had: along axes of one it takes the most sign bits, the most
// bits and the most integer bits, each for itself.
func maskOf(x kif.Tensor, had []int) Mask {
	shape := slices.Clone(had)
	if len(shape) == 0 {
		shape = kif.Fill(len(x.Shape), 1)
	}
	m := Mask{Shape: shape}
	n := ir.Size(shape)
	m.K, m.B, m.I = kif.Fill(n, -1<<30), kif.Fill(n, -1<<30), kif.Fill(n, -1<<30)
	for v := range x.K {
		at := m.Index(x.Shape, v)
		m.K[at] = max(m.K[at], x.K[v])
		m.B[at] = max(m.B[at], x.K[v]+x.I[v]+x.F[v])
		m.I[at] = max(m.I[at], x.K[v]+x.I[v])
	}
	return m
}

func equalMasks(a, b Mask) bool {
	return slices.Equal(a.Shape, b.Shape) && slices.Equal(a.K, b.K) && slices.Equal(a.B, b.B) &&
		slices.Equal(a.I, b.I)
}

// wantFixedPoint is what a quantizer can use. Bits that narrowing gave more axes than the values have are an
// error, as in hls4ml: those behind a global pooling over two axes.
func wantFixedPoint(n *ir.Node, _ layers.BitsEnv) ([]kif.Tensor, error) {
	a := ir.Attrs[FixedPointAttrs](n)
	own, out := a.Mask.bits(), kif.New(n.Out().Shape, 0, 0, 0)
	if !a.Mask.Fits(out.Shape) {
		return nil, n.Errorf("precision: got bits of shape %v for values of shape %v, want a reshape before the "+
			"quantizer", a.Mask.Shape, out.Shape)
	}
	for v := range out.K {
		m := a.Mask.Index(out.Shape, v)
		out.K[v], out.I[v], out.F[v] = own.K[m], own.I[m], own.F[m]
	}
	return []kif.Tensor{layers.WantedOfType(out, a.RND, a.SAT)}, nil
}
