package sim

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/hlsgo/hlsgo/fixed"
)

// How sums are classified. The firmware computes, with A the conversion to the accumulator's type,
//
//	acc(0) = A(bias),  acc(i) = A(acc(i-1) + A(p(i))),  p(i) = w(i)*x(i) in full
//
// A is a quantization Q to the accumulator's grid and then an overflow step. acc(i-1) + A(p(i)) is on that
// grid already, so the outer A does nothing but its overflow step. Write q(i) = Q(p(i)). From the proved
// ranges of the data follows, in order of cost:
//
//   - exact: no overflow step ever acts, neither on a q(i) nor on a partial sum. Then acc(n) = bias + sum of
//     q(i), a sum of integers: any order, and any lane that holds the total, whatever a lane loses on the
//     way.
//   - ring: the overflow step wraps to W bits. Wrapping keeps numbers modulo 2^W, and so does adding; hence
//     acc(n) is the total modulo 2^W, which a lane of at least W bits gives with one wrap at the end.
//   - cut: as exact or ring, but some p(i) is no multiple of the accumulator's step. Q is not linear then:
//     each product has to be quantized by itself before it is added. Without such products, exact and ring
//     sums move Q behind the sum, for Q(p) = p*2^-s distributes over it.
//   - ordered: the overflow step may act and does not only wrap (SAT and its kin, WRAP with N > 0, WRAP_SM).
//     (a+b)+c and a+(b+c) differ, so every step is taken in the order of the generated code.
//
// What fits none of these with 64 bits is left to the plain evaluator.

// classifier decides how one filter is computed, from formats, weights and ranges.
type classifier struct {
	s      *Sum
	ranges []Range
	data   lane
	why    string // why the plane operation cannot do it; "" when it can

	f       *filter
	product fixed.Format // of products
	accum   fixed.Format
	taps    []int
	w       []int64
	offsets []int64 // added to each product
	terms   Range   // of all products
	bias    int64   // in the accumulator
	sum     Range   // of the accumulator at the end, on its grid
	inside  bool    // no prefix of the sum leaves the accumulator
}

func (c *classifier) fail(why string) filter {
	c.why = why
	return filter{class: ClassPlain, why: why}
}

// filter classifies one filter: its terms, their start, what is proved of the partial sums, and from that the
// form; then the conversion to the result.
func (c *classifier) filter(f int) filter {
	c.f = &filter{}
	if !c.collect(f) {
		return c.fail(c.why)
	}
	if !c.startValue(f) {
		return c.fail("the bias needs more than 64 bits")
	}
	plan, ok := planRaws(c.terms, c.product, c.accum)
	if !ok {
		return c.fail("the accumulator needs more than 64 bits")
	}
	c.prefixes(plan)
	// Integers wrap whatever their format says: the headers give overflow modes to ap_fixed only.
	wraps := c.accum.O == fixed.WRAP && c.accum.N == 0 || c.accum.Kind != fixed.KindFixed
	switch {
	case c.inside && !plan.General, wraps && !plan.General && c.accum.Narrow():
		ok = c.modular(plan)
	case c.accum.Narrow():
		ok = c.ordered(plan)
	default:
		ok = false
	}
	if !ok {
		return c.fail("the accumulator needs more than 64 bits")
	}
	if !c.result() {
		return c.fail("the result needs more than 64 bits")
	}
	return *c.f
}

