package sim_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/internal/npy"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
	"github.com/hlsgo/hlsgo/sim"
	"github.com/hlsgo/hlsgo/sim/vec"
)

const oracle = "../testdata/oracle"

// caseNames are the cases that must run: the list and the folders must agree.
func caseNames(t testing.TB) []string {
	names := oracletest.Names(t)
	dirs, err := os.ReadDir(filepath.Join(oracle, "cases"))
	require.NoError(t, err)
	var found []string
	for _, d := range dirs {
		found = append(found, d.Name())
	}
	require.ElementsMatch(t, names, found)
	require.Greater(t, len(names), 93)
	return oracletest.Runnable(t)
}

// modes are the ways to run a program: the plain evaluators, plane operations without vector code, and with
// that of every instruction set that the machine has.
func modes(t testing.TB) map[string]sim.Options {
	out := map[string]sim.Options{"plain": {Plain: true}, "planes": {Loops: &vec.Set{}}}
	out["grids, planes"] = sim.Options{Loops: &vec.Set{}, Grid: sim.GridAlways}
	for _, set := range vec.Sets() {
		out[set.Name] = sim.Options{Loops: &set}
		out["grids, "+set.Name] = sim.Options{Loops: &set, Grid: sim.GridAlways}
	}
	for _, name := range vec.Missing() {
		t.Logf("this machine lacks %s: its loops are not run", name)
	}
	return out
}

// TestOracle compares outputs and the trace of every layer with what hls4ml answered, in every bit, in every
// mode. What several modes do wrong alike is said once, with their names.
func TestOracle(t *testing.T) {
	kernels, rows := view(t), tabletest.New(t)
	for _, name := range caseNames(t) {
		rows.Run(name, func(t *tabletest.T) {
			t.Parallel()
			dir := filepath.Join(oracle, "cases", name)
			var found []string
			inModes := map[string][]string{}
			all := modes(t)
			for _, mode := range slices.Sorted(maps.Keys(all)) {
				options := all[mode]
				options.Block = 64
				p, err := sim.Compile(loadGraph(t, dir), kernels, options)
				require.NoError(t, err, mode)
				if err := compareCase(t, p, dir); err != nil {
					if inModes[err.Error()] == nil {
						found = append(found, err.Error())
					}
					inModes[err.Error()] = append(inModes[err.Error()], mode)
				}
			}
			for _, text := range found {
				t.Errorf("%s: in the modes %s", text, strings.Join(inModes[text], ", "))
			}
		})
	}
}

// compareCase is the first difference between the answers to the samples of a case and those recorded.
func compareCase(t testing.TB, p *sim.Program, dir string) error {
	if err := compareAnswers(t, p, dir, "X", "y", "trace.npz"); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, "y2.npy")); err == nil {
		return compareAnswers(t, p, dir, "X2", "y2", "")
	}
	return nil
}

func compareAnswers(t testing.TB, p *sim.Program, dir, x, y, trace string) error {
	in := oracletest.Arrays[array](t, dir, x)
	if in[0].F64 != nil {
		return compareFloats(t, p, dir, doubles(in), oracletest.Arrays[array](t, dir, y), trace)
	}
	return compareFloats(t, p, dir, singles(in), oracletest.Arrays[array](t, dir, y), trace)
}

// compareFloats looks at the trace before the answers: the first layer that is wrong comes first in it.
func compareFloats[T sim.Float](
	t testing.TB, p *sim.Program, dir string, in [][]T, want []*array, trace string,
) error {
	src, err := sim.NewSlices(p, in)
	require.NoError(t, err)
	var y, tr sim.Collect[T]
	report, err := sim.Run(context.Background(), p, sim.Job[T]{Source: src, Sink: &y, Trace: &tr})
	require.NoError(t, err)
	require.Positive(t, report.Samples)
	require.Len(t, want, len(p.Outputs))
	optimized, err := sim.Predict(context.Background(), p, in)
	require.NoError(t, err)
	if trace != "" {
		if err := compareTrace(t, p, filepath.Join(dir, trace), tr.Data); err != nil {
			return err
		}
	}
	for i, port := range p.Outputs {
		if err := sim.FirstDiff(port, y.Data[i], values[T](want[i])); err != nil {
			return err
		}
		if err := sim.FirstDiff(port, optimized[i], values[T](want[i])); err != nil {
			return fmt.Errorf("without trace: %w", err)
		}
	}
	return nil
}

// compareTrace compares the layers that the archive holds, of its first samples. Every layer in it must be in
// the program's trace, and the other way round.
func compareTrace[T sim.Float](t testing.TB, p *sim.Program, path string, got [][]T) error {
	a, err := npy.OpenArchive(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Log("hls4ml left no trace of this case")
		return nil
	}
	require.NoError(t, err)
	defer a.Close()
	var names []string
	for i, port := range p.Traced {
		names = append(names, port.Name)
		r, err := a.Open(port.Name)
		require.NoError(t, err)
		require.Equal(t, port.Shape, r.Shape()[1:], port.Name)
		layer := oracletest.Values(t, r)
		want := values[T](&layer)
		if err := sim.FirstDiff(port, got[i][:len(want)], want); err != nil {
			return err
		}
	}
	require.ElementsMatch(t, a.Names(), names)
	return nil
}

type array = oracletest.Array

func values[T sim.Float](a *array) []T {
	var zero T
	if _, ok := any(zero).(float32); ok {
		return any(a.F32).([]T)
	}
	return any(a.F64).([]T)
}

func singles(in []*array) (out [][]float32) {
	for _, a := range in {
		out = append(out, a.F32)
	}
	return out
}

func doubles(in []*array) (out [][]float64) {
	for _, a := range in {
		out = append(out, a.F64)
	}
	return out
}
