package report

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/profiling"
)

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		n, total int64
		want     string
	}{
		{0, 0, "–"}, {0, 5, "0\u202f%"}, {5, 5, "100\u202f%"}, {1, 1_000_000, "<\u202f0.01\u202f%"},
		{999_999, 1_000_000, ">\u202f99.99\u202f%"}, {1, 300, "0.33\u202f%"}, {1, 3, "33.3\u202f%"},
		{9998, 10_000, "99.9\u202f%"},
	} {
		require.Equal(t, c.want, percent(c.n, c.total), "%d of %d", c.n, c.total)
	}
}

func TestNumbers(t *testing.T) {
	require.Equal(t, "1\u202f234\u202f567", grouped(1234567))
	require.Equal(t, "-123", grouped(-123))
	require.Equal(t, "-1\u202f234", grouped(-1234))
	require.Equal(t, "0", grouped(0))
	require.Equal(t, "−0.001234", number(-0.0012340001))
	require.Equal(t, "1.235e+10", number(12345678901))
	require.Equal(t, "+Inf", number(math.Inf(1)))
}

// TestAxis covers all values, but little of what no type can hold.
func TestAxis(t *testing.T) {
	stats := func(lo, hi float64) profiling.Stats {
		return profiling.Stats{Count: 2, Abs: &profiling.Summary{Min: lo, Max: hi}}
	}
	require.Equal(t, axis{-8, 4}, newAxis(nil))
	require.Equal(t, axis{-8, 4}, newAxis([]profiling.Tensor{{}}), "all zero")
	require.Equal(t, axis{-1, 2}, newAxis([]profiling.Tensor{{Stats: stats(1, 1)}}), "a single value")
	wide := profiling.Tensor{Stats: stats(math.Ldexp(1, -100), 8)}
	require.Equal(t, axis{5 - widestAxis, 5}, newAxis([]profiling.Tensor{wide}))
	wide.Stage, wide.Range = profiling.After, &profiling.Range{Low: -10, High: 5}
	require.Equal(t, axis{-10 - belowStep - 1, 5}, newAxis([]profiling.Tensor{wide}))
	coarse := profiling.Tensor{
		Stats: stats(0.001, 0.002), Stage: profiling.After, Range: &profiling.Range{Low: 3, High: 9},
	}
	a := newAxis([]profiling.Tensor{coarse})
	require.Less(t, a.lo, a.hi, "every value lies far below the step")
}

// TestFold wants columns as low as they can be, without a strip too many.
func TestFold(t *testing.T) {
	require.Equal(t, 0.0, fold(nil, 3))
	require.Equal(t, 60.0, fold([]float64{10, 20, 30}, 1))
	require.Equal(t, 30.0, fold([]float64{10, 20, 30}, 2))
	require.Equal(t, 30.0, fold([]float64{10, 20, 30}, 9))
	require.Equal(t, 50.0, fold([]float64{30, 20, 30, 10}, 2))
	require.Equal(t, 70.0, fold([]float64{30, 40, 30, 40, 30, 40}, 3))
}

// TestNoteNamesFoldedLayer: a distribution before that is another layer's is called by its name.
func TestNoteNamesFoldedLayer(t *testing.T) {
	named := func(label string) *profiling.Tensor {
		return &profiling.Tensor{Label: label, Stats: profiling.Stats{Count: 4}}
	}
	require.Equal(t, "with bn1", (&tensor{before: named("bn1"), after: named("fc1")}).note())
	require.Equal(t, "", (&tensor{before: named("fc1"), after: named("fc1")}).note())
	require.Equal(t, "before only", (&tensor{before: named("bn1")}).note())
}
