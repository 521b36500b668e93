package sim

import (
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim/health"
)

// What is counted of a sum, and why that is enough to look at.
//
// A product p counts as changed where Q(p), on the accumulator's grid, is outside the accumulator. Q is
// monotone and p a multiple of the data, so for each weight that is so for all data beyond one of two ends:
// a block whose data stay between them needs no look.
//
// A sum counts as changed where the accumulator is not the sum in full F = bias + sum of Q(p), computed in as
// many bits as it takes. Partial sums that leave the accumulator and come back are no event of their own.
//
//   - A modular accumulator is F wrapped to its bits, whatever happened on the way (see the class ring). It
//     differs from F where F is outside it, and nowhere else: F alone tells, and the accumulator is a
//     conversion of F.
//   - Any other accumulator may have lost something at a partial sum and end within its range. It is compared
//     with F value by value, unless bounds show that no partial sum of the block leaves the range.

// watchedSum appends a sum whose products, accumulator and result are counted: the accumulator and, where
// it may overflow, the sum in full have planes of their own.
func (lo *Lowering) watchedSum(s Sum) []Plane {
	if !health.Countable(s.X) || !health.Countable(s.BFormat) {
		lo.NeedEval("a health report of this kind of data or bias")
		return lo.sumOf(s)
	}
	inFull := s.Accum == (fixed.Format{})
	if inFull {
		s.Accum = accumInFull(&s)
	}
	taps := lo.withZeros(s.Taps)
	s.Taps, _ = lo.widened(s.Taps)
	acc, full := s, s
	acc.Result, acc.XnorTerms = s.Accum, 0
	full.Accum = health.Grid(s.Accum, health.FullBits)
	full.Result, full.XnorTerms = full.Accum, 0
	w := &sumWatch{
		slot: -1, products: -1, plan: newProductPlan(lo, &s), taps: taps, accum: s.Accum, seen: lo.health.taps,
	}
	lo.health.taps += len(taps[0])
	accFilters, fullFilters, ok := lo.bothClassified(acc, full)
	if !ok || !w.plan.ok {
		lo.NeedEval("the sum in full needs more than 64 bits")
		return lo.sumOf(acc)
	}
	if !inFull && !s.Plain {
		w.products = lo.health.slot(RoleProduct, s.Accum)
	}
	var planes []Plane
	if fullShows(&s, accFilters, fullFilters) {
		planes = lo.fromFull(full, s.Accum, !inFull)
	} else {
		planes = lo.sumOf(acc)
		w.compare(lo, acc, full, accFilters, fullFilters, planes)
	}
	if w.products >= 0 || w.slot >= 0 {
		lo.emit(w)
	}
	return lo.sumResults(planes, s)
}

// accumInFull is the format of a sum without an accumulator.
func accumInFull(s *Sum) fixed.Format {
	c := classifier{s: s}
	lin, _ := linearOf(s.Product, s.X, s.WFormat)
	c.product, c.taps = lin.format, make([]int, len(s.W[0]))
	return c.inFull()
}

// bothClassified are the filters of a sum and of the same in full; ok is false where 64 bits do not hold one
// of them, or where the one in full is not the number F: it overflows, or starts from another bias.
func (lo *Lowering) bothClassified(acc, full Sum) (accFilters, fullFilters []filter, ok bool) {
	accFilters, ok = lo.classified(acc)
	fullFilters, okFull := lo.classified(full)
	return accFilters, fullFilters, ok && okFull && inside(fullFilters) && biasInFull(&acc)
}

// fullShows reports whether the accumulator is the sum in full, converted, and that as cheap to run. Filters
// that share a form with those in full are no saturating ones, so they are modular, or exact; an exact one
// starts where the sum in full does, unless its bias is beyond the accumulator.
func fullShows(s *Sum, acc, full []filter) bool {
	return asCheap(acc, full) && (modular(s.Accum) || biasFits(s))
}

// withZeros puts a plane of zeros in the place of NoPlane.
func (lo *Lowering) withZeros(rows [][]Plane) [][]Plane {
	out := make([][]Plane, len(rows))
	for i, row := range rows {
		out[i] = slices.Clone(row)
		for k, p := range row {
			if p == NoPlane {
				out[i][k] = lo.Const(0)
			}
		}
	}
	return out
}

