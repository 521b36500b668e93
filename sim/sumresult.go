package sim

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
)

// result plans the conversion of the accumulator to the result. Sums of XNOR products go through an integer
// type on their way.
func (c *classifier) result() bool {
	from, r := c.accum, c.sum
	c.f.sum = r
	if n := c.s.XnorTerms; n != 0 {
		c.f.xnor = int64(n) << max(from.F(), 0)
		var ok bool
		if from, r, ok = c.xnorResult(from, r); !ok {
			return false
		}
	}
	p, ok := planRaws(r, from, c.s.Result)
	c.f.rng = planRange(p, r)
	if c.f.xnor == 0 { // whose affine step stands between the plans
		p = c.lowBitsOnly(p)
	}
	if !p.Identity() || len(c.f.finish) == 0 {
		c.f.finish = append(c.f.finish, p)
	}
	return ok
}

// lowBitsOnly joins the conversion p to the result with the accumulator's own wrap, where there is one, and
// asks how many low bits n of the sum the two look at.
//
// If these are n, any sum that is right modulo 2^n gives the right result. A lane of at least n bits is such
// a sum where products are added as they are: its additions and multiplications are those of integers modulo
// a power of two, in which every weight may be replaced by another that is equal modulo 2^n. Where products
// are cut first it is so too, if each product fits the lane before its upper bits move down. A form that
// saturates compares, which needs the value itself.
func (c *classifier) lowBitsOnly(p fixed.Plan) fixed.Plan {
	f := c.f
	if len(f.finish) == 1 {
		q, ok := joined(f.finish[0], p, lane64.all())
		if !ok {
			return p
		}
		p, f.finish, f.free = q, nil, true
	}
	n := lowBits(p)
	if len(f.finish) > 0 || n > 32 || c.data > lane32 || len(f.taps) == 0 || !c.sumsModulo32() {
		return p
	}
	if f.form == formLinear && f.wide {
		f.w = slices.Clone(f.w)
		for i, w := range f.w {
			f.w[i] = int64(int32(w)) // the other bits of the product do not count
		}
	}
	if n <= 16 && !f.acc16 || f.wide {
		f.why += fmt.Sprintf("; only the low %d bits are looked at", n)
	}
	f.free, f.wide, f.acc16 = true, false, f.acc16 || n <= 16
	return p
}

// sumsModulo32 reports whether a lane of 32 bits gives the filter's sum modulo 2^32.
func (c *classifier) sumsModulo32() bool {
	switch f := c.f; f.form {
	case formLinear:
		return true
	case formCut, formRound:
		return !f.wide || c.productFits(f.product, 32) && f.weightsFit(32)
	}
	return false
}

// xnorResult plans 2*acc - n and its conversion to an integer of ceillog2(n)+2 bits.
// mirrors nnet::cast of nnet_mult.h for one-bit data and weights.
func (c *classifier) xnorResult(from fixed.Format, r Range) (fixed.Format, Range, bool) {
	f := from.F()
	if f < 0 || f > 30 || !fitsBits(r.Lo, r.Hi, 60) {
		return from, r, false
	}
	r = Range{2*r.Lo - c.f.xnor, 2*r.Hi - c.f.xnor, 0}
	full := fixed.Format{W: 63, I: 63 - f, Signed: true}
	to := fixed.Int(CeilLog2(c.s.XnorTerms) + 2)
	p := fixed.NewPlan(full, r.Lo, r.Hi, to)
	if len(c.f.finish) == 0 {
		c.f.finish = append(c.f.finish, fixed.Plan{OutLo: c.sum.Lo, OutHi: c.sum.Hi})
	}
	c.f.finish = append(c.f.finish, p)
	c.f.wide = true
	return to, planRange(p, r), true
}

// CeilLog2 is nnet::ceillog2 of nnet_common.h: the address bits of a table of n entries, at least 1.
func CeilLog2(n int) int {
	if n <= 2 {
		return 1
	}
	return bits.Len(uint(n - 1))
}
