package sim

import "slices"

// optimizer rewrites the operations of a program for runs that ask for its outputs only: dead code is
// removed, constants are folded, equal operations run once, and conversions join each other and the sums
// before them.
//
// Every plane is written by one operation, and before anybody reads it. So a plane may stand for another as
// soon as both are known to hold the same values, and one walk from front to back finds all of that: what an
// operation reads is in its final form when the operation is looked at. (The planes of a loop's step are
// written once per step, by the loop's head; the head is no operation that is simplified.)
type optimizer struct {
	lo        *Lowering
	nodes     []int             // of each operation, the node that it serves
	outputs   []Plane           // of the program
	low       []bool            // planes that are right in their low bits only, see narrow
	standIn   []Plane           // of each plane, the one that operations read in its place
	constants map[Plane]int64   // values of planes that hold one throughout
	casts     map[Plane]*castOp // conversions by their result
	computed  map[any]Plane     // results by the operation that computes them, its result left out
}

// optimized is the program with outputs only; nodes tells the node of each operation. Of what it returns lo,
// nodes and outputs are the new program, and low says which planes hold low bits only. m ends it when nobody
// waits for it any more; nil: somebody does.
func (lo *Lowering) optimized(nodes []int, outputs []Plane, m *meter) *optimizer {
	z := &optimizer{
		lo: &Lowering{
			ranges: slices.Clone(lo.ranges), lanes: slices.Clone(lo.lanes), ops: slices.Clone(lo.ops),
			steps: slices.Clone(lo.steps), constants: slices.Clone(lo.constants),
			extents: slices.Clone(lo.extents), grids: lo.grids,
		},
		nodes: slices.Clone(nodes), standIn: make([]Plane, len(lo.ranges)),
		constants: map[Plane]int64{}, casts: map[Plane]*castOp{}, computed: map[any]Plane{},
	}
	for i := range z.standIn {
		z.standIn[i] = Plane(i)
	}
	for _, c := range lo.constants {
		z.constants[c.plane] = c.value
	}
	for i, o := range z.lo.ops {
		if i%(1<<16) == 0 {
			m.look()
		}
		z.lo.ops[i] = z.simplify(o.renamed(z.reader))
	}
	z.link()
	outputs = slices.Clone(outputs)
	for i, p := range outputs {
		outputs[i] = z.reader(p)
	}
	z.outputs = outputs
	z.sweep(outputs)
	m.look()
	z.narrow(outputs) // before join, which needs the lanes that conversions end up with
	m.look()
	z.join(outputs)
	m.look()
	z.sweep(outputs) // of the conversions that joined a sum
	z.link()
	return z
}

// link gives loops their ends again: the operations of a program are copies.
func (z *optimizer) link() {
	if err := linkLoops(z.lo.ops); err != nil {
		panic("BUG: sim: " + err.Error())
	}
}

// reader is the plane to read in the place of p. Planes that the optimizer adds stand for themselves.
func (z *optimizer) reader(p Plane) Plane {
	if p == NoPlane || int(p) >= len(z.standIn) {
		return p
	}
	return z.standIn[p]
}

// constant lets a constant stand for p. It has p's lane, which the loops of those who read p were chosen for,
// and its positions.
func (z *optimizer) constant(p Plane, v int64) {
	z.lo.extent = z.lo.extentOf(p)
	c := z.lo.constantIn(v, z.lo.lanes[p])
	z.constants[c], z.standIn[p] = v, c
}

// single reports whether only one value of a plane is possible.
func (z *optimizer) single(p Plane) bool {
	r := z.lo.ranges[p]
	return z.lo.lanes[p] != laneWide && r.Lo == r.Hi
}

// simplify is the operation in its cheapest form; nil: it needs not run. Operations are comparable values, so
// one without its result serves as the key by which an equal one is found.
func (z *optimizer) simplify(o op) op {
	switch o := o.(type) {
	case *castOp:
		return z.cast(o)
	case *binaryOp:
		key := *o
		key.dst = NoPlane
		return z.unique(o, key, o.dst)
	case *scaleOp:
		key := *o
		key.dst = NoPlane
		return z.unique(o, key, o.dst)
	case *selectOp:
		if o.above == o.below && z.lo.lanes[o.above] == z.lo.lanes[o.dst] {
			z.standIn[o.dst] = o.above
			return nil
		}
		key := *o
		key.dst = NoPlane
		return z.unique(o, key, o.dst)
	case *lookupOp:
		if v, ok := z.constants[o.src]; ok {
			z.constant(o.dst, o.table.at(v))
			return nil
		}
		key := *o
		key.dst = NoPlane
		return z.unique(o, key, o.dst)
	case *sumOp:
		return z.sum(o)
	}
	return o
}

// unique drops an operation whose result is known or computed already. The key is the operation without its
// result; the lane belongs to it, for a reader wants the words that it was made for.
func (z *optimizer) unique(o op, key any, dst Plane) op {
	if z.single(dst) {
		z.constant(dst, z.lo.ranges[dst].Lo)
		return nil
	}
	full := struct {
		key  any
		lane lane
	}{key, z.lo.lanes[dst]}
	if p, ok := z.computed[full]; ok {
		z.standIn[dst] = p
		return nil
	}
	z.computed[full] = dst
	return o
}

