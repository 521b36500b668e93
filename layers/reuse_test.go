package layers_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hlsgo/hlsgo/internal/drawtest"
	"github.com/hlsgo/hlsgo/layers"
)

// TestValidReuseFactors compares with hls4ml's rule applied to every number.
func TestValidReuseFactors(t *testing.T) {
	drawtest.Check(t, func(t *rapid.T) {
		nIn, nOut := rapid.IntRange(1, 24).Draw(t, "n_in"), rapid.IntRange(1, 24).Draw(t, "n_out")
		var want []int
		for rf := 1; rf <= nIn*nOut; rf++ {
			factor := min(nIn, rf)
			limit := (nIn*nOut + factor - 1) / factor
			sums := limit%nOut == 0 || rf >= nIn
			terms := rf%nIn == 0 || rf < nIn
			if sums && terms && nIn*nOut%rf == 0 {
				want = append(want, rf)
			}
		}
		require.Equal(t, want, layers.ValidReuseFactors(nIn, nOut))
	})
}

func TestClosest(t *testing.T) {
	valid := []int{1, 2, 4, 8, 16}
	for chosen, want := range map[float64]int{
		0: 1, 1: 1, 3: 2, 3.5: 4, 5: 4, 6: 4, 7: 8, 12: 8, 12.5: 16, 1000: 16,
	} {
		require.Equal(t, want, layers.Closest(valid, chosen), "%v", chosen)
	}
}

func TestPartitionSplits(t *testing.T) {
	require.Equal(t, []int{1}, layers.PartitionSplits(1))
	require.Equal(t, []int{1, 2, 3, 4, 6, 12}, layers.PartitionSplits(12))
	require.Equal(t, []int{1, 7}, layers.PartitionSplits(7))
}
