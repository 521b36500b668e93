package conv

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// windows is the geometry of a convolution over one (height 1) or two axes, channels last. Padding after
// the last row and column needs no field: it is what a window reaches beyond the input, and how many
// windows there are stands in outH and outW. Sizes, strides and dilations are in pixels.
type windows struct {
	height, width, chans int
	filtH, filtW         int
	strideH, strideW     int
	padTop, padLeft      int
	outH, outW           int
	dilationH, dilationW int
}

// pixel lists the input value behind each place of the window of one output pixel, or -1 for padding. Order:
// rows, columns, channels. This order is that of the weights' axes (filt_height, filt_width, n_chan), so
// that entry k of the window meets row k of the weight matrix, as in the im2col of hls4ml's kernels.
func (g windows) pixel(row, col int) []int {
	return g.appendPixel(make([]int, 0, g.size()), row, col)
}

// appendPixel is pixel behind what is there.
func (g windows) appendPixel(out []int, row, col int) []int {
	for kh := range g.filtH {
		r := row*g.strideH + kh*g.dilationH - g.padTop
		for kw := range g.filtW {
			c := col*g.strideW + kw*g.dilationW - g.padLeft
			inside := r >= 0 && r < g.height && c >= 0 && c < g.width
			for ch := range g.chans {
				if inside {
					out = append(out, (r*g.width+c)*g.chans+ch)
				} else {
					out = append(out, -1)
				}
			}
		}
	}
	return out
}

// all lists the windows of all output pixels. Row by row, as the C++ walks the picture and as the output is
// stored.
func (g windows) all() [][]int {
	out := make([][]int, 0, g.outH*g.outW)
	for row := range g.outH {
		for col := range g.outW {
			out = append(out, g.pixel(row, col))
		}
	}
	return out
}

// fit refuses windows that are too large to be listed.
func (g windows) fit(n *ir.Node) error {
	return layers.Fits(n, "its windows", 8, g.outH, g.outW, g.size())
}

// dilated reports whether a window has gaps between its pixels. An axis along which the filter has one
// pixel has no gaps, whatever its dilation says.
func (g windows) dilated() bool {
	return g.dilationH > 1 && g.filtH > 1 || g.dilationW > 1 && g.filtW > 1
}

// reachH and reachW are how many pixels a window covers, those between its own included.
func (g windows) reachH() int { return (g.filtH-1)*g.dilationH + 1 }
func (g windows) reachW() int { return (g.filtW-1)*g.dilationW + 1 }

// size is the number of values in one window.
func (g windows) size() int { return g.filtH * g.filtW * g.chans }

func (a *Conv1DAttrs) windows() windows {
	return windows{
		height: 1, width: a.InWidth, chans: a.NChan, filtH: 1, filtW: a.FiltWidth,
		strideH: 1, strideW: a.StrideWidth, padLeft: a.PadLeft, outH: 1, outW: a.OutWidth,
		dilationH: 1, dilationW: max(a.DilationWidth, 1),
	}
}

func (a *Conv2DAttrs) windows() windows {
	return windows{
		height: a.InHeight, width: a.InWidth, chans: a.NChan, filtH: a.FiltHeight, filtW: a.FiltWidth,
		strideH: a.StrideHeight, strideW: a.StrideWidth, padTop: a.PadTop, padLeft: a.PadLeft,
		outH: a.OutHeight, outW: a.OutWidth,
		dilationH: max(a.DilationHeight, 1), dilationW: max(a.DilationWidth, 1),
	}
}

// geometry is the convolution that a node stands for, whatever its kind. It is made anew at each call:
// passes change the attributes of a node after others have looked.
func geometry(n *ir.Node) windows {
	if a := Attrs1D(n); a != nil {
		return a.windows()
	}
	return Attrs2D(n).windows()
}

// Attrs1D returns the attributes of a convolution over one axis; nil for other kinds. It asks for the
// attributes' type and not for the kind, which passes turn from Conv1D into PointwiseConv1D with the same
// attributes.
func Attrs1D(n *ir.Node) *Conv1DAttrs {
	switch a := n.Attrs.(type) {
	case *Conv1DAttrs:
		return a
	case *Depthwise1DAttrs:
		return &a.Conv1DAttrs
	case *Separable1DAttrs:
		return &a.Conv1DAttrs
	}
	return nil
}

// Attrs2D returns the attributes of a convolution over two axes; nil for other kinds.
func Attrs2D(n *ir.Node) *Conv2DAttrs {
	switch a := n.Attrs.(type) {
	case *Conv2DAttrs:
		return a
	case *Depthwise2DAttrs:
		return &a.Conv2DAttrs
	case *Separable2DAttrs:
		return &a.Conv2DAttrs
	case *BatchnormAttrs:
		return &a.Conv2DAttrs
	}
	return nil
}

// CommonOf returns the attributes that all convolutions share; nil for other kinds.
func CommonOf(n *ir.Node) *Common {
	if a := Attrs1D(n); a != nil {
		return &a.Common
	}
	if a := Attrs2D(n); a != nil {
		return &a.Common
	}
	return nil
}

// WindowSize is the number of values in a window of the convolution.
func WindowSize(n *ir.Node) int { return geometry(n).size() }

// check wants every size positive and the windows' input there.
func (g windows) check(n *ir.Node) error {
	return checkSizes(n, g.height, g.width, g.chans, CommonOf(n).NFilt, g.filtH, g.filtW, g.strideH, g.strideW,
		g.outH, g.outW)
}

// outputPixels is the shape of the output's pixels.
func (g windows) outputPixels(n *ir.Node) []int {
	if Attrs1D(n) != nil {
		return []int{g.outW}
	}
	return []int{g.outH, g.outW}
}

// filter is the shape of a window's pixels.
func (g windows) filter(n *ir.Node) []int {
	if Attrs1D(n) != nil {
		return []int{g.filtW}
	}
	return []int{g.filtH, g.filtW}
}
