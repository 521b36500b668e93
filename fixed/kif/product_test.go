package kif_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/fixed/kif"
)

// TestMatvec multiplies ranges by ranges: both ends of a sum come from corners of its products.
func TestMatvec(t *testing.T) {
	matrix := kif.OfFormat([]int{2, 2}, fixed.Fixed(4, 2)).Interval() // -2 to 1.75 by 1/4
	vector := kif.OfFormat([]int{2}, fixed.UFixed(3, 1)).Interval()   // 0 to 1.75 by 1/4
	constant := kif.Constants([]int{2}, []float64{-0.5, 3})           // by 1/2 and 1
	sums, err := matrix.Matvec(vector)
	require.NoError(t, err)
	require.Equal(t, kif.Interval{
		Shape: []int{2}, Lo: []float64{-7, -7}, Hi: []float64{6.125, 6.125}, Step: []float64{1. / 16, 1. / 16},
	}, sums)
	sums, err = matrix.Matvec(constant)
	require.NoError(t, err)
	require.Equal(t, kif.Interval{
		Shape: []int{2}, Lo: []float64{-6.875, -6.875}, Hi: []float64{6.25, 6.25}, Step: []float64{1. / 8, 1. / 8},
	}, sums)
	_, err = vector.Matvec(vector)
	require.ErrorContains(t, err, "got a vector [2] for a matrix [2]")
}

// TestIntervalsMove cuts ranges into rows, puts them together again and turns the axes.
func TestIntervalsMove(t *testing.T) {
	x := kif.Constants([]int{2, 3}, []float64{1, 2, 3, 4, 5, 6})
	again := kif.Concat([]int{2, 3}, []kif.Interval{x.Slice(0, []int{3}), x.Slice(3, []int{3})})
	require.Equal(t, x, again)
	turned := x.Permuted([]int{1, 0})
	require.Equal(t, []int{3, 2}, turned.Shape)
	require.Equal(t, []float64{1, 4, 2, 5, 3, 6}, turned.Lo)
}
