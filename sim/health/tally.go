package health

import (
	"cmp"
	"math"
	"math/big"
	"math/bits"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
)

// Tally counts what happened to the values of one tensor.
type Tally struct {
	Values, Wrapped, Saturated, Vanished, Outside int64 // see Tensor

	Low, High float64 // before the conversion, zero included
	Above     int     // bits of the largest quantized value above zero
	below     int     // bits of the complement of the smallest below zero, plus one; 0: none is below
	Fine      int     // zeros below the last one bit of all results
}

// NewTally is a tally of no value.
func NewTally() Tally { return Tally{Fine: math.MaxInt32} }

// Merge adds the counts of another tally.
func (t *Tally) Merge(o *Tally) {
	t.Values += o.Values
	t.Wrapped += o.Wrapped
	t.Saturated += o.Saturated
	t.Vanished += o.Vanished
	t.Outside += o.Outside
	t.Low, t.High = min(t.Low, o.Low), max(t.High, o.High)
	t.Above, t.below = max(t.Above, o.Above), max(t.below, o.below)
	t.Fine = min(t.Fine, o.Fine)
}

// Changed counts values that overflow changed in a format.
func (t *Tally) Changed(n int64, f fixed.Format) {
	if wraps(f) {
		t.Wrapped += n
	} else {
		t.Saturated += n
	}
}

// Span takes note of a value before the conversion, and of the same on the format's grid.
func (t *Tally) Span(x float64, q int64) {
	t.Low, t.High = min(t.Low, x), max(t.High, x)
	if q >= 0 {
		t.Above = max(t.Above, bits.Len64(uint64(q)))
	} else {
		t.below = max(t.below, bits.Len64(uint64(-(q+1)))+1)
	}
}

// SpanBig is Span for values of any width.
func (t *Tally) SpanBig(x float64, q *big.Int) {
	t.Low, t.High = min(t.Low, x), max(t.High, x)
	if q.Sign() >= 0 {
		t.Above = max(t.Above, q.BitLen())
	} else {
		t.below = max(t.below, new(big.Int).Not(q).BitLen()+1)
	}
}

// becomes takes note of a number v that is q on the grid of a format without an end, and x in the format.
func (t *Tally) becomes(v float64, q, x *big.Int, f fixed.Format) {
	t.SpanBig(v, q)
	switch {
	case q.Cmp(x) != 0:
		t.Changed(1, f)
	case v != 0 && x.Sign() == 0:
		t.Vanished++
	}
}

// Grain takes note of a result's zeros below its last one bit.
func (t *Tally) Grain(or uint64) {
	if or != 0 {
		t.Fine = min(t.Fine, bits.TrailingZeros64(or))
	}
}

// GrainBig is Grain for values of any width.
func (t *Tally) GrainBig(x *big.Int) {
	if x.Sign() != 0 {
		t.Fine = min(t.Fine, int(x.TrailingZeroBits()))
	}
}

// wraps reports whether overflow of a format wraps.
func wraps(f fixed.Format) bool { return f.O == fixed.WRAP || f.O == fixed.WRAPSM }

// Countable reports whether the raws of a format are numbers on a grid.
func Countable(f fixed.Format) bool { return f.Kind == fixed.KindFixed || f.Kind == fixed.KindInt }

// Grid is a format of w bits on the grid of f, quantizing as f does: what a value of f is before overflow.
func Grid(f fixed.Format, w int) fixed.Format {
	f.W, f.I, f.Signed, f.O, f.N = w, w-f.F(), true, fixed.WRAP, 0
	return f
}

// Real is the number behind a raw.
func Real(x int64, f fixed.Format) float64 { return math.Ldexp(float64(x), -f.F()) }

// RealBig is Real for raws of any width.
func RealBig(x *big.Int, f fixed.Format) float64 {
	if x.IsInt64() {
		return Real(x.Int64(), f)
	}
	v, _ := new(big.Float).SetInt(x).Float64()
	return math.Ldexp(v, -f.F())
}

// roleOrder is the order of roles within a layer: that of the computation.
func roleOrder(role string) int {
	order := []Role{RoleInput, RoleIndex, RoleProduct, RoleAccum, RoleResult}
	return max(slices.IndexFunc(order, func(r Role) bool { return r.Name == role }), 0)
}

// Compare orders the tensors of a layer as the report lists them.
func Compare(a, b Tensor) int {
	return cmp.Or(
		cmp.Compare(roleOrder(a.Role), roleOrder(b.Role)), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Type, b.Type),
	)
}

// Row is the report of a tally: of the values of a layer that have a role and a format.
func (t *Tally) Row(layer, kind string, role Role, f fixed.Format) Tensor {
	h := Tensor{
		Layer: layer, Kind: kind, Role: role.Name, Key: role.Key, Type: f.String(), Format: f,
		Values: t.Values, Wrapped: t.Wrapped, Saturated: t.Saturated, Vanished: t.Vanished, Outside: t.Outside,
		Lowest: t.Low, Highest: t.High, NeedsSign: t.below > 0 && !f.Signed,
	}
	need := t.Above
	if f.Signed || t.below > 0 {
		need = max(t.Above+1, t.below)
	}
	h.IntegerBits = need - f.F()
	h.Missing, h.Spare = max(h.IntegerBits-f.I, 0), max(f.I-h.IntegerBits, 0)
	if role != RoleProduct && role.Key != "" {
		h.UnusedFraction = max(min(t.Fine, f.F()), 0)
	}
	return h
}

// Note counts one conversion of any width. A product, of which there are many, leaves no trace but overflow
// and its size.
func (t *Tally) Note(role Role, x *big.Int, from fixed.Format, y *big.Int, to fixed.Format) {
	t.Values++
	if !Countable(from) || !Countable(to) {
		return
	}
	w := max(from.W+max(to.F()-from.F(), 0), to.W) + 2
	q := fixed.CastBig(new(big.Int), x, from, Grid(to, w))
	t.SpanBig(RealBig(x, from), q)
	switch {
	case q.Cmp(y) != 0:
		t.Changed(1, to)
	case role != RoleProduct && x.Sign() != 0 && y.Sign() == 0:
		t.Vanished++
	}
	if role != RoleProduct {
		t.GrainBig(y)
	}
}

// NoteSum counts one sum of any width, of which x is the number in full on the grid of the sum's type. A sum
// that may overflow on the way and come back changed if x is out of range: what else tells the two apart is
// rounding, since integer types round a partial sum otherwise than a term.
func (t *Tally) NoteSum(x *big.Int, grid fixed.Format, y *big.Int, to fixed.Format, comesBack bool) {
	t.Values++
	if !Countable(to) {
		return
	}
	t.SpanBig(RealBig(x, grid), x)
	changed := x.Cmp(y) != 0
	if comesBack && changed {
		changed = fixed.CastBig(new(big.Int), x, grid, to).Cmp(x) != 0
	}
	if changed {
		t.Changed(1, to)
	}
	t.GrainBig(y)
}
