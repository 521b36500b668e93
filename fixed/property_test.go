package fixed_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/fixed/fixedtest"
	"github.com/hlsgo/hlsgo/internal/drawtest"
)

// seeded makes a generator for one rapid example; rapid shrinks the seed and the sizes.
func seeded(t *rapid.T) *rand.Rand { return rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)) }

// formats draws a source of at most maxW bits and a target near it.
func formats(t *rapid.T, r *rand.Rand, maxW int) (from, to fixed.Format) {
	w := rapid.IntRange(1, maxW).Draw(t, "maxW")
	from = fixedtest.RandomFormat(r, w)
	to = fixedtest.RandomTarget(r, from, w)
	return from, to
}

func operands(r *rand.Rand, from, to fixed.Format, n int) []*big.Int {
	s := from.F() - to.F()
	all := fixedtest.Corners(from, s, s+to.W)
	for range n {
		all = append(all, fixedtest.RandomRaw(r, from))
	}
	return all
}

func TestCastNarrowEqualsModel(t *testing.T) {
	drawtest.Check(t, func(t *rapid.T) {
		r := seeded(t)
		from, to := formats(t, r, 64)
		if !from.Narrow() || !to.Narrow() {
			t.Skip("wide")
		}
		for _, x := range operands(r, from, to, 20) {
			want := fixedtest.Cast(x, from, to)
			if got := fixed.Cast(x.Int64(), from, to); got != want.Int64() {
				t.Fatalf("%s to %s of %d: got %d, want %d", from, to, x, got, want)
			}
		}
	})
}

func TestCastWideEqualsModel(t *testing.T) {
	drawtest.Check(t, func(t *rapid.T) {
		r := seeded(t)
		from, to := formats(t, r, 300)
		for _, x := range operands(r, from, to, 20) {
			want := fixedtest.Cast(x, from, to)
			got := new(big.Int).Set(x)
			if fixed.CastBig(got, got, from, to); got.Cmp(want) != 0 {
				t.Fatalf("%s to %s of %d: got %d, want %d", from, to, x, got, want)
			}
		}
	})
}

func TestOperatorsEqualModel(t *testing.T) {
	drawtest.Check(t, func(t *rapid.T) {
		r := seeded(t)
		w := rapid.IntRange(1, 200).Draw(t, "maxW")
		a, b := fixedtest.RandomFormat(r, w), fixedtest.RandomFormat(r, w)
		b.Family = a.Family
		for range 20 {
			x, y := fixedtest.RandomRaw(r, a), fixedtest.RandomRaw(r, b)
			same := func(op string, f fixed.Format, got, want *big.Int) {
				if lo, hi := f.Range(); got.Cmp(want) != 0 || got.Cmp(lo) < 0 || got.Cmp(hi) > 0 {
					t.Fatalf("%s %s %s of %d, %d in %s: got %d, want %d", op, a, b, x, y, f, got, want)
				}
			}
			same("mul", fixed.Mul(a, b), fixed.MulBig(new(big.Int), x, y), fixedtest.Mul(x, a, y, b))
			same("add", fixed.Add(a, b), fixed.AddBig(new(big.Int), x, a, y, b), fixedtest.Add(x, a, y, b))
			same("sub", fixed.Sub(a, b), fixed.SubBig(new(big.Int), x, a, y, b), fixedtest.Sub(x, a, y, b))
			if y.Sign() != 0 && (a.Family == fixed.AC || x.Sign() >= 0 && y.Sign() > 0) { // the vectors have the rest
				same("div", fixed.Div(a, b), fixed.DivBig(new(big.Int), x, a, y, b), fixedtest.Div(x, a, y, b))
			}
			if a.Family == fixed.AC || a.Signed == b.Signed {
				want := fixedtest.Value(x, a).Cmp(fixedtest.Value(y, b))
				require.Equal(t, want, fixed.CmpBig(x, a, y, b))
				require.Equal(t, want == 0, fixed.EqualBig(x, a, y, b))
			}
		}
	})
}

