package health

import (
	"math"
	"math/big"

	"github.com/hlsgo/hlsgo/fixed"
)

// FullBits is the width in which values before overflow are held.
const FullBits = 63

// Input counts one number of a user on its way into a format. What is infinite or no number is counted
// elsewhere.
func (t *Tally) Input(v float64, f fixed.Format) {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return
	}
	if q, ok := InSteps(v, f); ok {
		t.Span(v, q)
		switch x := fixed.FromFloat64(v, f); {
		case q != x:
			t.Changed(1, f)
		case v != 0 && x == 0:
			t.Vanished++
		}
		return
	}
	x := fixed.FromFloat64Big(new(big.Int), v, f)
	t.becomes(v, fixed.FromFloat64Big(new(big.Int), v, Endless(f)), x, f)
}

// InSteps is a number on the grid of a format without an end; ok is false where 63 bits do not hold it.
func InSteps(v float64, f fixed.Format) (q int64, ok bool) {
	if !f.Narrow() || math.Abs(v) >= math.Ldexp(1, 60-f.F()) {
		return 0, false
	}
	return fixed.FromFloat64(v, Grid(f, FullBits)), true
}

// Endless is a format on the grid of f that holds every float64. It is none of ac_fixed or ac_int, which
// would scale the float by its own width.
func Endless(f fixed.Format) fixed.Format {
	if f.Family == fixed.AC && f.Kind == fixed.KindInt {
		f.Kind, f.Q = fixed.KindFixed, fixed.TRN
	}
	f.Family = fixed.AP
	return Grid(f, f.W+1100)
}

// Weight counts one weight on its way into a format, through the text that hls4ml prints.
func (t *Tally) Weight(v float64, f fixed.Format) {
	t.Values++
	if !Countable(f) {
		return
	}
	x := fixed.QuantizeWeightBig(new(big.Int), v, f)
	q := fixed.QuantizeWeightBig(new(big.Int), v, Endless(f))
	t.becomes(v, q, x, f)
	t.GrainBig(x)
}

// Entry counts one entry of a table: the number v, which is x in a format. What is infinite, as 1/0, has no
// place in any type.
func (t *Tally) Entry(v float64, x *big.Int, f fixed.Format) {
	t.Values++
	if math.IsInf(v, 0) || math.IsNaN(v) || !Countable(f) {
		return
	}
	t.becomes(v, fixed.FromFloat64Big(new(big.Int), v, Endless(f)), x, f)
	t.GrainBig(x)
}
