package conformance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/internal/npy"
)

func readArray(t testing.TB, path string) *hlsgo.Array {
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
