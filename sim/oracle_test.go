package sim_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/internal/npy"
	"github.com/hlsgo/hlsgo/sim"
	"github.com/hlsgo/hlsgo/sim/vec"
)

const oracle = "../testdata/oracle"

// caseNames are the cases that must run: the list and the folders must agree.
func caseNames(t testing.TB) []string {
	var names []string
	for _, file := range []string{"main.txt", "layers.txt", "extra.txt"} {
		list, err := os.ReadFile(filepath.Join(oracle, file))
		require.NoError(t, err)
		names = append(names, strings.Fields(string(list))...)
	}
	dirs, err := os.ReadDir(filepath.Join(oracle, "cases"))
	require.NoError(t, err)
	var found []string
	for _, d := range dirs {
		found = append(found, d.Name())
	}
	require.ElementsMatch(t, names, found)
	require.Greater(t, len(names), 93)
	return names
}

// modes are the ways to run a program: the plain evaluators, plane operations without vector code, and with
// that of every instruction set that the machine has.
func modes(t testing.TB) map[string]sim.Options {
	out := map[string]sim.Options{"plain": {Plain: true}, "planes": {Loops: &vec.Set{}}}
	for _, set := range vec.Sets() {
		out[set.Name] = sim.Options{Loops: &set}
	}
	for _, name := range vec.Missing() {
		t.Logf("this machine lacks %s: its loops are not run", name)
	}
	return out
}

// TestOracle compares outputs and the trace of every layer with what hls4ml answered, in every bit, in every
// mode.
func TestOracle(t *testing.T) {
	kernels := view(t)
	for _, name := range caseNames(t) {
		for mode, options := range modes(t) {
			t.Run(name+"/"+mode, func(t *testing.T) {
				t.Parallel()
				dir := filepath.Join(oracle, "cases", name)
				options.Block = 64
				p, err := sim.Compile(loadGraph(t, dir), kernels, options)
				require.NoError(t, err)
				compareCase(t, p, dir, "X", "y", "trace.npz")
				if _, err := os.Stat(filepath.Join(dir, "y2.npy")); err == nil {
					compareCase(t, p, dir, "X2", "y2", "")
				}
			})
		}
	}
}

func compareCase(t *testing.T, p *sim.Program, dir, x, y, trace string) {
	in := readStem(t, dir, x)
	if in[0].F64 != nil {
		compareFloats(t, p, dir, doubles(in), readStem(t, dir, y), trace)
	} else {
		compareFloats(t, p, dir, singles(in), readStem(t, dir, y), trace)
	}
}

func compareFloats[T sim.Float](
	t *testing.T, p *sim.Program, dir string, in [][]T, want []array, trace string,
) {
	src, err := sim.NewSlices(p, in)
	require.NoError(t, err)
	var y, tr sim.Collect[T]
	report, err := sim.Run(context.Background(), p, sim.Job[T]{Source: src, Sink: &y, Trace: &tr})
	require.NoError(t, err)
	require.Positive(t, report.Samples)
	require.Len(t, want, len(p.Outputs))
	optimized, err := sim.Predict(context.Background(), p, in)
	require.NoError(t, err)
	for i, port := range p.Outputs {
		require.NoError(t, sim.FirstDiff(port, y.Data[i], values[T](want[i])))
		require.NoError(t, sim.FirstDiff(port, optimized[i], values[T](want[i])), "without trace")
	}
	if trace != "" {
		compareTrace(t, p, filepath.Join(dir, trace), tr.Data)
	}
}

// compareTrace compares the layers that the archive holds, of its first samples. Every layer in it must be in
// the program's trace, and the other way round.
func compareTrace[T sim.Float](t *testing.T, p *sim.Program, path string, got [][]T) {
	a, err := npy.OpenArchive(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Log("hls4ml left no trace of this case")
		return
	}
	require.NoError(t, err)
	defer a.Close()
	var names []string
	for i, port := range p.Traced {
		names = append(names, port.Name)
		r, err := a.Open(port.Name)
		require.NoError(t, err)
		require.Equal(t, port.Shape, r.Shape()[1:], port.Name)
		want := values[T](readAll(t, r))
		require.NoError(t, sim.FirstDiff(port, got[i][:len(want)], want))
	}
	require.ElementsMatch(t, a.Names(), names)
}

// array is the content of a .npy file; one of the two is set.
type array struct {
	F32 []float32
	F64 []float64
}

func values[T sim.Float](a array) []T {
	var zero T
	if _, ok := any(zero).(float32); ok {
		return any(a.F32).([]T)
	}
	return any(a.F64).([]T)
}

func readAll(t testing.TB, r *npy.Reader) (a array) {
	defer r.Close()
	var err error
	if r.DType() == npy.Float64 {
		a.F64, err = npy.ReadAll[float64](r)
	} else {
		a.F32, err = npy.ReadAll[float32](r)
	}
	require.NoError(t, err)
	return a
}

// readStem reads stem.npy, or stem_0.npy, stem_1.npy, ...
func readStem(t testing.TB, dir, stem string) []array {
	r, err := npy.Open(filepath.Join(dir, stem+".npy"))
	if err == nil {
		return []array{readAll(t, r)}
	}
	var out []array
	for {
		r, err := npy.Open(filepath.Join(dir, fmt.Sprintf("%s_%d.npy", stem, len(out))))
		if errors.Is(err, fs.ErrNotExist) {
			require.NotEmpty(t, out, stem)
			return out
		}
		require.NoError(t, err)
		out = append(out, readAll(t, r))
	}
}

func singles(in []array) (out [][]float32) {
	for _, a := range in {
		out = append(out, a.F32)
	}
	return out
}

func doubles(in []array) (out [][]float64) {
	for _, a := range in {
		out = append(out, a.F64)
	}
	return out
}