// collect lists the terms in the order of the generated code, and their range. A term that is always zero is
// none: A(0) = 0 in every mode, and adding it changes no accumulator.
func (c *classifier) collect(f int) bool {
	t := multiplesOf(c.s.Product, c.s.X, c.s.WFormat, c.s.W[f])
	c.product = t.format
	c.terms = rangeOf(0)
	for k := range c.s.W[f] {
		if c.s.Order != nil {
			k = c.s.Order[k]
		}
		w, offset, why := t.of(c.s.W[f][k], c.ranges[k])
		if (w == 0 || c.ranges[k] == rangeOf(0)) && offset == 0 && why == "" {
			continue
		}
		r, ok := c.ranges[k].affine(w, offset)
		if !ok && why == "" {
			why = "a product needs more than 64 bits"
		}
		if why != "" {
			c.why = why
			return false
		}
		c.taps, c.w, c.offsets = append(c.taps, k), append(c.w, w), append(c.offsets, offset)
		c.terms = c.terms.union(r)
	}
	c.accum = c.s.Accum
	if c.accum == (fixed.Format{}) {
		c.accum = c.inFull()
	}
	return true
}

// inFull is a format that holds the whole sum of products and bias, as C++ expressions without a variable
// between them grow: a bit for each doubling of the terms.
func (c *classifier) inFull() fixed.Format {
	t := fixed.Add(c.product, c.s.BFormat)
	grow := bits.Len(uint(len(c.taps)))
	t.W, t.I = t.W+grow, t.I+grow
	return t
}

// planRaws plans the conversion of raws of range r; ok is false where a result might leave int64.
func planRaws(r Range, from, to fixed.Format) (fixed.Plan, bool) {
	return fixed.TryPlan(from, r.Lo, r.Hi, r.Zeros, to)
}

// startValue is A(bias): the C++ assigns the bias to the accumulator, with all that may happen to it there.
func (c *classifier) startValue(f int) bool {
	p, ok := planRaws(rangeOf(c.s.Bias[f]), c.s.BFormat, c.accum)
	c.bias = p.Apply(c.s.Bias[f])
	return ok
}

// prefixes follows the range of the accumulator over the terms, in their order: it finds c.inside, that no
// overflow step acts, and then c.sum. Intervals forget how terms hang together, so a sum may be inside
// without being found so; it then is taken for a ring or ordered, which is right as well.
func (c *classifier) prefixes(plan fixed.Plan) {
	lo, hi := c.limits()
	c.sum = rangeOf(c.bias)
	c.inside = plan.Over == fixed.OverNone && !plan.General && c.bias >= lo && c.bias <= hi
	quantize := plan
	quantize.Over = fixed.OverNone
	for i, k := range c.taps {
		if !c.inside {
			return
		}
		p, _ := c.ranges[k].affine(c.w[i], c.offsets[i])
		sum, ok := c.sum.plus(Range{quantize.Apply(p.Lo), quantize.Apply(p.Hi), max(p.Zeros-plan.Shift, 0)})
		c.sum = sum
		c.inside = ok && sum.Lo >= lo && sum.Hi <= hi
	}
}

// limits are the raws between which the accumulator's overflow step does nothing. A wide accumulator holds
// every int64; a symmetric one lacks the lowest raw.
func (c *classifier) limits() (lo, hi int64) {
	a := c.accum
	switch {
	case a.Narrow():
		lo, hi = a.MinRaw(), a.MaxRaw()
	case a.Signed:
		return math.MinInt64, math.MaxInt64
	default:
		return 0, math.MaxInt64
	}
	if a.O == fixed.SATSym && a.Signed {
		lo |= 1
	}
	return lo, hi
}

// modular chooses a form that adds modulo a power of two and, where the sum may leave the accumulator, wraps
// once at the end. With a product that loses bits the grid of the sum is the accumulator's, and the product
// has to be a multiple of the data for the loops: x*w without an offset.
func (c *classifier) modular(plan fixed.Plan) bool {
	c.f.class = ClassExact
	final := fixed.Plan{}
	if !c.inside {
		c.f.class = ClassRing
		final = fixed.Plan{Over: fixed.OverWrap, WrapW: c.accum.W, WrapSigned: c.accum.Signed}
		c.sum = Range{Lo: c.accum.MinRaw(), Hi: c.accum.MaxRaw()}
	}
	shift := c.product.F() - c.accum.F()
	if shift > 0 && c.terms.Zeros < shift && len(c.taps) > 0 {
		return !c.shiftsData() && c.cut(plan, final)
	}
	c.foldOffsets(shift)
	return c.lossless(shift, final)
}

