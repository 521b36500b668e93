package keras

import (
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/layers/pool"
)

var poolingHandlers = []build.Handler{
	{
		Classes:     []string{"MaxPooling1D", "AveragePooling1D", "MaxPooling2D", "AveragePooling2D"},
		Unsupported: checked(formatProblem), Read: readPooling,
	},
	{
		Classes: []string{
			"GlobalMaxPooling1D", "GlobalAveragePooling1D", "GlobalMaxPooling2D", "GlobalAveragePooling2D",
		},
		Unsupported: checked(formatProblem), Read: readGlobalPooling,
	},
}

// poolingKind is the IR kind of a class: Pooling1D, GlobalPooling2D, ...
func poolingKind(class string) string {
	return strings.NewReplacer("Max", "", "Average", "").Replace(class)
}

// readPooling mirrors parse_pooling_layer of hls4ml's converters/keras/pooling.py.
func readPooling(c *build.Call) (*build.Out, error) {
	axes := axesOf(c.Class)
	list, err := windows(c, axes, "pool_size")
	if err != nil {
		return nil, err
	}
	out, err := Layer(c, poolingKind(c.Class), c.Class)
	if err != nil {
		return nil, err
	}
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

// readGlobalPooling mirrors parse_global_pooling_layer. The firmware's tensor has no axes of one pixel;
// what reads it sees the shape that keepdims asks for.
func readGlobalPooling(c *build.Call) (*build.Out, error) {
	axes := axesOf(c.Class)
	h, w, chans, err := build.Pixels(c.Shape(), axes)
	if err != nil {
		return nil, err
	}
	keep, err := c.Config.Bool("keepdims", false)
	if err != nil {
		return nil, err
	}
	out, err := Layer(c, poolingKind(c.Class), c.Class)
	if err != nil {
		return nil, err
	}
	build.Attrs[pool.Common](out).NFilt = chans
	if axes == 1 {
		a := build.Attrs[pool.Global1DAttrs](out)
		a.KeepDims, a.NIn = keep, w
	} else {
		a := build.Attrs[pool.Global2DAttrs](out)
		a.KeepDims, a.InHeight, a.InWidth = keep, h, w
	}
	out.Shape = []int{chans}
	if keep {
		out.Shape = append([]int{1, 1}[:axes], chans)
	}
	return out.Done()
}
