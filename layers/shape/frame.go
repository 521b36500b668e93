package shape

import (
	"fmt"

	"github.com/hlsgo/hlsgo/ir"
)

// frame is a picture put into, or cut out of, another: the output pixel (0, 0) is the input pixel (top,
// left), which lies outside where zeros are added.
type frame struct {
	format      string
	inH, inW    int
	outH, outW  int
	chans       int
	top, left   int
	bottom, end int // pixels taken after the last row and column; negative where zeros are added
	flat        bool
}

func frameOf(n *ir.Node) frame {
	switch a := n.Attrs.(type) {
	case *Padding1DAttrs:
		return frame{
			format: a.DataFormat, inH: 1, inW: a.InWidth, outH: 1, outW: a.OutWidth, chans: a.NChan,
			left: -a.PadLeft, end: -a.PadRight, flat: true,
		}
	case *Padding2DAttrs:
		return frame{
			format: a.DataFormat, inH: a.InHeight, inW: a.InWidth, outH: a.OutHeight, outW: a.OutWidth, chans: a.NChan,
			top: -a.PadTop, left: -a.PadLeft, bottom: -a.PadBottom, end: -a.PadRight,
		}
	case *Cropping1DAttrs:
		return frame{
			format: a.DataFormat, inH: 1, inW: a.InWidth, outH: 1, outW: a.OutWidth, chans: a.NChan,
			left: a.CropLeft, end: a.CropRight, flat: true,
		}
	case *Cropping2DAttrs:
		return frame{
			format: a.DataFormat, inH: a.InHeight, inW: a.InWidth, outH: a.OutHeight, outW: a.OutWidth, chans: a.NChan,
			top: a.CropTop, left: a.CropLeft, bottom: a.CropBottom, end: a.CropRight,
		}
	}
	panic(fmt.Sprintf("BUG: shape: node %q of kind %s is no frame", n.Name, n.Kind))
}

// initFrame adds the output with the type of the input. Mirrors initialize of ZeroPadding1D and the kinds
// like it.
func initFrame(n *ir.Node, _ ir.Data) error {
	in, f := n.In(0), frameOf(n)
	switch {
	case in == nil:
		return n.Errorf("input %q: got no such tensor", n.Inputs[0])
	case min(f.inH, f.inW, f.outH, f.outW, f.chans) < 1 || f.inH*f.inW*f.chans != in.Size():
		return n.Errorf("geometry: got %d by %d pixels of %d values, want those of an input of shape %v",
			f.inH, f.inW, f.chans, in.Shape)
	case f.outH != f.inH-f.top-f.bottom || f.outW != f.inW-f.left-f.end:
		return n.Errorf("geometry: got %d by %d pixels of output, want %d by %d",
			f.outH, f.outW, f.inH-f.top-f.bottom, f.inW-f.left-f.end)
	}
	outputLikeInput(n, f.shape())
	return nil
}

// outputLikeInput adds the output of n with the type of its input.
func outputLikeInput(n *ir.Node, shape []int) {
	name := fmt.Sprintf("layer%d", n.Index)
	n.AddOutputOf(shape, name+"_out", name+"_t", n.In(0).Type.Format)
}

func (f frame) shape() []int {
	pixels := []int{f.outH, f.outW}
	if f.flat {
		pixels = pixels[1:]
	}
	if f.format == "channels_first" {
		return append([]int{f.chans}, pixels...)
	}
	return append(pixels, f.chans)
}

var (
	frameKernel = onGrid(moveKernel(firmwareFrame), framePlaces)
	frameRef    = moveRef(frameSource)
)

// framePlaces is frameSource by rows and columns.
func framePlaces(n *ir.Node) (h, w int, rows, columns []int32, ok bool) {
	f := frameOf(n)
	return f.inH, f.inW, axisPlaces(f.top, f.outH, f.inH), axisPlaces(f.left, f.outW, f.inW),
		f.format != "channels_first"
}

// axisPlaces lists n pixels from the first on, -1 for those outside of size.
func axisPlaces(first, n, size int) []int32 {
	out := make([]int32, n)
	for i := range out {
		if out[i] = int32(first + i); first+i < 0 || first+i >= size {
			out[i] = -1
		}
	}
	return out
}

// firmwareFrame is frameSource of what the firmware has.
func firmwareFrame(n *ir.Node) ([]int, error) {
	if frameOf(n).format == "channels_first" {
		return nil, n.Errorf("data_format: got channels_first, want channels_last")
	}
	return frameSource(n)
}

// frameSource is, for each output position, the position in the input, or -1 for a zero. mirrors
// nnet::zeropad1d_cl, zeropad2d_cl, cropping1d_cl and cropping2d_cl in nnet_padding.h and nnet_cropping.h.
func frameSource(n *ir.Node) ([]int, error) {
	f := frameOf(n)
	out := make([]int, 0, n.Out().Size())
	for row := f.top; row < f.top+f.outH; row++ {
		for col := f.left; col < f.left+f.outW; col++ {
			inside := row >= 0 && row < f.inH && col >= 0 && col < f.inW
			for c := range f.chans {
				at := -1
				if inside {
					at = (row*f.inW+col)*f.chans + c
				}
				out = append(out, at)
			}
		}
	}
	return out, nil
}
