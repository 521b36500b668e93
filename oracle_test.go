package hlsgo_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/internal/npy"
)

// TestOracle predicts every case that hls4ml 1.3.0 answered, from the files that a user has, and compares
// every bit of the answers.
func TestOracle(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	list, err := os.ReadFile("testdata/oracle/main.txt")
	require.NoError(t, err)
	names := strings.Fields(string(list))
	require.Len(t, names, 93)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join("testdata/oracle/cases", name)
			m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{})
			require.NoError(t, err)
			comparePrediction(t, m, dir, "X.npy", "y.npy")
			if _, err := os.Stat(filepath.Join(dir, "X2.npy")); err == nil {
				comparePrediction(t, m, dir, "X2.npy", "y2.npy")
			}
		})
	}
}

// comparePrediction predicts file x of the folder and compares the answer with file y in every bit.
func comparePrediction(t *testing.T, m *hlsgo.Model, dir, x, y string) {
	t.Helper()
	in := readArray(t, filepath.Join(dir, x))
	want := readArray(t, filepath.Join(dir, y))
	got, err := m.Predict(context.Background(), in)
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Equal(t, want.Double(), got[0].Double(), "type of the answer")
	require.Equal(t, want.Len(), got[0].Len(), "number of values")
	size := got[0].Shape[1]
	for i := range want.Len() {
		if a, b := bitsOf(want, i), bitsOf(got[0], i); a != b {
			t.Fatalf("%s: sample %d, value %d: got bits %#x, want %#x", x, i/size, i%size, b, a)
		}
	}
}

func bitsOf(a *hlsgo.Array, i int) uint64 {
	if a.Double() {
		return math.Float64bits(a.F64[i])
	}
	return uint64(math.Float32bits(a.F32[i]))
}

func readArray(t *testing.T, path string) *hlsgo.Array {
	t.Helper()
	r, err := npy.Open(path)
	require.NoError(t, err)
	defer r.Close()
	a := &hlsgo.Array{Shape: r.Shape()}
	if r.DType() == npy.Float64 {
		a.F64, err = npy.ReadAll[float64](r)
	} else {
		a.F32, err = npy.ReadAll[float32](r)
	}
	require.NoError(t, err)
	return a
}
