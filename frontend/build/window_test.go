package build_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
)

// TestPad compares with sizes worked out by hand; TestPadCovers below states the law.
func TestPad(t *testing.T) {
	for _, c := range []struct {
		in, size, stride, dilation int
		padding                    build.Padding
		out, before, after         int
	}{
		{6, 3, 1, 1, build.Valid, 4, 0, 0},
		{7, 3, 2, 1, build.Valid, 3, 0, 0},
		{7, 3, 2, 0, build.Same, 4, 1, 1},
		{6, 3, 2, 1, build.Same, 3, 0, 1},
		{6, 3, 2, 1, build.SameLower, 3, 1, 0},
		{6, 3, 1, 2, build.Causal, 6, 4, 0},
		{6, 1, 3, 1, build.Same, 2, 0, 0}, // strides longer than the window need none
	} {
		w, err := build.Window{
			Key: "size", In: c.in, Size: c.size, Stride: c.stride, Dilation: c.dilation,
		}.Pad(c.padding)
		require.NoError(t, err)
		require.Equal(t, []int{c.out, c.before, c.after}, []int{w.Out, w.Before, w.After}, "%+v", c)
	}
}

// TestPadCovers wants every window inside the padded axis, the same number as spelled-out padding gives, and
// no more padding than the last window reaches.
func TestPadCovers(t *testing.T) {
	for in := 1; in < 9; in++ {
		for size := 1; size < 5; size++ {
			for stride := 1; stride < 4; stride++ {
				for _, p := range []build.Padding{build.Same, build.SameLower, build.Causal} {
					w, err := build.Window{In: in, Size: size, Stride: stride}.Pad(p)
					require.NoError(t, err)
					require.Equal(t, (in+stride-1)/stride, w.Out)
					again, err := w.PadBy(w.Before, w.After)
					require.NoError(t, err)
					require.Equal(t, w, again)
					if w.Before+w.After > 0 {
						require.Equal(t, w.Before+in+w.After, (w.Out-1)*stride+w.Reach())
					}
				}
			}
		}
	}
}

func TestWindowErrors(t *testing.T) {
	w := build.Window{Key: "kernel_shape", In: 6, Size: 7, Stride: 1}
	_, err := w.Pad(build.Valid)
	require.EqualError(t, err, "kernel_shape: got 7, want at most the 6 pixels of the input")
	_, err = w.PadBy(-1, 0)
	require.ErrorContains(t, err, "padding: got -1 and 0, want neither negative")
	_, err = w.PadBy(1, 0)
	require.NoError(t, err)
	w.Stride = 0
	_, err = w.Pad(build.Same)
	require.EqualError(t, err, "kernel_shape, strides: got 7, 0, want both positive")
}

// TestReorder puts the gates of an LSTM as ONNX keeps them into hls4ml's order.
func TestReorder(t *testing.T) {
	c := build.Cell{Kind: "LSTM", Inputs: 1, Units: 2}
	require.Equal(t, 8, c.Width())
	onnx := ir.NewTensor(ir.Float32, 2, 8)
	for i := range onnx.Data {
		onnx.Data[i] = float64(i)
	}
	got := c.Reorder(onnx, "i", "o", "f", "c")
	require.Equal(t, []float64{0, 1, 4, 5, 6, 7, 2, 3, 8, 9, 12, 13, 14, 15, 10, 11}, got.Data)
	require.Equal(t, []int{2, 8}, got.Shape)
}
