package sim

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim/health"
)

// A kernel does not say what it wants counted: it converts, and hands its results on with SetOut. So that a
// report knows what a result was before its conversion, the conversions of the node at hand are kept here, by
// the plane that they made; SetOut then counts those that reached an output. What lies between, products,
// sums and places in tables, kernels count under a role, with CastAs and the like.
//
// In a program that counts, operations stay what they are: counting ones are added that read planes. So the
// optimizer may do its work, and the count costs what its looks cost.

// healthLowering is what a Lowering keeps when the program shall count: which planes are conversions, and of
// what. It is nil otherwise.
type healthLowering struct {
	node  int // index of the node at hand
	twins map[Plane]twin
	slots []slotKey
	index map[slotKey]int
	taps  int // of all sums
	// byTable holds what becomes of the entries of tables.
	byTable map[*Table][]tableEvents
	tables  []TensorHealth            // of all nodes
	places  map[placeKey]health.Table // that types address
	// sub is set while the operations of a function are collected for a table: what is watched goes to marks.
	sub   bool
	marks []mark
}

// twin is what a plane was before its conversion. The twin of a look-up is in no plane: it would be another
// look-up in a table of the entries before their conversion, which is made only if somebody counts it.
type twin struct {
	plane   Plane  // NoPlane: what a table's entries were, at the place in the plane at
	table   *Table // whose entries were converted
	at      Plane
	format  fixed.Format
	to      fixed.Format // of the plane itself
	counted bool         // by other means
}

// mark is a conversion within a function of one value.
type mark struct {
	role      Role
	pre, post Plane
	from, to  fixed.Format
	size      int // of the table where role is RoleIndex
}

// placeKey names a type of a node.
type placeKey struct{ layer, key string }

// address takes note of a table that a type addresses; of several the coarsest counts.
func (h *healthLowering) address(n *ir.Node, key string, t health.Table) {
	if h.places == nil {
		h.places = map[placeKey]health.Table{}
	}
	k := placeKey{n.Name, key}
	old, known := h.places[k]
	if !known || t.Step() > old.Step() {
		t.Open = t.Open || old.Open
		h.places[k] = t
	}
}

func newHealthLowering(sub bool) *healthLowering {
	return &healthLowering{
		twins: map[Plane]twin{}, index: map[slotKey]int{}, sub: sub, byTable: map[*Table][]tableEvents{},
	}
}

// begin starts a node. Its inputs are no conversions of its own: those of the nodes before it are forgotten.
func (h *healthLowering) begin(node int) {
	if h == nil {
		return
	}
	h.node = node
	clear(h.twins)
}

// slot finds or adds the tally of a role of the node at hand.
func (h *healthLowering) slot(role Role, f fixed.Format) int {
	key := slotKey{h.node, role, f}
	i, ok := h.index[key]
	if !ok {
		i = len(h.slots)
		h.index[key] = i
		h.slots = append(h.slots, key)
	}
	return i
}

// convert remembers that y is x after a conversion between two formats.
func (h *healthLowering) convert(y, x Plane, from, to fixed.Format) {
	if h != nil {
		h.twins[y] = twin{plane: x, format: from, to: to}
	}
}

// CastAs is Cast of a value that a health report counts under a role. The conversion of what a node answers
// is counted without it.
func (lo *Lowering) CastAs(role Role, x Plane, from, to fixed.Format) Plane {
	y := lo.Cast(x, from, to)
	lo.watch(role, []Plane{x}, from, []Plane{y}, to)
	return y
}

// WatchIndex counts the place i in a table of size entries.
func (lo *Lowering) WatchIndex(i Plane, size int) {
	h := lo.health
	switch {
	case h == nil || lo.wide:
	case h.sub:
		h.marks = append(h.marks, mark{
			role: RoleIndex, pre: i, post: i, from: fixed.Int(32), to: fixed.Int(32), size: size,
		})
	default:
		lo.emit(&indexWatch{
			slot: h.slot(RoleIndex, fixed.Int(32)), plane: i, fits: span{0, int64(size - 1)},
		})
	}
}

