package sim

import (
	"math"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim/health"
)

// A conversion quantizes, which is monotone, and then perhaps overflows. So the values that overflow, and
// those that become zero without, are the ones outside, and inside, of two intervals of raws, found once by
// bisection. In most blocks the ends of a plane tell that none does, and the ends are known from those of the
// plane that it is converted from, or found in one pass. Only where an end is beyond are values counted, by
// vector code.

// castWatch counts the conversions of some planes. An overflow is where the result differs from the value on
// the result's grid.
type castWatch struct {
	slot      int
	role      Role
	pre, post []Plane
	from, to  fixed.Format
	step      float64    // of a value before
	quantize  fixed.Plan // to the result's health.Grid
	fits      span       // values before that do not overflow, where overflow changes all others
	vanishing span       // values before that become zero without overflow
	shrinks   bool       // there are such beside zero, and they are counted
	floor     int        // zeros that all results have below their last one bit
	terms     []Plane    // of a sum that changes where a partial sum overflows, though it fits
	blind     bool       // the raws of a type are no numbers on a health.Grid
}

// prepare plans the conversion to the result's grid; it is false where that needs more than 64 bits.
func (o *castWatch) prepare(lo *Lowering) bool {
	if !health.Countable(o.from) || !health.Countable(o.to) || !o.to.Narrow() && o.to.F() > 1000 {
		o.blind = true
		return true
	}
	r, ok := lo.narrowUnion(o.pre)
	if _, okPost := lo.narrowUnion(o.post); !ok || !okPost {
		return false
	}
	// A plan is for numbers of its format. A choice of two values on one grid may leave the format of the grid.
	if o.from.Narrow() && (r.Lo < o.from.MinRaw() || r.Hi > o.from.MaxRaw()) {
		return false
	}
	p, ok := fixed.TryPlan(o.from, r.Lo, r.Hi, r.Zeros, health.Grid(o.to, health.FullBits))
	if !ok || p.General || p.Over != fixed.OverNone {
		return false
	}
	o.quantize, o.step, o.floor = p, health.Real(1, o.from), maxZeros
	low, high := rawLimits(o.to)
	o.fits = between(&p, r, low, high)
	if p.Shift > 0 && r.Zeros < p.Shift && o.role != RoleProduct {
		o.vanishing, o.shrinks = between(&p, r, 0, 0), true
	}
	for _, p := range o.post {
		o.floor = min(o.floor, lo.ranges[p].Zeros)
	}
	return true
}

// narrowUnion is a range that holds all of some planes; ok is false where one of them is wide.
func (lo *Lowering) narrowUnion(planes []Plane) (r Range, ok bool) {
	for i, p := range planes {
		if lo.lanes[p] == laneWide {
			return Range{}, false
		}
		if i == 0 {
			r = lo.ranges[p]
		}
		r = r.union(lo.ranges[p])
	}
	return r, true
}

// between are the raws of a range that a plan quantizes to numbers from low to high.
func between(p *fixed.Plan, r Range, low, high int64) span {
	s := span{r.Lo, r.Hi}
	if p.Quantize(r.Lo) < low {
		s.low = search(r.Lo, r.Hi, func(x int64) bool { return p.Quantize(x) >= low })
	}
	if p.Quantize(r.Hi) > high {
		s.high = search(r.Lo, r.Hi, func(x int64) bool { return p.Quantize(x) > high }) - 1
	}
	return s
}

// rawLimits are the raws between which a format takes no notice.
func rawLimits(f fixed.Format) (low, high int64) {
	c := classifier{accum: f}
	return c.limits()
}

// search is the smallest x of low..high for which the rising condition holds, high+1 where it never does.
func search(low, high int64, holds func(x int64) bool) int64 {
	for low <= high {
		mid := low + int64((uint64(high)-uint64(low))/2)
		if !holds(mid) {
			low = mid + 1
		} else if mid == math.MinInt64 {
			return mid
		} else {
			high = mid - 1
		}
	}
	return low
}

