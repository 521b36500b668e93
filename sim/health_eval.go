package sim

import (
	"math/big"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim/health"
)

// Plain evaluators count as they go: a number knows what it was before its last conversion, and who counts.
// What they count is the definition that the operations of the other files are judged by in tests.

// NoteSum counts a sum under a role, for a health report: the number that the terms add up to in full, each
// on the grid of the sum's format, against what the sum is.
func NoteSum(role Role, sum Num, terms ...Num) {
	rec := sum.rec
	for _, t := range terms {
		if rec == nil {
			rec = t.rec
		}
	}
	if rec == nil {
		return
	}
	full, wide := new(big.Int), health.Grid(sum.T, sum.T.W+64)
	for _, t := range terms {
		if !health.Countable(t.T) {
			t = t.Cast(sum.T)
		}
		g := health.Grid(sum.T, t.T.W+max(sum.T.F()-t.T.F(), 0)+2)
		full.Add(full, fixed.CastBig(new(big.Int), t.X, t.T, g))
	}
	rec.tally(role, sum.T).NoteSum(full, wide, sum.X, sum.T, modular(sum.T))
}

// NoteIndex counts the place that a number asks for in a table of size entries, for a health report.
func NoteIndex(x Num, at int64, size int) {
	if x.rec == nil {
		return
	}
	t := x.rec.tally(RoleIndex, fixed.Int(32))
	t.Values++
	t.Span(float64(at), at)
	if at < 0 || at >= int64(size) {
		t.Outside++
	}
}

// terms keeps what the plain evaluator of a sum adds, per output; nil: nobody counts.
type terms [][]Num

// newTerms follows sums that start from some values, where the health of data is counted.
func newTerms(data []Num, start []Num) terms {
	if len(data) == 0 || data[0].rec == nil {
		return nil
	}
	t := make(terms, len(start))
	for i, b := range start {
		t[i] = []Num{data[0].Like(b)}
	}
	return t
}

// product counts a product by a weight on its way into sum i, and returns it in the accumulator's type. Zero
// weights make no products.
func (t terms) product(i int, p fixed.Product, x, w Num, accum fixed.Format) Num {
	full := Multiply(p, x, w)
	y := full.Cast(accum)
	if t != nil {
		t[i] = append(t[i], full)
		if lin, ok := linearOf(p, x.T, w.T); !ok || lin.weight(w.X.Int64()) != 0 {
			x.rec.note(RoleProduct, full.X, full.T, y)
		}
	}
	return y
}

// done counts the finished sums.
func (t terms) done(acc []Num) {
	for i := range t {
		NoteSum(RoleAccum, acc[i], t[i]...)
	}
}