// WatchSum counts a sum under a role: what the terms, all of one format, add up to in full, each on the
// grid of the sum's format, against what the sum is.
func (lo *Lowering) WatchSum(role Role, terms []Plane, from fixed.Format, sum Plane, to fixed.Format) {
	if lo.health == nil || lo.wide || len(terms) == 0 || lo.health.sub {
		return // functions of one value have no sums
	}
	wide := health.Grid(to, health.FullBits)
	full := lo.fullCast(terms[0], from, wide)
	exact := []Plane{full}
	for _, t := range terms[1:] {
		t = lo.fullCast(t, from, wide)
		exact = append(exact, t)
		r, ok := lo.ranges[full].plus(lo.ranges[t])
		dst := lo.newPlane(lo.fits(r, ok))
		lo.emit(&binaryOp{kind: opAdd, a: full, b: t, dst: dst})
		full = dst
	}
	h := lo.health
	o := &castWatch{
		slot: h.slot(role, to), role: role, from: wide, to: to, pre: []Plane{full}, post: []Plane{sum},
	}
	if !modular(to) {
		o.terms = exact
	}
	if !o.prepare(lo) {
		lo.NeedEval("a sum in full needs more than 64 bits")
	} else if !lo.wide {
		lo.emit(o)
	}
}

// fullCast brings a term to the grid of a sum, without overflow.
func (lo *Lowering) fullCast(x Plane, from, to fixed.Format) Plane {
	r := lo.ranges[x]
	p, ok := fixed.TryPlan(from, r.Lo, r.Hi, r.Zeros, to)
	if !ok || p.General || p.Over != fixed.OverNone {
		lo.NeedEval("a term of a sum in full needs more than 64 bits")
		return x
	}
	return lo.Apply(x, p)
}

// watch counts the conversion of some planes of one format to others of another.
func (lo *Lowering) watch(role Role, pre []Plane, from fixed.Format, post []Plane, to fixed.Format) {
	h := lo.health
	if h == nil || lo.wide {
		return
	}
	if h.sub {
		for i := range pre {
			h.marks = append(h.marks, mark{role: role, pre: pre[i], post: post[i], from: from, to: to})
		}
		return
	}
	o := &castWatch{slot: h.slot(role, to), from: from, to: to, pre: pre, post: post, role: role}
	if !o.prepare(lo) {
		lo.NeedEval("a value before overflow needs more than 64 bits")
		return
	}
	lo.emit(o)
}

// watchOut counts the conversions to an output of the node; planes that the node passed on are none.
func (lo *Lowering) watchOut(n *ir.Node, k int, planes []Plane) {
	h := lo.health
	if h == nil || lo.wide {
		return
	}
	to := n.Vars[k].Type.Format
	type key struct {
		from  fixed.Format
		table *Table
	}
	type group struct{ pre, post []Plane }
	groups := map[key]*group{}
	var order []key
	for _, p := range planes {
		t, ok := h.twins[p]
		if !ok || t.counted {
			continue
		}
		k, pre := key{from: t.format}, t.at
		if t.table != nil && t.to == to && h.entries(t) {
			k.table = t.table
		} else {
			pre = lo.before(t)
		}
		g := groups[k]
		if g == nil {
			g = &group{}
			groups[k] = g
			order = append(order, k)
		}
		g.pre, g.post = append(g.pre, pre), append(g.post, p)
	}
	for _, k := range order {
		g := groups[k]
		if k.table != nil {
			lo.emit(&tableWatch{
				events: h.byTable[k.table], slots: []int{h.slot(RoleResult, to)}, x: g.pre, y: g.post,
			})
			continue
		}
		lo.watch(RoleResult, g.pre, k.from, g.post, to)
	}
}

// before is the plane of what a twin's plane was.
func (lo *Lowering) before(t twin) Plane {
	if t.table == nil {
		return t.plane
	}
	pre := lo.newPlane(t.table.before.rng)
	lo.emit(&lookupOp{t.at, pre, t.table.before})
	return pre
}

// entries finds what becomes of a table's entries; false: looking at values is faster, or they need more than
// 64 bits.
func (h *healthLowering) entries(t twin) bool {
	events, ok := h.byTable[t.table]
	if !ok {
		m := mark{role: RoleResult, from: t.format, to: t.to}
		events, _ = newEvents([]mark{m}, t.table.lo, [][]int64{t.table.before.values(), t.table.values()})
		h.byTable[t.table] = events
	}
	return len(events) > 0 && events[0].fast()
}

