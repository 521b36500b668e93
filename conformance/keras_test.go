package conformance_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
)

// TestRandomAgainstKeras compares networks of HGQ2, those of testdata/hgq2 and of the folder that
// HLSGO_RANDOM names, with what Keras itself answered: the float model in every bit, and the firmware
// wherever it says that it is exact. It says so of most.
func TestRandomAgainstKeras(t *testing.T) {
	roots := []string{"../testdata/hgq2"}
	if root := os.Getenv("HLSGO_RANDOM"); root != "" {
		roots = append(roots, root)
	}
	tk, rows, exact, refused, total := toolkit(t), tabletest.New(t), 0, 0, 0
	for _, root := range roots {
		files, err := filepath.Glob(filepath.Join(root, "*", "keras*.npy"))
		require.NoError(t, err)
		last := ""
		for _, file := range files {
			dir := filepath.Dir(file)
			if dir == last {
				continue
			}
			last = dir
			total++
			rows.Run(filepath.Base(dir), func(t *tabletest.T) {
				m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{})
				require.NoError(t, err)
				x := oracletest.Arrays[hlsgo.Array](t, dir, "X")
				want := oracletest.Arrays[hlsgo.Array](t, dir, "keras")
				float, err := m.Trace(context.Background(), hlsgo.TraceOptions{Float: true}, x...)
				require.NoError(t, err)
				for k := range want {
					sameNumbers(t, "the float model", want[k], float.Outputs[k])
				}
				got, err := m.Predict(context.Background(), x...)
				if err != nil {
					t.Logf("%s refused: %v", filepath.Base(dir), err)
					refused++
					return
				}
				e, err := m.Exactness(context.Background(), x...)
				require.NoError(t, err)
				if !e.Exact() {
					t.Logf("%s: %d of %d differ: %s %s", filepath.Base(dir), e.Different, e.Values, e.Where, e.Why)
					return
				}
				exact++
				for k := range want {
					sameNumbers(t, "the firmware", want[k], got[k])
				}
			})
		}
	}
	t.Logf("%d networks: firmware exact for %d, %d refused", total, exact, refused)
	require.Greater(t, 2*exact, total-refused)
}

// sameNumbers wants equal numbers: Keras has a zero with a sign now and then, which firmware does not.
func sameNumbers(t testing.TB, what string, want, got *hlsgo.Array) {
	t.Helper()
	require.Equal(t, want.Len(), got.Len(), what)
	differ, first := 0, -1
	for i := range want.Len() {
		if want.F32[i] != got.F32[i] {
			if differ++; first < 0 {
				first = i
			}
		}
	}
	if differ > 0 {
		t.Errorf("%s: %d of %d values differ, first value %d: got %v, want %v", what, differ, want.Len(), first,
			got.F32[first], want.F32[first])
	}
}
