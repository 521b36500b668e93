package keras

import (
	"fmt"
	"math"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/layers/shape"
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

// framed is a layer that adds or takes pixels at the edges.
type framed struct{ inH, inW, outH, outW, chans int }

// frame reads such a layer: sign is 1 for one that adds, -1 for one that takes. One axis has no rows.
func frame(c *build.Call, key string, sign int) (f framed, rows, cols edge, err error) {
	axes := axesOf(c.Class)
	f.inH, f.inW, f.chans, err = build.Pixels(c.Shape(), axes)
	if err != nil {
		return f, rows, cols, err
	}
	e, err := raw(c).edges(key, axes)
	if err != nil {
		return f, rows, cols, err
	}
	if cols = e[axes-1]; axes == 2 {
		rows = e[0]
	}
	f.outH = f.inH + sign*(rows.before+rows.after)
	f.outW = f.inW + sign*(cols.before+cols.after)
	return f, rows, cols, checkPixels(key, f.shape(axes))
}

// shape is the output's.
func (f framed) shape(axes int) []int { return []int{f.outH, f.outW, f.chans}[2-axes:] }

// readZeroPadding mirrors parse_zeropadding1d_layer and parse_zeropadding2d_layer of hls4ml's
// converters/keras/reshaping.py.
func readZeroPadding(c *build.Call) (*build.Out, error) {
	f, rows, cols, err := frame(c, "padding", 1)
	if err != nil {
		return nil, err
	}
	out, err := Layer(c, c.Class, c.Class)
	if err != nil {
		return nil, err
	}
	if out.Shape = f.shape(axesOf(c.Class)); axesOf(c.Class) == 1 {
		a := build.Attrs[shape.Padding1DAttrs](out)
		a.InWidth, a.OutWidth, a.NChan = f.inW, f.outW, f.chans
		a.PadLeft, a.PadRight = cols.before, cols.after
		return out.Done()
	}
	a := build.Attrs[shape.Padding2DAttrs](out)
	a.InHeight, a.InWidth, a.OutHeight, a.OutWidth, a.NChan = f.inH, f.inW, f.outH, f.outW, f.chans
	a.PadTop, a.PadBottom, a.PadLeft, a.PadRight = rows.before, rows.after, cols.before, cols.after
	return out.Done()
}

// readCropping mirrors parse_cropping1d_layer and parse_cropping2d_layer.
func readCropping(c *build.Call) (*build.Out, error) {
	f, rows, cols, err := frame(c, "cropping", -1)
	if err != nil {
		return nil, err
	}
	out, err := Layer(c, c.Class, c.Class)
	if err != nil {
		return nil, err
	}
	if out.Shape = f.shape(axesOf(c.Class)); axesOf(c.Class) == 1 {
		a := build.Attrs[shape.Cropping1DAttrs](out)
		a.InWidth, a.OutWidth, a.NChan = f.inW, f.outW, f.chans
		a.CropLeft, a.CropRight = cols.before, cols.after
		return out.Done()
	}
	a := build.Attrs[shape.Cropping2DAttrs](out)
	a.InHeight, a.InWidth, a.OutHeight, a.OutWidth, a.NChan = f.inH, f.inW, f.outH, f.outW, f.chans
	a.CropTop, a.CropBottom, a.CropLeft, a.CropRight = rows.before, rows.after, cols.before, cols.after
	return out.Done()
}

// readUpSampling mirrors parse_upsampling1d_layer and parse_upsampling2d_layer of
// converters/keras/reshape.py.
func readUpSampling(c *build.Call) (*build.Out, error) {
	axes := axesOf(c.Class)
	h, w, chans, err := build.Pixels(c.Shape(), axes)
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
	a := build.Attrs[shape.ResizeAttrs](out)
	if a.Algorithm, err = c.Config.Text("interpolation", "nearest"); err != nil {
		return nil, err
	}
	a.InHeight, a.InWidth, a.NChan = h, w, chans
	a.WidthFactor, a.OutHeight, a.OutWidth = &factor[axes-1], h, w*factor[axes-1]
	if axes == 2 { // hls4ml gives layers over one axis no factor of the height
		a.HeightFactor, a.OutHeight = &factor[0], h*factor[0]
	}
	out.Shape = []int{a.OutHeight, a.OutWidth, chans}[2-axes:]
	if err := build.CheckSize(out.Shape, build.MaxValues); err != nil {
		return nil, err
	}
	return out.Done()
}
