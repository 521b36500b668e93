package hlsgo_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
)

// TestOracle predicts every case that hls4ml 1.3.0 answered, from the files that a user has, and compares
// every bit of the answers.
func TestOracle(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	names := oracletest.Names(t)
	require.Greater(t, len(names), 93)
	rows := tabletest.New(t)
	for _, name := range names {
		rows.Run(name, func(t *tabletest.T) {
			t.Parallel()
			dir := filepath.Join("testdata/oracle/cases", name)
			m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{})
			require.NoError(t, err)
			comparePrediction(t, m, dir, "X", "y")
			if exists(filepath.Join(dir, "X2.npy")) {
				comparePrediction(t, m, dir, "X2", "y2")
			}
		})
	}
}

// comparePrediction predicts the inputs x.npy, or x_0.npy, x_1.npy ..., of the folder and compares the
// answers with y.npy, or y_0.npy, ..., in every bit.
func comparePrediction(t testing.TB, m *hlsgo.Model, dir, x, y string) {
	t.Helper()
	want := oracletest.Arrays[hlsgo.Array](t, dir, y)
	got, err := m.Predict(context.Background(), oracletest.Arrays[hlsgo.Array](t, dir, x)...)
	require.NoError(t, err)
	require.Len(t, got, len(want))
	for k := range want {
		require.Equal(t, want[k].Double(), got[k].Double(), "type of answer %d", k)
		require.Equal(t, want[k].Len(), got[k].Len(), "number of values of answer %d", k)
		size := got[k].Shape[1]
		for i := range want[k].Len() {
			if a, b := bitsOf(want[k], i), bitsOf(got[k], i); a != b {
				t.Fatalf("answer %d: sample %d, value %d: got bits %#x, want %#x", k, i/size, i%size, b, a)
			}
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func bitsOf(a *hlsgo.Array, i int) uint64 {
	if a.Double() {
		return math.Float64bits(a.F64[i])
	}
	return uint64(math.Float32bits(a.F32[i]))
}