func TestFromFloatEqualsModel(t *testing.T) {
	drawtest.Check(t, func(t *rapid.T) {
		r := seeded(t)
		to := fixedtest.RandomFormat(r, rapid.IntRange(1, 200).Draw(t, "maxW"))
		to.Kind, to.O, to.N = fixed.KindFixed, r64[r.IntN(len(r64))], 0
		if to.Family == fixed.AC && to.O == fixed.SATZero {
			to.O = fixed.SAT // words that are full decide before they round; the vectors have that
		}
		for range 40 {
			v := fixedtest.RandomFloat64(r, to)
			if math.Abs(v) < 1e-250 {
				continue // near the subnormals the headers lose bits; TestVectors has that
			}
			want := fixedtest.FromFloat64(v, to)
			if got := fixed.FromFloat64Big(new(big.Int), v, to); got.Cmp(want) != 0 {
				t.Fatalf("%g (%x) to %s: got %d, want %d", v, v, to, got, want)
			}
			if to.Narrow() && fixed.FromFloat64(v, to) != want.Int64() {
				t.Fatalf("%g (%x) to %s: got %d, want %d", v, v, to, fixed.FromFloat64(v, to), want)
			}
		}
	})
}

var r64 = []fixed.O{fixed.WRAP, fixed.SAT, fixed.SATZero, fixed.SATSym}

// TestEdgesOf64Bits: sources that fill a machine word, and shifts around its width.
func TestEdgesOf64Bits(t *testing.T) {
	for _, w := range []int{62, 63, 64} {
		for _, drop := range []int{-64, -63, -62, -3, 0, 1, 2, 31, 61, 62, 63, 64, 65, 66, 70} {
			for q := fixed.TRN; q <= fixed.RNDConv; q++ {
				for o := fixed.WRAP; o <= fixed.SATSym; o++ {
					from := fixed.Fixed(w, w)
					checkEdge(t, from, fixed.Fixed(9, 9+drop).With(q, o))
					checkEdge(t, from, fixed.Fixed(63, 63+drop).With(q, o))
					checkEdge(t, from, fixed.Fixed(64, 64+drop).With(q, o))
				}
			}
		}
	}
}

func checkEdge(t *testing.T, from, to fixed.Format) {
	s := from.F() - to.F()
	var xs []int64
	for _, x := range fixedtest.Corners(from, s, s+to.W, 62, 63) {
		want := fixedtest.Cast(x, from, to).Int64()
		require.Equal(t, want, fixed.Cast(x.Int64(), from, to), "%s to %s of %d", from, to, x)
		require.Equal(t, want, fixed.CastBig(new(big.Int), x, from, to).Int64(), "%s to %s of %d", from, to, x)
		xs = append(xs, x.Int64())
	}
	checkPlan(t, fixed.NewPlan(from, from.MinRaw(), from.MaxRaw(), to), from, to, xs)
}

// TestToFloatTies: numbers at and just beside the middle of two floats, the difference far below.
func TestToFloatTies(t *testing.T) {
	for _, w := range []int{30, 50, 54, 55, 56, 60, 64, 70, 100, 200} {
		for _, keep := range []int{24, 25, 53, 54} {
			for _, d := range []int64{-1, 0, 1} {
				if keep+2 > w {
					continue
				}
				x := new(big.Int).Lsh(big.NewInt(1<<(keep-1)+1), uint(w-1-keep))
				x.Add(x, big.NewInt(d))
				checkTie(t, x, fixed.Fixed(w, w/2))
				checkTie(t, x.Neg(x), fixed.Fixed(w, w/2))
			}
		}
	}
}

