package merge

import (
	"slices"

	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// makeMerge is the rule of layers that combine tensors value by value. Mirrors _produce_kif for Merge.
func makeMerge(n *ir.Node, in []kif.Tensor) (kif.Tensor, error) {
	a := ir.Attrs[Attrs](n)
	op := a.Op
	if op == "maximum" || op == "minimum" {
		return reduce(in, func(a, b kif.Tensor) (kif.Tensor, error) { return kif.Combine(a, b, kif.Larger) })
	}
	ranges := make([]kif.Interval, len(in))
	for i, x := range in {
		ranges[i] = x.Interval()
	}
	out, err := reduce(ranges, func(a, b kif.Interval) (kif.Interval, error) {
		switch op {
		case "subtract":
			return a.Plus(b.Negated())
		case "multiply":
			return a.Times(b)
		}
		return a.Plus(b)
	})
	if err != nil {
		return kif.Tensor{}, err
	}
	x, err := out.Bits()
	if op == "average" {
		x = averaged(x, a.divisor(len(in)))
	}
	return x, err
}

// averaged divides sums by n: by a power of two exactly, by other numbers without a last bit.
func averaged(x kif.Tensor, n int) kif.Tensor {
	shift := 0 // of log2(n), cut
	for 2<<shift <= n {
		shift++
	}
	for i := range x.F {
		x.I[i] -= shift
		if 1<<shift == n {
			x.F[i] += shift
		} else {
			x.F[i] = kif.Unlimited
		}
	}
	return x
}

// makeDot is the rule of a product of two vectors.
func makeDot(_ *ir.Node, in []kif.Tensor) (kif.Tensor, error) {
	p, err := in[0].Interval().Times(in[1].Interval())
	if err != nil {
		return kif.Tensor{}, err
	}
	return p.Sum().Bits()
}

func reduce[T any](in []T, f func(a, b T) (T, error)) (T, error) {
	out := in[0]
	var err error
	for _, x := range in[1:] {
		if out, err = f(out, x); err != nil {
			return out, err
		}
	}
	return out, nil
}

// makeConcatenate puts the bits of the inputs where their values go.
func makeConcatenate(n *ir.Node, in []kif.Tensor) (kif.Tensor, error) {
	out, a, b := kif.Tensor{Shape: n.Out().Shape}, in[0], in[1]
	if len(a.K)+len(b.K) != n.Out().Size() {
		return out, layers.ErrNoBits
	}
	axis := ir.Attrs[ConcatenateAttrs](n).axis(len(n.Out().Shape))
	ra, rb := ir.Size(a.Shape[axis:]), ir.Size(b.Shape[axis:])
	for i := range ir.Size(a.Shape[:axis]) {
		out.K = slices.Concat(out.K, a.K[i*ra:][:ra], b.K[i*rb:][:rb])
		out.I = slices.Concat(out.I, a.I[i*ra:][:ra], b.I[i*rb:][:rb])
		out.F = slices.Concat(out.F, a.F[i*ra:][:ra], b.F[i*rb:][:rb])
	}
	return out, nil
}

// wantConcatenate hands each input its part of what is wanted.
func wantConcatenate(n *ir.Node, env layers.BitsEnv) ([]kif.Tensor, error) {
	w, err := env.Wanted()
	if err != nil {
		return nil, err
	}
	a, b := n.In(0).Shape, n.In(1).Shape
	axis := ir.Attrs[ConcatenateAttrs](n).axis(len(n.Out().Shape))
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
	return []kif.Tensor{w.Take(a, pa), w.Take(b, pb)}, nil
}
