package conformance_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
)

// TestRandomAgainstHLS4ML predicts the random networks that random_hls4ml.py had the real hls4ml answer, and
// compares every bit. HLSGO_RANDOM names their folder. What hls4ml converts and hlsgo refuses is a failure.
func TestRandomAgainstHLS4ML(t *testing.T) {
	root := os.Getenv("HLSGO_RANDOM")
	if root == "" {
		t.Skip("HLSGO_RANDOM is not set: no answers of hls4ml to compare with; see random_hls4ml.py")
	}
	dirs, err := filepath.Glob(filepath.Join(root, "*", "y.npy"))
	require.NoError(t, err)
	require.NotEmpty(t, dirs, "no networks in %s", root)
	tk := toolkit(t)
	for _, answer := range dirs {
		dir := filepath.Dir(answer)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{})
			require.NoError(t, err)
			got, err := m.Predict(context.Background(), readArray(t, filepath.Join(dir, "X.npy")))
			require.NoError(t, err)
			require.Len(t, got, 1)
			compareBits(t, readArray(t, answer), got[0])
		})
	}
	refused, err := filepath.Glob(filepath.Join(root, "*.refused"))
	require.NoError(t, err)
	t.Logf("%d networks compared; %d more that hls4ml itself refused", len(dirs), len(refused))
}

func compareBits(t *testing.T, want, got *hlsgo.Array) {
	t.Helper()
	require.Equal(t, want.Double(), got.Double(), "type of the answer")
	require.Equal(t, want.Len(), got.Len(), "number of values")
	size := got.Shape[1]
	differ, first := 0, -1
	for i := range want.Len() {
		if bits(want, i) != bits(got, i) {
			if differ++; first < 0 {
				first = i
			}
		}
	}
	if differ > 0 {
		t.Errorf("%d of %d values differ, first at sample %d, value %d: got %v, want %v",
			differ, want.Len(), first/size, first%size, value(got, first), value(want, first))
	}
}

func value(a *hlsgo.Array, i int) float64 {
	if a.Double() {
		return a.F64[i]
	}
	return float64(a.F32[i])
}

func bits(a *hlsgo.Array, i int) uint64 { return math.Float64bits(value(a, i)) }
