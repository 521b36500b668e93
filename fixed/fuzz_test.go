package fixed_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/fixed/fixedtest"
)

// FuzzParse: no text panics, and what parses survives its own spelling.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"fixed<16,6>", "ap_ufixed<8,0,AP_RND,AP_SAT,0>", "ac_fixed<9,3,false,AC_RND>", "int<8>", "ac_int<4,0>",
		"float", "ac_float<25,2,8,RND>", "std_float<16,6>", "auto", "xnor", "uexponent<3>", "fixed<,>", "<>",
		"float<1,0,0>", "ac_double", "ap_half",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		x, err := fixed.Parse(s)
		if err != nil {
			return
		}
		require.NoError(t, x.Validate())
		y, err := fixed.Parse(x.String())
		require.NoError(t, err)
		require.Equal(t, x, y)
		require.NotEmpty(t, x.CPP()+x.Long())
	})
}

// fuzzFormats makes a source and a target of arbitrary numbers.
func fuzzFormats(seed uint64, maxW int) (r *rand.Rand, from, to fixed.Format) {
	r = rand.New(rand.NewPCG(seed, 2))
	from = fixedtest.RandomFormat(r, maxW)
	return r, from, fixedtest.RandomTarget(r, from, maxW)
}

// FuzzCast compares the narrow path, the wide path, the plan and the model on one raw.
func FuzzCast(f *testing.F) {
	for i := uint64(0); i < 8; i++ {
		f.Add(i, int64(i)<<(8*i)-3)
	}
	f.Fuzz(func(t *testing.T, seed uint64, raw int64) {
		r, from, to := fuzzFormats(seed, 64)
		if !from.Narrow() || !to.Narrow() {
			return
		}
		x := fixed.Cast(raw, fixed.Int(64), from.Plain())
		if !from.Contains(x) {
			t.Fatalf("%s does not contain %d", from, x)
		}
		want := fixedtest.Cast(big.NewInt(x), from, to).Int64()
		require.Equal(t, want, fixed.Cast(x, from, to), "%s to %s of %d", from, to, x)
		require.Equal(t, want, fixed.CastBig(new(big.Int), big.NewInt(x), from, to).Int64())
		lo, hi := proved(r, from)
		p := fixed.NewPlan(from, min(lo, x), max(hi, x), to)
		checkPlan(t, p, from, to, []int64{x, min(lo, x), max(hi, x)})
	})
}

// FuzzCastWide compares the wide path with the model on one raw.
func FuzzCastWide(f *testing.F) {
	f.Add(uint64(1), []byte{1, 2, 3})
	f.Add(uint64(2), []byte{255, 255, 255, 255, 255, 255, 255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, seed uint64, raw []byte) {
		_, from, to := fuzzFormats(seed, fixed.MaxW)
		x := new(big.Int).SetBytes(raw[:min(len(raw), 160)])
		raws := fixed.Format{W: from.W, I: from.W, Signed: from.Signed, Kind: fixed.KindInt}
		fixed.CastBig(x, x, fixed.Int(1300), raws)
		want := fixedtest.Cast(x, from, to)
		require.Zero(t, want.Cmp(fixed.CastBig(new(big.Int), x, from, to)), "%s to %s of %d", from, to, x)
	})
}

// FuzzFromFloat compares the block path with the scalar one, and that with the model where it has one.
func FuzzFromFloat(f *testing.F) {
	for _, v := range []float64{0, 1.5, -0.3, math.Inf(1), math.NaN(), 5e-324, 1e300, -0x1p31 - 0.25} {
		f.Add(uint64(3), v)
	}
	f.Fuzz(func(t *testing.T, seed uint64, v float64) {
		_, to, _ := fuzzFormats(seed, 63)
		dst := make([]int64, 1)
		fixed.FromFloat64s(dst, []float64{v}, to)
		require.Equal(t, fixed.FromFloat64(v, to), dst[0], "%g to %s", v, to)
		require.Equal(t, dst[0], fixed.FromFloat64Big(new(big.Int), v, to).Int64(), "%g to %s", v, to)
		ordinary := !math.IsInf(v, 0) && !math.IsNaN(v) && math.Abs(v) > 1e-250
		plain := to.Kind == fixed.KindFixed && to.O != fixed.WRAPSM
		if ordinary && plain && (to.Family == fixed.AP || to.O != fixed.SATZero) {
			require.Equal(t, fixedtest.FromFloat64(v, to).Int64(), dst[0], "%g to %s", v, to)
		}
	})
}

// FuzzFromText: no text panics.
func FuzzFromText(f *testing.F) {
	for _, s := range []string{"0.5", "-1e300", "nan", "0x1p-3", "99999999999999999999", "", "-", "1_0"} {
		f.Add(uint64(5), s)
	}
	f.Fuzz(func(t *testing.T, seed uint64, s string) {
		_, to, _ := fuzzFormats(seed, 63)
		if x, err := fixed.FromText(s, to); err == nil {
			require.True(t, to.Contains(x))
		}
	})
}
