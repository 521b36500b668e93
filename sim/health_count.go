package sim

import (
	"math"
	"math/big"
	"math/bits"
	"sort"
	"sync"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// slotKey names a tensor that a program counts.
type slotKey struct {
	node   int // index in the graph
	role   Role
	format fixed.Format
}

// tally counts what happened to the values of one tensor.
type tally struct {
	values, wrapped, saturated, vanished, outside int64

	low, high float64 // before the conversion, zero included
	above     int     // bits of the largest quantized value above zero
	below     int     // bits of the complement of the smallest below zero, plus one; 0: none is below
	fine      int     // zeros below the last one bit of all results
}

func newTally() tally { return tally{fine: math.MaxInt32} }

// merge adds the counts of another tally.
func (t *tally) merge(o *tally) {
	t.values += o.values
	t.wrapped += o.wrapped
	t.saturated += o.saturated
	t.vanished += o.vanished
	t.outside += o.outside
	t.low, t.high = min(t.low, o.low), max(t.high, o.high)
	t.above, t.below = max(t.above, o.above), max(t.below, o.below)
	t.fine = min(t.fine, o.fine)
}

// changed counts values that overflow changed in a format.
func (t *tally) changed(n int64, f fixed.Format) {
	if wraps(f) {
		t.wrapped += n
	} else {
		t.saturated += n
	}
}

// span takes note of a value before the conversion, and of the same on the format's grid.
func (t *tally) span(x float64, q int64) {
	t.low, t.high = min(t.low, x), max(t.high, x)
	if q >= 0 {
		t.above = max(t.above, bits.Len64(uint64(q)))
	} else {
		t.below = max(t.below, bits.Len64(uint64(-(q+1)))+1)
	}
}

// spanBig is span for values of any width.
func (t *tally) spanBig(x float64, q *big.Int) {
	t.low, t.high = min(t.low, x), max(t.high, x)
	if q.Sign() >= 0 {
		t.above = max(t.above, q.BitLen())
	} else {
		t.below = max(t.below, new(big.Int).Not(q).BitLen()+1)
	}
}

// becomes takes note of a number v that is q on the grid of a format without an end, and x in the format.
func (t *tally) becomes(v float64, q, x *big.Int, f fixed.Format) {
	t.spanBig(v, q)
	switch {
	case q.Cmp(x) != 0:
		t.changed(1, f)
	case v != 0 && x.Sign() == 0:
		t.vanished++
	}
}

// grain takes note of a result's zeros below its last one bit.
func (t *tally) grain(or uint64) {
	if or != 0 {
		t.fine = min(t.fine, bits.TrailingZeros64(or))
	}
}

// wraps reports whether overflow of a format wraps.
func wraps(f fixed.Format) bool { return f.O == fixed.WRAP || f.O == fixed.WRAPSM }

// modular reports whether sums may overflow on the way and come back.
func modular(f fixed.Format) bool { return f.O == fixed.WRAP && f.N == 0 }

// countable reports whether the raws of a format are numbers on a grid.
func countable(f fixed.Format) bool { return f.Kind == fixed.KindFixed || f.Kind == fixed.KindInt }

// grid is a format of w bits on the grid of f, quantizing as f does: what a value of f is before overflow.
func grid(f fixed.Format, w int) fixed.Format {
	f.W, f.I, f.Signed, f.O, f.N = w, w-f.F(), true, fixed.WRAP, 0
	return f
}

// realOf is the number behind a raw.
func realOf(x int64, f fixed.Format) float64 { return math.Ldexp(float64(x), -f.F()) }

// realBig is realOf for raws of any width.
func realBig(x *big.Int, f fixed.Format) float64 {
	if x.IsInt64() {
		return realOf(x.Int64(), f)
	}
	v, _ := new(big.Float).SetInt(x).Float64()
	return math.Ldexp(v, -f.F())
}

// note counts one conversion of any width. A product, of which there are many, leaves no trace but overflow
// and its size.
func (t *tally) note(role Role, x *big.Int, from fixed.Format, y *big.Int, to fixed.Format) {
	t.values++
	if !countable(from) || !countable(to) {
		return
	}
	w := max(from.W+max(to.F()-from.F(), 0), to.W) + 2
	q := fixed.CastBig(new(big.Int), x, from, grid(to, w))
	t.spanBig(realBig(x, from), q)
	switch {
	case q.Cmp(y) != 0:
		t.changed(1, to)
	case role != RoleProduct && x.Sign() != 0 && y.Sign() == 0:
		t.vanished++
	}
	if role != RoleProduct && y.Sign() != 0 {
		t.fine = min(t.fine, int(y.TrailingZeroBits()))
	}
}

// tallies are the counts of one worker.
type tallies struct {
	slots []tally            // of the program's slots
	loose map[slotKey]*tally // of the plain evaluators
}

func newTallies(slots int) *tallies {
	t := &tallies{slots: make([]tally, slots), loose: map[slotKey]*tally{}}
	for i := range t.slots {
		t.slots[i] = newTally()
	}
	return t
}

// recorder counts what the plain evaluator of one node converts; nil: nobody counts.
type recorder struct {
	all  *tallies
	node int
}

func (r *recorder) tally(role Role, f fixed.Format) *tally {
	key := slotKey{r.node, role, f}
	t := r.all.loose[key]
	if t == nil {
		n := newTally()
		t = &n
		r.all.loose[key] = t
	}
	return t
}

// note counts the conversion of x to y.
func (r *recorder) note(role Role, x *big.Int, from fixed.Format, y Num) {
	if r != nil {
		r.tally(role, y.T).note(role, x, from, y.X, y.T)
	}
}

// census holds the tallies of the workers that are done.
type census struct {
	mu  sync.Mutex
	all []*tallies
}

// add takes what a worker counted.
func (c *census) add(m *memory) {
	if m.health == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, m.health.tallies)
}

