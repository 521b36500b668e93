package conformance_test

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

// TestRandomAgainstHLS4ML predicts random networks that random_hls4ml.py and its like had the real hls4ml
// answer, and compares every bit: those that are recorded, and those of the folder that HLSGO_RANDOM names.
// What hls4ml converts and hlsgo refuses is a failure.
func TestRandomAgainstHLS4ML(t *testing.T) {
	dirs := append(answered(t, "../testdata/random"), answered(t, "../testdata/random_qonnx")...)
	if root := os.Getenv("HLSGO_RANDOM"); root != "" {
		dirs = append(dirs, answered(t, root)...)
	}
	tk := toolkit(t)
	rows := tabletest.New(t)
	for _, dir := range dirs {
		rows.Run(filepath.Base(dir), func(t *tabletest.T) {
			m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{})
			require.NoError(t, err)
			got, err := m.Predict(context.Background(), oracletest.Arrays[hlsgo.Array](t, dir, "X")...)
			require.NoError(t, err)
			want := oracletest.Arrays[hlsgo.Array](t, dir, "y")
			require.Len(t, got, len(want))
			for k := range want {
				compareBits(t, want[k], got[k])
			}
		})
	}
	t.Logf("%d networks compared", len(dirs))
}

// TestRandomModelsFirmware compiles the networks of testdata/random that hls4ml gives no defined answer to,
// and those of the folder that HLSGO_RANDOM names, and compares every raw integer of every layer. Networks
// of that folder that hlsgo refuses are counted.
func TestRandomModelsFirmware(t *testing.T) {
	unanswered := func(dir string) bool { return len(answers(t, dir)) == 0 }
	trials, refused := randomTrials(t, "../testdata/random", unanswered)
	require.NotEmpty(t, trials)
	require.Zero(t, refused)
	if root := os.Getenv("HLSGO_RANDOM"); root != "" {
		more, refused := randomTrials(t, root, func(string) bool { return true })
		trials = append(trials, more...)
		t.Logf("%d networks compared, %d refused", len(trials), refused)
	}
	verifyAll(t, trials, hlsgo.FirmwareOptions{})
}

// randomTrials loads the networks of a folder that keep accepts.
func randomTrials(t *testing.T, root string, keep func(dir string) bool) (out []trial, refused int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "*", "hls4ml_config.yml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	tk := toolkit(t)
	for _, file := range files {
		dir := filepath.Dir(file)
		if !keep(dir) {
			continue
		}
		m, err := tk.Load(file, hlsgo.Overrides{})
		require.NoError(t, err, dir)
		x := oracletest.Arrays[hlsgo.Array](t, dir, "X")
		if _, err := m.Predict(context.Background(), x...); err != nil {
			t.Logf("%s refused: %v", filepath.Base(dir), err)
			refused++
			continue
		}
		out = append(out, trial{filepath.Base(dir), m, x})
	}
	return out, refused
}

// answers lists hls4ml's answers to a network, one file for each output.
func answers(t testing.TB, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "y*.npy"))
	require.NoError(t, err)
	return files
}

// answered lists the folders of the networks in a folder that have answers.
func answered(t *testing.T, root string) []string {
	answers, err := filepath.Glob(filepath.Join(root, "*", "y*.npy"))
	require.NoError(t, err)
	require.NotEmpty(t, answers, "no networks in %s", root)
	var dirs []string
	for _, file := range answers {
		if dir := filepath.Dir(file); len(dirs) == 0 || dirs[len(dirs)-1] != dir {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

func compareBits(t testing.TB, want, got *hlsgo.Array) {
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
