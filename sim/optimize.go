package sim

import (
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
)

// optimizer rewrites the operations of a program for runs that ask for its outputs only: what nobody looks at
// is not computed, what is known is a constant, what is the same is computed once, and conversions join each
// other and the sums before them. Every plane is written by one operation, which makes that easy to prove.
type optimizer struct {
	lo    *Lowering
	nodes []int   // of each operation, the node that it serves
	as    []Plane // of each plane, the one that stands for it
	known map[Plane]int64
	made  map[Plane]*castOp // conversions by their result
	same  map[any]Plane     // results by what computes them
}

// optimized is the program with outputs only; nodes tells the node of each operation.
func (lo *Lowering) optimized(
	nodes []int, outputs []Plane,
) (_ *Lowering, newNodes []int, newOutputs []Plane) {
	z := &optimizer{
		lo: &Lowering{
			ranges: slices.Clone(lo.ranges), lanes: slices.Clone(lo.lanes), ops: slices.Clone(lo.ops),
			constants: slices.Clone(lo.constants),
		},
		nodes: slices.Clone(nodes), as: make([]Plane, len(lo.ranges)),
		known: map[Plane]int64{}, made: map[Plane]*castOp{}, same: map[any]Plane{},
	}
	for i := range z.as {
		z.as[i] = Plane(i)
	}
	for _, c := range lo.constants {
		z.known[c.plane] = c.value
	}
	for i, o := range z.lo.ops {
		z.lo.ops[i] = z.simplify(o.renamed(z.stand))
	}
	z.link()
	outputs = slices.Clone(outputs)
	for i, p := range outputs {
		outputs[i] = z.stand(p)
	}
	z.sweep(outputs)
	z.narrow(outputs)
	z.join(outputs)
	z.sweep(outputs)
	z.link()
	return z.lo, z.nodes, outputs
}

func (z *optimizer) link() {
	if err := linkLoops(z.lo.ops); err != nil {
		panic("BUG: sim: " + err.Error())
	}
}

// stand is the plane that stands for p.
func (z *optimizer) stand(p Plane) Plane {
	if p == NoPlane || int(p) >= len(z.as) {
		return p
	}
	return z.as[p]
}

// constant lets a constant stand for p.
func (z *optimizer) constant(p Plane, v int64) {
	c := z.lo.constantIn(v, z.lo.lanes[p])
	z.known[c], z.as[p] = v, c
}

// single reports whether only one value of a plane is possible.
func (z *optimizer) single(p Plane) bool {
	r := z.lo.ranges[p]
	return z.lo.lanes[p] != laneWide && r.Lo == r.Hi
}

// simplify is the operation in its cheapest form; nil: it needs not run.
func (z *optimizer) simplify(o op) op {
	switch o := o.(type) {
	case *castOp:
		return z.cast(o)
	case *binaryOp:
		key := *o
		key.dst = NoPlane
		return z.once(o, key, o.dst)
	case *scaleOp:
		key := *o
		key.dst = NoPlane
		return z.once(o, key, o.dst)
	case *selectOp:
		if o.above == o.below && z.lo.lanes[o.above] == z.lo.lanes[o.dst] {
			z.as[o.dst] = o.above
			return nil
		}
		key := *o
		key.dst = NoPlane
		return z.once(o, key, o.dst)
	case *lookupOp:
		if v, ok := z.known[o.src]; ok {
			z.constant(o.dst, o.table.at(v))
			return nil
		}
		key := *o
		key.dst = NoPlane
		return z.once(o, key, o.dst)
	case *sumOp:
		return z.sum(o)
	}
	return o
}

// once drops an operation whose result is known or computed already.
func (z *optimizer) once(o op, key any, dst Plane) op {
	if z.single(dst) {
		z.constant(dst, z.lo.ranges[dst].Lo)
		return nil
	}
	full := struct {
		key  any
		lane lane
	}{key, z.lo.lanes[dst]}
	if p, ok := z.same[full]; ok {
		z.as[dst] = p
		return nil
	}
	z.same[full] = dst
	return o
}

// cast joins a conversion to the one before it.
func (z *optimizer) cast(o *castOp) op {
	for first := z.made[o.src]; first != nil; first = z.made[o.src] {
		p, ok := joined(first.plan, o.plan, z.lo.ranges[first.src])
		if !ok {
			break
		}
		o = &castOp{src: first.src, dst: o.dst, plan: p}
	}
	if o.plan.Identity() && z.lo.lanes[o.src] == z.lo.lanes[o.dst] {
		z.as[o.dst] = o.src
		return nil
	}
	key := *o
	key.dst, key.plan.OutLo, key.plan.OutHi = NoPlane, 0, 0
	if z.once(o, key, o.dst) == nil {
		return nil
	}
	z.made[o.dst] = o
	return o
}

