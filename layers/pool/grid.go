package pool

import (
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// grid is the geometry of a pooling over one (height 1) or two axes, channels last.
type grid struct {
	height, width, chans int
	poolH, poolW         int
	strideH, strideW     int
	outH, outW           int
	padTop, padLeft      int
	padded, countPad     bool
	flat, global         bool // one axis of pixels; one window for all pixels
}

// window lists the input position behind each place of a window, rows first, without those in the padding.
type window struct {
	at     []int
	padded bool // it reaches into the padding
	count  int  // by how many values an average divides
}

func gridOf(n *ir.Node) grid {
	switch a := n.Attrs.(type) {
	case *Pooling1DAttrs:
		return grid{
			height: 1, width: a.NIn, chans: a.NFilt, poolH: 1, poolW: a.PoolWidth, strideH: 1,
			strideW: a.StrideWidth, outH: 1, outW: a.NOut, padLeft: a.PadLeft, flat: true,
			padded: a.PadLeft != 0 || a.PadRight != 0, countPad: a.CountPad,
		}
	case *Pooling2DAttrs:
		return grid{
			height: a.InHeight, width: a.InWidth, chans: a.NFilt, poolH: a.PoolHeight, poolW: a.PoolWidth,
			strideH: a.StrideHeight, strideW: a.StrideWidth, outH: a.OutHeight, outW: a.OutWidth,
			padTop: a.PadTop, padLeft: a.PadLeft, countPad: a.CountPad,
			padded: a.PadTop != 0 || a.PadBottom != 0 || a.PadLeft != 0 || a.PadRight != 0,
		}
	case *Global1DAttrs:
		return whole(1, a.NIn, a.NFilt)
	case *Global2DAttrs:
		return whole(a.InHeight, a.InWidth, a.NFilt)
	}
	panic(fmt.Sprintf("BUG: pool: node %q of kind %s is no pooling", n.Name, n.Kind))
}

// whole is one window over the picture.
func whole(height, width, chans int) grid {
	return grid{
		height: height, width: width, chans: chans, poolH: height, poolW: width,
		strideH: height, strideW: width, outH: 1, outW: 1, global: true,
	}
}

func commonOf(n *ir.Node) *Common {
	switch a := n.Attrs.(type) {
	case *Pooling1DAttrs:
		return &a.Common
	case *Pooling2DAttrs:
		return &a.Common
	case *Global1DAttrs:
		return &a.Common
	case *Global2DAttrs:
		return &a.Common
	}
	panic(fmt.Sprintf("BUG: pool: node %q of kind %s is no pooling", n.Name, n.Kind))
}

// windowOf returns the attributes of poolings with windows; nil for global ones.
func windowOf(n *ir.Node) *Window {
	switch a := n.Attrs.(type) {
	case *Pooling1DAttrs:
		return &a.Window
	case *Pooling2DAttrs:
		return &a.Window
	}
	return nil
}

// ragged reports whether a window reaches out of the input.
func (g grid) ragged() bool {
	return g.padTop > 0 || g.padLeft > 0 || (g.outH-1)*g.strideH+g.poolH > g.height ||
		(g.outW-1)*g.strideW+g.poolW > g.width
}

// check wants sizes that fit the input, and windows that each hold a pixel.
func (g grid) check(n *ir.Node) error {
	in := n.In(0)
	switch {
	case in == nil:
		return n.Errorf("input %q: got no such tensor", n.Inputs[0])
	case min(g.height, g.width, g.chans, g.poolH, g.poolW, g.strideH, g.strideW, g.outH, g.outW) < 1:
		return n.Errorf("geometry: got %+v, want every size positive", g)
	case g.poolH > math.MaxInt32/g.poolW:
		return n.Errorf("pool_size: got %d by %d, want at most %d places, which the firmware counts in 32 bits",
			g.poolH, g.poolW, math.MaxInt32)
	case g.height*g.width*g.chans != in.Size():
		return n.Errorf("geometry: got %d by %d pixels of %d values, want those of an input of shape %v",
			g.height, g.width, g.chans, in.Shape)
	case g.padTop < 0 || g.padLeft < 0 || g.padTop >= g.poolH || g.padLeft >= g.poolW,
		(g.outH-1)*g.strideH-g.padTop >= g.height || (g.outW-1)*g.strideW-g.padLeft >= g.width:
		return n.Errorf("geometry: got %+v, want a pixel of the input in every window", g)
	}
	return nil
}

// checkFirmware refuses what the generated code does not have.
func (g grid) checkFirmware(n *ir.Node) error {
	if commonOf(n).DataFormat == "channels_first" {
		return n.Errorf("data_format: got channels_first, want channels_last")
	}
	cfg := n.Graph().Config
	if g.global || cfg.IOType != ir.Stream {
		return nil
	}
	apart := g.poolH == g.strideH && g.poolW == g.strideW
	encoded := windowOf(n).Implementation == ir.Encoded
	switch {
	case g.padded:
		return n.Errorf("padding: got some in io_stream, want none")
	case !apart && (encoded || !g.flat):
		return n.Errorf("strides: got %d by %d for windows of %d by %d in io_stream, want the size of the windows",
			g.strideH, g.strideW, g.poolH, g.poolW)
	case encoded && !cfg.Tool().Has(layers.Encoded):
		return n.Errorf("ConvImplementation: got Encoded, which %s does not have, want LineBuffer", cfg.Backend)
	}
	return nil
}

func (g grid) shape(n *ir.Node) []int {
	var pixels []int
	switch {
	case g.global:
		return []int{g.chans}
	case g.flat:
		pixels = []int{g.outW}
	default:
		pixels = []int{g.outH, g.outW}
	}
	if commonOf(n).DataFormat == "channels_first" {
		return append([]int{g.chans}, pixels...)
	}
	return append(pixels, g.chans)
}

// single is the geometry of one window, as a picture of its own.
func (g grid) single() grid {
	one := whole(g.poolH, g.poolW, g.chans)
	one.global, one.flat, one.countPad = false, g.flat, g.countPad
	return one
}

// crowded reports whether windows are large and have most of their places in common, so that sharing the
// work of neighbors pays more than a program of one window for all.
func (g grid) crowded() bool {
	const most = 1 << 10
	strides := min(g.strideH, g.height) * min(g.strideW, g.width)
	return g.poolH*g.poolW > most && g.places() > 4*strides
}

// outputs is the number of windows.
func (g grid) outputs() int { return g.outH * g.outW * g.chans }

// places bounds the places of a window, of those inside the picture.
func (g grid) places() int { return min(g.poolH, g.height) * min(g.poolW, g.width) }

// window is that of output i, in the order of the outputs: pixels, then channels. They are made one by one,
// since all of them are as many times the picture as windows overlap.
func (g grid) window(i int) window {
	pixel := i / g.chans
	rows := clipped(pixel/g.outW*g.strideH-g.padTop, g.poolH, g.height)
	cols := clipped(pixel%g.outW*g.strideW-g.padLeft, g.poolW, g.width)
	w := window{at: make([]int, 0, rows.size()*cols.size())}
	for row := rows.from; row < rows.to; row++ {
		for col := cols.from; col < cols.to; col++ {
			w.at = append(w.at, (row*g.width+col)*g.chans+i%g.chans)
		}
	}
	w.count, w.padded = len(w.at), rows.size() < g.poolH || cols.size() < g.poolW
	if g.countPad {
		w.count = g.poolH * g.poolW
	}
	return w
}

// span is a stretch of an axis.
type span struct{ from, to int }

func (s span) size() int { return s.to - s.from }

// clipped is what of a window lies inside an axis of `size` pixels. A window may reach far out: padding is
// counted, and never listed.
func clipped(from, window, size int) span { return span{max(from, 0), min(from+window, size)} }
