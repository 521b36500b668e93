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

// proved draws a range of raws of f: all of them, or what two random raws enclose.
func proved(r *rand.Rand, f fixed.Format) (lo, hi int64) {
	if r.IntN(3) == 0 {
		return f.MinRaw(), f.MaxRaw()
	}
	a, b := fixedtest.RandomNarrow(r, f), fixedtest.RandomNarrow(r, f)
	return min(a, b), max(a, b)
}

// inRange are raws of lo..hi: its ends, corners of f and random ones.
func inRange(r *rand.Rand, from, to fixed.Format, lo, hi int64) []int64 {
	xs := []int64{lo, hi}
	for _, x := range operands(r, from, to, 30) {
		if x := x.Int64(); x >= lo && x <= hi {
			xs = append(xs, x)
		}
	}
	for range 30 {
		xs = append(xs, lo+int64(r.Uint64N(uint64(hi-lo)|1)))
	}
	return xs
}

func checkPlan(t require.TestingT, p fixed.Plan, from, to fixed.Format, xs []int64) {
	lo, hi := p.OutRange()
	for _, x := range xs {
		want := fixed.Cast(x, from, to)
		require.Equal(t, want, p.Apply(x), "%s to %s of %d by plan %q", from, to, x, p)
		require.True(t, want >= lo && want <= hi, "%s to %s of %d: %d outside %d..%d", from, to, x, want, lo, hi)
		require.False(t, p.Identity() && want != x)
	}
	dst := make([]int64, len(xs))
	p.ApplySlice(dst, xs)
	for i, x := range xs {
		require.Equal(t, fixed.Cast(x, from, to), dst[i], "%s to %s of %d by plan %q", from, to, x, p)
	}
}

// TestPlanEqualsCast: for every raw of the proved range a plan does what Cast does.
func TestPlanEqualsCast(t *testing.T) {
	drawtest.Check(t, func(t *rapid.T) {
		r := seeded(t)
		from, to := formats(t, r, 64)
		if !from.Narrow() || !to.Narrow() {
			t.Skip("wide")
		}
		for range 8 {
			lo, hi := proved(r, from)
			checkPlan(t, fixed.NewPlan(from, lo, hi, to), from, to, inRange(r, from, to, lo, hi))
		}
	})
}

// TestPlanAllRaws goes through every raw of small formats and every range of a few.
func TestPlanAllRaws(t *testing.T) {
	from := fixed.Fixed(6, 3)
	for _, signed := range []bool{true, false} {
		for q := fixed.TRN; q <= fixed.RNDConv; q++ {
			for o := fixed.WRAP; o <= fixed.SATSym; o++ {
				for w := 1; w <= 8; w++ {
					for i := w - 6; i <= w+1; i++ {
						to := fixed.Format{W: w, I: i, Signed: signed, Q: q, O: o}
						if o == fixed.WRAPSM && !signed {
							continue
						}
						checkAllRanges(t, from, to)
					}
				}
			}
		}
	}
}

func checkAllRanges(t *testing.T, from, to fixed.Format) {
	for lo := int64(-32); lo <= 31; lo += 3 {
		for hi := lo; hi <= 31; hi += 5 {
			p := fixed.NewPlan(from, lo, hi, to)
			for x := lo; x <= hi; x++ {
				want := fixed.Cast(x, from, to)
				if got := p.Apply(x); got != want || want < p.OutLo || want > p.OutHi {
					t.Fatalf("%s to %s of %d by plan %q (%d..%d): got %d, want %d",
						from, to, x, p, p.OutLo, p.OutHi, got, want)
				}
			}
		}
	}
}

// TestPlanGrid: multiples of a power of two need no rounding of the bits below it.
func TestPlanGrid(t *testing.T) {
	from, to := fixed.Fixed(12, 6), fixed.Fixed(8, 6).With(fixed.RNDConv, fixed.SAT)
	for zeros := 0; zeros <= 6; zeros++ {
		p, ok := fixed.TryPlan(from, from.MinRaw(), from.MaxRaw(), zeros, to)
		require.True(t, ok)
		require.Equal(t, zeros < 4, p.Even)
		for x := from.MinRaw(); x <= from.MaxRaw(); x += 1 << zeros {
			require.Equal(t, fixed.Cast(x, from, to), p.Apply(x))
		}
	}
}

// TestPlanOfWideFormats: formats beyond 64 bits have plans where the raws and results stay within int64.
func TestPlanOfWideFormats(t *testing.T) {
	planned := 0
	drawtest.Check(t, func(t *rapid.T) {
		r := seeded(t)
		from, to := formats(t, r, 120)
		lo, hi := int64(r.Uint64())>>r.IntN(64), int64(r.Uint64())>>r.IntN(64)
		lo, hi = min(lo, hi), max(lo, hi)
		if !from.Contains(lo) || !from.Contains(hi) {
			return
		}
		p, ok := fixed.TryPlan(from, lo, hi, 0, to)
		if !ok {
			require.False(t, to.Narrow())
			return
		}
		planned++
		xs := []int64{lo, hi}
		for range 30 {
			xs = append(xs, lo+int64(r.Uint64N(uint64(hi-lo)|1)))
		}
		for _, x := range xs {
			want := fixedtest.Cast(big.NewInt(x), from, to)
			require.True(t, want.IsInt64(), "%s to %s of %d by plan %q: %d", from, to, x, p, want)
			require.Equal(t, want.Int64(), p.Apply(x), "%s to %s of %d by plan %q", from, to, x, p)
		}
	})
	require.NotZero(t, planned)
}

