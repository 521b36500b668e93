package sim

import (
	"slices"
	"unsafe"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim/num"
	"github.com/hlsgo/hlsgo/sim/vec"
)

// Sums that convert at each step have no loop over tiles: a plan has too many forms to keep one loop for each
// pair of them. Instead each step, scale, convert, add, convert, is a loop of its own over a block of samples
// that stays in the first-level cache.

// orderedLoop is a filter that converts each product, and each sum where the order counts, in vector code:
// term by term, a block of samples at a time.
type orderedLoop struct {
	filter       int
	acc          lane
	widen        vec.Plane // brings data to the lane that scale reads; not Ready: it is
	scale, sum   vec.Plane
	product, add planLoop // conversions of products and sums, in place
	finish       []castLoop
}

// planLoop is a plan on lanes of one width, in place.
type planLoop struct {
	cast   *castLoop // nil: nothing to do
	choose vec.Plane // with limits, beyond which values become zero; not Ready: there are none
	lo, hi int64
}

// newPlanLoop finds vector code for a plan on raws of range r; ok is false where there is none.
func newPlanLoop(set *vec.Set, p fixed.Plan, r Range, l lane) (out planLoop, ok bool) {
	if p.Over == fixed.OverZero && !p.General { // no cast loop zeroes: two choices do, one for each limit
		out.choose, out.lo, out.hi = set.Element(vec.Choose, l.bits(), l.bits()), p.Lo, p.Hi
		p.Over = fixed.OverNone
		low, high := min(p.Apply(r.Lo), p.Lo-1), max(p.Apply(r.Hi), p.Hi)
		if !out.choose.Ready() || !fitsBits(low, high, l.bits()) {
			return out, false
		}
	}
	if p.Identity() {
		return out, true
	}
	c, ok := vectorCast(set, p, r, l, l)
	out.cast = &c
	return out, ok
}

func (p *planLoop) run(m *memory, x unsafe.Pointer) {
	if p.cast != nil {
		p.cast.run(x, x, m.n)
	}
	if !p.choose.Ready() {
		return
	}
	zero := int64(uintptr(m.vector.zero) - uintptr(x))
	m.params = vec.Params{Lo: p.hi, Second: zero}
	runWith(&p.choose, m, x, x)
	m.params = vec.Params{Lo: p.lo - 1, Third: zero}
	runWith(&p.choose, m, x, x)
}

// runWith runs a loop with the parameters of the memory.
func runWith(loop *vec.Plane, m *memory, dst, src unsafe.Pointer) {
	loop.Run((*byte)(dst), (*byte)(src), m.n/loop.Block, &m.params)
}

// orderedLoop finds vector code for a filter of formOrdered; ok is false where there is none.
func (o *sumOp) orderedLoop(set *vec.Set, i int, lanes []lane) (l orderedLoop, ok bool) {
	f := &o.filters[i]
	if f.form != formOrdered && f.form != formRound || f.xnor != 0 || len(f.taps) == 0 || o.lane > lane32 {
		return l, false
	}
	l = orderedLoop{filter: i, acc: lane64}
	narrow := f.ordered32
	if f.form == formRound {
		narrow = !f.wide
	}
	if narrow && !slices.ContainsFunc(f.then, func(r Range) bool { return !fitsBits(r.Lo, r.Hi, 32) }) {
		l.acc = lane32
	}
	if !l.findProducts(set, o.lane, f) {
		return l, false
	}
	if l.product, ok = newPlanLoop(set, f.product, f.terms, l.acc); !ok {
		return l, false
	}
	if l.add, ok = newPlanLoop(set, f.add, f.twice, l.acc); !ok {
		return l, false
	}
	l.sum = set.Element(vec.Add, l.acc.bits(), l.acc.bits())
	l.finish = f.finishLoops(set, l.acc, lanes[o.out[i]])
	return l, l.sum.Ready()
}

// findProducts finds the loops that multiply data by a weight: the narrowest lanes that hold data and
// weights, for a multiplication costs by the width of its operands.
func (l *orderedLoop) findProducts(set *vec.Set, data lane, f *filter) bool {
	for in := data; in <= l.acc; in++ {
		l.scale = set.Element(vec.Scale, in.bits(), l.acc.bits())
		if !l.scale.Ready() || in < l.acc && !f.weightsFit(min(32, in.bits())) {
			continue
		}
		if in == data {
			return true
		}
		if l.widen = set.Widen(data.bits(), in.bits()); l.widen.Ready() {
			return true
		}
	}
	return false
}

func (l *orderedLoop) run(m *memory, o *sumOp, row []Plane, dst Plane) {
	f := &o.filters[l.filter]
	acc, t, wide := m.vector.temp[0], m.vector.temp[1], m.vector.temp[2]
	if l.acc == lane32 {
		num.Fill(unsafe.Slice((*int32)(acc), m.n), int32(f.start))
	} else {
		num.Fill(unsafe.Slice((*int64)(acc), m.n), f.start)
	}
	// Loops find their second operand by its distance from the first.
	toTerm := int64(uintptr(t) - uintptr(acc))
	for i, k := range f.taps {
		x := m.address(row[k])
		if l.widen.Ready() {
			runPlane(l.widen, wide, x, m.n)
			x = wide
		}
		m.params = vec.Params{Factor: f.w[i]}
		runWith(&l.scale, m, t, x)
		l.product.run(m, t)
		m.params = vec.Params{Second: toTerm}
		runWith(&l.sum, m, acc, acc)
		l.add.run(m, acc)
	}
	if l.finish == nil {
		if l.acc == lane32 {
			finishPlain[int32](m, f, acc, dst, 0, m.n)
		} else {
			finishPlain[int64](m, f, acc, dst, 0, m.n)
		}
		return
	}
	last := len(l.finish) - 1
	for i := range l.finish[:last] {
		l.finish[i].run(acc, acc, m.n)
	}
	l.finish[last].run(m.address(dst), acc, m.n)
}

// runOrderedLoops computes the filters that have such loops, over all pixels.
func (o *sumOp) runOrderedLoops(m *memory) {
	for r, row := range o.taps {
		for i := range o.ordered {
			l := &o.ordered[i]
			l.run(m, o, row, o.out[r*len(o.filters)+l.filter])
		}
	}
}
