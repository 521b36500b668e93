package hlsgo_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
)

func array[T float32 | float64](t *testing.T, values []T, shape ...int) *hlsgo.Array {
	t.Helper()
	a, err := hlsgo.NewArray(values, shape...)
	require.NoError(t, err)
	return a
}

// TestArrayFiles writes arrays in each format, whole, in parts and to a stream, and reads them back.
func TestArrayFiles(t *testing.T) {
	dir := t.TempDir()
	for _, a := range []*hlsgo.Array{
		array(t, []float32{1, -2, 0.1, float32(math.Inf(1)), 5, 6}, 3, 2),
		array(t, []float64{1, -2, 0.1, 4, math.Copysign(0, -1), 1e-300}, 1, 2, 3),
		array(t, []float64{1, 2, 3}),
	} {
		name := filepath.Join(dir, "a.npy")
		require.NoError(t, a.WriteFile(name))
		got, err := hlsgo.ReadArray(name)
		require.NoError(t, err)
		require.Equal(t, a, got)

		var b bytes.Buffer
		require.NoError(t, a.WriteNPY(&b))
		file, err := os.ReadFile(name)
		require.NoError(t, err)
		require.Equal(t, file, b.Bytes())
		got, err = hlsgo.ReadNPY(&b)
		require.NoError(t, err)
		require.Equal(t, a, got)
	}
	text := filepath.Join(dir, "a.dat")
	require.NoError(t, array(t, []float32{1, 2.5, 3, 4}, 2, 2).WriteFile(text))
	got, err := hlsgo.ReadArray(text)
	require.NoError(t, err)
	require.Equal(t, array(t, []float32{1, 2.5, 3, 4}, 2, 2), got)
	csv := filepath.Join(dir, "a.csv")
	require.NoError(t, got.WriteFile(csv))
	file, err := os.ReadFile(csv)
	require.NoError(t, err)
	require.Equal(t, "1,2.5\n3,4\n", string(file))
	labels, err := hlsgo.ReadArray("examples/digits/digits_labels.npy")
	require.NoError(t, err)
	require.Equal(t, []int{360}, labels.Shape)
	require.Equal(t, 8.0, float64(labels.F32[0]))
}

// TestArrayParts copies a file in parts of different sizes.
func TestArrayParts(t *testing.T) {
	for _, part := range []int{1, 7, 360, 1000} {
		r, err := hlsgo.OpenArray("examples/digits/digits_X.npy")
		require.NoError(t, err)
		name := filepath.Join(t.TempDir(), "copy.npy")
		w, err := hlsgo.CreateArray(name, false, 64)
		require.NoError(t, err)
		defer w.Abort()
		samples := 0
		for {
			a, err := r.Read(part)
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			require.LessOrEqual(t, a.Samples(), part)
			samples += a.Samples()
			require.NoError(t, w.Write(a))
		}
		require.NoError(t, r.Close())
		require.NoFileExists(t, name)
		require.NoError(t, w.Close())
		require.Equal(t, 360, samples)
		want, err := os.ReadFile("examples/digits/digits_X.npy")
		require.NoError(t, err)
		got, err := hlsgo.ReadArray(name)
		require.NoError(t, err)
		again, err := hlsgo.ReadNPY(bytes.NewReader(want))
		require.NoError(t, err)
		require.Equal(t, again, got)
	}
}

