package conv

import (
	"slices"

	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// convBits is the part of convolutions in bit-exact propagation.
var convBits = layers.Bits{Make: layers.MakeBits(makeConv)}

// makeConv sums the products over every window; padding has no bits. A depthwise convolution is taken for one
// with a single filter over all channels, as in hls4ml.
func makeConv(n *ir.Node, in []kif.Tensor) (kif.Tensor, error) {
	w, x := n.Weight("weight").Data, in[0]
	axes := len(w.Shape) - 2
	// The rule below counts channels on the last axis; a layer that it cannot judge says so, and is refused
	// by name, rather than be given bits that may be too few.
	if CommonOf(n).DataFormat != "channels_last" || axes != len(x.Shape)-1 {
		return kif.Tensor{}, layers.ErrNoBits
	}
	if err := geometry(n).fit(n); err != nil {
		return kif.Tensor{}, err
	}
	win := spacing(n, w.Shape[:axes]).Over(x.Shape)
	width := ir.Size(w.Shape[:axes+1])
	// Axes but the last are the window in its own order, so that rows of the matrix meet the columns of the
	// input.
	matrix, err := w.Reshape(width, w.Shape[axes+1])
	if err != nil {
		return kif.Tensor{}, err
	}
	sums, err := win.Columns(x).Interval().Matmul(matrix.Shape, matrix.Data)
	if err != nil {
		return kif.Tensor{}, err
	}
	out, err := layers.BiasedBits(sums, n.Weight("bias"))
	if err == nil { // a bias spreads the single filter of a depthwise one over the channels
		out.Shape = slices.Concat(win.Shape, out.Shape[len(out.Shape)-1:])
	}
	return out, err
}

// spacing says where windows of the size stand. size is the filter's, taken from the weights and not from
// the attributes: a depthwise filter has the same axes.
func spacing(n *ir.Node, size []int) kif.Spacing {
	if a := Attrs1D(n); a != nil {
		return kif.Spacing{
			Size: size, Stride: []int{a.StrideWidth}, Dilation: []int{max(a.DilationWidth, 1)},
			Before: []int{a.PadLeft}, After: []int{a.PadRight},
		}
	}
	a := Attrs2D(n)
	return kif.Spacing{
		Size: size, Stride: []int{a.StrideHeight, a.StrideWidth},
		Dilation: []int{max(a.DilationHeight, 1), max(a.DilationWidth, 1)},
		Before:   []int{a.PadTop, a.PadLeft}, After: []int{a.PadBottom, a.PadRight},
	}
}
