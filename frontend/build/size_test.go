package build

import (
	"math"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestHeld refuses the weight with which a model would take more than it may.
func TestHeld(t *testing.T) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(100 * weightCost))
	h := &held{}
	require.NoError(t, h.add([]int{9, 11}))
	require.ErrorContains(t, h.add([]int{2}),
		"memory: got 1.6 KB or more for 101 weights up to this one, want at most 1.6 KB: ")
	require.NoError(t, h.add([]int{1}))
	require.Error(t, h.add([]int{math.MaxInt / 2, 3}))
}
