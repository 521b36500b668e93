package sim

import (
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim/num"
)

// sumOp runs a Sum: all filters over all pixels. Pixels are the outer loop: the planes of one pixel's taps, a
// few kilobytes each, stay in the cache while all filters read them.
type sumOp struct {
	taps    [][]Plane // all of one lane
	lane    lane
	filters []filter
	out     []Plane       // pixel by pixel
	order   []int         // of the taps in the generated code; nil: as they stand
	tiles   *tiles        // vector code for some of the filters; nil: none
	ordered []orderedLoop // vector code for filters of formOrdered
	rest    []int         // filters without vector code
	formats *Formats      // for views
}

func (o *sumOp) planes(visit func(Plane, bool)) {
	for _, row := range o.taps {
		for _, p := range row {
			visit(p, false)
		}
	}
	for _, p := range o.out {
		visit(p, true)
	}
}

// renamed copies what the optimizer changes: filters, taps and results. Weights are shared until somebody
// drops some of them.
func (o *sumOp) renamed(stand func(Plane) Plane) op {
	c := &sumOp{
		taps: make([][]Plane, len(o.taps)), lane: o.lane, filters: slices.Clone(o.filters),
		out: slices.Clone(o.out), order: o.order, formats: o.formats,
	}
	for r, row := range o.taps {
		c.taps[r] = renamedPlanes(row, stand)
	}
	c.restAll()
	return c
}

// run computes the filters with vector code first; what is left of them runs in loops of plain Go,
// instantiated by the lane of the data, so that no value is looked at through an interface.
func (o *sumOp) run(m *memory) {
	if o.tiles != nil {
		o.tiles.run(m, o)
	}
	o.runOrderedLoops(m)
	if len(o.rest) == 0 {
		return
	}
	switch o.lane {
	case lane8:
		runSums[int8](m, o)
	case lane16:
		runSums[int16](m, o)
	case lane32:
		runSums[int32](m, o)
	default:
		runSums[int64](m, o)
	}
}

func runSums[S fixed.Lane](m *memory, o *sumOp) {
	out := o.out
	for _, row := range o.taps {
		for _, i := range o.rest {
			if m.n > stretch*planeAlign && m.canceled() { // a filter over a picture
				return
			}
			if f := &o.filters[i]; f.wide {
				runFilter[int64, S](m, f, row, out[i])
			} else {
				runFilter[int32, S](m, f, row, out[i])
			}
		}
		out = out[len(o.filters):]
	}
}

// runFilter computes one sum for a block: the accumulator is scratch memory that all terms pass over, then
// each conversion of finish, the last of which writes the plane of the result.
func runFilter[A num.Acc, S fixed.Lane](m *memory, f *filter, row []Plane, dst Plane) {
	acc := accumulator[A](m)
	num.Fill(acc, A(f.start))
	switch f.form {
	case formOrdered:
		runOrdered[A, S](m, acc, f, row)
	case formRound:
		r := rounding[A](f.product)
		for i, k := range f.taps {
			num.MulRound(acc, view[S](m, row[k]), A(f.w[i]), r)
		}
	default:
		runFours[A, S](m, acc, f, row)
	}
	for i, p := range f.finish[:len(f.finish)-1] {
		fixed.ApplyLanes(p, acc, acc)
		if i == 0 && f.xnor != 0 {
			num.Affine(acc, 2, -A(f.xnor))
		}
	}
	applyTo(m, f.finish[len(f.finish)-1], dst, acc)
}

// runFours takes the terms four at a time, the last with weights zero: a pass over the accumulator costs a
// load and a store per value, which four terms share. The order of the terms stays, as MulSat needs it.
func runFours[A num.Acc, S fixed.Lane](m *memory, acc []A, f *filter, row []Plane) {
	var t num.Terms[A, S]
	shift := uint(f.product.Shift)
	r := rounding[A](f.product)
	lo, hi := A(f.add.Lo), A(f.add.Hi)
	for i := 0; i < len(f.taps); i += len(t.X) {
		for j := range t.X {
			t.W[j] = 0
			if i+j < len(f.taps) {
				t.X[j], t.W[j] = view[S](m, row[f.taps[i+j]]), A(f.w[i+j])
			}
		}
		if i == 0 { // terms that are not there read some plane all the same, times zero
			for j := min(len(f.taps), len(t.X)); j < len(t.X); j++ {
				t.X[j] = t.X[0]
			}
		}
		switch f.form {
		case formLinear:
			num.MulAdd(acc, &t)
		case formCut:
			num.MulCut(acc, &t, shift)
		default:
			num.MulSat(acc, &t, r, lo, hi)
		}
	}
}

// rounding is a plan as the loops of package num take it.
func rounding[A num.Acc](p fixed.Plan) num.Rounding[A] {
	r := num.Rounding[A]{Shift: uint(p.Shift), Add: A(p.Addend), Neg: A(p.NegAddend)}
	if p.Even {
		r.Even = 1
	}
	return r
}

// runOrdered converts after each product and each addition by the plans themselves: for modes that have no
// loop of their own, such as AP_SAT_ZERO.
func runOrdered[A num.Acc, S fixed.Lane](m *memory, acc []A, f *filter, row []Plane) {
	for i, k := range f.taps {
		x := view[S](m, row[k])[:len(acc)]
		for s, a := range acc {
			p := f.product.Apply(int64(x[s]) * f.w[i])
			acc[s] = A(f.add.Apply(int64(a) + p))
		}
	}
}