// inside reports whether no filter's sum overflows.
func inside(filters []filter) bool {
	for i := range filters {
		for _, p := range filters[i].finish {
			if p.Over != fixed.OverNone || p.General {
				return false
			}
		}
		if c := filters[i].class; c != ClassExact && c != ClassCut {
			return false
		}
	}
	return true
}

// classified decides how a sum's filters would run; ok is false where the plane operation cannot.
func (lo *Lowering) classified(s Sum) (out []filter, ok bool) {
	l := lane8
	for _, row := range s.Taps {
		for _, p := range row {
			if p != NoPlane {
				l = max(l, lo.lanes[p])
			}
		}
	}
	if l == laneWide {
		return nil, false
	}
	ranges := lo.tapRanges(s.Taps)
	for f := range s.W {
		c := classifier{s: &s, ranges: ranges, data: l}
		out = append(out, c.filter(f))
		if c.why != "" {
			return nil, false
		}
	}
	return out, true
}

// asCheap reports whether the sums in full run in the same loops as the accumulator's.
func asCheap(acc, full []filter) bool {
	for i := range acc {
		a, f := &acc[i], &full[i]
		if a.form != f.form || a.wide != f.wide || a.acc16 && !f.acc16 {
			return false
		}
	}
	return true
}

// biasInFull reports whether the sums in full can start from every bias.
func biasInFull(s *Sum) bool {
	for _, b := range s.Bias {
		p, ok := planRaws(rangeOf(b), s.BFormat, health.Grid(s.Accum, health.FullBits))
		if !ok || p.General || p.Over != fixed.OverNone {
			return false
		}
	}
	return true
}

// biasFits reports whether every bias is within the accumulator, which otherwise starts from another number.
func biasFits(s *Sum) bool {
	low, high := rawLimits(s.Accum)
	for _, b := range s.Bias {
		p, ok := planRaws(rangeOf(b), s.BFormat, health.Grid(s.Accum, health.FullBits))
		if x := p.Apply(b); !ok || x < low || x > high {
			return false
		}
	}
	return true
}

// fromFull appends the sums in full and their conversion to the accumulator.
func (lo *Lowering) fromFull(full Sum, accum fixed.Format, count bool) []Plane {
	exact := lo.sumOf(full)
	out := make([]Plane, len(exact))
	for i, p := range exact {
		out[i] = lo.Cast(p, full.Accum, accum)
	}
	if count {
		lo.watch(RoleAccum, exact, full.Accum, out, accum)
	}
	return out
}

// sumResults appends the conversion of accumulators to the result.
func (lo *Lowering) sumResults(acc []Plane, s Sum) []Plane {
	out := make([]Plane, len(acc))
	from := s.Accum
	n := int64(s.XnorTerms) << min(max(from.F(), 0), 40)
	full := fixed.Format{W: health.FullBits, I: health.FullBits - from.F(), Signed: true}
	if n != 0 && (from.F() < 0 || from.F() > 30) {
		lo.NeedEval("the sum of bits has an unusual format")
		return acc
	}
	for i, p := range acc {
		if n != 0 {
			from = fixed.Int(CeilLog2(s.XnorTerms) + 2)
			p = lo.Cast(lo.Scale(p, 2, -n), full, from)
		}
		out[i] = lo.Cast(p, from, s.Result)
	}
	return out
}

// productPlan is how products get to the accumulator's grid.
type productPlan struct {
	format   fixed.Format
	quantize fixed.Plan
	fits     span    // products that do not leave the accumulator
	step     float64 // of a product
	weights  [][]int64
	// Of each tap, the largest weight above zero and the smallest below; zero: there is none.
	top, bottom []int64
	harmless    []span // of each tap, the data whose products all fit
	count       int    // of products of a pixel
	ok          bool
}

