package keras

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
)

var convolutionHandlers = []build.Handler{
	{
		Classes:     []string{"Conv1D", "DepthwiseConv1D", "SeparableConv1D"},
		Unsupported: checked(convolutionProblem), Read: readConv1D,
	},
	{
		Classes:     []string{"Conv2D", "DepthwiseConv2D", "SeparableConv2D"},
		Unsupported: checked(convolutionProblem), Read: readConv2D,
	},
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

// span is one axis of a convolution.
type span struct {
	in, filt, stride, out int
	dilation              int // from one pixel of the window to the next; 0 is 1
	before, after         int // padding
}

// reach is how many pixels a window covers, those between its own included.
func (s span) reach() int { return (s.filt-1)*max(s.dilation, 1) + 1 }

// padded fills in the output size and the padding. Mirrors compute_padding_1d and compute_padding_2d of
// hls4ml's converters/utils.py, which know no dilation.
func (s span) padded(mode string, causal bool) (span, error) {
	if s.filt < 1 || s.stride < 1 {
		return s, fmt.Errorf("kernel_size, strides: got %d, %d, want both positive", s.filt, s.stride)
	}
	switch {
	case mode == "valid":
		s.out = (s.in - s.reach() + s.stride) / s.stride
		if s.in < s.reach() {
			return s, fmt.Errorf("kernel_size: got %d, want at most the %d pixels of the input", s.reach(), s.in)
		}
		return s, nil
	case mode == "same", mode == "causal" && causal:
	default:
		return s, fmt.Errorf("padding: got %q, want valid, same or, over one axis, causal", mode)
	}
	s.out = (s.in + s.stride - 1) / s.stride
	last := s.in % s.stride
	if last == 0 {
		last = s.stride
	}
	all := max(s.reach()-last, 0)
	s.before = all / 2
	if mode == "causal" {
		s.before = all
	}
	s.after = all - s.before
	return s, nil
}

// kind is the IR class of a convolution: QKeras puts a Q before the name.
func kind(c *build.Call) string { return strings.TrimPrefix(c.Class, "Q") }

// spans reads the size of the windows, strides and padding for the pixels' axes of the input.
func spans(c *build.Call, axes int, size string) ([]span, error) {
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
	mode, err := c.Config.Text("padding", "valid")
	if err != nil {
		return nil, err
	}
	dilation, err := dilation(c, axes, size)
	if err != nil {
		return nil, err
	}
	out := make([]span, axes)
	for i := range out {
		s := span{in: c.Shape()[i], filt: filt[i], stride: stride[i], dilation: dilation[i]}
		if out[i], err = s.padded(mode, axes == 1); err != nil {
			return nil, err
		}
	}
	return out, nil
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
	s, err := spans(c, 1, "kernel_size")
	if err != nil {
		return nil, err
	}
	out, err := Layer(c, kind(c), c.Class)
	if err != nil {
		return nil, err
	}
	w := s[0]
	setAll(out, attrs{
		{"in_width", w.in}, {"out_width", w.out}, {"filt_width", w.filt}, {"stride_width", w.stride},
		{"pad_left", w.before}, {"pad_right", w.after}, {"dilation_width", max(w.dilation, 1)},
	})
	return convolution(c, out, s)
}

// readConv2D mirrors parse_conv2d_layer.
func readConv2D(c *build.Call) (*build.Out, error) {
	s, err := spans(c, 2, "kernel_size")
	if err != nil {
		return nil, err
	}
	out, err := Layer(c, kind(c), c.Class)
	if err != nil {
		return nil, err
	}
	h, w := s[0], s[1]
	setAll(out, attrs{
		{"in_height", h.in}, {"out_height", h.out}, {"filt_height", h.filt}, {"stride_height", h.stride},
		{"in_width", w.in}, {"out_width", w.out}, {"filt_width", w.filt}, {"stride_width", w.stride},
		{"pad_top", h.before}, {"pad_bottom", h.after}, {"pad_left", w.before}, {"pad_right", w.after},
		{"dilation_height", max(h.dilation, 1)}, {"dilation_width", max(w.dilation, 1)},
	})
	return convolution(c, out, s)
}

// attrs are attributes under hls4ml's names.
type attrs []attr

// attr is an attribute under hls4ml's name.
type attr struct {
	name  string
	value any
}

func setAll(o *build.Out, list attrs) {
	for _, a := range list {
		o.Set(a.name, a.value)
	}
}

// convolution reads channels, filters, weights and what hls4ml passes over.
func convolution(c *build.Call, out *build.Out, s []span) (*build.Out, error) {
	chans := c.Shape()[len(s)]
	filters, err := c.Config.Int("filters", chans)
	if err != nil {
		return nil, err
	}
	out.Set("n_chan", chans)
	out.Set("n_filt", filters)
	if c.Config.Has("depth_multiplier") {
		out.Set("depth_multiplier", 1)
	}
	dilation, err := raw(c).sizes("dilation_rate", len(s))
	if err != nil {
		return nil, err
	}
	out.Set("dilation_rate", dilation)
	for i, d := range dilation {
		if d > 1 && !c.Stream && s[i].filt > 1 && s[i].before+s[i].after == 0 {
			out.Note = fmt.Sprintf(": hls4ml 1.3.0 reads past the dilation_rate of %q, so that shapes behind it are "+
				"others in io_parallel: use io_stream", c.Name)
		}
	}
	if err := kernels(c, out, s, chans, filters); err != nil {
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
	for _, x := range s {
		out.Shape = append(out.Shape, x.out)
	}
	out.Shape = append(out.Shape, filters)
	return out.Done()
}

// kernels reads the weights besides the bias, by the class.
func kernels(c *build.Call, out *build.Out, s []span, chans, filters int) error {
	var window, one []int
	for _, x := range s {
		window, one = append(window, x.filt), append(one, 1)
	}
	type kernel struct {
		data, name string
		shape      []int
	}
	depthwise := kernel{"depthwise_data", "depthwise_kernel", append(slices.Clone(window), chans, 1)}
	var list []kernel
	switch kind(c) {
	case "DepthwiseConv1D", "DepthwiseConv2D":
		list = []kernel{depthwise}
	case "SeparableConv1D", "SeparableConv2D":
		list = []kernel{depthwise, {"pointwise_data", "pointwise_kernel", append(one, chans, filters)}}
	default:
		list = []kernel{{"weight_data", "kernel", append(window, chans, filters)}}
	}
	for _, k := range list {
		t, err := c.Weight(k.name, k.shape...)
		if err != nil {
			return err
		}
		out.Tensor(k.data, t)
	}
	return nil
}

// pixels is the shape of the input as height, width and channels; one axis of pixels has the height 1.
func pixels(c *build.Call, axes int) (h, w, chans int, err error) {
	in := c.Shape()
	if len(in) != axes+1 {
		return 0, 0, 0, fmt.Errorf("input: got shape %v, want %d axes of pixels and one of channels", in, axes)
	}
	if axes == 1 {
		return 1, in[0], in[1], nil
	}
	return in[0], in[1], in[2], nil
}

// checkPixels refuses an input with no pixel left.
func checkPixels(what string, shape []int) error {
	if slices.Min(shape) < 1 {
		return fmt.Errorf("%s: got an output of shape %v, want at least one pixel", what, shape)
	}
	return nil
}
