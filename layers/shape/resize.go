package shape

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// ResizeAttrs are the attributes of Resize.
type ResizeAttrs struct {
	DataFormat   string `hls:"data_format"`
	InHeight     int    `hls:"in_height"`
	InWidth      int    `hls:"in_width"`
	OutHeight    int    `hls:"out_height"`
	OutWidth     int    `hls:"out_width"`
	NChan        int    `hls:"n_chan"`
	Algorithm    string `hls:"algorithm"`
	AlignCorners bool   `hls:"align_corners"`
	// The factors are kept as the front end has them; nil: none.
	HeightFactor *int `hls:"height_factor"`
	WidthFactor  *int `hls:"width_factor"`
}

var resizeDef = layers.Def{
	Kind:  "Resize",
	Doc:   "a picture of another size",
	Attrs: func() any { return &ResizeAttrs{DataFormat: "channels_last", Algorithm: "nearest"} },
	Options: append(plain("in_height", "in_width", "out_height", "out_width", "n_chan"),
		ir.Option{
			Name: "algorithm", Class: ir.Choice, Default: "nearest", Choices: []string{"nearest", "bilinear"},
		},
		ir.Option{Name: "align_corners", Default: false},
	),
	Init:  initResize,
	Infer: layers.InferLikeInput,
	Ref:   resizeRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: resizeKernel, Emit: resizeEmit,
			Limits: []layers.Limit{
				{
					IOType: ir.Stream, Setting: "sizes that are no multiples",
					Why: "lines are repeated whole: use whole factors, or io_parallel",
				},
				{
					IOType: ir.Parallel, Setting: "large factors",
					Why: "pixels are counted in steps of 2^-16, which lead behind the picture: use io_stream",
				},
			},
		},
	},
}

// initResize adds the output with the type of the input. Mirrors Resize.initialize for one input.
func initResize(n *ir.Node, _ ir.Data) error {
	a, in := ir.Attrs[ResizeAttrs](n), n.In(0)
	switch {
	case in == nil:
		return n.Errorf("input %q: got no such tensor", n.Inputs[0])
	case len(in.Shape) != 2 && len(in.Shape) != 3:
		return n.Errorf("input: got shape %v, want one or two axes of pixels and one of channels", in.Shape)
	case len(in.Shape) == 2 && max(a.InHeight, a.OutHeight) > 1:
		return n.Errorf("input: got shape %v, want two axes of pixels for a height of %d, made %d",
			in.Shape, a.InHeight, a.OutHeight)
	case min(a.InHeight, a.InWidth, a.OutHeight, a.OutWidth, a.NChan) < 1,
		a.InHeight*a.InWidth*a.NChan != in.Size():
		return n.Errorf("geometry: got %d by %d pixels of %d values, want those of an input of shape %v",
			a.InHeight, a.InWidth, a.NChan, in.Shape)
	}
	f := frame{
		format: a.DataFormat, outH: a.OutHeight, outW: a.OutWidth, chans: a.NChan, flat: len(in.Shape) == 2,
	}
	outputLikeInput(n, f.shape())
	return nil
}

// resizeSource is, for each output position, the position in the input. mirrors nnet::resize_nearest of
// nnet_image.h, and of nnet_image_stream.h, which repeats pixels without counting in steps.
func resizeSource(n *ir.Node) ([]int, error) {
	a := ir.Attrs[ResizeAttrs](n)
	if err := a.check(n); err != nil {
		return nil, err
	}
	return a.source(resizePixel(n)), nil
}

// resizePixel is the rule by which the firmware finds an input pixel.
func resizePixel(n *ir.Node) func(i, in, out int) int {
	if n.Graph().Config.IOType == ir.Stream {
		return repeated
	}
	return nearest
}

// resizePlaces is resizeSource by rows and columns.
func resizePlaces(n *ir.Node) (h, w int, rows, columns []int32, ok bool) {
	a := ir.Attrs[ResizeAttrs](n)
	if a.Algorithm != "nearest" || a.check(n) != nil {
		return 0, 0, nil, nil, false
	}
	of := resizePixel(n)
	rows, columns = make([]int32, a.OutHeight), make([]int32, a.OutWidth)
	for i := range rows {
		rows[i] = int32(of(i, a.InHeight, a.OutHeight))
	}
	for i := range columns {
		columns[i] = int32(of(i, a.InWidth, a.OutWidth))
	}
	return a.InHeight, a.InWidth, rows, columns, true
}

// repeatedSource is resizeSource as frameworks define it.
func repeatedSource(n *ir.Node) ([]int, error) {
	a := ir.Attrs[ResizeAttrs](n)
	return a.source(repeated), a.checkSizes(n)
}

func (a *ResizeAttrs) source(of func(i, in, out int) int) []int {
	out := make([]int, 0, a.OutHeight*a.OutWidth*a.NChan)
	for i := range a.OutHeight {
		row := of(i, a.InHeight, a.OutHeight)
		for j := range a.OutWidth {
			pixel := row*a.InWidth + of(j, a.InWidth, a.OutWidth)
			for c := range a.NChan {
				out = append(out, pixel*a.NChan+c)
			}
		}
	}
	return out
}

// repeated is the input pixel behind output pixel i.
func repeated(i, in, out int) int { return i * in / out }

// nearest is repeated counted in steps of 2^-16, which is another pixel where the factor is large.
func nearest(i, in, out int) int {
	ratio := int64(in)<<16/int64(out) + 1
	return int(int64(i) * ratio >> 16)
}

// maxResized is the size of an axis from which the C++ would count beyond an int.
const maxResized = 1 << 14

func (a *ResizeAttrs) check(n *ir.Node) error {
	if a.DataFormat == "channels_first" {
		return n.Errorf("data_format: got channels_first, want channels_last")
	}
	return a.checkSizes(n)
}

// checkSizes is check but for the layout, which the float reference need not ask for.
func (a *ResizeAttrs) checkSizes(n *ir.Node) error {
	stream := n.Graph().Config.IOType == ir.Stream
	switch {
	case a.Algorithm == "bilinear":
		return a.checkBilinear(n)
	case a.Algorithm != "nearest":
		return n.Errorf("algorithm: got %q, want nearest or bilinear", a.Algorithm)
	case max(a.InHeight, a.InWidth) > maxResized:
		return n.Errorf("input: got %d by %d pixels, want at most %d on an axis", a.InHeight, a.InWidth, maxResized)
	case !stream && (nearest(a.OutHeight-1, a.InHeight, a.OutHeight) >= a.InHeight ||
		nearest(a.OutWidth-1, a.InWidth, a.OutWidth) >= a.InWidth):
		return n.Errorf("size: got %d by %d pixels from %d by %d, for which the firmware reads behind the "+
			"picture, want fewer, or io_stream", a.OutHeight, a.OutWidth, a.InHeight, a.InWidth)
	case stream && (a.OutHeight%a.InHeight != 0 || a.OutWidth%a.InWidth != 0):
		return n.Errorf("size: got %d by %d pixels from %d by %d, want multiples in io_stream",
			a.OutHeight, a.OutWidth, a.InHeight, a.InWidth)
	}
	return nil
}