func newProductPlan(lo *Lowering, s *Sum) productPlan {
	lin, ok := linearOf(s.Product, s.X, s.WFormat)
	p := productPlan{format: lin.format, weights: make([][]int64, len(s.W))}
	if !ok {
		return p
	}
	taps := len(s.W[0])
	p.top, p.bottom = make([]int64, taps), make([]int64, taps)
	for f, row := range s.W {
		p.weights[f] = make([]int64, taps)
		for k, raw := range row {
			w := lin.weight(raw)
			p.weights[f][k] = w
			p.top[k], p.bottom[k] = max(p.top[k], w), min(p.bottom[k], w)
			if w != 0 {
				p.count++
			}
		}
	}
	all := rangeOf(0)
	for k, r := range lo.tapRanges(s.Taps) {
		for _, w := range []int64{p.top[k], p.bottom[k]} {
			t, fits := r.times(w)
			ok = ok && fits
			all = all.union(t)
		}
	}
	if !ok {
		return p
	}
	all.Zeros = 0 // of the largest weights, not of all
	p.quantize, ok = planRaws(all, p.format, health.Grid(s.Accum, health.FullBits))
	p.ok = ok && !p.quantize.General && p.quantize.Over == fixed.OverNone
	if !p.ok {
		return p
	}
	low, high := rawLimits(s.Accum)
	p.fits, p.step = between(&p.quantize, all, low, high), health.Real(1, p.format)
	for k := range p.top {
		top, bottom := p.data(p.top[k]), p.data(p.bottom[k])
		p.harmless = append(p.harmless, span{max(top.low, bottom.low), min(top.high, bottom.high)})
	}
	return p
}

// data are the values whose products with a weight fit.
func (p *productPlan) data(w int64) span {
	switch low, high := p.fits.low, p.fits.high; {
	case w > 0: // the ends have zero between them: division cuts toward it
		return span{low / w, high / w}
	case w < 0 && w != -1:
		return span{high / w, low / w}
	case w == -1:
		return span{-high, -max(low, -math.MaxInt64)}
	}
	return span{math.MinInt64, math.MaxInt64}
}

// sumWatch counts the products of a sum and, where the accumulator's planes do not show the sums in full, the
// sums.
type sumWatch struct {
	taps     [][]Plane
	plan     productPlan
	products int // slot; -1: not counted
	seen     int // where a worker keeps the ends of the taps
	accum    fixed.Format

	slot    int       // of the accumulator; -1: not counted here
	full    *sumOp    // the sums in full
	acc     []Plane   // what the program computed, pixel by pixel
	bias    []float64 // of each filter, on the accumulator's health.Grid
	norm    []float64 // sum of a filter's absolute weights, in the accumulator's steps per step of the data
	slack   float64   // what rounding adds to a sum
	low     int64
	high    int64
	exact   []bool  // filters that never overflow
	scratch []Plane // one per filter, for the sums in full
	floor   int     // zeros that all sums have below their last one bit
}

// compare prepares the count of the accumulator by bounds and, where those do not tell, by sums in full.
func (o *sumWatch) compare(lo *Lowering, acc, full Sum, accFilters, fullFilters []filter, planes []Plane) {
	o.slot, o.acc = lo.health.slot(RoleAccum, acc.Accum), planes
	o.low, o.high = rawLimits(acc.Accum)
	taps, l := lo.widened(full.Taps) // which they are
	o.full = &sumOp{taps: taps, lane: l, filters: fullFilters, order: full.Order}
	scale := math.Ldexp(1, acc.Accum.F()-o.plan.format.F())
	o.slack, o.floor = float64(len(acc.W[0])+2), maxZeros
	for _, p := range planes {
		o.floor = min(o.floor, lo.ranges[p].Zeros)
	}
	for f := range fullFilters {
		o.full.rest = append(o.full.rest, f)
		o.scratch = append(o.scratch, lo.newPlane(fullFilters[f].rng))
		bias, ok := planRaws(rangeOf(acc.Bias[f]), acc.BFormat, full.Accum)
		start := bias.Apply(acc.Bias[f])
		o.exact = append(o.exact, accFilters[f].class == ClassExact && ok && start >= o.low && start <= o.high)
		o.bias = append(o.bias, float64(start))
		sum := 0.0
		for _, w := range o.plan.weights[f] {
			sum += math.Abs(float64(w))
		}
		o.norm = append(o.norm, sum*scale)
	}
	for range taps {
		o.full.out = append(o.full.out, o.scratch...)
	}
}

func (o *sumWatch) renamed(stand func(Plane) Plane) op {
	c := *o
	c.taps = make([][]Plane, len(o.taps))
	for r, row := range o.taps {
		c.taps[r] = renamedPlanes(row, stand)
	}
	c.acc = renamedPlanes(o.acc, stand)
	if o.full != nil {
		c.full = o.full.renamed(stand).(*sumOp)
	}
	return &c
}

