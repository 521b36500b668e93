package sim

import "github.com/hlsgo/hlsgo/fixed"

// Multiply is the product of a value and a weight. mirrors the classes of nnet::product in nnet_mult.h.
func Multiply(p fixed.Product, a, w Num) Num {
	switch p {
	case fixed.BothBinary:
		return truth(fixed.EqualBig(a.X, a.T, w.X, w.T), a.T)
	case fixed.BothOnes:
		return truth(w.X.Sign() != 0 && fixed.EqualBig(a.X, a.T, w.X, w.T), a.T)
	case fixed.WeightBinary:
		if w.X.Sign() == 0 {
			return a.Neg()
		}
		return a.Cast(fixed.Neg(a.T))
	case fixed.DataBinary:
		if a.X.Sign() == 0 {
			return w.Neg()
		}
		return w.Cast(fixed.Neg(w.T))
	case fixed.WeightTernary:
		t := fixed.Neg(a.T)
		switch w.X.Int64() {
		case 0:
			return NewNum(0, t)
		case -1:
			return a.Neg()
		}
		return a.Cast(t)
	case fixed.WeightExponential:
		return shiftProduct(a, w)
	}
	return a.Mul(w)
}

// truth is a C++ bool as a number of format t, which may be wider than a bit: see multiples.of.
func truth(b bool, t fixed.Format) Num {
	if !b {
		return NewNum(0, t)
	}
	return NewNum(1, fixed.UInt(1)).Cast(t)
}

// shiftProduct mirrors nnet::product::weight_exponential: the shift drops bits at both ends of r_T.
func shiftProduct(a, w Num) Num {
	t := fixed.Fixed(2*(w.T.W+a.T.W), w.T.W+a.T.W)
	po2 := fixed.Po2FromRaw(w.X.Int64())
	y := a.Cast(t)
	fixed.ShlBig(y.X, y.X, int(po2.Weight), t)
	if po2.Positive {
		return y
	}
	return y.Neg().Cast(t)
}

// linear is a product as a multiple of the data: the form in which products are counted, where an offset
// would be a number of its own and the range of the data must not matter.
type linear struct {
	format fixed.Format
	// weight gives the factor of the data for a raw weight.
	weight func(w int64) int64
}

// linearOf says how the product is a multiple of the data by a factor that only the weight decides; ok is
// false for those that are not.
func linearOf(p fixed.Product, x, w fixed.Format) (linear, bool) {
	switch p {
	case fixed.Mult, fixed.WeightBinary, fixed.WeightTernary:
		t := multiplesOf(p, x, w, nil)
		return linear{t.format, func(w int64) int64 {
			factor, _, _ := t.of(w, Range{})
			return factor
		}}, true
	}
	return linear{}, false
}

// MulAddAs is MulAdd of a value that a health report counts under a role.
func (lo *Lowering) MulAddAs(
	role Role, x Plane, in fixed.Format, p fixed.Product, w, b Num, out fixed.Format,
) Plane {
	y := lo.MulAdd(x, in, p, w, b, out)
	if lo.health != nil && !lo.wide {
		t := lo.health.twins[y]
		lo.watch(role, []Plane{t.plane}, t.format, []Plane{y}, out)
	}
	return y
}

// MulAdd appends out(x*w + b), the product as p has it, everything else in full.
func (lo *Lowering) MulAdd(x Plane, in fixed.Format, p fixed.Product, w, b Num, out fixed.Format) Plane {
	if !w.X.IsInt64() || !b.X.IsInt64() {
		lo.NeedEval("scale or bias needs more than 64 bits")
		return x
	}
	t := multiplesOf(p, in, w.T, []int64{w.X.Int64()})
	factor, offset, why := t.of(w.X.Int64(), lo.ranges[x])
	if why != "" {
		lo.NeedEval(why)
		return x
	}
	sum := fixed.Add(t.format, b.T)
	factor, okW := shlOK(factor, sum.F()-t.format.F())
	offset, okO := shlOK(offset, sum.F()-t.format.F())
	bias, okB := shlOK(b.X.Int64(), sum.F()-b.T.F())
	offset, okSum := addOK(offset, bias)
	if !okW || !okB || !okO || !okSum {
		lo.NeedEval("scale or bias needs more than 64 bits")
		return x
	}
	return lo.Cast(lo.Scale(x, factor, offset), sum, out)
}
