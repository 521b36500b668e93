package torch

import (
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/layers/shape"
)

var pictureHandlers = []build.Handler{
	{Classes: []string{"upsample_nearest1d", "upsample_nearest2d"}, Read: readUpsample("nearest")},
	{Classes: []string{"upsample_bilinear2d"}, Read: readUpsample("bilinear")},
	{Classes: []string{"pad", "constant_pad_nd"}, Unsupported: padProblem, Read: readPad},
}

// readUpsample mirrors handle_upsample of hls4ml's converters/pytorch/reshape.py.
func readUpsample(algorithm string) func(c *build.Call) (*build.Out, error) {
	return func(c *build.Call) (*build.Out, error) {
		in := c.Shape()
		result, err := resultShape(c)
		if err != nil {
			return nil, err
		}
		out, err := c.Layer("Resize", "Resize")
		if err != nil {
			return nil, err
		}
		a := build.Attrs[shape.ResizeAttrs](out)
		a.DataFormat, a.NChan, a.InHeight, a.OutHeight = channelsFirst, in[0], 1, 1
		if len(in) == 3 {
			a.InHeight, a.OutHeight = in[1], result[1]
		}
		a.InWidth, a.OutWidth, a.Algorithm = in[len(in)-1], result[len(in)-1], algorithm
		if a.AlignCorners, err = c.Config.Bool("align_corners", false); err != nil {
			return nil, err
		}
		out.Shape = result
		return out.Done()
	}
}

func padProblem(_ string, a build.Attributes) string {
	if mode, err := a.Text("mode", "constant"); err != nil || mode != "constant" {
		return "mode: got " + mode + ", want constant: the firmware has no other"
	}
	if v, err := a.Float("value", 0); err != nil || v != 0 {
		return "value: got another than 0, want 0: the firmware has no other"
	}
	return ""
}

// readPad mirrors parse_constantpad1d_layer and parse_constantpad2d_layer.
func readPad(c *build.Call) (*build.Out, error) {
	pad, err := c.Config.Ints("pad")
	if err != nil {
		return nil, err
	}
	in := c.Shape()
	axes := len(in) - 1
	for len(pad) < 2*axes {
		pad = append(pad, 0)
	}
	if len(pad) != 2*axes || axes < 1 || axes > 2 || slices.Min(pad) < 0 || slices.Max(pad) > build.MaxValues {
		return nil, refusal("pad: got %v for a tensor of shape %v, want two numbers, none negative, for each "+
			"of one or "+
			"two axes of pixels", pad, in)
	}
	kind := []string{"ZeroPadding1D", "ZeroPadding2D"}[axes-1]
	out, err := c.Layer(kind, kind)
	if err != nil {
		return nil, err
	}
	width := in[axes] + pad[0] + pad[1]
	if axes == 1 {
		a := build.Attrs[shape.Padding1DAttrs](out)
		a.DataFormat, a.NChan, a.InWidth, a.OutWidth = channelsFirst, in[0], in[1], width
		a.PadLeft, a.PadRight = pad[0], pad[1]
		out.Shape = []int{in[0], width}
		return out.Done()
	}
	a, height := build.Attrs[shape.Padding2DAttrs](out), in[1]+pad[2]+pad[3]
	a.DataFormat, a.NChan, a.InHeight, a.OutHeight = channelsFirst, in[0], in[1], height
	a.InWidth, a.OutWidth = in[2], width
	a.PadLeft, a.PadRight, a.PadTop, a.PadBottom = pad[0], pad[1], pad[2], pad[3]
	out.Shape = []int{in[0], height, width}
	return out.Done()
}