func (o *sumWatch) planes(visit func(Plane, bool)) {
	for _, row := range o.taps {
		for _, p := range row {
			visit(p, false)
		}
	}
	for _, p := range o.acc {
		visit(p, false)
	}
	if o.full != nil {
		for _, row := range o.full.taps {
			for _, p := range row {
				visit(p, false)
			}
		}
	}
	for _, p := range o.scratch {
		visit(p, true)
	}
}

// tapFacts is scratch space: the ends of each tap over all pixels of a block.
type tapFacts struct {
	ends []span
	sure []bool // of each filter: no sum of the block overflows
}

func (o *sumWatch) run(m *memory) {
	h := m.health
	all := nowhere
	h.tap.ends = h.tap.ends[:0]
	for k := range o.taps[0] {
		tap := nowhere
		for _, row := range o.taps {
			f := m.ends(row[k])
			tap.add(f.Low, f.High)
		}
		all.add(tap.low, tap.high)
		h.tap.ends = append(h.tap.ends, tap)
	}
	if o.products >= 0 {
		o.countProducts(m, &h.slots[o.products])
	}
	if o.slot >= 0 {
		o.countSums(m, &h.slots[o.slot], float64(max(all.high, -all.low)))
	}
}

// countProducts counts the products that leave the accumulator.
func (o *sumWatch) countProducts(m *memory, t *health.Tally) {
	p := &o.plan
	t.Values += int64(p.count * len(o.taps) * m.used)
	seen := m.health.seen[o.seen : o.seen+len(p.top)]
	for k, tap := range m.health.tap.ends {
		if tap.low < seen[k].low || tap.high > seen[k].high {
			seen[k].add(tap.low, tap.high)
			for _, w := range [2]int64{p.top[k], p.bottom[k]} {
				for _, x := range [2]int64{tap.low, tap.high} {
					t.Span(float64(x*w)*p.step, p.quantize.Quantize(x*w))
				}
			}
		}
		if tap.low < p.harmless[k].low || tap.high > p.harmless[k].high {
			o.countTap(m, t, k)
		}
	}
}

// countTap counts the products of one tap, of which some leave the accumulator.
func (o *sumWatch) countTap(m *memory, t *health.Tally, k int) {
	tap := m.health.tap.ends[k]
	for _, row := range o.plan.weights {
		w := row[k]
		if w == 0 {
			continue
		}
		good := o.plan.data(w)
		if tap.low >= good.low && tap.high <= good.high {
			continue
		}
		for _, row := range o.taps {
			if f := m.ends(row[k]); f.Low < good.low || f.High > good.high {
				t.Changed(int64(m.used-m.within(row[k], good.low, good.high)), o.accum)
			}
		}
	}
}

// countSums counts the sums that overflow changed. Three bounds spare the sums in full, from cheap to dear:
// the filter overflows for no data; the largest number of the block times the sum of all weights is too small
// to; the ends of each tap of the block are. Only filters that none of them clears are computed in full.
func (o *sumWatch) countSums(m *memory, t *health.Tally, largest float64) {
	t.Values += int64(len(o.acc) * m.used)
	limit := min(-float64(o.low), float64(o.high))
	open := false
	for f := range o.norm {
		sure := o.exact[f] || atMost(math.Abs(o.bias[f])+largest*o.norm[f]+o.slack, limit) || o.bounded(m, f)
		m.health.tap.sure = append(m.health.tap.sure[:f], sure)
		open = open || !sure
	}
	sure, all := m.health.tap.sure, nowhere
	if open {
		o.full.begin(m)
	}
	for r := range o.taps {
		acc := o.acc[r*len(o.norm) : (r+1)*len(o.norm)]
		if open {
			o.full.pixel(m, r, sure)
		}
		for f, p := range acc {
			if sure[f] {
				o.plain(m, &all, p)
			} else {
				o.against(m, t, &all, p, o.scratch[f])
			}
		}
	}
	t.Span(health.Real(all.low, o.accum), all.low)
	t.Span(health.Real(all.high, o.accum), all.high)
	m.grain(t, o.acc, o.floor)
}

