package onnx

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

var convolutionHandlers = []build.Handler{
	{Classes: []string{"Conv"}, Unsupported: convProblem, Read: readConv},
}

func convProblem(_ string, a build.Attributes) string {
	n := a.(Node)
	rank := n.rank()
	switch {
	case rank != 3 && rank != 4:
		return fmt.Sprintf("input: got shape %v, want one or two axes of pixels", n.Of.Shape(n.Input(0)))
	case n.Domain != graph.ChannelsLast:
		return "got a layer with channels first among layers with channels last"
	case !n.isConstant(n.Input(1)) || n.Input(2) != "" && !n.isConstant(n.Input(2)):
		return "got a kernel or bias that is computed, want constants"
	}
	return ""
}

// windows reads the geometry of the axes of pixels of an input with channels last.
func windows(c *build.Call, kernel []int) ([]build.Window, error) {
	axes := len(c.Shape()) - 1
	if len(kernel) != axes {
		return nil, fmt.Errorf("kernel_shape: got %v, want %d sizes", kernel, axes)
	}
	strides, err := sizes(c.Config, "strides", axes, 1)
	if err != nil {
		return nil, err
	}
	dilations, err := sizes(c.Config, "dilations", axes, 1)
	if err != nil {
		return nil, err
	}
	pads, err := sizes(c.Config, "pads", 2*axes, 0)
	if err != nil {
		return nil, err
	}
	auto, err := c.Config.Text("auto_pad", "NOTSET")
	if err != nil {
		return nil, err
	}
	list := make([]build.Window, axes)
	for i := range list {
		w := build.Window{
			Key: "kernel_shape", In: c.Shape()[i], Size: kernel[i], Stride: strides[i], Dilation: dilations[i],
		}
		switch auto {
		case "NOTSET", "":
			w, err = w.PadBy(pads[i], pads[axes+i])
		case "VALID":
			w, err = w.Pad(build.Valid)
		case "SAME_UPPER":
			w, err = w.Pad(build.Same)
		case "SAME_LOWER":
			w, err = w.Pad(build.SameLower)
		default:
			err = fmt.Errorf("auto_pad: got %q, want NOTSET, VALID, SAME_UPPER or SAME_LOWER", auto)
		}
		if err != nil {
			return nil, err
		}
		list[i] = w
	}
	return list, nil
}

// maxDilation bounds the gaps in a window.
const maxDilation = 1 << 20

// sizes reads one whole number per axis, or def for all.
func sizes(a build.Attributes, key string, axes, def int) ([]int, error) {
	v, err := a.Ints(key)
	if err != nil {
		return nil, err
	}
	if len(v) == 0 {
		return slices.Repeat([]int{def}, axes), nil
	}
	if len(v) != axes || slices.Min(v) < def || slices.Max(v) > maxDilation {
		return nil, fmt.Errorf("%s: got %v, want %d whole numbers from %d to %d", key, v, axes, def, maxDilation)
	}
	return v, nil
}

// readConv mirrors parse_conv_layer of hls4ml's converters/onnx/convolution.py; passes make a convolution of
// one or two axes of it and its constants.
func readConv(c *build.Call) (*build.Out, error) {
	in, kernel := c.Shape(), c.Shapes[1]
	if len(kernel) != len(in)+1 {
		return nil, fmt.Errorf("kernel: got shape %v, want %d axes", kernel, len(in)+1)
	}
	list, err := windows(c, kernel[1:len(kernel)-1])
	if err != nil {
		return nil, err
	}
	chans, filters := in[len(in)-1], kernel[0]
	group, err := c.Config.Int("group", 1)
	if err != nil {
		return nil, err
	}
	if group < 1 || kernel[len(kernel)-1]*group != chans || filters%group != 0 {
		return nil, fmt.Errorf("kernel: got shape %v and %d groups, want them to fit the %d channels of the input",
			kernel, group, chans)
	}
	out, err := c.Layer("Conv", "Conv")
	if err != nil {
		return nil, err
	}
	out.Set("n_dim", len(list))
	out.Set("group", group)
	out.Set("n_chan", chans)
	out.Set("n_filt", filters)
	setWindow(out, list[len(list)-1], "width", "left", "right")
	out.Shape = []int{list[0].Out, filters}
	if len(list) == 2 {
		setWindow(out, list[0], "height", "top", "bottom")
		out.Shape = []int{list[0].Out, list[1].Out, filters}
	}
	return out.Done()
}

func setWindow(out *build.Out, w build.Window, axis, before, after string) {
	out.Set("in_"+axis, w.In)
	out.Set("out_"+axis, w.Out)
	out.Set("filt_"+axis, w.Size)
	out.Set("stride_"+axis, w.Stride)
	out.Set("dilation_"+axis, w.Dilation)
	out.Set("pad_"+before, w.Before)
	out.Set("pad_"+after, w.After)
}
