package sim

import (
	"math/big"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim/num"
)

// op is one step of a program. Ops read and write whole planes; none writes a plane that it reads.
type op interface {
	run(m *memory)
	// planes calls visit for every plane that the op touches.
	planes(visit func(p Plane, write bool))
	// renamed is a copy of its own that reads other planes, without vector code.
	renamed(stand func(Plane) Plane) op
}

// castOp converts one plane: between formats, or with an identity plan to a wider lane.
type castOp struct {
	src, dst Plane
	plan     fixed.Plan
	vector   *castLoop // the same in vector code; nil: none
}

func (o *castOp) run(m *memory) {
	if o.vector != nil {
		o.vector.run(m.address(o.dst), m.address(o.src), m.n)
		return
	}
	m.apply(o.plan, o.dst, o.src)
}

func (o *castOp) renamed(stand func(Plane) Plane) op {
	return &castOp{src: stand(o.src), dst: o.dst, plan: o.plan}
}

func (o *castOp) planes(visit func(Plane, bool)) { visit(o.src, false); visit(o.dst, true) }

// binaryKind is what a binaryOp computes.
type binaryKind uint8

const (
	opAdd binaryKind = iota
	opSub
	opMul
	opMax
)

// binaryOp computes a <kind> b, exact in int64; s and t shift the operands of opAdd and opSub to one grid.
type binaryOp struct {
	kind      binaryKind
	a, b, dst Plane
	s, t      uint
	vector    *elementLoop // the same in vector code; nil: none
}

func (o *binaryOp) run(m *memory) {
	if o.vector != nil {
		o.vector.run(m)
		return
	}
	a, b, dst := m.load(o.a, 0), m.load(o.b, 1), m.scratch[2][:m.n]
	switch o.kind {
	case opAdd:
		num.Add(dst, a, b, o.s, o.t)
	case opSub:
		num.Sub(dst, a, b, o.s, o.t)
	case opMul:
		num.Mul(dst, a, b)
	case opMax:
		num.Max(dst, a, b)
	}
	m.store(o.dst, dst)
}

func (o *binaryOp) renamed(stand func(Plane) Plane) op {
	c := *o
	c.a, c.b, c.vector = stand(o.a), stand(o.b), nil
	return &c
}

func (o *binaryOp) planes(visit func(Plane, bool)) {
	visit(o.a, false)
	visit(o.b, false)
	visit(o.dst, true)
}

// scaleOp computes x*w + b, or x/w toward zero, exact in int64.
type scaleOp struct {
	src, dst Plane
	w, b     int64
	divide   bool
	vector   *elementLoop // the same in vector code; nil: none
}

func (o *scaleOp) run(m *memory) {
	if o.vector != nil {
		o.vector.run(m)
		return
	}
	src, dst := m.load(o.src, 0), m.scratch[1][:m.n]
	if o.divide {
		num.Quo(dst, src, o.w)
	} else {
		num.Scale(dst, src, o.w, o.b)
	}
	m.store(o.dst, dst)
}

func (o *scaleOp) renamed(stand func(Plane) Plane) op {
	c := *o
	c.src, c.vector = stand(o.src), nil
	return &c
}

func (o *scaleOp) planes(visit func(Plane, bool)) { visit(o.src, false); visit(o.dst, true) }

// Operations without vector code go through int64, the lane that holds every other: one loop per operation
// is enough then, and what is slow about it is loading and storing, which few operations do.

// selectOp computes x > t ? above : below.
type selectOp struct {
	x, above, below, dst Plane
	t                    int64
	vector               *elementLoop // the same in vector code; nil: none
}

func (o *selectOp) run(m *memory) {
	if o.vector != nil {
		o.vector.run(m)
		return
	}
	x, above, below, dst := m.load(o.x, 0), m.load(o.above, 1), m.load(o.below, 2), m.scratch[3][:m.n]
	num.Select(dst, x, o.t, above, below)
	m.store(o.dst, dst)
}

func (o *selectOp) renamed(stand func(Plane) Plane) op {
	c := *o
	c.x, c.above, c.below, c.vector = stand(o.x), stand(o.above), stand(o.below), nil
	return &c
}

func (o *selectOp) planes(visit func(Plane, bool)) {
	visit(o.x, false)
	visit(o.above, false)
	visit(o.below, false)
	visit(o.dst, true)
}

// lookupOp computes table[x-lo]. Ranges were proved to lie in the table, so that no index is checked but by
// Go.
type lookupOp struct {
	src, dst Plane
	table    *Table
}

func (o *lookupOp) run(m *memory) {
	switch m.lanes[o.src] {
	case lane8:
		lookup[int8](m, o)
	case lane16:
		lookup[int16](m, o)
	case lane32:
		lookup[int32](m, o)
	default:
		lookup[int64](m, o)
	}
}

