package profiling_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/internal/drawtest"
	"github.com/hlsgo/hlsgo/profiling"
)

// percentile is numpy.percentile by its definition.
func percentile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	lo := math.Floor(at)
	hi := min(int(lo)+1, len(sorted)-1)
	return sorted[int(lo)] + (sorted[hi]-sorted[int(lo)])*(at-lo)
}

// slow computes the statistics from all values at once.
func slow(values []float64) profiling.Stats {
	s := profiling.Stats{Min: math.Inf(1), Max: math.Inf(-1)}
	var abs []float64
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			s.NonFinite++
			continue
		}
		s.Count++
		s.Mean += v
		s.Min, s.Max = math.Min(s.Min, v), math.Max(s.Max, v)
		if v == 0 {
			s.Zeros++
		} else {
			abs = append(abs, math.Abs(v))
		}
	}
	s.Mean /= float64(s.Count)
	if len(abs) == 0 {
		return s
	}
	slices.Sort(abs)
	mean := 0.0
	for _, a := range abs {
		mean += a / float64(len(abs))
	}
	s.Abs = &profiling.Summary{
		Min: abs[0], Q1: percentile(abs, 0.25), Median: percentile(abs, 0.5), Q3: percentile(abs, 0.75),
		Max: abs[len(abs)-1], Mean: mean,
	}
	return s
}

// check compares statistics with those of all values at once; quantiles within the relative error.
func check(t require.TestingT, values []float64, got profiling.Stats, within float64) {
	want := slow(values)
	require.Equal(t, want.Count, got.Count)
	require.Equal(t, want.Zeros, got.Zeros)
	require.Equal(t, want.NonFinite, got.NonFinite)
	require.Equal(t, within, got.QuantileError)
	if want.Abs == nil {
		require.Nil(t, got.Abs)
		require.Empty(t, got.Bins)
		return
	}
	require.Equal(t, want.Min, got.Min)
	require.Equal(t, want.Max, got.Max)
	require.InEpsilon(t, 1+want.Abs.Mean, 1+got.Abs.Mean, 1e-9)
	require.InDelta(t, want.Mean, got.Mean, 1e-9*want.Abs.Mean+1e-290)
	require.Equal(t, want.Abs.Min, got.Abs.Min)
	require.Equal(t, want.Abs.Max, got.Abs.Max)
	for _, q := range [][2]float64{
		{want.Abs.Q1, got.Abs.Q1}, {want.Abs.Median, got.Abs.Median}, {want.Abs.Q3, got.Abs.Q3},
	} {
		require.LessOrEqual(t, math.Abs(q[0]-q[1]), q[0]*max(within, 1e-15))
	}
	checkBins(t, values, got.Bins)
}

func checkBins(t require.TestingT, values []float64, got []profiling.Bin) {
	want := map[int]profiling.Bin{}
	for _, v := range values {
		if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		fraction, e := math.Frexp(math.Abs(v)) // 0.5 <= fraction < 1
		b := want[e-1]
		b.Log2 = e - 1
		b.Count++
		b.Parts[int((2*fraction-1)*profiling.Parts)]++
		want[e-1] = b
	}
	filled := 0
	for i, b := range got {
		require.Equal(t, got[0].Log2+i, b.Log2)
		if b.Count > 0 {
			filled++
			require.Equal(t, want[b.Log2], b)
		}
	}
	require.Len(t, want, filled)
	require.NotZero(t, got[0].Count)
	require.NotZero(t, got[len(got)-1].Count)
}

// TestExactStats compares the statistics of drawn values with their definitions.
func TestExactStats(t *testing.T) {
	drawtest.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(
			rapid.Float64Range(-4, 4), rapid.Just(0.0), rapid.Just(1.0),
			rapid.Just(math.Inf(-1)), rapid.Just(math.NaN()),
			rapid.Float64Range(-1e-280, 1e-280),
			rapid.Float64Range(-1e300, 1e300))
		values := rapid.SliceOfN(value, 1, 60).Draw(t, "values")
		c := profiling.NewCollector(fixed.Auto)
		at := rapid.IntRange(0, len(values)).Draw(t, "cut")
		profiling.Add(c, values[:at])
		profiling.Add(c, values[at:])
		got := c.Stats()
		if got.Count == 0 {
			require.Equal(t, profiling.Stats{NonFinite: int64(len(values))}, got)
			return
		}
		if got.Max > 1e200 || got.Min < -1e200 {
			return // sums of the judge overflow or lose all digits
		}
		check(t, values, got, 0)
	})
}

