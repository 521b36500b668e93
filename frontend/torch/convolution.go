package torch

import (
	"slices"
	"strconv"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/conv"
)

var convolutionHandlers = []build.Handler{{Classes: []string{"conv1d", "conv2d", "convolution"},
	Read: readConvolution}}

// channelsFirst is the layout of PyTorch in hls4ml's words.
const channelsFirst = "channels_first"

// readConvolution reads a convolution of one group, or of one group for each channel, which is depthwise.
// Mirrors parse_conv1d_layer and parse_conv2d_layer of hls4ml's converters/pytorch/convolution.py.
func readConvolution(c *build.Call) (*build.Out, error) {
	shape, ok, err := weightShape(c, "weight")
	if c.Class == "convolution" { // of decomposed programs, for any number of axes
		c.Class = "conv" + strconv.Itoa(len(shape)-2) + "d"
	}
	axes := axesOf(c.Class)
	transposed, _ := c.Config.Bool("transposed", false)
	switch {
	case err != nil:
		return nil, err
	case transposed || axes < 1 || axes > 2:
		return nil, refusal("convolution: got a transposed one, or one of %d axes of pixels, want one or two",
			len(shape)-2)
	case !ok || len(shape) != axes+2:
		return nil, refusal("weight: got no parameter of %d axes, want one", axes+2)
	}
	list, err := windows(c, shape[2:])
	if err != nil {
		return nil, err
	}
	groups, err := c.Config.Int("groups", 1)
	if err != nil {
		return nil, err
	}
	depthwise := groups > 1
	if depthwise && (groups != c.Shape()[0] || shape[0] != groups) {
		return nil, refusal("groups: got %d for %d channels and %d filters, want 1, or as many as both",
			groups, c.Shape()[0], shape[0])
	}
	kind := "Conv" + strconv.Itoa(axes) + "D"
	if depthwise {
		kind = "Depthwise" + kind
	}
	out, err := c.Layer(kind, kind)
	if err != nil {
		return nil, err
	}
	if err := convolutionWeights(c, out, shape, depthwise); err != nil {
		return nil, err
	}
	a := build.Attrs[conv.Common](out)
	a.DataFormat, a.NChan, a.NFilt = channelsFirst, c.Shape()[0], shape[0]
	if err := convolutionWindows(c, out, a, list); err != nil {
		return nil, err
	}
	out.Shape = pixels(a.NFilt, list)
	return out.Done()
}

// convolutionWeights reads the weights. Those of a depthwise convolution are stored with one channel for each
// of the outputs, and converted with one output for each of the channels.
func convolutionWeights(c *build.Call, out *build.Out, shape []int, depthwise bool) error {
	if err := weightAndBias(c, out, shape); err != nil || !depthwise {
		return err
	}
	t, err := out.Data.Tensors["weight_data"].Reshape(append([]int{1, shape[0]}, shape[2:]...)...)
	if err != nil {
		return err
	}
	delete(out.Data.Tensors, "weight_data")
	out.Tensor("depthwise_data", t)
	if q := out.Data.Quantizers["weight_quantizer"]; q != nil {
		delete(out.Data.Quantizers, "weight_quantizer")
		out.Quantizer("depthwise_quantizer", q)
	}
	return nil
}

// convolutionWindows stores the geometry. Gaps in windows are hls4ml's error: it counts pixels with them and
// computes without. The firmware has them in io_stream.
func convolutionWindows(c *build.Call, out *build.Out, a *conv.Common, list []build.Window) error {
	dilation, err := perAxis(c, "dilation", 1)
	if err != nil {
		return err
	}
	a.Dilation = &dilation[0]
	gaps := false
	for i, w := range list {
		gaps = gaps || w.Size > 1 && dilation[i] > 1
	}
	if gaps && !c.Stream {
		return refusal("dilation: got %v in io_parallel, whose firmware has no windows with gaps, want 1 or "+
			"io_stream", dilation)
	}
	w := list[len(list)-1]
	if len(list) == 1 {
		b := build.Attrs[conv.Conv1DAttrs](out)
		b.InWidth, b.OutWidth, b.FiltWidth, b.StrideWidth = w.In, w.Out, w.Size, w.Stride
		b.PadLeft, b.PadRight, b.DilationWidth = w.Before, w.After, max(w.Dilation, 1)
		return nil
	}
	b, h := build.Attrs[conv.Conv2DAttrs](out), list[0]
	b.InHeight, b.OutHeight, b.FiltHeight, b.StrideHeight = h.In, h.Out, h.Size, h.Stride
	b.InWidth, b.OutWidth, b.FiltWidth, b.StrideWidth = w.In, w.Out, w.Size, w.Stride
	b.PadTop, b.PadBottom, b.PadLeft, b.PadRight = h.Before, h.After, w.Before, w.After
	b.DilationHeight, b.DilationWidth = max(h.Dilation, 1), max(w.Dilation, 1)
	return nil
}

// vector reads a parameter of one value per channel; nil where the call has none.
func vector(c *build.Call, name string, size int) (*ir.Tensor, error) {
	if !of(c).Has(name) {
		return nil, nil
	}
	shape, _, err := weightShape(c, name)
	if err != nil || !slices.Equal(shape, []int{size}) {
		return nil, refusal("%s: got shape %v, want a parameter of %d values", name, shape, size)
	}
	return c.Weight(name, size)
}
