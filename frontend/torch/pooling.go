package torch

import (
	"strconv"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/layers/pool"
)

// poolings are the names of the operators in hls4ml's classes.
var poolings = map[string]string{
	"max_pool1d": "Max", "max_pool2d": "Max", "avg_pool1d": "Average", "avg_pool2d": "Average",
	"max_pool1d_with_indices": "Max", "max_pool2d_with_indices": "Max",
}

var poolingHandlers = []build.Handler{{
	Classes: []string{
		"max_pool1d", "max_pool2d", "avg_pool1d", "avg_pool2d", "max_pool1d_with_indices",
		"max_pool2d_with_indices",
	},
	Unsupported: poolingProblem, Read: readPooling,
}}

// poolingProblem names what hls4ml 1.3.0 converts without a word into another network.
func poolingProblem(class string, a build.Attributes) string {
	if a.Has("divisor_override") {
		return "divisor_override: got one, want none: the firmware divides by the size of the window"
	}
	dilation, err := a.Ints("dilation")
	for _, d := range dilation {
		if err == nil && d != 1 {
			return "dilation: got more than 1, want 1: the firmware has no windows with gaps"
		}
	}
	return ""
}

// readPooling mirrors parse_pooling_layer of hls4ml's converters/pytorch/pooling.py.
func readPooling(c *build.Call) (*build.Out, error) {
	size, err := perAxis(c, "kernel_size")
	if err != nil {
		return nil, err
	}
	list, err := windows(c, size)
	if err != nil {
		return nil, err
	}
	if err := ceiling(c, list); err != nil {
		return nil, err
	}
	return pooled(c, poolings[c.Class], list)
}

// pooled makes a pooling over windows.
func pooled(c *build.Call, op string, list []build.Window) (*build.Out, error) {
	suffix := "Pooling" + strconv.Itoa(len(list)) + "D"
	out, err := c.Layer(suffix, op+suffix)
	if err != nil {
		return nil, err
	}
	common, window := build.Attrs[pool.Common](out), build.Attrs[pool.Window](out)
	common.DataFormat, common.NFilt = channelsFirst, c.Shape()[0]
	if window.CountPad, err = c.Config.Bool("count_include_pad", true); err != nil {
		return nil, err
	}
	window.Padding = "valid"
	for _, w := range list {
		if w.Before > 0 {
			window.Padding = "same" // hls4ml's word for any padding
		}
	}
	poolingWindows(out, list)
	out.Shape = pixels(c.Shape()[0], list)
	return out.Done()
}

func poolingWindows(out *build.Out, list []build.Window) {
	w := list[len(list)-1]
	if len(list) == 1 {
		a := build.Attrs[pool.Pooling1DAttrs](out)
		a.NIn, a.NOut, a.PoolWidth, a.StrideWidth = w.In, w.Out, w.Size, w.Stride
		a.PadLeft, a.PadRight = w.Before, w.After
		return
	}
	a, h := build.Attrs[pool.Pooling2DAttrs](out), list[0]
	a.InHeight, a.OutHeight, a.PoolHeight, a.StrideHeight = h.In, h.Out, h.Size, h.Stride
	a.InWidth, a.OutWidth, a.PoolWidth, a.StrideWidth = w.In, w.Out, w.Size, w.Stride
	a.PadTop, a.PadBottom, a.PadLeft, a.PadRight = h.Before, h.After, w.Before, w.After
}

// ceiling refuses windows that ceil_mode lets reach over the end; where none does the mode means nothing.
func ceiling(c *build.Call, list []build.Window) error {
	on, err := c.Config.Bool("ceil_mode", false)
	if err != nil || !on {
		return err
	}
	for _, w := range list {
		if (w.Before+w.In+w.After-w.Size)%w.Stride != 0 {
			return refusal("ceil_mode: got true for %d pixels and windows of %d in steps of %d, of which one more "+
				"would reach over the end, want false", w.In, w.Size, w.Stride)
		}
	}
	return nil
}
