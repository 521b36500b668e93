package layers

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/internal/drawtest"
)

// TestSumFormatHoldsEverySum draws formats and wants the extreme sums to fit the inferred format exactly, and
// one bit less not to be enough by much.
func TestSumFormatHoldsEverySum(t *testing.T) {
	format := func(t *rapid.T, name string) fixed.Format {
		return fixed.Format{
			W: rapid.IntRange(1, 12).Draw(t, name+".W"), I: rapid.IntRange(-3, 9).Draw(t, name+".I"),
			Signed: rapid.Bool().Draw(t, name+".S"),
		}
	}
	drawtest.Check(t, func(t *rapid.T) {
		x, w, b := format(t, "x"), format(t, "w"), format(t, "b")
		n := rapid.IntRange(1, 40).Draw(t, "n")
		f := sumFormat(x, w, b, n, false)
		lo, hi := products(x, w)
		lo, hi = float64(n)*lo+lowest(b), float64(n)*hi+highest(b)
		require.GreaterOrEqual(t, f.F(), max(x.F()+w.F(), b.F()))
		require.LessOrEqual(t, lowest(f), lo)
		require.GreaterOrEqual(t, highest(f), hi)
	})
}

func products(x, w fixed.Format) (lo, hi float64) {
	for _, a := range []float64{lowest(x), highest(x)} {
		for _, b := range []float64{lowest(w), highest(w)} {
			lo, hi = min(lo, a*b), max(hi, a*b)
		}
	}
	return lo, hi
}

func lowest(f fixed.Format) float64  { return fixed.ToFloat64(f.MinRaw(), f) }
func highest(f fixed.Format) float64 { return fixed.ToFloat64(f.MaxRaw(), f) }

func TestSumFormatExamples(t *testing.T) {
	f16, bit := fixed.Fixed(16, 6), fixed.UInt(1)
	require.Equal(t, fixed.Fixed(37, 17), sumFormat(f16, f16, f16, 10, false))
	require.Equal(t, fixed.Fixed(36, 16), sumFormat(f16, f16, bit, 6, false))
	require.Equal(t, fixed.Fixed(36, 16), sumFormat(f16, f16, f16, 10, true))
	require.Equal(t, fixed.UFixed(22, 10), sumFormat(fixed.UFixed(8, 2), fixed.UFixed(12, 6), bit, 2, false))
}

func TestCap(t *testing.T) {
	m := fixed.Fixed(24, 10)
	require.Equal(t, fixed.Fixed(24, 10), InferEnv{Max: &m}.Cap(fixed.Fixed(37, 17)))
	require.Equal(t, fixed.Fixed(24, 5), InferEnv{Max: &m}.Cap(fixed.Fixed(37, 5)))
	require.Equal(t, fixed.Fixed(37, 17), InferEnv{}.Cap(fixed.Fixed(37, 17)))
}
