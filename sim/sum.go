package sim

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
)

// Sum is a layer of sums of products, as data:
//
//	out[p][f] = Result(acc), acc = Accum(Bias[f]), then acc = Accum(acc + Accum(x[p][k] * W[f][k])) for k
//
// over the pixels p and the filters f. Dense has one pixel.
type Sum struct {
	X fixed.Format
	// Taps holds, for each pixel, the plane of each tap; NoPlane is zero.
	Taps    [][]Plane
	Product fixed.Product
	WFormat fixed.Format
	W       [][]int64 // raw weights, [filter][tap]
	// Order lists the taps in the order in which the generated code adds them; nil: as they stand. It
	// matters where the accumulator saturates.
	Order   []int
	BFormat fixed.Format
	Bias    []int64 // raw, one per filter
	// Accum is the accumulator; the zero Format: none, products and bias add up in full.
	Accum fixed.Format
	// XnorTerms, when not zero, makes the result 2*acc - XnorTerms: what a sum of XNOR products of that many
	// terms stands for.
	XnorTerms int
	Result    fixed.Format
	// Plain says that the terms are values that the firmware adds, with weights of one: a health report knows no
	// products of them.
	Plain bool
}

// form is how a filter is computed.
type form uint8

const (
	formLinear   form = iota // multiply and add, whatever the overflow on the way
	formCut                  // each product shifted right
	formRound                // each product rounded
	formSaturate             // product and sum clamped, in order
	formOrdered              // product and sum converted by their plans, in order
)

// filter is one sum ready to run.
type filter struct {
	form    form
	wide    bool // accumulator int64, else int32
	taps    []int32
	w       []int64
	start   int64      // first value of the accumulator
	product fixed.Plan // of each product, but for formLinear
	add     fixed.Plan // of each sum, for formOrdered and formSaturate
	finish  []fixed.Plan
	xnor    int64   // affine step between the first and second of finish, when not zero
	sum     Range   // of the accumulator before the last conversion of the sum's own
	then    []Range // of what conversions joined to finish read
	free    bool    // finish takes whatever the accumulator holds modulo its lane
	acc16   bool    // modulo 2^16 the accumulator is as good: only these bits count, or the sum fits them

	terms, twice Range // of products, and of sums before their conversion, for formOrdered
	ordered32    bool  // these fit int32

	rng   Range // of the result of finish
	class Class
	why   string // the reason for the class, in words
}

// Sum appends the operation. It returns the planes of the results, pixel by pixel.
func (lo *Lowering) Sum(s Sum) []Plane {
	if lo.health != nil {
		return lo.watchedSum(s)
	}
	return lo.sumOf(s)
}

func (lo *Lowering) sumOf(s Sum) []Plane {
	taps, l := lo.widened(s.Taps)
	o := &sumOp{taps: taps, lane: l, filters: make([]filter, len(s.W)), order: s.Order}
	ranges := lo.tapRanges(s.Taps)
	for f := range o.filters {
		c := classifier{s: &s, ranges: ranges, data: l}
		o.filters[f] = c.filter(f)
		if c.why != "" {
			lo.NeedEval(c.why)
		}
		o.rest = append(o.rest, f)
		lo.Note(o.filters[f].class, o.filters[f].words(l), o.filters[f].why, len(taps))
	}
	for range taps {
		for f := range o.filters {
			o.out = append(o.out, lo.newPlane(o.filters[f].rng))
		}
	}
	lo.emit(o)
	return o.out
}

// tapRanges is the range of each tap over all pixels.
func (lo *Lowering) tapRanges(pixels [][]Plane) []Range {
	out := make([]Range, len(pixels[0]))
	for k := range out {
		for i, row := range pixels {
			r := rangeOf(0)
			if row[k] != NoPlane {
				r = lo.ranges[row[k]]
			}
			if i == 0 {
				out[k] = r
			} else {
				out[k] = out[k].union(r)
			}
		}
	}
	return out
}

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

// collect lists the terms with weight in the order of the generated code, and their range.
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

// inFull is a format that holds the whole sum of products and bias.
func (c *classifier) inFull() fixed.Format {
	t := fixed.Add(c.product, c.s.BFormat)
	grow := bits.Len(uint(len(c.taps)))
	t.W, t.I = t.W+grow, t.I+grow
	return t
}

// planRaws plans the conversion of raws of range r.
func planRaws(r Range, from, to fixed.Format) (fixed.Plan, bool) {
	return fixed.TryPlan(from, r.Lo, r.Hi, r.Zeros, to)
}

// startValue is the bias in the accumulator.
func (c *classifier) startValue(f int) bool {
	p, ok := planRaws(rangeOf(c.s.Bias[f]), c.s.BFormat, c.accum)
	c.bias = p.Apply(c.s.Bias[f])
	return ok
}

// prefixes follows the range of the accumulator over the terms.
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

// limits are the raws between which the accumulator takes no notice.
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
// once at the end.
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
// product loses bits the order does not count, and overflow on the way is undone at the end.
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

// lossless multiplies and adds on a grid fine enough for all products.
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
	need := c.accum.W + shift
	if c.f.class == ClassExact {
		need = 65
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

// divisible reports whether all weights are multiples of 2^s.
func (c *classifier) divisible(s int) bool {
	for _, w := range c.w {
		if bits.TrailingZeros64(uint64(w)) < s {
			return false
		}
	}
	return true
}

// cut rounds each product to the accumulator's grid and adds modulo a power of two.
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

// ordered converts after each product and each addition.
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
		c.f.add = fixed.Plan{Over: fixed.OverClamp, Lo: lo, Hi: hi}
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

// keep puts a plan into the finish, unless it does nothing.
func (c *classifier) keep(p fixed.Plan) {
	p.OutLo, p.OutHi = c.sum.Lo, c.sum.Hi
	if !p.Identity() {
		c.f.finish = append(c.f.finish, p)
	}
}

// lanes chooses the accumulator's lane.
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

// result plans the conversion of the accumulator to the result.
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
	if c.f.xnor == 0 {
		p = c.lowBitsOnly(p)
	}
	if !p.Identity() || len(c.f.finish) == 0 {
		c.f.finish = append(c.f.finish, p)
	}
	return ok
}

// lowBitsOnly joins the conversion to the result with the accumulator's own wrap. Where both look at few low
// bits of the sum it does not matter what becomes of the others, so that narrower sums will do.
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
	if len(f.finish) > 0 || n > 32 || c.data > lane32 || len(f.taps) == 0 {
		return p
	}
	switch {
	case f.form == formLinear && f.wide:
		f.w = slices.Clone(f.w)
		for i, w := range f.w {
			f.w[i] = int64(int32(w)) // the other bits of the product do not count
		}
	case f.form == formLinear:
	case f.form != formCut && f.form != formRound:
		return p
	case f.wide && !(c.productFits(f.product, 32) && f.weightsFit(32)):
		return p
	}
	if n <= 16 && !f.acc16 || f.wide {
		f.why += fmt.Sprintf("; only the low %d bits are looked at", n)
	}
	f.free, f.wide, f.acc16 = true, false, f.acc16 || n <= 16
	return p
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
