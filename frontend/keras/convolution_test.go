package keras_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/layers/shape"
)

// picture is a Sequential model of an input of the shape and one layer.
func picture(input, class, config string) string {
	text := sequential(layer(class, config))
	return strings.Replace(text, "[null, 6]", input, 1)
}

// TestPictureErrors pins the messages for convolutions and their like that cannot be read.
func TestPictureErrors(t *testing.T) {
	for _, c := range []struct{ input, class, config, want string }{
		{"[null, 6, 2]", "Conv1D", `"data_format": "channels_first"`, "got channels_first, want channels_last"},
		{"[null, 6, 2]", "Conv1D", `"groups": 2`, "groups: got 2, want 1"},
		{"[null, 6, 2]", "DepthwiseConv1D", `"depth_multiplier": 3`, "depth_multiplier: got 3, want 1"},
		{"[null, 6]", "Conv1D", `"kernel_size": [3]`, "got shape [6], want 1 axes of pixels and one of channels"},
		{"[null, 6, 2]", "Conv2D", `"kernel_size": [3, 3]`, "want 2 axes of pixels and one of channels"},
		{"[null, 6, 2]", "Conv1D", `"kernel_size": [3, 3]`, "kernel_size: got [3,3], want 1 whole numbers"},
		{"[null, 6, 2]", "Conv1D", `"kernel_size": [0]`, "got 0, 1, want both positive"},
		{"[null, 6, 2]", "Conv1D", `"kernel_size": [7]`, "kernel_size: got 7, want at most the 6 pixels"},
		{"[null, 6, 2]", "Conv1D", `"kernel_size": [3], "padding": "full"`, `padding: got "full"`},
		{"[null, 6, 6, 2]", "Conv2D", `"kernel_size": [3, 3], "padding": "causal"`, `padding: got "causal"`},
		{"[null, 6, 2]", "Conv1D", `"kernel_size": [3], "filters": -1`, `weight "kernel": shape: got [3 2 -1]`},
		{"[null, 6, 2]", "Conv1D", `"kernel_size": [3], "filters": 4`, `weight "kernel": got none in w.h5`},
		{"[null, 6, 2]", "SeparableConv1D", `"kernel_size": [3]`, `weight "depthwise_kernel": got none`},
		{"[null, 6]", "ZeroPadding1D", `"padding": 1`, "want 1 axes of pixels"},
		{"[null, 6, 2]", "ZeroPadding1D", `"padding": [1, -1]`, "none negative"},
		{"[null, 6, 6, 2]", "ZeroPadding2D", `"padding": [1]`, "padding: got [1], want 2 entries"},
		{"[null, 6, 2]", "ZeroPadding1D", `"padding": 1e15`, "want positive axes and at most 4194304 values"},
		{"[null, 6, 2]", "Cropping1D", `"cropping": [3, 3]`, "got an output of shape [0 2]"},
		{"[null, 6, 2]", "UpSampling1D", `"size": 0`, "size: got 0, want positive whole numbers"},
		{"[null, 6, 2]", "UpSampling1D", `"size": 1e9`, "want positive axes and at most 4194304 values"},
		{"[null, 6, 6, 2]", "UpSampling2D", `"interpolation": "bicubic"`, "got bicubic, want nearest or bilinear"},
	} {
		_, err := parse(t, picture(c.input, c.class, fmt.Sprintf(`{"name": "x", "use_bias": false, %s}`, c.config)))
		require.ErrorContains(t, err, c.want, "%s %s", c.class, c.config)
	}
}

// TestPictures reads sizes in every form that Keras takes.
func TestPictures(t *testing.T) {
	read := func(input, class, config string) any {
		p, err := parse(t, picture(input, class, `{"name": "x", `+config+`}`))
		require.NoError(t, err)
		return p.Layers[1].Attrs
	}
	pad := read("[null, 3, 4, 2]", "ZeroPadding2D", `"padding": [[1, 0], 2]`).(*shape.Padding2DAttrs)
	require.Equal(t, []int{1, 0, 2, 2, 4, 8}, []int{
		pad.PadTop, pad.PadBottom, pad.PadLeft, pad.PadRight, pad.OutHeight, pad.OutWidth,
	})
	crop := read("[null, 5, 2]", "Cropping1D", `"cropping": 1`).(*shape.Cropping1DAttrs)
	require.Equal(t, []int{1, 1, 3}, []int{crop.CropLeft, crop.CropRight, crop.OutWidth})
	up := read("[null, 3, 4, 2]", "UpSampling2D", `"size": [2, 3]`).(*shape.ResizeAttrs)
	require.Equal(t, []int{6, 12, 2, 3}, []int{up.OutHeight, up.OutWidth, *up.HeightFactor, *up.WidthFactor})
}
