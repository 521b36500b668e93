package merge

import (
	"testing"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/stretchr/testify/require"
)

// TestSpread is the broadcasting of frameworks.
func TestSpread(t *testing.T) {
	at, err := spread([]int{2, 1}, []int{2, 3})
	require.NoError(t, err)
	require.Equal(t, []int{0, 0, 0, 1, 1, 1}, at)
	at, err = spread([]int{3}, []int{2, 3})
	require.NoError(t, err)
	require.Equal(t, []int{0, 1, 2, 0, 1, 2}, at)
	_, err = spread([]int{2}, []int{2, 3})
	require.ErrorContains(t, err, "got shapes [2 3] and [2]")
}

func TestCovering(t *testing.T) {
	require.Equal(t, fixed.Fixed(13, 5), covering(fixed.UFixed(8, 4), fixed.Fixed(10, 2)))
	require.Equal(t, fixed.UFixed(8, 4), covering(fixed.UFixed(8, 4), fixed.UFixed(4, 2)))
}
