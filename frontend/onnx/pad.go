package onnx

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
	"github.com/hlsgo/hlsgo/layers/shape"
)

// pads are what a Pad puts before all axes and then behind all axes, that of the batch included.
func pads(n Node) ([]int, error) {
	rank := n.rank()
	list, err := n.Ints("pads")
	if err != nil {
		return nil, err
	}
	if list == nil {
		t, err := n.wanted(1, "pads")
		if err != nil {
			return nil, err
		}
		if list, err = t.Ints(); err != nil {
			return nil, err
		}
	}
	if n.Input(3) != "" {
		t, err := n.wanted(3, "axes")
		if err != nil {
			return nil, err
		}
		axes, err := t.Ints()
		if err != nil {
			return nil, err
		}
		if list, err = spreadPads(list, axes, rank); err != nil {
			return nil, err
		}
	}
	if len(list) != 2*rank || slices.Min(list) < 0 || slices.Max(list) > build.MaxValues {
		return nil, fmt.Errorf("pads: got %v, want %d whole numbers, none negative", list, 2*rank)
	}
	return list, nil
}

// spreadPads gives axes that are not named nothing.
func spreadPads(list, axes []int, rank int) ([]int, error) {
	if len(list) != 2*len(axes) {
		return nil, fmt.Errorf("pads: got %v for axes %v, want two for each", list, axes)
	}
	out := make([]int, 2*rank)
	for i, a := range axes {
		if a < 0 {
			a += rank
		}
		if a < 0 || a >= rank {
			return nil, fmt.Errorf("axes: got %v, want some of %d axes", axes, rank)
		}
		out[a], out[rank+a] = list[i], list[len(axes)+i]
	}
	return out, nil
}

// padValue is what a Pad puts there.
func padValue(n Node) (float64, error) {
	if n.Input(2) == "" {
		return n.Float("value", 0)
	}
	t, err := n.wanted(2, "value")
	if err != nil {
		return 0, err
	}
	return t.Scalar()
}

func padProblem(_ string, a build.Attributes) string {
	n := a.(Node)
	if mode, err := n.Text("mode", "constant"); err != nil || mode != "constant" {
		return fmt.Sprintf("mode: got %q, want constant: the firmware pads with zeros", mode)
	}
	if v, err := padValue(n); err != nil {
		return err.Error()
	} else if v != 0 {
		return fmt.Sprintf("value: got %v, want 0: the firmware pads with zeros", v)
	}
	list, err := pads(n)
	if err != nil {
		return err.Error()
	}
	rank := n.rank()
	if rank != 3 && rank != 4 {
		return fmt.Sprintf("input: got shape %v, want one or two axes of pixels", n.Of.Shape(n.Input(0)))
	}
	chans := 1
	if n.Domain == graph.ChannelsLast {
		chans = rank - 1
	}
	for _, axis := range []int{0, chans} {
		if list[axis] != 0 || list[rank+axis] != 0 {
			return fmt.Sprintf("pads: got %v, want 0 for batch and channels", list)
		}
	}
	return ""
}

// readPad mirrors parse_pad_layer of hls4ml's converters/onnx/reshape.py.
func readPad(c *build.Call) (*build.Out, error) {
	n := node(c)
	list, err := pads(n)
	if err != nil {
		return nil, err
	}
	rank := n.rank()
	in, before, after := c.Shape(), list[1:rank], list[rank+1:]
	last := n.Domain == graph.ChannelsLast
	if !last {
		in, before, after = channelsLast(in), channelsLast(before), channelsLast(after)
	}
	axes := len(in) - 1
	out, err := c.Layer(fmt.Sprintf("ZeroPadding%dD", axes), fmt.Sprintf("ZeroPadding%dD", axes))
	if err != nil {
		return nil, err
	}
	out.Shape = slices.Clone(in)
	for i := range axes {
		out.Shape[i] += before[i] + after[i]
	}
	if axes == 1 {
		a := build.Attrs[shape.Padding1DAttrs](out)
		a.DataFormat, a.NChan, a.InWidth, a.OutWidth = layout(last), in[1], in[0], out.Shape[0]
		a.PadLeft, a.PadRight = before[0], after[0]
	} else {
		a := build.Attrs[shape.Padding2DAttrs](out)
		a.DataFormat, a.NChan, a.InHeight, a.OutHeight = layout(last), in[2], in[0], out.Shape[0]
		a.InWidth, a.OutWidth = in[1], out.Shape[1]
		a.PadTop, a.PadBottom, a.PadLeft, a.PadRight = before[0], after[0], before[1], after[1]
	}
	if !last {
		out.Shape = append([]int{in[axes]}, out.Shape[:axes]...)
	}
	return out.Done()
}
