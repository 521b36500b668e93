package kif_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/stretchr/testify/require"
)

// TestMinimalHoldsConstants wants the fewest bits that hold constants.
func TestMinimalHoldsConstants(t *testing.T) {
	for _, c := range []struct {
		values  []float64
		k, i, f int
	}{
		{[]float64{1}, 0, 1, 0},
		{[]float64{-1}, 1, 0, 0},
		{[]float64{0.75}, 0, 0, 2},
		{[]float64{-0.75, 3}, 1, 2, 2},
		{[]float64{0.125}, 0, -2, 3},
		{[]float64{0}, 0, 0, 0},
		{[]float64{6}, 0, 3, -1},
		{[]float64{0.1}, 0, -3, 32}, // no more than 32 bits behind the point
	} {
		k, i, f := kif.Minimal(c.values...)
		require.Equal(t, []int{c.k, c.i, c.f}, []int{k, i, f}, "%v", c.values)
	}
	require.Equal(t, fixed.UFixed(2, 32), kif.Format(0, 0, 0), "no bits")
	require.Equal(t, fixed.Fixed(4, 2), kif.Format(1, 1, 2))
}

// TestMatmulHoldsEverySum draws inputs at both ends and between, and wants each sum in the bits found for it,
// and one of them outside of one bit less.
func TestMatmulHoldsEverySum(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		x := kif.New([]int{3}, 0, 0, 0)
		for j := range x.K {
			x.K[j], x.I[j], x.F[j] = rng.IntN(2), rng.IntN(4), rng.IntN(4)
		}
		w := make([]float64, 3)
		for j := range w {
			w[j] = float64(rng.IntN(33)-16) / 8
		}
		r := x.Interval()
		sums, err := r.Matmul([]int{3, 1}, w)
		require.NoError(t, err)
		bits, err := sums.Bits()
		require.NoError(t, err)
		low, high := 0.0, 0.0
		for j, v := range w {
			low, high = low+min(v*r.Lo[j], v*r.Hi[j]), high+max(v*r.Lo[j], v*r.Hi[j])
		}
		if low == 0 && high == 0 {
			continue
		}
		top, step := math.Ldexp(1, bits.I[0]), math.Ldexp(1, -bits.F[0])
		require.GreaterOrEqual(t, low, -top*float64(bits.K[0]))
		require.LessOrEqual(t, high, top-step)
		require.Zero(t, math.Mod(low, step))
		require.Zero(t, math.Mod(high, step))
		require.True(t, low < -top/2 || high > top/2-step, "one bit less would do: %v..%v in %+v", low, high, bits)
	}
}

// TestSpread follows numpy's broadcasting.
func TestSpread(t *testing.T) {
	a, b := kif.New([]int{2, 1}, 1, 2, 3), kif.New([]int{3}, 0, 5, 1)
	a.I[1] = 7
	out, err := kif.Combine(a, b, kif.Larger)
	require.NoError(t, err)
	require.Equal(t, []int{2, 3}, out.Shape)
	require.Equal(t, []int{5, 5, 5, 7, 7, 7}, out.I)
	_, err = kif.Combine(kif.New([]int{2}, 0, 0, 0), b, kif.Larger)
	require.EqualError(t, err, "precision: got tensors of shapes [2] and [3], want them to agree")
}

// TestPermuted moves bits as numpy moves values.
func TestPermuted(t *testing.T) {
	x := kif.New([]int{2, 3}, 0, 0, 0)
	for i := range x.I {
		x.I[i] = i
	}
	y := x.Permuted([]int{1, 0})
	require.Equal(t, []int{3, 2}, y.Shape)
	require.Equal(t, []int{0, 3, 1, 4, 2, 5}, y.I)
}

// TestWindows lists what windows see: strides, gaps and padding, over one axis and over two.
func TestWindows(t *testing.T) {
	one := kif.Spacing{
		Size: []int{2}, Stride: []int{2}, Dilation: []int{2}, Before: []int{1}, After: []int{0},
	}.Over([]int{5, 1})
	require.Equal(t, []int{2}, one.Shape)
	require.Equal(t, [][]int{{-1, 1}, {1, 3}}, one.Places)

	two := kif.Spacing{
		Size: []int{2, 1}, Stride: []int{1, 1}, Dilation: []int{1, 1}, Before: []int{0, 0}, After: []int{1, 0},
	}.Over([]int{2, 1, 2})
	require.Equal(t, []int{2, 1}, two.Shape)
	require.Equal(t, [][]int{{0, 1, 2, 3}, {2, 3, -1, -1}}, two.Places)
}

// TestSumHasTheFinestStep adds what a scalar product multiplies.
func TestSumHasTheFinestStep(t *testing.T) {
	x := kif.New([]int{2}, 0, 2, 0)
	x.F[1] = 3
	bits, err := x.Interval().Sum().Bits()
	require.NoError(t, err)
	require.Equal(t, kif.New([]int{1}, 0, 3, 3), bits)
}