// bounded reports whether the ends of the taps in the block keep all partial sums of a filter within the
// accumulator.
func (o *sumWatch) bounded(m *memory, f int) bool {
	up, down := max(o.bias[f], 0), min(o.bias[f], 0)
	for k, w := range o.plan.weights[f] {
		if w == 0 {
			continue
		}
		tap := m.health.tap.ends[k]
		a, b := o.plan.quantize.Quantize(tap.low*w), o.plan.quantize.Quantize(tap.high*w)
		up += float64(max(a, b, 0))
		down += float64(min(a, b, 0))
	}
	return atMost(up, float64(o.high)) && atMost(-down, -float64(o.low))
}

// atMost reports whether a sum of magnitudes, added up in float64, is surely no more than a limit. Below 2^53
// whole numbers are exact; beyond, each of up to 2^16 additions may have rounded, and so has the limit.
func atMost(sum, limit float64) bool {
	if sum < 1<<53 {
		return sum <= limit
	}
	return sum*(1+0x1p-36) < limit
}

// plain takes note of the ends of sums that nothing changed: the accumulator shows them.
func (o *sumWatch) plain(m *memory, all *span, p Plane) {
	f := m.ends(p)
	all.add(f.Low, f.High)
}

// against counts the sums of one plane by what they are in full.
func (o *sumWatch) against(m *memory, t *health.Tally, all *span, acc, full Plane) {
	f := &m.health.full
	m.loops.Ends(m.address(full), m.used, m.lanes[full].bits(), f)
	all.add(f.Low, f.High)
	if modular(o.accum) {
		if f.Low < o.low || f.High > o.high {
			t.Changed(int64(m.used-m.within(full, o.low, o.high)), o.accum)
		}
		return
	}
	n := int64(0)
	a, b := m.load(acc, 0), m.load(full, 1)
	for s := range m.used {
		if a[s] != b[s] {
			n++
		}
	}
	t.Changed(n, o.accum)
}

// begin and pixel are run of a sumOp for some of its filters.

// begin brings the data of the sums into the form that vector code reads, where all of it fits at once.
func (o *sumOp) begin(m *memory) {
	if o.tiles != nil && m.n <= m.vector.strip {
		o.tiles.begin(m, m.health.bases[:], 0, m.n)
	}
}

// pixel computes the filters of one pixel but for those to skip.
func (o *sumOp) pixel(m *memory, r int, skip []bool) {
	row, out := o.taps[r], o.out[r*len(o.filters):(r+1)*len(o.filters)]
	if o.tiles != nil {
		for from := 0; from < m.n; from += m.vector.strip {
			n := min(m.n-from, m.vector.strip)
			if m.n > m.vector.strip { // a picture, of which there is one pixel: nothing is done twice
				o.tiles.begin(m, m.health.bases[:], from, n)
			}
			o.pixelStrip(m, r, skip, from, n)
		}
	}
	for i := range o.ordered {
		if l := &o.ordered[i]; !skip[l.filter] {
			l.run(m, o, row, out[l.filter])
		}
	}
	for _, f := range o.rest {
		if skip[f] {
			continue
		}
		switch o.lane {
		case lane8:
			runOne[int8](m, &o.filters[f], row, out[f])
		case lane16:
			runOne[int16](m, &o.filters[f], row, out[f])
		case lane32:
			runOne[int32](m, &o.filters[f], row, out[f])
		default:
			runOne[int64](m, &o.filters[f], row, out[f])
		}
	}
}

// pixelStrip is pixel for n lanes, of the filters that vector code computes.
func (o *sumOp) pixelStrip(m *memory, r int, skip []bool, from, n int) {
	row, out := o.taps[r], o.out[r*len(o.filters):(r+1)*len(o.filters)]
	for i := range o.tiles.groups {
		g := &o.tiles.groups[i]
		if slices.ContainsFunc(g.filters, func(f int) bool { return !skip[f] }) {
			g.locate(m, o.tiles, r, row)
			g.run(m, o, o.tiles, m.health.bases[:], out, from, n)
		}
	}
}

func runOne[S fixed.Lane](m *memory, f *filter, row []Plane, dst Plane) {
	if f.wide {
		runFilter[int64, S](m, f, row, dst)
	} else {
		runFilter[int32, S](m, f, row, dst)
	}
}