// TestWideTargets: what does not fit int64 has no plan; what cannot overflow needs no overflow step.
func TestWideTargets(t *testing.T) {
	_, ok := fixed.TryPlan(fixed.Fixed(16, 6), -5, 5, 0, fixed.UFixed(80, 70))
	require.False(t, ok, "-1 wraps to 2^80-1")
	_, ok = fixed.TryPlan(fixed.Fixed(64, 64), 0, 1<<40, 0, fixed.Fixed(80, 40))
	require.False(t, ok, "a shift beyond 64 bits")
	p, ok := fixed.TryPlan(fixed.Fixed(16, 6), -5, 5, 0, fixed.UFixed(80, 70).With(fixed.TRN, fixed.SAT))
	require.True(t, ok)
	require.Equal(t, int64(0), p.Apply(-5))
	wide, word := fixed.Fixed(80, 80).With(fixed.TRN, fixed.SATSym), fixed.Fixed(64, 64)
	require.True(t, fixed.NewPlan(word, math.MinInt64, math.MaxInt64, wide).Identity())
	require.Equal(t, int64(math.MinInt64), fixed.Cast(math.MinInt64, word, wide))
	require.Panics(t, func() { fixed.NewPlan(fixed.Fixed(16, 6), -5, 5, fixed.UFixed(80, 70)) })
}

// TestPlanWords shows which steps remain.
func TestPlanWords(t *testing.T) {
	f := fixed.Fixed(16, 6)
	for _, c := range []struct {
		lo, hi int64
		to     fixed.Format
		want   string
	}{
		{-32768, 32767, f, "identity"},
		{-32768, 32767, fixed.Fixed(16, 6).With(fixed.RND, fixed.SAT), "identity"},
		{-32768, 32767, fixed.Fixed(20, 8), "shift left 2"},
		{-32768, 32767, fixed.Fixed(12, 6), "shift right 4"},
		{-32768, 32767, fixed.Fixed(12, 6).With(fixed.RND, fixed.WRAP),
			"add 8, shift right 4, wrap to 12 bits signed"},
		{-32768, 32000, fixed.Fixed(12, 6).With(fixed.RND, fixed.WRAP), "add 8, shift right 4"},
		{-32768, 32767, fixed.UFixed(8, 4), "shift right 6, wrap to 8 bits unsigned"},
		{-32768, 32767, fixed.Fixed(8, 4).With(fixed.RNDConv, fixed.SAT),
			"add 31, add bit 6, shift right 6, clamp to -128..127"},
		{0, 32767, fixed.Fixed(12, 6).With(fixed.TRNZero, fixed.SAT), "shift right 4"},
		{-32768, 0, fixed.Fixed(12, 6).With(fixed.TRNZero, fixed.SAT), "add 15 below zero, shift right 4"},
		{-32768, -1, fixed.Fixed(12, 6).With(fixed.TRNZero, fixed.SAT), "add 15, shift right 4"},
		{-32768, 32767, fixed.Fixed(8, 6).With(fixed.TRN, fixed.SATZero), "shift right 8"},
		{-32768, 32767, fixed.Fixed(8, 4).With(fixed.TRN, fixed.SATZero), "shift right 6, zero outside -128..127"},
		{-32768, 32767, fixed.Format{W: 8, I: 4, Signed: true, N: 1}, "cast fixed<16,6> to fixed<8,4,TRN,WRAP,1>"},
		{-32768, 32767, fixed.Int(4), "add 1023 below zero, shift right 10, wrap to 4 bits signed"},
		{-32768, 32767, fixed.Int(4).In(fixed.AC), "shift right 10, wrap to 4 bits signed"},
	} {
		require.Equal(t, c.want, fixed.NewPlan(f, c.lo, c.hi, c.to).String(), "%d..%d to %s", c.lo, c.hi, c.to)
	}
}

// TestPlanComparable: plans that do the same are the same value, whatever their formats.
func TestPlanComparable(t *testing.T) {
	a := fixed.NewPlan(fixed.Fixed(16, 6), -100, 100, fixed.Fixed(12, 6))
	b := fixed.NewPlan(fixed.Fixed(20, 10), -100, 100, fixed.Fixed(30, 24))
	require.True(t, a == b)
}

// TestApplyLanes: every lane type gives what int64 gives, also in place.
func TestApplyLanes(t *testing.T) {
	drawtest.Check(t, func(t *rapid.T) {
		r := seeded(t)
		from, to := fixedtest.RandomFormat(r, 16), fixedtest.RandomFormat(r, 16)
		from.Signed, to.Signed = true, true
		xs := inRange(r, from, to, from.MinRaw(), from.MaxRaw())
		p := fixed.NewPlan(from, from.MinRaw(), from.MaxRaw(), to)
		want := make([]int64, len(xs))
		p.ApplySlice(want, xs)
		checkLanes[int64, int16](t, p, xs, want)
		checkLanes[int16, int64](t, p, xs, want)
		checkLanes[int32, int32](t, p, xs, want)
		checkLanes[int16, int16](t, p, xs, want)
		if from.W <= 8 && to.W <= 8 {
			checkLanes[int8, int8](t, p, xs, want)
		}
		p.ApplySlice(xs, xs)
		require.Equal(t, want, xs)
	})
}

func checkLanes[D, S fixed.Lane](t *rapid.T, p fixed.Plan, xs, want []int64) {
	src, dst := make([]S, len(xs)), make([]D, len(xs))
	for i, x := range xs {
		src[i] = S(x)
	}
	fixed.ApplyLanes(p, dst, src)
	for i, w := range want {
		require.Equal(t, D(w), dst[i])
	}
}
