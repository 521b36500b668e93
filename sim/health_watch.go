package sim

import (
	"math"
	"math/big"
	"unsafe"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim/vec"
)

// healthMemory is what a worker needs to count: its tallies and, for the block at hand, what is known of the
// planes.
type healthMemory struct {
	*tallies
	planes []planeFacts
	block  uint32
	tap    tapFacts
	bases  [4]unsafe.Pointer // of the stages of a sum in full
}

// planeFacts are the ends of a plane in a block, its zeros, and the bits that any value has.
type planeFacts struct {
	block     uint32 // for which they hold
	low, high int64
	or        uint64
	zeros     int
}

// count gives the memory of a worker what a program that counts needs.
func (m *memory) count(p *Program) {
	if p.counts {
		m.health = &healthMemory{tallies: newTallies(len(p.slots)), planes: make([]planeFacts, len(m.lanes))}
	}
}

func (h *healthMemory) nextBlock() {
	if h != nil {
		h.block++
	}
}

// recorder counts for the plain evaluator of a node; nil: nobody counts.
func (m *memory) recorder(node int) *recorder {
	if m.health == nil || node < 0 {
		return nil
	}
	return &recorder{m.health.tallies, node}
}

// facts are those of a narrow plane, found when they are first asked for in a block.
func (m *memory) facts(p Plane) *planeFacts {
	f := &m.health.planes[p]
	if f.block == m.health.block {
		return f
	}
	f.block = m.health.block
	m.factsInto(f, p)
	return f
}

// factsInto finds the facts of a plane.
func (m *memory) factsInto(f *planeFacts, p Plane) {
	if m.used == m.n && m.loops != nil {
		if g, ok := m.loops.FactsOf(m.address(p), m.n, m.lanes[p].bits()); ok {
			f.low, f.high, f.or, f.zeros = g.Low, g.High, g.Or, g.Zeros
			return
		}
	}
	switch m.lanes[p] {
	case lane8:
		factsOf(f, view[int8](m, p)[:m.used])
	case lane16:
		factsOf(f, view[int16](m, p)[:m.used])
	case lane32:
		factsOf(f, view[int32](m, p)[:m.used])
	default:
		factsOf(f, view[int64](m, p)[:m.used])
	}
}

func factsOf[T fixed.Lane](f *planeFacts, x []T) {
	low, high, or, zeros := x[0], x[0], T(0), 0
	for _, v := range x {
		low, high, or = min(low, v), max(high, v), or|v
		if v == 0 {
			zeros++
		}
	}
	f.low, f.high, f.or, f.zeros = int64(low), int64(high), uint64(or), zeros
}

// beyond counts the values of a narrow plane below low or above high.
func (m *memory) beyond(p Plane, low, high int64) int {
	if m.used == m.n && m.loops != nil {
		if n, ok := m.loops.Beyond(m.address(p), m.n, m.lanes[p].bits(), low, high); ok {
			return n
		}
	}
	switch m.lanes[p] {
	case lane8:
		return beyondOf(view[int8](m, p)[:m.used], low, high)
	case lane16:
		return beyondOf(view[int16](m, p)[:m.used], low, high)
	case lane32:
		return beyondOf(view[int32](m, p)[:m.used], low, high)
	}
	return beyondOf(view[int64](m, p)[:m.used], low, high)
}

func beyondOf[T fixed.Lane](x []T, low, high int64) (n int) {
	for _, v := range x {
		if int64(v) < low || int64(v) > high {
			n++
		}
	}
	return n
}

// castWatch counts the conversions of some planes. An overflow is where the result differs from the value on
// the result's grid.
type castWatch struct {
	slot      int
	role      Role
	pre, post []Plane
	from, to  fixed.Format
	quantize  fixed.Plan // to the result's grid
	low, high int64      // the ends of the result, within which nothing overflows
	// preLow and preHigh are the ends of the values before that do not overflow, where overflow changes all
	// others.
	preLow, preHigh int64
	shrinks         bool // values may vanish
	byValue         bool // a value may change though it fits: a partial sum saturated
	blind           bool // the raws of a type are no numbers on a grid
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
	o.quantize, o.shrinks = p, p.Shift > 0 && r.Zeros < p.Shift && o.role != RoleProduct
	o.low, o.high = rawLimits(o.to)
	o.preLow, o.preHigh = r.Lo, r.Hi
	if p.Apply(r.Lo) < o.low {
		o.preLow = search(r.Lo, r.Hi, func(x int64) bool { return p.Apply(x) >= o.low })
	}
	if p.Apply(r.Hi) > o.high {
		o.preHigh = search(r.Lo, r.Hi, func(x int64) bool { return p.Apply(x) > o.high }) - 1
	}
	return true
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
	for i, p := range o.pre {
		o.plane(m, t, p, o.post[i])
	}
}

// plane counts one plane.
func (o *castWatch) plane(m *memory, t *tally, pre, post Plane) {
	x, y := m.facts(pre), m.facts(post)
	low, high := o.quantize.Apply(x.low), o.quantize.Apply(x.high)
	t.span(realOf(x.low, o.from), low)
	t.span(realOf(x.high, o.from), high)
	t.grain(y.or)
	if o.byValue {
		t.changed(o.differing(m, pre, post), o.to)
		return
	}
	over := 0
	if low < o.low || high > o.high {
		over = m.beyond(pre, o.preLow, o.preHigh)
		t.changed(int64(over), o.to)
	}
	vanished := y.zeros - x.zeros
	if !o.shrinks || vanished <= 0 && over == 0 {
		return
	}
	if over > 0 && y.zeros > 0 {
		vanished = o.vanished(m, pre, post)
	}
	t.vanished += int64(max(vanished, 0))
}

