package torch

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
)

// axesOf is the number of axes of pixels in the name of an operator, such as conv2d.
func axesOf(class string) int {
	for i := range len(class) - 1 {
		if class[i] >= '1' && class[i] <= '3' && class[i+1] == 'd' {
			return int(class[i] - '0')
		}
	}
	return 0
}

// perAxis reads one whole number per axis of pixels; a number alone counts for all, and without any it is
// def.
func perAxis(c *build.Call, key string, def ...int) ([]int, error) {
	axes := axesOf(c.Class)
	v, err := c.Config.Ints(key)
	switch {
	case err != nil:
		return nil, err
	case len(v) == 0:
		v = def
	}
	if len(v) == 1 {
		v = slices.Repeat(v, axes)
	}
	if len(v) != axes {
		return nil, fmt.Errorf("%s: got %v, want %d whole numbers", key, v, axes)
	}
	for _, n := range v {
		if n < 0 || n > build.MaxValues {
			return nil, fmt.Errorf("%s: got %v, want none negative, at most %d", key, v, build.MaxValues)
		}
	}
	return v, nil
}

// windows works out where the windows of a size lie in the picture, channels first. Padding is a number, or
// the word same.
func windows(c *build.Call, size []int) ([]build.Window, error) {
	axes := axesOf(c.Class)
	if len(c.Shape()) != axes+1 {
		return nil, refusal("input: got shape %v, want channels and %d axes of pixels", c.Shape(), axes)
	}
	def := []int{1}
	if _, pools := poolings[c.Class]; pools {
		def = size // windows side by side
	}
	stride, err := perAxis(c, "stride", def...)
	if err != nil {
		return nil, err
	}
	dilation, err := perAxis(c, "dilation", 1)
	if err != nil {
		return nil, err
	}
	word, err := c.Config.Text("padding", "")
	if err != nil {
		word = ""
	}
	padding := make([]int, axes)
	if word == "" {
		if padding, err = perAxis(c, "padding", 0); err != nil {
			return nil, err
		}
	}
	out := make([]build.Window, axes)
	for i := range out {
		w := build.Window{
			Key: "kernel_size", In: c.Shape()[i+1], Size: size[i], Stride: stride[i], Dilation: dilation[i],
		}
		switch word {
		case "":
			out[i], err = w.PadBy(padding[i], padding[i])
		case "valid":
			out[i], err = w.Pad(build.Valid)
		case "same":
			out[i], err = w.Pad(build.Same)
		default:
			err = fmt.Errorf("padding: got %q, want valid, same or a number", word)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// pixels is the shape of an output, channels first.
func pixels(channels int, list []build.Window) []int {
	out := []int{channels}
	for _, w := range list {
		out = append(out, w.Out)
	}
	return out
}