// health makes the report of the tallies of all workers; nil where the program does not count.
func (p *Program) health(samples int, c *census) *Health {
	if !p.counts {
		return nil
	}
	sum := map[slotKey]*tally{}
	add := func(k slotKey, t *tally) {
		if t.values == 0 {
			return
		}
		if sum[k] == nil {
			n := newTally()
			sum[k] = &n
		}
		sum[k].merge(t)
	}
	for _, w := range c.all {
		for i := range w.slots {
			add(p.slots[i], &w.slots[i])
		}
		for k, t := range w.loose {
			add(k, t)
		}
	}
	h := &Health{Samples: samples, Tensors: []TensorHealth{}}
	for i, n := range p.graphNodes {
		h.Tensors = append(h.Tensors, p.static[i]...)
		var rows []TensorHealth
		for k, t := range sum {
			if k.node == i {
				rows = append(rows, t.row(n, k.role, k.format))
			}
		}
		sort.Slice(rows, func(a, b int) bool { return rowLess(&rows[a], &rows[b]) })
		h.Tensors = append(h.Tensors, rows...)
	}
	return h
}

// roleOrder is the order of roles within a layer: that of the computation.
var roleOrder = map[string]int{"input": 0, "index": 1, "product": 2, "accum": 3, "result": 4}

func rowLess(a, b *TensorHealth) bool {
	if x, y := roleOrder[a.Role], roleOrder[b.Role]; x != y {
		return x < y
	}
	if a.Key != b.Key {
		return a.Key < b.Key
	}
	return a.Type < b.Type
}

// row is the report of a tally.
func (t *tally) row(n *ir.Node, role Role, f fixed.Format) TensorHealth {
	h := TensorHealth{
		Layer: n.Name, Kind: n.Kind, Role: role.Name, Key: role.Key, Type: f.String(), Format: f,
		Values: t.values, Wrapped: t.wrapped, Saturated: t.saturated, Vanished: t.vanished, Outside: t.outside,
		Lowest: t.low, Highest: t.high, NeedsSign: t.below > 0 && !f.Signed,
	}
	need := t.above
	if f.Signed || t.below > 0 {
		need = max(t.above+1, t.below)
	}
	h.IntegerBits = need - f.F()
	h.Missing, h.Spare = max(h.IntegerBits-f.I, 0), max(f.I-h.IntegerBits, 0)
	if role != RoleProduct && role.Key != "" {
		h.UnusedFraction = max(min(t.fine, f.F()), 0)
	}
	return h
}

// results counts the conversions to what a node answers; values that it passed on are none.
func (r *recorder) results(out [][]Num) {
	if r == nil {
		return
	}
	for _, t := range out {
		for _, y := range t {
			if y.before != nil {
				r.note(RoleResult, y.before, y.beforeType, y)
			}
		}
	}
}
