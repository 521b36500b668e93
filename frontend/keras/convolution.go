package keras

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/layers/conv"
)

var convolutionHandlers = []build.Handler{
	{
		Classes:     []string{"Conv1D", "DepthwiseConv1D", "SeparableConv1D"},
		Unsupported: checked(convolutionProblem), Variables: convolutionVariables, Read: readConv1D,
	},
	{
		Classes:     []string{"Conv2D", "DepthwiseConv2D", "SeparableConv2D"},
		Unsupported: checked(convolutionProblem), Variables: convolutionVariables, Read: readConv2D,
	},
}

// convolutionVariables are the weights of the convolutions of Keras and QKeras.
func convolutionVariables(class string, c build.Attributes) []build.Variables {
	const bias = "bias?use_bias"
	switch class = strings.TrimPrefix(class, "Q"); {
	case strings.HasPrefix(class, "Depthwise"):
		return variables("depthwise_kernel", bias)(class, c)
	case strings.HasPrefix(class, "Separable"):
		return variables("depthwise_kernel", "pointwise_kernel", bias)(class, c)
	case class == "Conv2DBatchnorm":
		own := variables("kernel", bias, "iteration")(class, c)
		return append(own, variablesOf("batchnorm", statisticsVariables...)(class, c)...)
	}
	return variables("kernel", bias)(class, c)
}

// convolutionProblem names what hls4ml 1.3.0 converts without saying that the result is another network.
func convolutionProblem(_ string, c Config) string {
	if reason := channelsFirst(c); reason != "" {
		return reason
	}
	for _, key := range []string{"groups", "depth_multiplier"} {
		if v, err := c.Int(key, 1); err == nil && v != 1 {
			return fmt.Sprintf("%s: got %d, want 1: the firmware has no such convolution", key, v)
		}
	}
	return ""
}

// channelsFirst refuses a layout that the generated code does not have.
func channelsFirst(c Config) string {
	if f, err := c.Text("data_format", ""); err == nil && f == "channels_first" {
		return "data_format: got channels_first, want channels_last"
	}
	return ""
}

// kind is the IR class of a convolution: QKeras puts a Q before the name.
func kind(c *build.Call) string { return strings.TrimPrefix(c.Class, "Q") }

