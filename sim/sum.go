package sim

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/internal/room"
)

// Sum is a layer of sums of products, as data:
//
//	out[p][f] = Result(acc), acc = Accum(Bias[f]), then acc = Accum(acc + Accum(x[p][k] * W[f][k])) for k
//
// over the pixels p and the filters f. Dense has one pixel.
type Sum struct {
	X fixed.Format
	// Taps holds, for each pixel, the plane of each tap; NoPlane is zero.
	Taps    [][]Plane
	Product fixed.Product
	WFormat fixed.Format
	W       [][]int64 // raw weights, [filter][tap]
	// Order lists the taps in the order in which the generated code adds them; nil: as they stand. It
	// matters where the accumulator saturates.
	Order   []int
	BFormat fixed.Format
	Bias    []int64 // raw, one per filter
	// Accum is the accumulator; the zero Format: none, products and bias add up in full.
	Accum fixed.Format
	// XnorTerms, when not zero, makes the result 2*acc - XnorTerms: what a sum of XNOR products of that many
	// terms stands for.
	XnorTerms int
	Result    fixed.Format
	// Plain says that the terms are values that the firmware adds, with weights of one: a health report knows
	// no products of them.
	Plain bool
}

// form is the loop that computes a filter. A class says why a sum may be computed so; the form is what is
// left to do, and two classes may share one.
type form uint8

const (
	formLinear   form = iota // multiply and add, whatever the overflow on the way
	formCut                  // each product shifted right
	formRound                // each product rounded
	formSaturate             // product and sum clamped, in order
	formOrdered              // product and sum converted by their plans, in order
)

// filter is one sum ready to run: acc = start, then for each term acc = add(acc + product(x*w)), then the
// plans of finish one after the other.
type filter struct {
	form    form
	wide    bool       // accumulator int64, else int32
	taps    []int32    // columns of the operation's taps, in the order of the generated code
	w       []int64    // of each of them, on the grid of the form
	start   int64      // first value of the accumulator
	product fixed.Plan // of each product, but for formLinear
	add     fixed.Plan // of each sum, for formOrdered and formSaturate
	finish  []fixed.Plan
	xnor    int64   // acc = 2*acc - xnor between the first and second plan of finish, when not zero
	sum     Range   // of the accumulator before the last conversion of the sum's own
	then    []Range // of what conversions joined to finish read
	free    bool    // finish takes whatever the accumulator holds modulo its lane
	acc16   bool    // modulo 2^16 the accumulator is as good: only these bits count, or the sum fits them

	terms, twice Range // of products, and of sums before their conversion, for formOrdered
	ordered32    bool  // these fit int32

	rng   Range // of the result of finish
	class Class
	why   string // the reason for the class, in words
}

// Sum appends the operation; it returns the planes of the results, pixel by pixel.
func (lo *Lowering) Sum(s Sum) []Plane {
	if lo.health != nil {
		return lo.watchedSum(s)
	}
	return lo.sumOf(s)
}

// sumOf is Sum without counts. All pixels run the same filters, so a filter is classified once, for the
// ranges that its taps have over all pixels; and loops want taps of one lane.
func (lo *Lowering) sumOf(s Sum) []Plane {
	lo.meter.add(room.Times(TapCost, len(s.Taps), len(s.Taps[0])))
	taps, l := lo.widened(s.Taps)
	o := &sumOp{taps: taps, lane: l, filters: make([]filter, len(s.W)), order: s.Order}
	o.formats = &Formats{
		X: s.X, Weight: s.WFormat, Bias: s.BFormat, Product: s.Product, Accum: s.Accum, Result: s.Result,
	}
	ranges := lo.tapRanges(s.Taps)
	for f := range o.filters {
		c := classifier{s: &s, ranges: ranges, data: l}
		o.filters[f] = c.filter(f)
		if c.why != "" {
			lo.NeedEval(c.why)
		}
		o.rest = append(o.rest, f)
		lo.Note(o.filters[f].class, o.filters[f].words(l), o.filters[f].why, len(taps)*lo.positions())
	}
	for range taps {
		for f := range o.filters {
			o.out = append(o.out, lo.newPlane(o.filters[f].rng))
		}
	}
	lo.emit(o)
	return o.out
}

// tapRanges is the range of each tap over all pixels; padding is zero.
func (lo *Lowering) tapRanges(pixels [][]Plane) []Range {
	out := make([]Range, len(pixels[0]))
	for k := range out {
		for i, row := range pixels {
			r := rangeOf(0)
			if row[k] != NoPlane {
				r = lo.ranges[row[k]]
			}
			if i == 0 {
				out[k] = r
			} else {
				out[k] = out[k].union(r)
			}
		}
	}
	return out
}
