package ir_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hlsgo/hlsgo/internal/drawtest"
	"github.com/hlsgo/hlsgo/ir"
)

func numbered(dims ...int) *ir.Tensor {
	t := ir.NewTensor(ir.Float32, dims...)
	for i := range t.Data {
		t.Data[i] = float64(i)
	}
	return t
}

func TestTranspose(t *testing.T) {
	x := numbered(2, 3, 4)
	y := x.Transpose(2, 0, 1)
	require.Equal(t, []int{4, 2, 3}, y.Shape)
	for i := range 2 {
		for j := range 3 {
			for k := range 4 {
				require.Equal(t, x.Data[(i*3+j)*4+k], y.Data[(k*2+i)*3+j])
			}
		}
	}
}

// TestTransposeBack wants the inverse permutation to restore every tensor.
func TestTransposeBack(t *testing.T) {
	drawtest.Check(t, func(t *rapid.T) {
		dims := rapid.SliceOfN(rapid.IntRange(1, 4), 1, 4).Draw(t, "dims")
		perm := rapid.Permutation([]int{0, 1, 2, 3}[:len(dims)]).Draw(t, "perm")
		back := make([]int, len(perm))
		for i, p := range perm {
			back[p] = i
		}
		x := numbered(dims...)
		require.Equal(t, x, x.Transpose(perm...).Transpose(back...))
	})
}

func TestElementwiseBroadcasts(t *testing.T) {
	add := func(x, y float64) float64 { return x + y }
	got, err := ir.Elementwise(numbered(2, 3), numbered(3), add)
	require.NoError(t, err)
	require.Equal(t, []float64{0, 2, 4, 3, 5, 7}, got.Data)
	got, err = ir.Elementwise(numbered(2, 1), numbered(1, 3), add)
	require.NoError(t, err)
	require.Equal(t, []int{2, 3}, got.Shape)
	require.Equal(t, []float64{0, 1, 2, 1, 2, 3}, got.Data)
	_, err = ir.Elementwise(numbered(2), numbered(3), add)
	require.ErrorContains(t, err, "broadcast: got shapes [2] and [3]")
}

func TestElementwisePromotes(t *testing.T) {
	third := func(_, _ float64) float64 { return 1.0 / 3 }
	single, double := ir.NewTensor(ir.Float32, 1), ir.NewTensor(ir.Float64, 1)
	got, err := ir.Elementwise(single, single, third)
	require.NoError(t, err)
	require.Equal(t, float64(float32(1.0/3)), got.Data[0])
	got, err = ir.Elementwise(single, double, third)
	require.NoError(t, err)
	require.Equal(t, 1.0/3, got.Data[0])
	require.Equal(t, ir.Float64, got.DType)
	require.Equal(t, "float64", got.DType.String())
}

func TestReshape(t *testing.T) {
	x, err := numbered(2, 3).Reshape(3, 2)
	require.NoError(t, err)
	require.Equal(t, []int{3, 2}, x.Shape)
	_, err = x.Reshape(4)
	require.EqualError(t, err, "reshape: got [4], want a shape of 6 elements")
	require.True(t, numbered(1).AllEqual(0))
	require.False(t, numbered(2).AllEqual(0))
	c := x.Clone()
	c.Data[0] = 9
	require.Equal(t, 0.0, x.Data[0])
}