// windows reads the size of the windows, under the key size, strides and padding for the pixels' axes of the
// input.
func windows(c *build.Call, axes int, size string) ([]build.Window, error) {
	if len(c.Shape()) != axes+1 {
		return nil, fmt.Errorf("input: got shape %v, want %d axes of pixels and one of channels", c.Shape(), axes)
	}
	filt, err := raw(c).sizes(size, axes)
	if err != nil {
		return nil, err
	}
	stride, err := raw(c).sizes("strides", axes)
	if err != nil {
		return nil, err
	}
	padding, err := padding(c, axes)
	if err != nil {
		return nil, err
	}
	dilation, err := dilation(c, axes, size)
	if err != nil {
		return nil, err
	}
	out := make([]build.Window, axes)
	for i := range out {
		w := build.Window{Key: size, In: c.Shape()[i], Size: filt[i], Stride: stride[i], Dilation: dilation[i]}
		if out[i], err = w.Pad(padding); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// padding reads the padding by its name; only layers over one axis, time, have the causal one.
func padding(c *build.Call, axes int) (build.Padding, error) {
	mode, err := c.Config.Text("padding", "valid")
	switch {
	case err != nil:
		return build.Valid, err
	case mode == "valid":
		return build.Valid, nil
	case mode == "same":
		return build.Same, nil
	case mode == "causal" && axes == 1:
		return build.Causal, nil
	}
	return build.Valid, fmt.Errorf("padding: got %q, want valid, same or, over one axis, causal", mode)
}

// maxDilation bounds the gaps in a window.
const maxDilation = 1 << 20

// dilation is from one pixel of a window to the next, by axis. hls4ml reads past it; in io_parallel so does
// the firmware, in io_stream it has what the framework has. Strides of dilated windows are 1.
func dilation(c *build.Call, axes int, size string) ([]int, error) {
	rate, err := raw(c).sizes("dilation_rate", axes)
	if err != nil {
		return nil, err
	}
	if !c.Stream || size != "kernel_size" {
		return make([]int, axes), nil
	}
	stride, err := raw(c).sizes("strides", axes)
	if err != nil {
		return nil, err
	}
	for i, d := range rate {
		if d < 1 || d > maxDilation || d > 1 && stride[i] > 1 {
			return nil, fmt.Errorf("dilation_rate: got %v with strides %v, want 1, or up to %d with strides of 1",
				rate, stride, maxDilation)
		}
	}
	return rate, nil
}

// sizes reads one whole number per axis; a number alone counts for all.
func (c Config) sizes(key string, axes int) ([]int, error) {
	v, err := c.Ints(key)
	if err != nil {
		return nil, err
	}
	switch len(v) {
	case 0:
		return slices.Repeat([]int{1}, axes), nil
	case 1:
		return slices.Repeat(v, axes), nil
	case axes:
		return v, nil
	}
	return nil, c.wrong(key, fmt.Sprintf("%d whole numbers", axes))
}

// readConv1D mirrors parse_conv1d_layer of hls4ml's converters/keras/convolution.py.
func readConv1D(c *build.Call) (*build.Out, error) {
	list, err := windows(c, 1, "kernel_size")
	if err != nil {
		return nil, err
	}
	out, err := Layer(c, kind(c), c.Class)
	if err != nil {
		return nil, err
	}
	a, w := build.Attrs[conv.Conv1DAttrs](out), list[0]
	a.InWidth, a.OutWidth, a.FiltWidth, a.StrideWidth = w.In, w.Out, w.Size, w.Stride
	a.PadLeft, a.PadRight, a.DilationWidth = w.Before, w.After, max(w.Dilation, 1)
	return convolution(c, out, list)
}

// readConv2D mirrors parse_conv2d_layer.
func readConv2D(c *build.Call) (*build.Out, error) {
	list, err := windows(c, 2, "kernel_size")
	if err != nil {
		return nil, err
	}
	out, err := Layer(c, kind(c), c.Class)
	if err != nil {
		return nil, err
	}
	a, h, w := build.Attrs[conv.Conv2DAttrs](out), list[0], list[1]
	a.InHeight, a.OutHeight, a.FiltHeight, a.StrideHeight = h.In, h.Out, h.Size, h.Stride
	a.InWidth, a.OutWidth, a.FiltWidth, a.StrideWidth = w.In, w.Out, w.Size, w.Stride
	a.PadTop, a.PadBottom, a.PadLeft, a.PadRight = h.Before, h.After, w.Before, w.After
	a.DilationHeight, a.DilationWidth = max(h.Dilation, 1), max(w.Dilation, 1)
	return convolution(c, out, list)
}

// convolution reads channels, filters, weights and what hls4ml passes over.
func convolution(c *build.Call, out *build.Out, list []build.Window) (*build.Out, error) {
	chans := c.Shape()[len(list)]
	filters, err := c.Config.Int("filters", chans)
	if err != nil {
		return nil, err
	}
	a := build.Attrs[conv.Common](out)
	a.NChan, a.NFilt = chans, filters
	if c.Config.Has("depth_multiplier") {
		out.Set("depth_multiplier", 1)
	}
	if a.DilationRate, err = raw(c).sizes("dilation_rate", len(list)); err != nil {
		return nil, err
	}
	for i, d := range a.DilationRate {
		w := list[i]
		if d > 1 && !c.Stream && w.Size > 1 && w.Before+w.After == 0 {
			out.Note = fmt.Sprintf(": hls4ml 1.3.0 reads past the dilation_rate of %q, so that shapes behind it are "+
				"others in io_parallel: use io_stream", c.Name)
		}
	}
	if err := kernels(c, out, list, chans, filters); err != nil {
		return nil, err
	}
	useBias, err := c.Config.Bool("use_bias", true)
	if err != nil {
		return nil, err
	}
	if useBias {
		bias, err := c.Weight("bias", filters)
		if err != nil {
			return nil, err
		}
		out.Tensor("bias_data", bias)
	}
	out.Shape = nil
	for _, w := range list {
		out.Shape = append(out.Shape, w.Out)
	}
	out.Shape = append(out.Shape, filters)
	return out.Done()
}

// kernels reads the weights besides the bias, by the class.
func kernels(c *build.Call, out *build.Out, list []build.Window, chans, filters int) error {
	var window, one []int
	for _, w := range list {
		window, one = append(window, w.Size), append(one, 1)
	}
	type kernel struct {
		data, name string
		shape      []int
	}
	depthwise := kernel{"depthwise_data", "depthwise_kernel", append(slices.Clone(window), chans, 1)}
	var kernels []kernel
	switch kind(c) {
	case "DepthwiseConv1D", "DepthwiseConv2D":
		kernels = []kernel{depthwise}
	case "SeparableConv1D", "SeparableConv2D":
		kernels = []kernel{depthwise, {"pointwise_data", "pointwise_kernel", append(one, chans, filters)}}
	default:
		kernels = []kernel{{"weight_data", "kernel", append(window, chans, filters)}}
	}
	for _, k := range kernels {
		t, err := c.Weight(k.name, k.shape...)
		if err != nil {
			return err
		}
		out.Tensor(k.data, t)
	}
	return nil
}

// checkPixels refuses an input with no pixel left.
func checkPixels(what string, shape []int) error {
	if slices.Min(shape) < 1 {
		return fmt.Errorf("%s: got an output of shape %v, want at least one pixel", what, shape)
	}
	return nil
}
