package onnx

import (
	"fmt"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
	"github.com/hlsgo/hlsgo/layers/pool"
)

var poolingHandlers = []build.Handler{
	{Classes: []string{"MaxPool", "AveragePool"}, Unsupported: poolProblem, Read: readPool},
	{Classes: []string{"GlobalMaxPool", "GlobalAveragePool"}, Unsupported: pixelsProblem, Read: readGlobalPool},
}

func poolProblem(class string, a build.Attributes) string {
	n := a.(Node)
	if reason := pixelsProblem(class, a); reason != "" {
		return reason
	}
	if d, err := n.Ints("dilations"); err == nil {
		for _, v := range d {
			if v != 1 {
				return fmt.Sprintf("dilations: got %v, want 1: the firmware has no such pooling", d)
			}
		}
	}
	if len(n.Outputs) > 1 && n.Outputs[1] != "" && len(n.Of.Readers(n.Outputs[1])) > 0 {
		return "output 1: the indices of the maxima are read, want the values alone"
	}
	return ""
}

func pixelsProblem(_ string, a build.Attributes) string {
	n := a.(Node)
	if rank := n.rank(); rank != 3 && rank != 4 {
		return fmt.Sprintf("input: got shape %v, want one or two axes of pixels", n.Of.Shape(n.Input(0)))
	}
	return ""
}

// operation is the IR's word for what a pooling computes.
func operation(class string) string {
	if strings.Contains(class, "Max") {
		return "Max"
	}
	return "Average"
}

// readPool mirrors parse_pool_layer of hls4ml's converters/onnx/pooling.py.
func readPool(c *build.Call) (*build.Out, error) {
	kernel, err := c.Config.Ints("kernel_shape")
	if err != nil {
		return nil, err
	}
	list, err := windows(c, kernel)
	if err != nil {
		return nil, err
	}
	ceil, err := c.Config.Bool("ceil_mode", false)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if !ceil {
			continue
		}
		if list[i], err = list[i].Ceil(); err != nil {
			return nil, err
		}
	}
	axes := len(list)
	out, err := c.Layer(fmt.Sprintf("Pooling%dD", axes), fmt.Sprintf("%sPooling%dD", operation(c.Class), axes))
	if err != nil {
		return nil, err
	}
	count, err := c.Config.Bool("count_include_pad", false)
	if err != nil {
		return nil, err
	}
	build.Attrs[pool.Window](out).CountPad = count
	w, chans := list[axes-1], c.Shape()[axes]
	build.Attrs[pool.Common](out).NFilt = chans
	if axes == 1 {
		a := build.Attrs[pool.Pooling1DAttrs](out)
		a.NIn, a.NOut, a.PoolWidth, a.StrideWidth = w.In, w.Out, w.Size, w.Stride
		a.PadLeft, a.PadRight = w.Before, w.After
		out.Shape = []int{w.Out, chans}
		return out.Done()
	}
	a, h := build.Attrs[pool.Pooling2DAttrs](out), list[0]
	a.InHeight, a.OutHeight, a.PoolHeight, a.StrideHeight = h.In, h.Out, h.Size, h.Stride
	a.InWidth, a.OutWidth, a.PoolWidth, a.StrideWidth = w.In, w.Out, w.Size, w.Stride
	a.PadTop, a.PadBottom, a.PadLeft, a.PadRight = h.Before, h.After, w.Before, w.After
	out.Shape = []int{h.Out, w.Out, chans}
	return out.Done()
}

// readGlobalPool mirrors parse_global_pooling_layer, which takes the first axis for that of the channels, as
// the operator has it.
func readGlobalPool(c *build.Call) (*build.Out, error) {
	in := c.Shape()
	axes := len(in) - 1
	class := fmt.Sprintf("Global%sPooling%dD", operation(c.Class), axes)
	out, err := c.Layer(fmt.Sprintf("GlobalPooling%dD", axes), class)
	if err != nil {
		return nil, err
	}
	last := node(c).Domain == graph.ChannelsLast
	pixels, chans := in[1:], in[0]
	if last {
		pixels, chans = in[:axes], in[axes]
	}
	build.Attrs[pool.Common](out).NFilt = chans
	if axes == 1 {
		build.Attrs[pool.Global1DAttrs](out).NIn = pixels[0]
	} else {
		a := build.Attrs[pool.Global2DAttrs](out)
		a.InHeight, a.InWidth = pixels[0], pixels[1]
	}
	out.Shape = []int{chans}
	return out.Done()
}
