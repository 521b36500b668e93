package pool

import (
	"testing"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/stretchr/testify/require"
)

// TestPadding holds the value in the padding of a maximum: the least of signed types, half the range of
// unsigned ones.
func TestPadding(t *testing.T) {
	require.EqualValues(t, -128, padRaw(fixed.Fixed(8, 3)))
	require.EqualValues(t, 128, padRaw(fixed.UFixed(8, 3)))
	for _, f := range []fixed.Format{fixed.Fixed(8, 3), fixed.UFixed(8, 3)} {
		p := pooling{max: true, in: f}
		require.Equal(t, padRaw(f), p.padding().X.Int64())
	}
}

// TestWindows counts the pixels of windows at the edges, with and without padding.
func TestWindows(t *testing.T) {
	g := whole(1, 4, 1)
	g.poolW, g.strideW, g.outW, g.padLeft = 3, 2, 2, 1
	require.Equal(t, window{[]int{0, 1}, true, 2}, g.window(0))
	require.Equal(t, window{[]int{1, 2, 3}, false, 3}, g.window(1))
	g.countPad = true
	require.Equal(t, 3, g.window(0).count)
}
