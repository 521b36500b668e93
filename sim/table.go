package sim

import (
	"fmt"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim/num"
)

// Table is a function of a narrow value: its results for the arguments lo, lo+1, ... in the lane that holds
// them.
type Table struct {
	lo   int64
	lane lane
	rng  Range
	v8   []int8
	v16  []int16
	v32  []int32
	v64  []int64

	before     *Table // the entries before their conversion; nil: they have none
	beforeType fixed.Format
	format     fixed.Format  // of the entries, where before is set
	events     []tableEvents // what a health report counts of the function in the table
}

// NewTable makes a table of the results for lo, lo+1, ... of which there must be at least one.
func NewTable(lo int64, values []int64) *Table {
	rng := rangeOf(values[0])
	for _, v := range values[1:] {
		rng = rng.union(rangeOf(v))
	}
	t := &Table{lo: lo, lane: laneOf(rng), rng: rng}
	switch t.lane {
	case lane8:
		t.v8 = converted[int8](values)
	case lane16:
		t.v16 = converted[int16](values)
	case lane32:
		t.v32 = converted[int32](values)
	default:
		t.v64 = values
	}
	return t
}

// NumTable is a table of numbers for the arguments lo, lo+1, ...; ok is false where one of them exceeds 64
// bits. A health report knows what they were before their conversion.
func NumTable(lo int64, entries []Num) (t *Table, ok bool) {
	values, before := make([]int64, len(entries)), make([]int64, len(entries))
	known := true
	for i, e := range entries {
		if !e.X.IsInt64() {
			return nil, false
		}
		values[i] = e.X.Int64()
		if known = known && e.before != nil && e.before.IsInt64() && e.beforeType == entries[0].beforeType; known {
			before[i] = e.before.Int64()
		}
	}
	t = NewTable(lo, values)
	if known {
		t.before, t.beforeType, t.format = NewTable(lo, before), entries[0].beforeType, entries[0].T
	}
	return t, true
}

// size is the number of entries.
func (t *Table) size() int { return len(t.v8) + len(t.v16) + len(t.v32) + len(t.v64) }

// values are the results for all arguments.
func (t *Table) values() []int64 {
	out := make([]int64, t.size())
	for i := range out {
		out[i] = t.at(t.lo + int64(i))
	}
	return out
}

// from is the same table for the arguments lo, lo+1, ...
func (t *Table) from(lo int64) *Table {
	moved := *t
	moved.lo = lo
	if t.before != nil {
		moved.before = t.before.from(lo)
	}
	return &moved
}

// at is the result for an argument of the table.
func (t *Table) at(x int64) int64 {
	i := x - t.lo
	switch t.lane {
	case lane8:
		return int64(t.v8[i])
	case lane16:
		return int64(t.v16[i])
	case lane32:
		return int64(t.v32[i])
	}
	return t.v64[i]
}

func converted[D fixed.Lane](values []int64) []D {
	out := make([]D, len(values))
	num.Copy(out, values)
	return out
}

// maxDomain is the largest number of arguments for which a function becomes a table: all raws of 16 bits,
// whose results take 64 to 512 KiB and are made once for all values of a layer.
const maxDomain = 1 << 16

// maxDirect is how many operations are as cheap as a look-up in such a table: operations run in vectors,
// while look-ups go value by value.
const maxDirect = 2

// Unary computes the same function of every element of x. f appends the operations for one plane. Where the
// elements' proved range is narrow and f takes several operations, they run once, over that range, and
// leave a table. key names the function with all its parameters and formats: equal keys share tables.
func (lo *Lowering) Unary(x Tensor, key string, f func(lo *Lowering, x Plane) Plane) []Plane {
	rng := lo.Range(x.Planes[0])
	for _, p := range x.Planes[1:] {
		rng = rng.union(lo.Range(p))
	}
	t := lo.tabulate(rng, key, f)
	out := make([]Plane, len(x.Planes))
	for i, p := range x.Planes {
		if t != nil {
			out[i] = lo.Lookup(p, t)
		} else {
			out[i] = f(lo, p)
		}
	}
	if t != nil {
		lo.watchTable(x.Planes, t, out)
	}
	return out
}

// tabulate runs f over a range of arguments; nil where f itself is better.
func (lo *Lowering) tabulate(rng Range, key string, f func(lo *Lowering, x Plane) Plane) *Table {
	if uint64(rng.Hi)-uint64(rng.Lo) >= maxDomain {
		return nil
	}
	key = fmt.Sprintf("%s on %d..%d", key, rng.Lo, rng.Hi)
	if t, ok := lo.tables[key]; ok {
		return t
	}
	sub := newLowering(lo.graph, lo.env)
	if lo.health != nil {
		sub.health = newHealthLowering(true)
	}
	x := sub.newPlane(Range{rng.Lo, rng.Hi, 0})
	y := f(sub, x)
	if sub.wide || len(sub.ops) <= maxDirect {
		return nil
	}
	marks := sub.marksOf(y)
	values := sub.enumerate(x, append([]Plane{y}, planesOf(marks)...), rng)
	events, ok := newEvents(marks, rng.Lo, values[1:])
	if !ok {
		return nil
	}
	t := NewTable(rng.Lo, values[0])
	t.events = events
	lo.tables[key] = t
	return t
}

// enumerate runs the operations for x = rng.Lo, rng.Lo+1, ... and returns the planes of ys.
func (lo *Lowering) enumerate(x Plane, ys []Plane, rng Range) [][]int64 {
	n := int(rng.Hi-rng.Lo) + 1
	m := newMemory(lo.layout([]Plane{x}, ys), roundUp(n, planeAlign))
	for i := range n {
		m.set(x, i, rng.Lo+int64(i))
	}
	for i := n; i < m.n; i++ {
		m.set(x, i, rng.Lo)
	}
	for _, o := range lo.ops {
		o.run(m)
	}
	out := make([][]int64, len(ys))
	for i, y := range ys {
		out[i] = append([]int64(nil), m.load(y, 0)[:n]...)
	}
	return out
}

func roundUp(n, to int) int { return (n + to - 1) / to * to }

// Lookup appends t[x]. The range of x must lie in the table.
func (lo *Lowering) Lookup(x Plane, t *Table) Plane {
	r := lo.Range(x)
	if n := t.size(); r.Lo < t.lo || r.Hi >= t.lo+int64(n) {
		panic(fmt.Sprintf("BUG: sim: index %d..%d into a table of %d from %d", r.Lo, r.Hi, n, t.lo))
	}
	dst := lo.newPlane(t.rng)
	lo.emit(&lookupOp{x, dst, t})
	lo.lookupTwin(dst, x, t)
	return dst
}
