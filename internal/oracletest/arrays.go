package oracletest

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/hlsgo/hlsgo/internal/npy"
	"github.com/stretchr/testify/require"
)

// Array is the content of a .npy file; F32 or F64 is set, as in the file.
type Array struct {
	Shape []int
	F32   []float32
	F64   []float64
}

// Arrays reads stem.npy of a folder or, where there are several inputs or outputs, stem_0.npy, stem_1.npy and
// so on. A is a type such as hlsgo.Array, which this package may not import since tests inside that package
// import it.
func Arrays[A ~struct {
	Shape []int
	F32   []float32
	F64   []float64
}](t testing.TB, dir, stem string) []*A {
	t.Helper()
	var out []*A
	for _, a := range arrays(t, dir, stem) {
		array := A(a)
		out = append(out, &array)
	}
	return out
}

func arrays(t testing.TB, dir, stem string) (out []Array) {
	t.Helper()
	for {
		path := filepath.Join(dir, fmt.Sprintf("%s_%d.npy", stem, len(out)))
		r, err := npy.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		require.NoError(t, err)
		out = append(out, Values(t, r))
	}
	if len(out) == 0 {
		r, err := npy.Open(filepath.Join(dir, stem+".npy"))
		require.NoError(t, err)
		out = append(out, Values(t, r))
	}
	return out
}

// Values reads the rest of r and closes it.
func Values(t testing.TB, r *npy.Reader) Array {
	t.Helper()
	defer r.Close()
	a := Array{Shape: r.Shape()}
	var err error
	if r.DType() == npy.Float64 {
		a.F64, err = npy.ReadAll[float64](r)
	} else {
		a.F32, err = npy.ReadAll[float32](r)
	}
	require.NoError(t, err)
	return a
}
