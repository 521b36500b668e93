package sim

import (
	"math"
	"math/bits"

	"github.com/hlsgo/hlsgo/fixed"
)

// Products with weights of one bit, of three values, or with powers of two are classes of their own in
// nnet_mult.h. All of them are affine in the data, so the loops for plain products run them too.

// multiples says how the products of data with weights are multiples of the data plus a number: raw product =
// factor * raw data + offset, in one format for all weights.
type multiples struct {
	product fixed.Product
	format  fixed.Format // of products; at least as fine as the C++ type where that keeps all bits
	x, w    fixed.Format
}

// multiplesOf finds the form for raw weights.
func multiplesOf(p fixed.Product, x, w fixed.Format, raws []int64) multiples {
	t := multiples{product: p, x: x, w: w}
	switch p {
	case fixed.WeightBinary, fixed.WeightTernary:
		t.format = fixed.Neg(x)
	case fixed.DataBinary:
		t.format = fixed.Neg(w)
	case fixed.BothBinary, fixed.BothOnes:
		t.format = fixed.UInt(1)
	case fixed.WeightExponential:
		low := int64(0)
		for _, raw := range raws {
			low = min(low, fixed.Po2FromRaw(raw).Weight)
		}
		const wide = 64
		t.format = fixed.Fixed(wide, wide-x.F()+int(max(low, -wide)))
	default:
		t.format = fixed.Mul(x, w)
	}
	return t
}

// of is the form of the product with one raw weight, for data of range r; why is not empty where it has none.
//
// The products of binary data are affine on the two values 0 and 1 alone. Data may be more than a bit there:
// hls4ml chooses both products of a recurrent layer by its input, so binary inputs let the state, of any
// type, be multiplied as if it were binary.
func (t multiples) of(w int64, r Range) (factor, offset int64, why string) {
	if t.ofBits() && (r.Lo < 0 || r.Hi > 1 || t.x.F() != 0) {
		return 0, 0, "a product of binary data with data of more than one bit"
	}
	switch t.product {
	case fixed.WeightBinary: // bits 0 and 1 stand for -1 and 1
		return 2*w - 1, 0, ""
	case fixed.WeightTernary:
		if w == -2 { // for the C++ the third case: any weight but 0 and -1
			return 1, 0, ""
		}
		return w, 0, ""
	case fixed.BothBinary: // XNOR: 1 where data and weight are equal
		return 2*w - 1, 1 - w, ""
	case fixed.DataBinary:
		twice, ok := shlOK(w, 1)
		if !ok || w == math.MinInt64 {
			return 0, 0, "a product needs more than 64 bits"
		}
		return twice, -w, ""
	case fixed.WeightExponential:
		return t.shift(fixed.Po2FromRaw(w), r)
	}
	return w, 0, ""
}

// ofBits reports whether the product looks at data as a bit.
func (t multiples) ofBits() bool {
	return t.product == fixed.DataBinary || t.product == fixed.BothBinary || t.product == fixed.BothOnes
}

// shift is the product with a power of two: in r_T of nnet::product::weight_exponential the data must lose no
// bit, neither below nor above, before the shift and after it.
func (t multiples) shift(po2 fixed.Po2, r Range) (factor, offset int64, why string) {
	half := t.w.W + t.x.W // r_T has twice as many, half of them behind the point
	for _, by := range []int{half - t.x.F(), half - t.x.F() + int(po2.Weight)} {
		if by+r.Zeros < 0 || !holds(2*half, r, by, !po2.Positive) {
			return 0, 0, "a product with a power of two loses bits"
		}
	}
	factor, ok := shlOK(1, t.format.F()-t.x.F()+int(po2.Weight))
	if !ok {
		return 0, 0, "a product needs more than 64 bits"
	}
	if !po2.Positive {
		factor = -factor
	}
	return factor, 0, ""
}

// holds reports whether x<<by, or its negative, fits a signed number of w bits for every x of range r.
func holds(w int, r Range, by int, negative bool) bool {
	hi := max(r.Hi, -r.Lo-1)
	if negative {
		hi = max(r.Hi, -r.Lo)
	}
	return r.Lo > math.MinInt64 && bits.Len64(uint64(hi))+by < w
}

// affine is the range of factor*x + offset for x of range r.
func (r Range) affine(factor, offset int64) (Range, bool) {
	p, ok := r.times(factor)
	q, okAdd := p.plus(rangeOf(offset))
	return q, ok && okAdd
}
