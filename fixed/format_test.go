package fixed

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRanges(t *testing.T) {
	for _, f := range []Format{
		Fixed(1, 1), UFixed(1, 0), Fixed(8, 3), UFixed(63, 5), Fixed(64, 64), Int(17), UInt(5),
	} {
		lo, hi := f.Range()
		require.True(t, f.Narrow())
		require.Equal(t, lo.Int64(), f.MinRaw(), "%s", f)
		require.Equal(t, hi.Int64(), f.MaxRaw(), "%s", f)
		require.True(t, f.Contains(f.MinRaw()) && f.Contains(f.MaxRaw()))
	}
	require.Equal(t, int64(math.MinInt64), Fixed(64, 1).MinRaw())
	require.False(t, UFixed(64, 64).Narrow())
	require.False(t, Fixed(65, 1).Narrow())
	require.False(t, Fixed(8, 8).Contains(128))
	require.False(t, UFixed(64, 0).Contains(-1))
	_, hi := UFixed(64, 64).Range()
	require.Equal(t, "18446744073709551615", hi.String())
	require.PanicsWithValue(t, "BUG: fixed: ufixed<64,8> has raws beyond int64",
		func() { UFixed(64, 8).MinRaw() })
}

func TestKIF(t *testing.T) {
	k, i, f := Fixed(16, 6).KIF()
	require.Equal(t, [3]int{1, 5, 10}, [3]int{k, i, f})
	require.Equal(t, Fixed(16, 6), FromKIF(k, i, f))
	require.Equal(t, UFixed(3, -2), FromKIF(0, -2, 5))
}

// TestOpenKinds: a conversion of raws that are no multiples of a step is a mistake of the caller.
func TestOpenKinds(t *testing.T) {
	require.Panics(t, func() { Cast(1, Float(FloatSingle), Fixed(8, 4)) })
	require.Panics(t, func() { Cast(1, Fixed(8, 4), Auto) })
	require.Panics(t, func() { NewWidePlan(Exponent(4, true), Fixed(8, 4)) })
	require.Panics(t, func() { Mul(Float(FloatDouble), Fixed(8, 4)) })
	require.Equal(t, int64(16), Cast(1, Xnor(), Fixed(8, 4)), "xnor converts as ap_uint<1>")
}

// TestQuirks names what the headers do and a reader would not expect.
func TestQuirks(t *testing.T) {
	ac := func(f Format) Format { return f.In(AC) }
	raw := func(v float64, f Format) int64 { return FromFloat64(v, f) }
	for _, c := range []struct {
		why       string
		got, want int64
	}{
		{"ap_int of an ap_fixed goes toward zero", Cast(-27, Fixed(8, 4), Int(8)), -1},
		{"ac_int goes down", Cast(-27, Fixed(8, 4), ac(Int(8))), -2},
		{"with I = 0 a negative number stays -1", Cast(-64, Fixed(8, 0), Int(8)), -1},
		{"ap_int of a double goes toward zero", raw(-1.7, Int(8)), -1},
		{"but a small negative one becomes +1", raw(-0.3, Int(8)), 1},
		{"which is -1 in one bit", raw(-0.3, Int(1)), -1},
		{"ac_int of a double goes down", raw(-1.7, ac(Int(8))), -2},
		{"infinity saturates", raw(math.Inf(-1), Fixed(8, 4).With(TRN, SAT)), -128},
		{"infinity wraps to 0", raw(math.Inf(1), Fixed(8, 4)), 0},
		{"NaN saturates by its sign", raw(math.Copysign(math.NaN(), -1), Fixed(8, 4).With(TRN, SAT)), -128},
		{"ac: minus infinity wraps to -1", raw(math.Inf(-1), ac(Fixed(8, 4))), -1},
		{"ac: infinity rounds to one step", raw(math.Inf(1), ac(Fixed(8, 4).With(RND, WRAP))), 1},
		{"ac: NaN saturates up", raw(math.Copysign(math.NaN(), -1), ac(Fixed(8, 4).With(TRN, SAT))), 127},
		{"ac: full words overflow before rounding",
			raw(math.MinInt32-0.25, ac(Fixed(32, 32).With(RND, SATZero))), 0},
		{"ap rounds first", raw(math.MinInt32-0.25, Fixed(32, 32).With(RND, SATZero)), math.MinInt32},
		{"a tiny negative number is a step below", raw(-1e-320, Fixed(8, 4)), -1},
		{"SAT_SYM of one bit keeps -1", Cast(-3, Fixed(8, 4), Fixed(1, 5).With(TRN, SATSym)), -1},
		{"the least number by -1 step stays", DivRaw(-128, Fixed(8, 4), -1, Fixed(8, 8)), -128},
		{"shifts wrap, whatever the mode", Shl(100, 1, Fixed(8, 4).With(RND, SAT)), -56},
		{"slices read the raw", int64(Bits(-1, 5, 2)), 15},
		{"C int goes toward zero", int64(ToCInt(-27, Fixed(8, 4))), -1},
	} {
		require.Equal(t, c.want, c.got, c.why)
	}
	require.Equal(t, 1, Cmp(-1, Fixed(40, 30), 5, UFixed(40, 30)), "a negative number counts as large")
	require.Equal(t, -1, Cmp(-1, Fixed(20, 10), 5, UFixed(20, 10)), "below 32 bits it does not")
	require.Equal(t, -1, Cmp(-1, ac(Fixed(40, 30)), 5, ac(UFixed(40, 30))), "nor with ac_fixed")
	require.True(t, Equal(-1, Fixed(8, 8), math.MaxUint32, UFixed(32, 32)), "equal modulo 2^32")
	require.False(t, Equal(-1, ac(Fixed(8, 8)), math.MaxUint32, ac(UFixed(32, 32))))
}

// TestFloatEnds: exponents beyond the float's wrap in the AP headers; AC rounds twice.
func TestFloatEnds(t *testing.T) {
	require.Equal(t, float32(0x1p+107), ToFloat32(1, Fixed(8, -141)), "2^-149 has exponent -22, which wraps")
	x := int64(1<<53 + 1<<29 + 1)
	require.NotEqual(t, ToFloat32(x, Fixed(60, 60)), ToFloat32(x, Fixed(60, 60).In(AC)))
	wide := new(big.Int).Lsh(big.NewInt(-5), 70)
	require.Zero(t, ToFloat64Big(wide, Int(80)), "a wide ap_int goes through a C integer")
	require.Equal(t, -5*0x1p70, ToFloat64Big(wide, Fixed(80, 80)))
}

// TestSameCast holds where integers ask for the type of the source, and that nothing else does.
func TestSameCast(t *testing.T) {
	whole, fraction, mixed := Fixed(11, 11), Fixed(7, 0), Fixed(9, 3)
	require.False(t, SameCast(Int(7), whole, fraction))
	require.True(t, SameCast(Int(7), whole, mixed))
	require.True(t, SameCast(Int(7).In(AC), whole, fraction))
	require.True(t, SameCast(Fixed(7, 7), whole, fraction))
}
