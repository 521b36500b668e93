package onnx

import (
	"fmt"
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
	"github.com/hlsgo/hlsgo/layers/shape"
)

// scales are the factors by which a Resize makes the axes larger, that of the batch included.
func scales(n Node) ([]float64, error) {
	dims := n.Of.Shape(n.Input(0))
	at := 2
	if n.Op == "Upsample" || n.Of.Opsets[""] < 11 && n.Op == "Resize" && len(n.Inputs) == 2 {
		at = 1 // versions before 11 have no region
	}
	if t := n.constant(at); t != nil && t.Size() > 0 {
		data, err := t.Data()
		if err == nil && len(data) != len(dims) {
			err = fmt.Errorf("scales: got %v, want %d numbers", data, len(dims))
		}
		return data, err
	}
	if a, ok := n.Attrs["scales"]; ok && len(a.Floats) == len(dims) {
		var list []float64
		for _, v := range a.Floats {
			list = append(list, float64(v))
		}
		return list, nil
	}
	t, err := n.wanted(3, "scales or sizes")
	if err != nil {
		return nil, err
	}
	data, err := t.Ints()
	if err != nil {
		return nil, err
	}
	if len(data) != len(dims) {
		return nil, fmt.Errorf("sizes: got %v, want %d numbers", data, len(dims))
	}
	list := make([]float64, len(dims))
	for i, v := range data {
		list[i] = float64(v) / float64(dims[i])
	}
	return list, nil
}

// resizeProblem takes what repeats pixels: whole factors, for which nearly all modes mean the same.
func resizeProblem(_ string, a build.Attributes) string {
	n := a.(Node)
	if rank := n.rank(); rank != 3 && rank != 4 {
		return fmt.Sprintf("input: got shape %v, want one or two axes of pixels", n.Of.Shape(n.Input(0)))
	}
	if mode, err := n.Text("mode", "nearest"); err != nil || mode != "nearest" {
		return fmt.Sprintf("mode: got %q, want nearest: the firmware has no other for ONNX", mode)
	}
	factors, err := scales(n)
	if err != nil {
		return err.Error()
	}
	for _, f := range factors {
		if f < 1 || f != math.Trunc(f) {
			return fmt.Sprintf("scales: got %v, want whole factors", factors)
		}
	}
	if slices.Max(factors) == 1 {
		return ""
	}
	pixel, _ := n.Text("coordinate_transformation_mode", "half_pixel")
	rounding, _ := n.Text("nearest_mode", "round_prefer_floor")
	floors := rounding == "floor"
	switch {
	case n.Op == "Upsample":
	case pixel == "asymmetric" && !floors, pixel == "align_corners":
		return fmt.Sprintf("coordinate_transformation_mode: got %s with nearest_mode %s, want asymmetric with "+
			"floor, or half_pixel, which repeat pixels", pixel, rounding)
	case rounding == "ceil":
		return "nearest_mode: got ceil, want floor or one that rounds: they repeat pixels"
	}
	return ""
}

// readResize mirrors parse_resize_layer of hls4ml's converters/onnx/reshape.py, which takes the height for
// the width and the other way round: it is right for squares.
func readResize(c *build.Call) (*build.Out, error) {
	n := node(c)
	factors, err := scales(n)
	if err != nil {
		return nil, err
	}
	in := c.Shape()
	out, err := c.Layer("Resize", "Resize")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[shape.ResizeAttrs](out)
	last := n.Domain == graph.ChannelsLast
	f := factors[1:]
	if !last {
		in, f = channelsLast(in), channelsLast(f)
	}
	axes := len(in) - 1
	h, w := 1, in[axes-1]
	fh, fw := 1, int(f[axes-1])
	if axes == 2 {
		h, fh = in[0], int(f[0])
	}
	if f[axes] != 1 || fh > maxDilation || fw > maxDilation {
		return nil, fmt.Errorf("scales: got %v, want 1 for batch and channels, and at most %d", factors,
			maxDilation)
	}
	a.InHeight, a.OutHeight, a.InWidth, a.OutWidth, a.NChan = h, h*fh, w, w*fw, in[axes]
	a.DataFormat = layout(last)
	out.Shape = []int{w * fw, in[axes]}
	if axes == 2 {
		out.Shape = []int{h * fh, w * fw, in[axes]}
	}
	if !last {
		out.Shape = append([]int{in[axes]}, out.Shape[:axes]...)
	}
	return out.Done()
}

func layout(last bool) string {
	if last {
		return "channels_last"
	}
	return "channels_first"
}

// channelsLast moves the first entry of a list to the end.
func channelsLast[T any](list []T) []T { return append(slices.Clone(list[1:]), list[0]) }