// TestGridStats draws values of narrow types, beyond the limit of exact statistics of other types.
func TestGridStats(t *testing.T) {
	for _, f := range []fixed.Format{
		fixed.Fixed(16, 6), fixed.UFixed(8, 0), fixed.Fixed(3, 5), fixed.Int(12), fixed.Fixed(16, -4),
		fixed.UFixed(16, 16),
	} {
		r := rand.New(rand.NewPCG(1, 2))
		values := make([]float64, profiling.ExactLimit+1000)
		for i := range values {
			raw := f.MinRaw() + r.Int64N(f.MaxRaw()-f.MinRaw()+1)
			if i%3 == 0 {
				raw >>= r.IntN(f.W)
			}
			values[i] = math.Ldexp(float64(raw), -f.F())
		}
		values[0], values[1] = math.Ldexp(float64(f.MinRaw()), -f.F()), math.Ldexp(float64(f.MaxRaw()), -f.F())
		c := profiling.NewCollector(f)
		profiling.Add(c, values)
		check(t, values, c.Stats(), 0)
	}
}

// TestSketchError keeps the quantiles of more values than are kept within the stated error, on distributions
// that are smooth, coarse, wide, skewed and of one value.
func TestSketchError(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for name, draw := range map[string]func(i int) float64{
		"normal":    func(int) float64 { return r.NormFloat64() },
		"uniform":   func(int) float64 { return r.Float64() },
		"coarse":    func(int) float64 { return float64(r.IntN(5)) / 3 },
		"wide":      func(int) float64 { return math.Exp(100 * r.NormFloat64()) },
		"ascending": func(i int) float64 { return 1 + float64(i)/1e9 },
		"one":       func(int) float64 { return -0.1 },
		"two":       func(i int) float64 { return math.Ldexp(1, 600*(i%2)) },
		"largest":   func(int) float64 { return math.MaxFloat64 / 1e12 * (1 + r.Float64()) },
		"relu":      func(int) float64 { return max(0, r.NormFloat64()) },
	} {
		t.Run(name, func(t *testing.T) {
			values := make([]float64, 3*profiling.ExactLimit)
			for i := range values {
				values[i] = draw(i)
			}
			c := profiling.NewCollector(fixed.Auto)
			for part := range slices.Chunk(values, 1000) {
				profiling.Add(c, part)
			}
			check(t, values, c.Stats(), profiling.QuantileError)
		})
	}
}

// TestCollectorDoesNotGrow makes sure that statistics beyond the limit ask for no memory.
func TestCollectorDoesNotGrow(t *testing.T) {
	for _, f := range []fixed.Format{fixed.Auto, fixed.Fixed(16, 6)} {
		c := profiling.NewCollector(f)
		block := make([]float32, 4096)
		for i := range block {
			block[i] = float32(i%512) / 1024
		}
		for range profiling.ExactLimit / len(block) * 2 {
			profiling.Add(c, block)
		}
		require.Zero(t, testing.AllocsPerRun(100, func() { profiling.Add(c, block) }))
	}
}

// TestRangeOf follows the rule of hls4ml's grey boxes.
func TestRangeOf(t *testing.T) {
	for text, want := range map[string]*profiling.Range{
		"fixed<16,6>":  {Low: -10, High: 5},
		"ufixed<16,6>": {Low: -10, High: 6},
		"fixed<8,-2>":  {Low: -10, High: -3},
		"fixed<4,9>":   {Low: 5, High: 8},
		"int<8>":       {Low: 0, High: 7},
		"uint<3>":      {Low: 0, High: 3},
		"auto":         nil,
	} {
		f := fixed.Auto
		if text != "auto" {
			var err error
			f, err = fixed.Parse(text)
			require.NoError(t, err)
		}
		require.Equal(t, want, profiling.RangeOf(f), text)
	}
	require.Nil(t, profiling.RangeOf(fixed.Float(fixed.FloatSingle)))
	require.Nil(t, profiling.RangeOf(fixed.Exponent(4, true)))
	require.Equal(t, &profiling.Range{Low: 0, High: 1}, profiling.RangeOf(fixed.Xnor()))
}
