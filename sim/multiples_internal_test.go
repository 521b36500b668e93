package sim

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/fixed"
)

// TestMultiplesHoldOverTheRange multiplies every value of a few ranges by every weight: the form is refused,
// or it is the product. States of recurrent layers are data that are no bits although the product wants them.
func TestMultiplesHoldOverTheRange(t *testing.T) {
	bit, state, weight := fixed.Xnor(), fixed.Fixed(6, 3), fixed.Fixed(4, 2)
	for _, c := range []struct {
		product fixed.Product
		x, w    fixed.Format
		r       Range
		refused bool
	}{
		{fixed.DataBinary, bit, weight, Range{Lo: 0, Hi: 1}, false},
		{fixed.DataBinary, state, weight, Range{Lo: -32, Hi: 31}, true},
		{fixed.DataBinary, fixed.Int(4), weight, Range{Lo: 0, Hi: 1}, false},
		{fixed.DataBinary, fixed.Int(4), weight, Range{Lo: 0, Hi: 2}, true},
		{fixed.BothBinary, bit, bit, Range{Lo: 0, Hi: 1}, false},
		{fixed.BothBinary, state, bit, Range{Lo: 0, Hi: 1}, true},
		{fixed.BothOnes, bit, bit, Range{Lo: 0, Hi: 1}, false},
		{fixed.BothOnes, state, bit, Range{Lo: -32, Hi: 31}, true},
		{fixed.WeightBinary, state, bit, Range{Lo: -32, Hi: 31}, false},
		{fixed.WeightTernary, state, fixed.Int(2), Range{Lo: -32, Hi: 31}, false},
		{fixed.Mult, state, weight, Range{Lo: -32, Hi: 31}, false},
	} {
		lo, hi := c.w.MinRaw(), c.w.MaxRaw()
		for w := lo; w <= hi; w++ {
			m := multiplesOf(c.product, c.x, c.w, []int64{w})
			factor, offset, why := m.of(w, c.r)
			require.Equal(t, c.refused, why != "", "%v by %v as %v", c.x, c.w, c.product)
			for x := c.r.Lo; x <= c.r.Hi && !c.refused; x++ {
				want := Multiply(c.product, NewNum(x, c.x), NewNum(w, c.w))
				got := Num{X: big.NewInt(factor*x + offset), T: m.format}
				require.Zero(t, got.Cmp(want), "%v: %d by %d: got %d, want %d", c.product, x, w, got.X, want.X)
			}
		}
	}
}

// TestBitsOfNumbers holds the binary products for data that are no bits: one is the number, not its last bit.
func TestBitsOfNumbers(t *testing.T) {
	state, one := fixed.Fixed(6, 3), NewNum(1, fixed.Xnor())
	for raw, want := range map[int64]int64{8: 8, 1: 0, 0: 0, -8: 0} {
		for _, p := range []fixed.Product{fixed.BothBinary, fixed.BothOnes} {
			require.Equal(t, want, Multiply(p, NewNum(raw, state), one).X.Int64(), "%v of %d", p, raw)
		}
	}
}