func (o *castWatch) run(m *memory) {
	t := &m.health.slots[o.slot]
	t.Values += int64(len(o.pre) * m.used)
	if o.blind {
		return
	}
	all := nowhere
	for i, p := range o.pre {
		x := m.ends(p)
		all.add(x.Low, x.High)
		switch {
		case o.terms != nil:
			if x.Low < o.fits.low || x.High > o.fits.high || !o.bounded(m) {
				t.Changed(o.differing(m, p, o.post[i]), o.to)
			}
		case x.Low < o.fits.low || x.High > o.fits.high:
			t.Changed(int64(m.used-m.within(p, o.fits.low, o.fits.high)), o.to)
		}
		if o.shrinks && x.Low <= o.vanishing.high && x.High >= o.vanishing.low {
			t.Vanished += int64(m.tiny(p, o.vanishing.low, o.vanishing.high))
		}
	}
	t.Span(float64(all.low)*o.step, o.quantize.Quantize(all.low))
	t.Span(float64(all.high)*o.step, o.quantize.Quantize(all.high))
	m.grain(t, o.post, o.floor)
}

// grain takes note of the zeros below the last one bit of all values of some planes, unless values before had
// no more than all have.
func (m *memory) grain(t *health.Tally, planes []Plane, floor int) {
	for _, p := range planes {
		if t.Fine <= floor {
			return
		}
		t.Grain(m.facts(p).Or)
	}
}

// bounded reports whether no sum of some of the terms overflows in the block: whichever come first, a partial
// sum lies between the sum of all lower ends below zero and that of all upper ends above.
func (o *castWatch) bounded(m *memory) bool {
	var sum span
	for _, p := range o.terms {
		x := m.ends(p)
		low, okLow := addOK(sum.low, min(x.Low, 0))
		high, okHigh := addOK(sum.high, max(x.High, 0))
		if sum = (span{low, high}); !okLow || !okHigh {
			return false
		}
	}
	return sum.low >= o.fits.low && sum.high <= o.fits.high
}

// differing counts the values that are not what they were on the result's grid.
func (o *castWatch) differing(m *memory, pre, post Plane) (n int64) {
	x, y := m.load(pre, 0), m.load(post, 1)
	for s := range m.used {
		if o.quantize.Quantize(x[s]) != y[s] {
			n++
		}
	}
	return n
}

func (o *castWatch) renamed(stand func(Plane) Plane) op {
	c := *o
	c.pre, c.post = renamedPlanes(o.pre, stand), renamedPlanes(o.post, stand)
	if o.terms != nil {
		c.terms = renamedPlanes(o.terms, stand)
	}
	return &c
}

func (o *castWatch) planes(visit func(Plane, bool)) {
	for i := range o.pre {
		visit(o.pre[i], false)
		visit(o.post[i], false)
	}
	for _, p := range o.terms {
		visit(p, false)
	}
}

// indexWatch counts the places that a plane asks for in a table.
type indexWatch struct {
	slot   int
	plane  Plane
	plan   fixed.Plan // from the plane to places, less the offset
	offset int64
	fits   span // the values whose places the table has
}

func (o *indexWatch) run(m *memory) {
	t, x := &m.health.slots[o.slot], m.ends(o.plane)
	t.Values += int64(m.used)
	for _, v := range [2]int64{x.Low, x.High} {
		at := o.plan.Quantize(v) + o.offset
		t.Span(float64(at), at)
	}
	if x.Low < o.fits.low || x.High > o.fits.high {
		t.Outside += int64(m.used - m.within(o.plane, o.fits.low, o.fits.high))
	}
}

func (o *indexWatch) renamed(stand func(Plane) Plane) op {
	c := *o
	c.plane = stand(o.plane)
	return &c
}

func (o *indexWatch) planes(visit func(Plane, bool)) { visit(o.plane, false) }