// lookup runs the loop of the argument's and the table's lanes: a load per value, of as few bytes as its
// entries need, so that tables stay in the first-level cache.
func lookup[S fixed.Lane](m *memory, o *lookupOp) {
	x := view[S](m, o.src)
	switch o.table.lane {
	case lane8:
		num.Lookup(view[int8](m, o.dst), x, o.table.v8, o.table.lo)
	case lane16:
		num.Lookup(view[int16](m, o.dst), x, o.table.v16, o.table.lo)
	case lane32:
		num.Lookup(view[int32](m, o.dst), x, o.table.v32, o.table.lo)
	default:
		num.Lookup(view[int64](m, o.dst), x, o.table.v64, o.table.lo)
	}
}

func (o *lookupOp) renamed(stand func(Plane) Plane) op {
	return &lookupOp{src: stand(o.src), dst: o.dst, table: o.table}
}

func (o *lookupOp) planes(visit func(Plane, bool)) { visit(o.src, false); visit(o.dst, true) }

// argmaxOp sets dst[i] to one where x[i] is the first maximum of all x, and to zero elsewhere.
type argmaxOp struct {
	x, dst []Plane
	one    int64
}

// run keeps the best value and where it was; a later one must be larger to take its place, as in the C++
// loop, so that of equal values the first one wins.
func (o *argmaxOp) run(m *memory) {
	best, at := m.scratch[1][:m.n], m.scratch[2][:m.n]
	copy(best, m.load(o.x[0], 0))
	num.Fill(at, 0)
	for k := 1; k < len(o.x); k++ {
		num.First(best, at, m.load(o.x[k], 0), int64(k))
	}
	for k, dst := range o.dst {
		num.Equal(m.scratch[0][:m.n], at, int64(k), o.one)
		m.store(dst, m.scratch[0])
	}
}

func (o *argmaxOp) renamed(stand func(Plane) Plane) op {
	return &argmaxOp{x: renamedPlanes(o.x, stand), dst: o.dst, one: o.one}
}

// renamedPlanes is each plane as `stand` renames it.
func renamedPlanes(planes []Plane, stand func(Plane) Plane) []Plane {
	out := make([]Plane, len(planes))
	for i, p := range planes {
		out[i] = stand(p)
	}
	return out
}

func (o *argmaxOp) planes(visit func(Plane, bool)) {
	for _, p := range o.x {
		visit(p, false)
	}
	for _, p := range o.dst {
		visit(p, true)
	}
}

// evalOp runs the plain evaluator of a node, sample by sample. It is slow, by two orders of magnitude, and
// has no limit of width.
type evalOp struct {
	eval    Evaluator
	in, out []Tensor
	node    int // index in the graph
}

func (o *evalOp) run(m *memory) {
	in, out := numbers(o.in), numbers(o.out)
	rec := m.recorder(o.node)
	for s := range m.used {
		if m.canceled() {
			return
		}
		for i, t := range o.in {
			gather(m, t, s, in[i], rec)
		}
		o.eval(in, out)
		rec.results(out)
		for i, t := range o.out {
			scatter(m, t, s, out[i])
		}
	}
	for s := m.used; s < m.n; s++ { // zero is a value of every format, so later steps stay in their ranges
		for i, t := range o.out {
			for k := range out[i] {
				out[i][k] = NewNum(0, t.Format)
			}
			scatter(m, t, s, out[i])
		}
	}
}

// numbers are zeros in the place of every value of some tensors.
func numbers(tensors []Tensor) [][]Num {
	out := make([][]Num, len(tensors))
	for i, t := range tensors {
		out[i] = make([]Num, len(t.Planes))
		for k := range out[i] {
			out[i][k] = NewNum(0, t.Format)
		}
	}
	return out
}

// gather makes the numbers of sample s. They are fresh: the evaluator may pass them on.
func gather(m *memory, t Tensor, s int, dst []Num, rec *recorder) {
	for k, p := range t.Planes {
		x := new(big.Int)
		if m.lanes[p] == laneWide {
			x.Set(&m.big(p)[s])
		} else {
			x.SetInt64(m.at(p, s))
		}
		dst[k] = Num{X: x, T: t.Format, rec: rec}
	}
}

// scatter stores the numbers of sample s. An evaluator that gives another format than its tensor has
// forgotten a conversion: its raws would be read on the wrong grid.
func scatter(m *memory, t Tensor, s int, src []Num) {
	for k, p := range t.Planes {
		if src[k].T != t.Format {
			panic("BUG: evaluator gave " + src[k].T.String() + " for " + t.Format.String())
		}
		if m.lanes[p] == laneWide {
			m.big(p)[s].Set(src[k].X)
		} else {
			m.set(p, s, src[k].X.Int64())
		}
	}
}

func (o *evalOp) renamed(stand func(Plane) Plane) op {
	c := &evalOp{eval: o.eval, out: o.out, node: o.node}
	for _, t := range o.in {
		c.in = append(c.in, Tensor{Format: t.Format, Planes: renamedPlanes(t.Planes, stand)})
	}
	return c
}

func (o *evalOp) planes(visit func(Plane, bool)) {
	for _, t := range o.in {
		for _, p := range t.Planes {
			visit(p, false)
		}
	}
	for _, t := range o.out {
		for _, p := range t.Planes {
			visit(p, true)
		}
	}
}