// cast joins a conversion to those before it, as far back as a law allows. The earlier conversion stays where
// somebody else reads it; else it is swept.
func (z *optimizer) cast(o *castOp) op {
	for first := z.casts[o.src]; first != nil; first = z.casts[o.src] {
		p, ok := joined(first.plan, o.plan, z.lo.ranges[first.src])
		if !ok {
			break
		}
		o = &castOp{src: first.src, dst: o.dst, plan: p}
	}
	if o.plan.Identity() && z.lo.lanes[o.src] == z.lo.lanes[o.dst] {
		z.standIn[o.dst] = o.src
		return nil
	}
	key := *o
	key.dst, key.plan.OutLo, key.plan.OutHi = NoPlane, 0, 0 // what is proved of results computes nothing
	if z.unique(o, key, o.dst) == nil {
		return nil
	}
	z.casts[o.dst] = o
	return o
}

// sum drops results that are constants, and terms that are. A term is one where all pixels read the same
// constant there.
func (z *optimizer) sum(o *sumOp) op {
	columns := len(o.taps[0])
	fixedTaps := make([]*int64, columns)
	for k := range columns {
		v, ok := z.constants[o.taps[0][k]]
		for _, row := range o.taps[1:] {
			ok = ok && row[k] == o.taps[0][k]
		}
		if ok {
			fixedTaps[k] = &v
		}
	}
	keep := make([]int, 0, len(o.filters))
	for i := range o.filters {
		f := &o.filters[i]
		f.fold(fixedTaps)
		if v, ok := f.value(); ok {
			for r := range o.taps {
				z.constant(o.out[r*len(o.filters)+i], v)
			}
			continue
		}
		keep = append(keep, i)
	}
	o.keepFilters(keep)
	if len(keep) == 0 {
		return nil
	}
	o.dropColumns()
	return o
}

// fold moves terms of known values into the first value of the accumulator. What was proved of the sum's
// range stays true: the same terms are added.
func (f *filter) fold(values []*int64) {
	var taps []int32
	var weights []int64
	for i, k := range f.taps {
		v := values[k]
		if v != nil && f.foldTerm(*v*f.w[i]) {
			continue
		}
		taps, weights = append(taps, k), append(weights, f.w[i])
	}
	f.taps, f.w = taps, weights
}

// foldTerm adds a product to the first value; false: it must stay. Where sums are modular, terms commute, so
// that a constant one may be added first. Where they saturate the order counts, and only a zero may go:
// adding nothing changes no accumulator.
func (f *filter) foldTerm(product int64) bool {
	switch f.form {
	case formLinear:
		f.start += product
	case formCut, formRound:
		f.start += f.product.Apply(product)
	default:
		return f.product.Apply(product) == 0
	}
	return true
}

// value is the result of a filter that has only one: by its range, or because no term is left. With an affine
// step in its finish it is left to run, as rare as that is.
func (f *filter) value() (int64, bool) {
	if f.rng.Lo == f.rng.Hi {
		return f.rng.Lo, true
	}
	if len(f.taps) > 0 || f.xnor != 0 {
		return 0, false
	}
	v := f.start
	for _, s := range f.finish {
		v = s.Apply(v)
	}
	return v, true
}

// keepFilters keeps some filters and their results. The results stand pixel by pixel, so that they move
// together.
func (o *sumOp) keepFilters(keep []int) {
	if len(keep) == len(o.filters) {
		return
	}
	var out []Plane
	for r := range o.taps {
		for _, i := range keep {
			out = append(out, o.out[r*len(o.filters)+i])
		}
	}
	var filters []filter
	for _, i := range keep {
		filters = append(filters, o.filters[i])
	}
	o.filters, o.out = filters, out
	o.restAll()
}

// restAll forgets vector code: it was chosen for other filters.
func (o *sumOp) restAll() {
	o.rest = nil
	for i := range o.filters {
		o.rest = append(o.rest, i)
	}
}

// dropColumns forgets the taps that no filter has a weight for, so that their planes need not be computed.
func (o *sumOp) dropColumns() {
	at, n := o.newColumns()
	if n == len(at) || n == 0 {
		return
	}
	for r, row := range o.taps {
		kept := make([]Plane, 0, n)
		for k, p := range row {
			if at[k] >= 0 {
				kept = append(kept, p)
			}
		}
		o.taps[r] = kept
	}
	for i := range o.filters {
		f := &o.filters[i]
		f.taps = slices.Clone(f.taps)
		for j, k := range f.taps {
			f.taps[j] = at[k]
		}
	}
	if o.order == nil {
		return
	}
	order := make([]int, 0, n)
	for _, k := range o.order {
		if at[k] >= 0 {
			order = append(order, int(at[k]))
		}
	}
	o.order = order
}

// newColumns is the place of each tap among those with a weight, -1 for the others, and how many have one.
func (o *sumOp) newColumns() (at []int32, n int) {
	used := make([]bool, len(o.taps[0]))
	for _, f := range o.filters {
		for _, k := range f.taps {
			used[k] = true
		}
	}
	at = make([]int32, len(used))
	for k, needed := range used {
		at[k] = -1
		if needed {
			at[k] = int32(n)
			n++
		}
	}
	return at, n
}