// joined is one plan for a and then b, on raws of range r; ok is false where there is none.
func joined(a, b fixed.Plan, r Range) (p fixed.Plan, ok bool) {
	if a.General || b.General {
		return p, false
	}
	monotone := func(p fixed.Plan) bool { return p.Over == fixed.OverNone || p.Over == fixed.OverClamp }
	rounds := func(p fixed.Plan) bool { return p.Addend != 0 || p.NegAddend != 0 || p.Even }
	switch {
	case a.Identity():
		return b, true
	case b.Identity():
		return a, true
	case b.Shift == 0 && b.Over == fixed.OverClamp && monotone(a):
		p = a
		p.Over, p.Lo, p.Hi = fixed.OverClamp, b.Lo, b.Hi
		if a.Over == fixed.OverClamp {
			p.Lo, p.Hi = b.Apply(a.Lo), b.Apply(a.Hi)
		}
	case a.Shift == 0 && a.Over == fixed.OverClamp && monotone(b) && safe(b, r):
		// Rounding keeps the order, so the ends may be cut off behind it as well as before.
		p = b
		p.Over, p.Lo, p.Hi = fixed.OverClamp, b.Apply(a.Apply(r.Lo)), b.Apply(a.Apply(r.Hi))
	case a.Over == fixed.OverNone && !rounds(a) && !rounds(b) && (a.Shift <= 0 || b.Shift >= 0) &&
		-63 <= a.Shift+b.Shift && a.Shift+b.Shift <= 63: // nothing is cut off that a left shift brings back
		p = b
		p.Shift += a.Shift
	case a.Over == fixed.OverWrap && !rounds(a) && a.Shift >= 0 && b.Over == fixed.OverNone && !rounds(b) &&
		0 <= b.Shift && b.Shift < a.WrapW && a.Shift+b.Shift <= 63:
		p = a
		p.Shift, p.WrapW = a.Shift+b.Shift, a.WrapW-b.Shift
	case a.Shift == 0 && a.Over == fixed.OverWrap && lowBits(b) <= a.WrapW:
		p = b
	default:
		return p, false
	}
	p.OutLo, p.OutHi = b.OutLo, b.OutHi
	return p, true
}

// safe reports whether quantizing by the plan leaves int64 for no raw of the range.
func safe(p fixed.Plan, r Range) bool {
	if p.Shift < 0 {
		_, ok := r.shifted(-p.Shift)
		return ok
	}
	_, okLow := addOK(r.Lo, min(p.NegAddend, 0))
	_, okHigh := addOK(r.Hi, p.Addend+max(p.NegAddend, 0)+1)
	return okLow && okHigh
}

// lowBits is how many of the low bits of a raw the plan looks at; 64: perhaps all.
func lowBits(p fixed.Plan) int {
	if p.General || p.Over != fixed.OverWrap || p.NegAddend != 0 {
		return 64
	}
	return min(max(p.WrapW+p.Shift, 0), 64)
}

// sum drops results that are constants and terms that are.
func (z *optimizer) sum(o *sumOp) op {
	columns := len(o.taps[0])
	fixedTaps := make([]*int64, columns)
	for k := range columns {
		v, ok := z.known[o.taps[0][k]]
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

// fold moves terms of known values into the first value of the accumulator.
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

// foldTerm adds a product to the first value; false: it must stay, because the order counts.
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

// value is the result of a filter that has only one.
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

// keepFilters keeps some filters and their results.
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

func (o *sumOp) restAll() {
	o.rest = nil
	for i := range o.filters {
		o.rest = append(o.rest, i)
	}
}

// dropColumns forgets the taps that no filter has a weight for.
func (o *sumOp) dropColumns() {
	at := make([]int32, len(o.taps[0])) // 0: not needed, else one more than the new place
	for _, f := range o.filters {
		for _, k := range f.taps {
			at[k] = 1
		}
	}
	n := int32(0)
	for k := range at {
		if at[k] != 0 {
			n++
			at[k] = n
		}
	}
	if int(n) == len(at) || n == 0 {
		return
	}
	for r, row := range o.taps {
		var kept []Plane
		for k, p := range row {
			if at[k] != 0 {
				kept = append(kept, p)
			}
		}
		o.taps[r] = kept
	}
	for i := range o.filters {
		f := &o.filters[i]
		f.taps = slices.Clone(f.taps)
		for j, k := range f.taps {
			f.taps[j] = at[k] - 1
		}
	}
	if o.order == nil {
		return
	}
	var order []int
	for _, k := range o.order {
		if at[k] != 0 {
			order = append(order, int(at[k]-1))
		}
	}
	o.order = order
}