// differing counts the values that are not what they were on the result's grid.
func (o *castWatch) differing(m *memory, pre, post Plane) (n int64) {
	x, y := m.load(pre, 0), m.load(post, 1)
	for s := range m.used {
		if o.quantize.Apply(x[s]) != y[s] {
			n++
		}
	}
	return n
}

// vanished counts value by value, where some of the zeros come from overflow.
func (o *castWatch) vanished(m *memory, pre, post Plane) (n int) {
	x, y := m.load(pre, 0), m.load(post, 1)
	for s := range m.used {
		if x[s] != 0 && y[s] == 0 && x[s] >= o.preLow && x[s] <= o.preHigh {
			n++
		}
	}
	return n
}

func (o *castWatch) renamed(func(Plane) Plane) op { return o }

func (o *castWatch) planes(visit func(Plane, bool)) {
	for i := range o.pre {
		visit(o.pre[i], false)
		visit(o.post[i], false)
	}
}

// indexWatch counts the places that a plane asks for in a table.
type indexWatch struct {
	slot  int
	plane Plane
	size  int64
}

func (o *indexWatch) run(m *memory) {
	t, x := &m.health.slots[o.slot], m.facts(o.plane)
	t.values += int64(m.used)
	t.span(float64(x.low), x.low)
	t.span(float64(x.high), x.high)
	if x.low < 0 || x.high >= o.size {
		t.outside += int64(m.beyond(o.plane, 0, o.size-1))
	}
}

func (o *indexWatch) renamed(func(Plane) Plane) op { return o }

func (o *indexWatch) planes(visit func(Plane, bool)) { visit(o.plane, false) }

// countInput counts the conversion of an input's samples, which the planes hold already.
func countInput[T Float](m *memory, slot int, t Port, src []T) {
	c := &m.health.slots[slot]
	c.values += int64(len(src))
	f := t.Format
	if !countable(f) {
		return
	}
	if x, ok := any(src).([]float32); ok {
		src = src[c.inputFloats(m, f, x):]
	}
	step := math.Ldexp(1, -f.F())
	low, high := f.Range()
	// Between these no rounding reaches the ends.
	safeLow, safeHigh := (realBig(low, fixed.Int(64))+2)*step, (realBig(high, fixed.Int(64))-2)*step
	var least, most T
	for _, v := range src {
		if w := float64(v); w > safeLow && w < safeHigh && (w == 0 || w >= step || w <= -step) {
			least, most = min(least, v), max(most, v)
		} else {
			c.input(w, f)
		}
	}
	c.input(float64(least), f)
	c.input(float64(most), f)
	for _, p := range t.tensor.Planes {
		if m.lanes[p] != laneWide {
			c.grain(m.facts(p).or)
			continue
		}
		for i := range m.big(p)[:m.used] {
			if x := &m.big(p)[i]; x.Sign() != 0 {
				c.fine = min(c.fine, int(x.TrailingZeroBits()))
			}
		}
	}
}

// input counts one number of a user on its way into a format. What is infinite or no number is counted
// elsewhere.
func (t *tally) input(v float64, f fixed.Format) {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return
	}
	if f.Narrow() && math.Abs(v) < math.Ldexp(1, 60-f.F()) {
		t.inputNarrow(v, f)
		return
	}
	x := fixed.FromFloat64Big(new(big.Int), v, f)
	q := fixed.FromFloat64Big(new(big.Int), v, grid(f, f.W+1100))
	t.becomes(v, q, x, f)
}

// inputNarrow is input where 63 bits hold the number on the format's grid.
func (t *tally) inputNarrow(v float64, f fixed.Format) {
	x, q := fixed.FromFloat64(v, f), fixed.FromFloat64(v, grid(f, fullBits))
	t.span(v, q)
	switch {
	case q != x:
		t.changed(1, f)
	case v != 0 && x == 0:
		t.vanished++
	}
}

// inputFloats counts numbers by vector code, and returns how many of them it did.
func (t *tally) inputFloats(m *memory, f fixed.Format, src []float32) int {
	if m.loops == nil || !f.Narrow() || f.W > 20 || f.Kind != fixed.KindFixed || f.F() < -60 || f.F() > 60 {
		return 0
	}
	step, half := math.Ldexp(1, -f.F()), 0.0
	l := vec.Limits{TinyLow: math.SmallestNonzeroFloat32, TinyHigh: float32(step)}
	switch f.Q {
	case fixed.TRN:
	case fixed.RND:
		half = 0.5
		l.TinyLow, l.TinyHigh = float32(-step/2), float32(step/2)
	default:
		return 0
	}
	low, high := rawLimits(f)
	l.Low, l.High = float32((float64(low)-half)*step), float32((float64(high)+1-half)*step)
	g, n := m.loops.FloatsOf(src, l)
	if n == 0 || math.IsInf(float64(g.Low), 0) || math.IsInf(float64(g.High), 0) {
		return 0
	}
	for _, v := range []float32{g.Low, g.High} {
		t.spanBig(float64(v), fixed.FromFloat64Big(new(big.Int), float64(v), grid(f, f.W+1100)))
	}
	t.changed(int64(g.Beyond), f)
	if f.Q == fixed.RND {
		g.Tiny -= g.Zeros
	}
	t.vanished += int64(g.Tiny)
	return n
}