// selectTwin remembers what a choice between two conversions was before them.
func (lo *Lowering) selectTwin(dst, x Plane, t int64, above, below Plane) {
	h := lo.health
	if h == nil || lo.wide {
		return
	}
	a, okA := h.twins[above]
	b, okB := h.twins[below]
	if !okA && !okB || a.counted || b.counted {
		return
	}
	if !okA {
		a = twin{plane: above, format: b.format, to: b.to}
		okA = lo.ranges[above] == rangeOf(0)
	}
	if !okB {
		b = twin{plane: below, format: a.format}
		okB = lo.ranges[below] == rangeOf(0)
	}
	if !okA || !okB {
		return // a conversion or a value that is none: nothing to count it by
	}
	// Both are brought to one grid, where the choice before the conversion is another choice by the same
	// threshold.
	f := max(a.format.F(), b.format.F())
	if to := a.to; to.Kind == fixed.KindInt && (a.format.I == 0 || b.format.I == 0 || f == health.FullBits) {
		lo.NeedEval("a health report of a choice whose values an integer type rounds in two ways")
		return
	}
	a.plane, b.plane = lo.before(a), lo.before(b)
	pre := lo.chosen(x, t, lo.aligned(a, f), lo.aligned(b, f))
	wide := fixed.Format{W: health.FullBits, I: health.FullBits - f, Signed: true}
	h.twins[dst] = twin{plane: pre, format: wide, to: a.to}
}

// aligned is a twin on a grid of f fractional bits.
func (lo *Lowering) aligned(t twin, f int) Plane {
	s := f - t.format.F()
	r, ok := lo.ranges[t.plane].shifted(s)
	if s == 0 {
		return t.plane
	}
	dst := lo.newPlane(lo.fits(r, ok))
	lo.emit(&castOp{src: t.plane, dst: dst, plan: fixed.Plan{Shift: -s, OutLo: r.Lo, OutHi: r.Hi}})
	return dst
}

// ConstNum is a plane that holds v throughout. A health report knows what v was before its conversion.
func (lo *Lowering) ConstNum(v Num) Plane {
	if !v.X.IsInt64() {
		lo.NeedEval("a constant needs more than 64 bits")
		return lo.Const(0)
	}
	x := v.X.Int64()
	if lo.health == nil || v.before == nil || !v.before.IsInt64() {
		return lo.Const(x)
	}
	p := lo.newConst(x)
	lo.health.convert(p, lo.Const(v.before.Int64()), v.beforeType, v.T)
	return p
}

// newConst is a constant plane of its own.
func (lo *Lowering) newConst(x int64) Plane {
	r := rangeOf(x)
	p := lo.newPlaneIn(r, laneOf(r))
	lo.constants = append(lo.constants, constant{p, x})
	return p
}

// lookupTwin remembers what the entries that a look-up finds were before their conversion.
func (lo *Lowering) lookupTwin(dst, x Plane, t *Table) {
	if lo.health == nil || lo.wide || t.before == nil {
		return
	}
	lo.health.twins[dst] = twin{plane: NoPlane, table: t, at: x, format: t.beforeType, to: t.format}
}

// argmaxTwin remembers that the ones of an argmax are conversions of the C++ int 1.
func (lo *Lowering) argmaxTwin(x, out []Plane, one int64) {
	if lo.health == nil || lo.wide {
		return
	}
	pre := make([]Plane, len(x))
	for i, p := range out {
		switch {
		case one > 0:
			pre[i] = lo.chosen(p, 0, lo.Const(1), lo.Const(0))
		case one < 0:
			pre[i] = lo.chosen(p, -1, lo.Const(0), lo.Const(1))
		default: // an overflow left nothing of it
			pre[i] = lo.newPlane(rangeOf(1).union(rangeOf(0)))
		}
		lo.health.convert(p, pre[i], fixed.Int(32), fixed.Format{})
	}
	if one == 0 {
		lo.emit(&argmaxOp{x: x, dst: pre, one: 1})
	}
}
