package profiling

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestKept gives back the same numbers, in half the memory where float32 holds them.
func TestKept(t *testing.T) {
	for _, c := range []struct {
		parts  [][]float64
		narrow bool
	}{
		{nil, true},
		{[][]float64{{1, -0.5, math.Inf(1)}, {}, {3 << 20}}, true},
		{[][]float64{{1, 0.1}}, false},
		{[][]float64{{1, 2}, {3, 0.1, 4}, {5}}, false},
		{[][]float64{{0.1}, {1}}, false},
		{[][]float64{{1}, {1 << 24}, {1<<24 + 1}}, false},
	} {
		k, want := newKept(4), []float64{}
		for _, p := range c.parts {
			k.add(p)
			want = append(want, p...)
		}
		require.Equal(t, want, append([]float64{}, k.numbers()...))
		require.Equal(t, len(want), k.len())
		require.Equal(t, c.narrow, k.wide == nil, "%v", c.parts)
	}
	k := newKept(2)
	k.add([]float64{1, math.NaN()})
	require.True(t, math.IsNaN(k.numbers()[1]))
	require.Zero(t, (*kept)(nil).len())
	require.Empty(t, (*kept)(nil).numbers())
}
