package keras

import (
	"fmt"
	"math"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
)

var reshapingHandlers = []build.Handler{
	{
		Classes:     []string{"ZeroPadding1D", "ZeroPadding2D"},
		Unsupported: checked(formatProblem), Read: readZeroPadding,
	},
	{Classes: []string{"Cropping1D", "Cropping2D"}, Unsupported: checked(formatProblem), Read: readCropping},
	{
		Classes:     []string{"UpSampling1D", "UpSampling2D"},
		Unsupported: checked(resizeProblem), Read: readUpSampling,
	},
}

func formatProblem(_ string, c Config) string { return channelsFirst(c) }

func resizeProblem(_ string, c Config) string {
	if v, err := c.Text("interpolation", "nearest"); err == nil && v != "nearest" && v != "bilinear" {
		return fmt.Sprintf("interpolation: got %s, want nearest or bilinear: the firmware has no other", v)
	}
	return channelsFirst(c)
}

// axesOf is the number of axes in the name of a class.
func axesOf(class string) int {
	if strings.HasSuffix(class, "1D") {
		return 1
	}
	return 2
}

// edge is what is added or taken at both ends of an axis.
type edge struct{ before, after int }

// edges reads a number for all ends, a number per axis, or a pair per axis; for one axis also the pair alone.
func (c Config) edges(key string, axes int) ([]edge, error) {
	list, ok := c[key].([]any)
	if !ok {
		v, err := c.Int(key, 1)
		both := []edge{{v, v}, {v, v}}
		return both[:axes], err
	}
	if axes == 1 {
		list = []any{list}
	}
	if len(list) != axes {
		return nil, c.wrong(key, fmt.Sprintf("%d entries", axes))
	}
	out := make([]edge, axes)
	for i, v := range list {
		pair, err := Config{key: v}.Ints(key)
		if err != nil {
			return nil, err
		}
		if len(pair) == 1 {
			pair = append(pair, pair[0])
		}
		if len(pair) != 2 || pair[0] < 0 || pair[1] < 0 {
			return nil, c.wrong(key, "two whole numbers, none negative, for each axis")
		}
		out[i] = edge{pair[0], pair[1]}
	}
	return out, nil
}

// readZeroPadding mirrors parse_zeropadding1d_layer and parse_zeropadding2d_layer of hls4ml's
// converters/keras/reshaping.py.
func readZeroPadding(c *build.Call) (*build.Out, error) { return frame(c, "padding", "pad_", 1) }

// readCropping mirrors parse_cropping1d_layer and parse_cropping2d_layer.
func readCropping(c *build.Call) (*build.Out, error) { return frame(c, "cropping", "crop_", -1) }

// frame reads a layer that adds (sign 1) or takes (-1) pixels at the edges.
func frame(c *build.Call, key, prefix string, sign int) (*build.Out, error) {
	axes := axesOf(c.Class)
	h, w, chans, err := pixels(c, axes)
	if err != nil {
		return nil, err
	}
	e, err := raw(c).edges(key, axes)
	if err != nil {
		return nil, err
	}
	out, err := Layer(c, c.Class, c.Class)
	if err != nil {
		return nil, err
	}
	cols := e[axes-1]
	outW := w + sign*(cols.before+cols.after)
	setAll(out, attrs{
		{"in_width", w}, {"out_width", outW}, {"n_chan", chans},
		{prefix + "left", cols.before}, {prefix + "right", cols.after},
	})
	out.Shape = []int{outW, chans}
	if axes == 2 {
		rows := e[0]
		outH := h + sign*(rows.before+rows.after)
		setAll(out, attrs{
			{"in_height", h}, {"out_height", outH}, {prefix + "top", rows.before}, {prefix + "bottom", rows.after},
		})
		out.Shape = []int{outH, outW, chans}
	}
	if err := checkPixels(key, out.Shape); err != nil {
		return nil, err
	}
	return out.Done()
}

// readUpSampling mirrors parse_upsampling1d_layer and parse_upsampling2d_layer of
// converters/keras/reshape.py.
func readUpSampling(c *build.Call) (*build.Out, error) {
	axes := axesOf(c.Class)
	h, w, chans, err := pixels(c, axes)
	if err != nil {
		return nil, err
	}
	factor, err := raw(c).sizes("size", axes)
	if err != nil {
		return nil, err
	}
	for _, f := range factor {
		if f < 1 || f > math.MaxInt32 {
			return nil, raw(c).wrong("size", "positive whole numbers")
		}
	}
	out, err := Layer(c, "Resize", c.Class)
	if err != nil {
		return nil, err
	}
	fw, fh := factor[axes-1], 1
	algorithm, err := c.Config.Text("interpolation", "nearest")
	if err != nil {
		return nil, err
	}
	out.Set("algorithm", algorithm)
	out.Set("width_factor", &fw)
	out.Shape = []int{w * fw, chans}
	if axes == 2 {
		fh = factor[0]
		out.Set("height_factor", &fh)
		out.Shape = []int{h * fh, w * fw, chans}
	}
	setAll(out, attrs{
		{"in_height", h}, {"in_width", w}, {"out_height", h * fh}, {"out_width", w * fw}, {"n_chan", chans},
	})
	if err := build.CheckSize(out.Shape, build.MaxValues); err != nil {
		return nil, err
	}
	return out.Done()
}
