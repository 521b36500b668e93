package sim

import (
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim/health"
)

// Functions of a narrow value are tables: their conversions ran once, for every argument, when the table was
// made. So were their events: a run looks up what became of each argument. Where events lie in few runs of
// arguments, and the values before do not turn around, the ends of a block and counts of the runs tell all.

// tableEvents is what a health report counts of one conversion within a function in a table, by argument.
type tableEvents struct {
	role   Role
	to     fixed.Format
	first  int64     // argument of the first entry
	before []float64 // the value before the conversion
	grid   []int64   // the same on the result's grid
	event  []event
	upto   []int32 // arguments with an event before each, and in all
	even   bool    // before never falls, or never rises
	floor  int     // zeros that all results have below their last one bit
	runs   []run   // the events, where arguments with the same lie in few runs
	blind  bool    // the raws of a type are no numbers on a health.Grid
}

// run is some arguments in a row that share an event.
type run struct {
	span
	event event
}

// mostRuns is how many runs are counted faster one by one than all arguments: each takes a pass of vector
// code over the plane, the other way a look-up per value.
const mostRuns = 8

// event is what became of a value.
type event uint8

const (
	eventNone event = iota
	eventChanged
	eventVanished
	eventOutside
)

// marksOf lists the conversions within a function of one value, that to its result y included.
func (lo *Lowering) marksOf(y Plane) []mark {
	if lo.health == nil {
		return nil
	}
	marks := slices.Clone(lo.health.marks)
	if t, ok := lo.health.twins[y]; ok {
		marks = append(marks, mark{role: RoleResult, pre: lo.before(t), post: y, from: t.format, to: t.to})
	}
	return marks
}

// planesOf lists the planes before and after each conversion.
func planesOf(marks []mark) (out []Plane) {
	for _, k := range marks {
		out = append(out, k.pre, k.post)
	}
	return out
}

// newEvents finds what becomes of each argument from `first` on; values are those of planesOf. It is false
// where a value before overflow needs more than 64 bits.
func newEvents(marks []mark, first int64, values [][]int64) ([]tableEvents, bool) {
	var out []tableEvents
	for i, k := range marks {
		e := tableEvents{role: k.role, to: k.to, first: first}
		ok := true
		if k.size > 0 {
			e.indices(values[2*i], int64(k.size))
		} else {
			ok = e.conversions(k, values[2*i], values[2*i+1])
		}
		if !ok {
			return nil, false
		}
		e.finish()
		out = append(out, e)
	}
	return out, true
}

func (e *tableEvents) indices(at []int64, size int64) {
	e.grid = at
	for _, x := range at {
		v := eventNone
		if x < 0 || x >= size {
			v = eventOutside
		}
		e.before, e.event = append(e.before, float64(x)), append(e.event, v)
	}
}

func (e *tableEvents) conversions(k mark, pre, post []int64) bool {
	if e.blind = !health.Countable(k.from) || !health.Countable(k.to); e.blind {
		return true
	}
	p, ok := fixed.TryPlan(k.from, slices.Min(pre), slices.Max(pre), 0, health.Grid(k.to, health.FullBits))
	if !ok || p.General || p.Over != fixed.OverNone {
		return false
	}
	e.floor = maxZeros
	for i, x := range pre {
		e.floor = min(e.floor, rangeOf(post[i]).Zeros)
		q, v := p.Apply(x), eventNone
		switch {
		case q != post[i]:
			v = eventChanged
		case x != 0 && post[i] == 0:
			v = eventVanished
		}
		e.before, e.grid, e.event = append(e.before, health.Real(x, k.from)), append(e.grid, q), append(e.event, v)
	}
	return true
}

// finish sums the events up.
func (e *tableEvents) finish() {
	e.upto = make([]int32, len(e.event)+1)
	rises, falls := true, true
	for i, v := range e.event {
		e.extend(e.first+int64(i), v)
		e.upto[i+1] = e.upto[i]
		if v != eventNone {
			e.upto[i+1]++
		}
		if i > 0 {
			rises = rises && e.before[i] >= e.before[i-1]
			falls = falls && e.before[i] <= e.before[i-1]
		}
	}
	e.even = rises || falls
	if len(e.runs) > mostRuns {
		e.runs = nil
	}
}

// fast reports whether the ends of some arguments and counts of a few runs tell all.
func (e *tableEvents) fast() bool {
	return e.blind || e.even && (len(e.runs) > 0 || e.upto[len(e.event)] == 0)
}

// extend adds the event of an argument to the runs.
func (e *tableEvents) extend(x int64, v event) {
	last := len(e.runs) - 1
	switch {
	case v == eventNone || last >= mostRuns:
	case last >= 0 && e.runs[last].event == v && e.runs[last].high == x-1:
		e.runs[last].high = x
	default:
		e.runs = append(e.runs, run{span{x, x}, v})
	}
}

// tableWatch counts what happens within a function in a table.
type tableWatch struct {
	events []tableEvents
	slots  []int
	x, y   []Plane
}

// watchTable counts the conversions within the function of the table t, of x to y.
func (lo *Lowering) watchTable(x []Plane, t *Table, y []Plane) {
	h := lo.health
	if h == nil || lo.wide || len(t.events) == 0 {
		return
	}
	o := &tableWatch{events: t.events, x: x, y: y}
	for _, e := range t.events {
		o.slots = append(o.slots, h.slot(e.role, e.to))
		if e.role == RoleResult {
			for _, p := range y {
				h.twins[p] = twin{counted: true}
			}
		}
	}
	lo.emit(o)
}

func (o *tableWatch) run(m *memory) {
	for i := range o.events {
		e, t := &o.events[i], &m.health.slots[o.slots[i]]
		t.Values += int64(len(o.x) * m.used)
		if e.blind {
			continue
		}
		for k, p := range o.x {
			e.count(m, t, p)
			if e.role == RoleResult {
				m.grain(t, o.y[k:k+1], e.floor)
			}
		}
	}
}

// count counts one plane of arguments.
func (e *tableEvents) count(m *memory, t *health.Tally, p Plane) {
	f := m.ends(p)
	low, high := f.Low-e.first, f.High-e.first
	t.Span(e.before[low], e.grid[low])
	t.Span(e.before[high], e.grid[high])
	if e.even && e.upto[high+1] == e.upto[low] {
		return
	}
	var n [eventOutside + 1]int64
	if e.even && len(e.runs) > 0 {
		for _, r := range e.runs {
			if f.Low <= r.high && f.High >= r.low {
				n[r.event] += int64(m.within(p, r.low, r.high))
			}
		}
		addEvents(t, &n, e.to)
		return
	}
	for _, x := range m.load(p, 0)[:m.used] {
		i := x - e.first
		n[e.event[i]]++
		if !e.even {
			t.Span(e.before[i], e.grid[i])
		}
	}
	addEvents(t, &n, e.to)
}

// addEvents adds counts of events to a tally.
func addEvents(t *health.Tally, n *[eventOutside + 1]int64, to fixed.Format) {
	t.Changed(n[eventChanged], to)
	t.Vanished += n[eventVanished]
	t.Outside += n[eventOutside]
}

func (o *tableWatch) renamed(stand func(Plane) Plane) op {
	c := *o
	c.x, c.y = renamedPlanes(o.x, stand), renamedPlanes(o.y, stand)
	return &c
}

func (o *tableWatch) planes(visit func(Plane, bool)) {
	for i := range o.x {
		visit(o.x[i], false)
		visit(o.y[i], false)
	}
}