// TestArrayErrors wants one line for what cannot be, and no file.
func TestArrayErrors(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a.npy")
	_, err := hlsgo.NewArray([]float32{1, 2, 3}, 2, 2)
	require.EqualError(t, err, "array: got 3 values of float32 and 0 of float64, want 4 of one type for "+
		"shape [2 2]")
	_, err = hlsgo.NewArray([]float32{1}, math.MaxInt, 8)
	require.ErrorContains(t, err, "whose product is an int")
	_, err = hlsgo.NewArray([]float32{1}, -1, -1)
	require.ErrorContains(t, err, "at least 0")
	require.ErrorContains(t, (&hlsgo.Array{}).WriteFile(name), "want 1 of one type for shape []")
	require.ErrorContains(t, array(t, []float32{}, 0, 3).WriteFile(name), "want samples of at least one value")
	short := &hlsgo.Array{Shape: []int{1, 2}, F32: []float32{1}}
	require.ErrorContains(t, short.WriteNPY(io.Discard), "got 1 values")
	require.ErrorContains(t, array(t, []float32{1}).WriteFile(filepath.Join(dir, "a.json")), `got ".json"`)
	_, err = hlsgo.ReadArray(name)
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = hlsgo.ReadNPY(bytes.NewReader([]byte("\x93NUMPY")))
	require.ErrorContains(t, err, "not a .npy file")

	w, err := hlsgo.CreateArray(name, false, 2)
	require.NoError(t, err)
	require.ErrorContains(t, w.Write(array(t, []float32{1, 2, 3}, 1, 3)), "want samples of shape [2]")
	require.ErrorContains(t, w.Write(array(t, []float64{1, 2}, 1, 2)), "got float64, want float32")
	w.Abort()
	require.NoFileExists(t, name)
	_, err = hlsgo.CreateArray(name, false, 0)
	require.ErrorContains(t, err, "at least 1")
	require.ErrorContains(t, hlsgo.WriteNPZ(filepath.Join(dir, "a.npz"), []hlsgo.NamedArray{
		{"a", array(t, []float32{1})}, {"a", array(t, []float32{1})},
	}), "is there twice")
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
}

// TestTrace wants the arrays of a trace to be those that predict writes into files, of the firmware and of
// the float model, in both types.
func TestTrace(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	for _, path := range []string{"examples/digits/digits.yml", standIns["cnn"], standIns["rnn"]} {
		m, err := tk.Load(path, hlsgo.Overrides{})
		require.NoError(t, err)
		single := samplesFor(t, m, 20)
		double := array(t, make([]float64, single.Len()), single.Shape...)
		for i, v := range single.F32 {
			double.F64[i] = float64(v)
		}
		for _, x := range []*hlsgo.Array{single, double} {
			for _, float := range []bool{false, true} {
				sameAsFiles(t, m, x, float)
			}
		}
		want, err := m.Reference(t.Context(), single)
		require.NoError(t, err)
		got, err := m.Trace(t.Context(), hlsgo.TraceOptions{Float: true, Double: true}, single)
		require.NoError(t, err)
		require.Equal(t, want, got.Outputs)
		require.True(t, slices.ContainsFunc(want[0].F64, func(v float64) bool {
			return v != float64(float32(v))
		}), "got values of float32, want float64")
		require.Nil(t, got.Layer("none"))
		_, err = m.Trace(t.Context(), hlsgo.TraceOptions{Float: true})
		require.ErrorContains(t, err, "got 0 arrays, want 1")
		canceled, cancel := context.WithCancel(t.Context())
		cancel()
		for _, float := range []bool{false, true} {
			_, err = m.Trace(canceled, hlsgo.TraceOptions{Float: float}, single)
			require.ErrorIs(t, err, context.Canceled)
		}
	}
}

func sameAsFiles(t *testing.T, m *hlsgo.Model, x *hlsgo.Array, float bool) {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "x.npy"), filepath.Join(dir, "y.npy")
	require.NoError(t, x.WriteFile(in))
	archive := filepath.Join(dir, "t.npz")
	_, err := m.PredictFiles(t.Context(), hlsgo.PredictJob{
		Inputs: []string{in}, Outputs: []string{out}, Trace: archive, Float: float,
	})
	require.NoError(t, err)
	done := 0
	got, err := m.Trace(t.Context(), hlsgo.TraceOptions{Float: float, Progress: func(n, total int) {
		require.Equal(t, 20, total)
		done = n
	}}, x)
	require.NoError(t, err)
	require.Equal(t, 20, done)
	want, err := hlsgo.ReadArray(out)
	require.NoError(t, err)
	require.Equal(t, []*hlsgo.Array{want}, got.Outputs)
	layers, err := hlsgo.ReadNPZ(archive)
	require.NoError(t, err)
	require.Equal(t, layers, got.Layers)
	require.Nil(t, got.Layer(m.Parsed().Inputs[0]), "want no inputs in a trace")
	again := filepath.Join(dir, "again.npz")
	require.NoError(t, got.WriteFile(again))
	old, err := os.ReadFile(archive)
	require.NoError(t, err)
	written, err := os.ReadFile(again)
	require.NoError(t, err)
	require.Equal(t, old, written)
}