// shiftsData reports whether products are more than multiples of the data.
func (c *classifier) shiftsData() bool {
	for _, b := range c.offsets {
		if b != 0 {
			return true
		}
	}
	return false
}

// foldOffsets adds what all products have beside the data to the bias, on the accumulator's grid. Where no
// product loses bits the order does not count, and overflow on the way is undone at the end. Nor does the
// shift lose any: every offset shares the zeros of its products.
func (c *classifier) foldOffsets(shift int) {
	total := int64(0)
	for _, b := range c.offsets {
		total += b
	}
	if shift > 0 {
		c.bias += total >> min(shift, 63)
		return
	}
	c.bias += total << min(-shift, 64)
}

// lossless multiplies and adds on a grid fine enough for all products: the accumulator's, where weights can
// be brought there, else that of the products, from which the total is shifted down once. The total must fit
// the lane, or the lane must be at least as wide as the wrap behind it, which undoes what the lane lost.
func (c *classifier) lossless(shift int, final fixed.Plan) bool {
	c.f.form, c.f.start = formLinear, c.bias
	for i := range c.w {
		if shift <= 0 {
			c.w[i] <<= min(-shift, 64)
		}
	}
	if shift > 0 && c.divisible(shift) {
		for i := range c.w {
			c.w[i] >>= shift
		}
		shift = 0
	}
	shift = max(shift, 0)
	fine, ok := c.sum.shifted(shift)
	need := c.accum.W + shift // bits that the wrap looks at
	if c.f.class == ClassExact {
		need = 65 // there is no wrap that would undo anything: the total has to fit
	}
	c.f.start <<= shift
	if shift > 0 {
		final.Shift = shift
	}
	c.f.acc16 = sixteen(final, fine, ok)
	c.keep(final)
	after := fitsBits(c.sum.Lo, c.sum.Hi, 32) // finish runs in the accumulator's lane
	return c.lanes(after && (ok && fitsBits(fine.Lo, fine.Hi, 32) || need <= 32), ok || need <= 64)
}

// sixteen reports whether 16 bits of a sum of range r are enough: for the wrap that comes first, or because
// the sum fits them.
func sixteen(final fixed.Plan, r Range, ok bool) bool {
	if final.Over == fixed.OverWrap {
		return final.Shift == 0 && (final.WrapW < 16 || final.WrapW == 16 && final.WrapSigned)
	}
	return ok && fitsBits(r.Lo, r.Hi, 16)
}

// divisible reports whether all weights are multiples of 2^s, as are those whose format has more fraction
// than they use: the grid of the accumulator then is fine enough as it is.
func (c *classifier) divisible(s int) bool {
	for _, w := range c.w {
		if bits.TrailingZeros64(uint64(w)) < s {
			return false
		}
	}
	return true
}

// cut rounds each product to the accumulator's grid and adds modulo a power of two. A product has to fit the
// lane before it is cut, for its upper bits move down; the sum of the cut ones need not, see lossless.
func (c *classifier) cut(plan, final fixed.Plan) bool {
	plan.Over = fixed.OverNone
	c.f.form, c.f.start, c.f.product, c.f.terms = formRound, c.bias, plan, c.terms
	if plan.Addend == 0 && plan.NegAddend == 0 && !plan.Even {
		c.f.form = formCut
	}
	c.f.acc16 = sixteen(final, c.sum, true)
	c.keep(final)
	c.f.why = fmt.Sprintf("each product is cut from %d to %d fractional bits", c.product.F(), c.accum.F())
	if c.f.class == ClassRing {
		c.f.why += fmt.Sprintf(", the sum wraps to %d bits", c.accum.W)
	}
	c.f.class = ClassCut
	sum32 := fitsBits(c.sum.Lo, c.sum.Hi, 32) // of a ring: the accumulator's range
	return c.lanes(sum32 && c.productFits(plan, 32), c.productFits(plan, 64))
}

