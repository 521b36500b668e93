package sim

import (
	"math"

	"github.com/hlsgo/hlsgo/fixed"
)

// castWatch counts the conversions of some planes. An overflow is where the result differs from the value on
// the result's grid.
type castWatch struct {
	slot      int
	role      Role
	pre, post []Plane
	from, to  fixed.Format
	step      float64    // of a value before
	quantize  fixed.Plan // to the result's grid
	fits      span       // values before that do not overflow, where overflow changes all others
	vanishing span       // values before that become zero without overflow
	shrinks   bool       // there are such beside zero, and they are counted
	floor     int        // zeros that all results have below their last one bit
	terms     []Plane    // of a sum that changes where a partial sum overflows, though it fits
	blind     bool       // the raws of a type are no numbers on a grid
}

// prepare plans the conversion to the result's grid; it is false where that needs more than 64 bits.
func (o *castWatch) prepare(lo *Lowering) bool {
	if !countable(o.from) || !countable(o.to) || !o.to.Narrow() && o.to.F() > 1000 {
		o.blind = true
		return true
	}
	r := lo.ranges[o.pre[0]]
	for _, p := range o.pre {
		if lo.lanes[p] == laneWide {
			return false
		}
		r = r.union(lo.ranges[p])
	}
	for _, p := range o.post {
		if lo.lanes[p] == laneWide {
			return false
		}
	}
	p, ok := fixed.TryPlan(o.from, r.Lo, r.Hi, r.Zeros, grid(o.to, fullBits))
	if !ok || p.General || p.Over != fixed.OverNone {
		return false
	}
	o.quantize, o.step, o.floor = p, realOf(1, o.from), maxZeros
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
	t.values += int64(len(o.pre) * m.used)
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
				t.changed(o.differing(m, p, o.post[i]), o.to)
			}
		case x.Low < o.fits.low || x.High > o.fits.high:
			t.changed(int64(m.used-m.within(p, o.fits.low, o.fits.high)), o.to)
		}
		if o.shrinks && x.Low <= o.vanishing.high && x.High >= o.vanishing.low {
			t.vanished += int64(m.tiny(p, o.vanishing.low, o.vanishing.high))
		}
	}
	t.span(float64(all.low)*o.step, o.quantize.Quantize(all.low))
	t.span(float64(all.high)*o.step, o.quantize.Quantize(all.high))
	m.grain(t, o.post, o.floor)
}

// grain takes note of the zeros below the last one bit of all values of some planes, unless values before had
// no more than all have.
func (m *memory) grain(t *tally, planes []Plane, floor int) {
	for _, p := range planes {
		if t.fine <= floor {
			return
		}
		t.grain(m.facts(p).Or)
	}
}

// bounded reports whether no sum of some of the terms overflows in the block.
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
	t.values += int64(m.used)
	for _, v := range [2]int64{x.Low, x.High} {
		at := o.plan.Quantize(v) + o.offset
		t.span(float64(at), at)
	}
	if x.Low < o.fits.low || x.High > o.fits.high {
		t.outside += int64(m.used - m.within(o.plane, o.fits.low, o.fits.high))
	}
}

func (o *indexWatch) renamed(stand func(Plane) Plane) op {
	c := *o
	c.plane = stand(o.plane)
	return &c
}

func (o *indexWatch) planes(visit func(Plane, bool)) { visit(o.plane, false) }