func checkTie(t *testing.T, x *big.Int, f fixed.Format) {
	v := fixedtest.Value(x, f)
	want64, _ := v.Float64()
	want32, _ := v.Float32()
	require.Equal(t, want64, fixed.ToFloat64Big(x, f), "%s of %d", f, x)
	require.Equal(t, want32, fixed.ToFloat32Big(x, f), "%s of %d", f, x)
	if f.Narrow() {
		dst32, dst64 := make([]float32, 1), make([]float64, 1)
		fixed.ToFloat32s(dst32, []int64{x.Int64()}, f)
		fixed.ToFloat64s(dst64, []int64{x.Int64()}, f)
		require.Equal(t, want32, dst32[0], "%s of %d", f, x)
		require.Equal(t, want64, dst64[0], "%s of %d", f, x)
	}
}

// TestFloatRoundTrip: every raw of up to 53 bits survives the way through a double.
func TestFloatRoundTrip(t *testing.T) {
	drawtest.Check(t, func(t *rapid.T) {
		r := seeded(t)
		f := fixedtest.RandomFormat(r, 53)
		f.Kind, f.Q, f.O, f.N = fixed.KindFixed, fixed.TRN, fixed.WRAP, 0
		for range 40 {
			x := fixedtest.RandomNarrow(r, f)
			v := fixed.ToFloat64(x, f)
			want, _ := fixedtest.Value(big.NewInt(x), f).Float64()
			require.Equal(t, want, v)
			require.Equal(t, x, fixed.FromFloat64(v, f), "%s", f)
			f32, _ := fixedtest.Value(big.NewInt(x), f).Float32()
			require.Equal(t, f32, fixed.ToFloat32(x, f), "%s of %d", f, x)
		}
	})
}

// TestFloatBlocks: the block conversions are the scalar ones.
func TestFloatBlocks(t *testing.T) {
	special := []float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), 5e-324, -5e-324,
		math.MaxFloat64, -math.MaxFloat64, 1e-40, -1e-40, 0x1p62, -0x1p63, 0x1p53 - 0.5}
	drawtest.Check(t, func(t *rapid.T) {
		r := seeded(t)
		to := fixedtest.RandomFormat(r, 63)
		if to.Kind == fixed.KindFixed && r.IntN(8) == 0 {
			to.I += r.IntN(2400) - 1200
		}
		src, bad := append([]float64{}, special...), 0
		for _, x := range fixedtest.Corners(to) {
			src = append(src, fixed.ToFloat64(x.Int64(), to), 3*fixed.ToFloat64(x.Int64(), to))
		}
		for range 40 {
			src = append(src, fixedtest.RandomFloat64(r, to))
		}
		src32, bad32 := make([]float32, len(src)), 0
		for i, v := range src {
			src32[i] = float32(v)
			bad += endless(v)
			bad32 += endless(float64(src32[i]))
		}
		dst := make([]int64, len(src))
		require.Equal(t, bad, fixed.FromFloat64s(dst, src, to))
		for i, v := range src {
			require.Equal(t, fixed.FromFloat64(v, to), dst[i], "%g to %s", v, to)
		}
		require.Equal(t, bad32, fixed.FromFloat32s(dst, src32, to))
		for i, v := range src32 {
			require.Equal(t, fixed.FromFloat32(v, to), dst[i], "%g to %s", v, to)
		}
		checkToFloats(t, dst, to)
	})
}

func endless(v float64) int {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return 1
	}
	return 0
}

func checkToFloats(t *rapid.T, src []int64, f fixed.Format) {
	d64, d32 := make([]float64, len(src)), make([]float32, len(src))
	fixed.ToFloat64s(d64, src, f)
	fixed.ToFloat32s(d32, src, f)
	for i, x := range src {
		want64, want32 := fixed.ToFloat64(x, f), fixed.ToFloat32(x, f)
		require.Equal(t, math.Float64bits(want64), math.Float64bits(d64[i]), "%s of %d", f, x)
		require.Equal(t, math.Float32bits(want32), math.Float32bits(d32[i]), "%s of %d", f, x)
	}
}