// productFits reports whether products and their rounding terms stay inside w bits.
func (c *classifier) productFits(plan fixed.Plan, w int) bool {
	hi, ok := addOK(c.terms.Hi, plan.Addend+1)
	low, okLow := addOK(c.terms.Lo, min(plan.NegAddend, 0))
	return ok && okLow && fitsBits(low, max(hi, plan.NegAddend), w)
}

// ordered converts after each product and each addition. Two raws of W bits add up to W+1, so 62 bits are the
// most that leaves the sum in int64. Where product and sum are no more than limited, as SAT and SATSym do,
// two clamps are all there is; the other modes run their plans.
func (c *classifier) ordered(plan fixed.Plan) bool {
	a := c.accum
	if a.W > 62 || c.shiftsData() {
		return false
	}
	c.f.class, c.f.form, c.f.start, c.f.product = ClassOrdered, formOrdered, c.bias, plan
	c.f.why = "the accumulator " + a.String() + " may saturate: the order counts"
	double := fixed.Format{W: a.W + 1, I: a.I + 1, Signed: a.Signed, Family: a.Family}
	lo, hi := c.limits()
	c.f.add = fixed.NewPlan(double, 2*min(lo, a.MinRaw()), 2*hi, a)
	clamps := func(p fixed.Plan) bool {
		return !p.General && (p.Over == fixed.OverNone || p.Over == fixed.OverClamp)
	}
	if clamps(plan) && clamps(c.f.add) && plan.Shift >= 0 && plan.NegAddend == 0 && !plan.Even {
		c.f.form = formSaturate
		c.f.add = fixed.Plan{Over: fixed.OverClamp, Lo: lo, Hi: hi, OutLo: lo, OutHi: hi}
	}
	c.f.terms, c.f.twice = c.terms, Range{Lo: 2 * min(lo, a.MinRaw()), Hi: 2 * hi}
	narrow := c.productFits(plan, 32) && fitsBits(c.f.twice.Lo, c.f.twice.Hi, 32)
	c.f.ordered32 = narrow && c.weights32()
	c.sum = Range{Lo: a.MinRaw(), Hi: a.MaxRaw()}
	return c.lanes(c.f.form == formSaturate && narrow, c.productFits(plan, 64) || c.f.form == formOrdered)
}

func (c *classifier) weights32() bool {
	f := filter{w: c.w}
	return f.weightsFit(32)
}

// keep puts a plan into the finish, unless it does nothing. What it reads is the sum, whose range is c.sum.
func (c *classifier) keep(p fixed.Plan) {
	p.OutLo, p.OutHi = c.sum.Lo, c.sum.Hi
	if !p.Identity() {
		c.f.finish = append(c.f.finish, p)
	}
}

// lanes chooses the accumulator's lane: 32 bits where they suffice, as they cost half. False: 64 do not
// suffice.
func (c *classifier) lanes(fits32, fits64 bool) bool {
	fits32 = fits32 && c.data <= lane32
	if c.f.form != formLinear {
		for _, w := range c.w {
			fits32 = fits32 && fitsBits(w, w, 32)
		}
	}
	c.f.wide = !fits32
	for i, k := range c.taps {
		if c.w[i] != 0 { // a weight that the grid shifts out of 64 bits adds nothing modulo 2^64
			c.f.taps, c.f.w = append(c.f.taps, int32(k)), append(c.f.w, c.w[i])
		}
	}
	if c.f.why == "" {
		c.f.why = fmt.Sprintf("no sum leaves %s", c.accum)
		if c.f.class == ClassRing {
			c.f.why = fmt.Sprintf("no product loses bits, the sum wraps to %d bits", c.accum.W)
		}
	}
	return fits32 || fits64
}
