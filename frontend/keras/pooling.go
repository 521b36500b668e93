package keras

import (
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
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
	s, err := spans(c, axes, "pool_size")
	if err != nil {
		return nil, err
	}
	out, err := Layer(c, poolingKind(c.Class), c.Class)
	if err != nil {
		return nil, err
	}
	w, chans := s[axes-1], c.Shape()[axes]
	setAll(out, attrs{
		{"n_filt", chans}, {"pool_width", w.filt}, {"stride_width", w.stride},
		{"pad_left", w.before}, {"pad_right", w.after},
	})
	if axes == 1 {
		setAll(out, attrs{{"n_in", w.in}, {"n_out", w.out}})
		out.Shape = []int{w.out, chans}
		return out.Done()
	}
	h := s[0]
	setAll(out, attrs{
		{"in_height", h.in}, {"in_width", w.in}, {"out_height", h.out}, {"out_width", w.out},
		{"pool_height", h.filt}, {"stride_height", h.stride}, {"pad_top", h.before}, {"pad_bottom", h.after},
	})
	out.Shape = []int{h.out, w.out, chans}
	return out.Done()
}

// readGlobalPooling mirrors parse_global_pooling_layer. The firmware's tensor has no axes of one pixel;
// what reads it sees the shape that keepdims asks for.
func readGlobalPooling(c *build.Call) (*build.Out, error) {
	axes := axesOf(c.Class)
	h, w, chans, err := pixels(c, axes)
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
	out.Set("keepdims", keep)
	out.Set("n_filt", chans)
	if axes == 1 {
		out.Set("n_in", w)
	} else {
		setAll(out, attrs{{"in_height", h}, {"in_width", w}})
	}
	out.Shape = []int{chans}
	if keep {
		out.Shape = append([]int{1, 1}[:axes], chans)
	}
	return out.Done()
}
