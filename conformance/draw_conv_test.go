package conformance_test

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// multiplies settles strategy and reuse factor of a layer whose sums have nIn terms. A kernel of one pixel
// keeps its reuse factor as written, and an unrolled product may be moved to one that it does not have.
func (b *builder) multiplies(l *ir.Layer, nIn, nOut int, pointwise bool) {
	if (l.Kind == "Dense" || l.Kind == "Conv1D" || l.Kind == "Conv2D") && b.chance(0.1) {
		b.keys[l.Name] = append(b.keys[l.Name],
			ir.Key{Name: "Strategy", Value: "distributed_arithmetic"}, ir.Key{Name: "ReuseFactor", Value: 1})
		return
	}
	model, _ := b.out.config.HLS.Model.Get("Strategy")
	strategy, own := model.(string), b.chance(0.4)
	if own {
		strategy = pick(b, strategies)
	}
	valid := layers.ValidReuseFactors(nIn, nOut)
	if strategy == "Resource_Unrolled" && len(valid) < 3 { // one multiplication has nothing to unroll
		strategy, own = "Latency", true
	}
	reuse := 1 + b.IntN(40)
	switch {
	case strategy == "Resource_Unrolled":
		reuse, own = pick(b, valid[1:len(valid)-1]), true
	case strategy == "Resource" && pointwise:
		reuse, own = pick(b, valid), true
	}
	if own {
		b.keys[l.Name] = append(b.keys[l.Name],
			ir.Key{Name: "Strategy", Value: strategy}, ir.Key{Name: "ReuseFactor", Value: reuse})
	}
}

func (b *builder) conv1d() {
	w := 1 + b.IntN(min(4, b.shape[0]))
	f := filter{w: w, strideW: 1 + b.IntN(2), mode: choose(b, "valid", "valid", "same", "causal")}
	b.drawn(pick(b, []string{"Conv1D", "Conv1D", "Conv1D", "DepthwiseConv1D", "SeparableConv1D"}), f)
}

func (b *builder) conv2d() {
	h, w := 1+b.IntN(min(3, b.shape[0])), 1+b.IntN(min(3, b.shape[1]))
	f := filter{
		h: h, w: w, strideH: 1 + b.IntN(2), strideW: 1 + b.IntN(2), mode: choose(b, "valid", "valid", "same"),
	}
	if b.stream && h == 1 {
		f.strideH = 1 // the firmware stalls otherwise, as hls4ml's does
	}
	kinds := []string{"Conv2D", "Conv2D", "Conv2D", "DepthwiseConv2D", "SeparableConv2D"}
	if b.quantized {
		kinds = append(kinds, "Conv2DBatchnorm")
	}
	b.drawn(pick(b, kinds), f)
}

// drawn appends a convolution of the kind and settles what is random about it besides its window.
func (b *builder) drawn(kind string, f filter) {
	chans := b.channels()
	f.out = 1 + b.IntN(4)
	if kind == "DepthwiseConv1D" || kind == "DepthwiseConv2D" {
		f.out = chans
	}
	b.convolution(kind, f)
	l := b.layers[len(b.layers)-1]
	weight := b.weight()
	for _, name := range []string{"weight", "depthwise", "pointwise", "bias"} {
		if t := l.Data.Tensors[name+"_data"]; t != nil {
			l.Data.Tensors[name+"_data"] = b.tensor(weight, t.Shape...)
		}
	}
	if kind != "Conv2DBatchnorm" && b.chance(0.25) {
		delete(l.Data.Tensors, "bias_data")
		if _, err := ir.SetAttr(l.Attrs, "use_bias", false); err != nil {
			b.fail(err)
		}
	}
	one := kind == "SeparableConv1D" || kind == "SeparableConv2D"
	b.multiplies(l, max(f.h, 1)*f.w*chans, f.out, one || max(f.h, 1)*f.w == 1)
	if one {
		b.separableKeys(l, chans, f.out)
	}
	b.convQuantizers(l, kind)
	if b.chance(0.3) {
		b.keys[l.Name] = append(b.keys[l.Name], ir.Key{Name: "ParallelizationFactor", Value: 1 + b.IntN(6)})
	}
	if b.chance(0.2) && f.strideW == 1 && f.strideH <= 1 {
		b.keys[l.Name] = append(b.keys[l.Name], ir.Key{Name: "ConvImplementation", Value: "Encoded"})
	}
}

// separableKeys settles the reuse factor of the pointwise step, which reads the settings of the whole layer.
func (b *builder) separableKeys(l *ir.Layer, chans, out int) {
	b.keys[l.Name] = nil
	b.multiplies(l, chans, out, true)
}

// filter is a convolution's window; h zero is one axis. pad is that of every edge, unless mode is "same" or
// "causal".
type filter struct {
	h, w, strideH, strideW, pad, out int
	mode                             string
}

// axis is the number of output pixels of an axis, and the padding at its ends.
func (f filter) axis(in, filt, stride int) (out, before, after int) {
	if f.mode != "same" && f.mode != "causal" {
		return (in+2*f.pad-filt)/stride + 1, f.pad, f.pad
	}
	out = (in + stride - 1) / stride
	all := max((out-1)*stride+filt-in, 0)
	before = all / 2
	if f.mode == "causal" {
		before = all
	}
	return out, before, all - before
}

// convolution appends a convolution of any kind.
func (b *builder) convolution(kind string, f filter) {
	in, chans := b.copyShape(), b.channels()
	window, one := []int{f.w}, []int{1}
	cols := in[len(in)-2]
	out, left, right := f.axis(cols, f.w, f.strideW)
	attrs := map[string]any{
		"n_chan": chans, "n_filt": f.out, "filt_width": f.w, "stride_width": f.strideW, "pad_left": left,
		"pad_right": right, "in_width": cols, "out_width": out, "use_bias": true,
	}
	shape := []int{out, f.out}
	if f.h > 0 {
		rows, top, bottom := f.axis(in[0], f.h, f.strideH)
		for name, v := range map[string]int{
			"filt_height": f.h, "stride_height": f.strideH, "pad_top": top, "pad_bottom": bottom,
			"in_height": in[0], "out_height": rows,
		} {
			attrs[name] = v
		}
		window, one, shape = []int{f.h, f.w}, []int{1, 1}, append([]int{rows}, shape...)
	}
	b.shape = shape
	tensors := b.add(kind, kind, fmt.Sprintf("conv%d", b.next()), attrs).Data.Tensors
	tensors["bias_data"] = b.tensor(b.NormFloat64, f.out)
	switch kind {
	case "Conv1D", "Conv2D", "Conv2DBatchnorm":
		tensors["weight_data"] = b.tensor(b.NormFloat64, append(window, chans, f.out)...)
		return
	case "SeparableConv1D", "SeparableConv2D":
		tensors["pointwise_data"] = b.tensor(b.NormFloat64, append(one, chans, f.out)...)
	}
	tensors["depthwise_data"] = b.tensor(b.NormFloat64, append(window, chans, 1)...)
}

// pool appends a pooling of windows or of whole pictures.
func (b *builder) pool() {
	kind, op := fmt.Sprintf("Pooling%dD", len(b.shape)-1), choose(b, "Max", "Average")
	chans := b.channels()
	if b.chance(0.35) {
		attrs := map[string]any{"pool_op": op, "n_filt": chans, "keepdims": b.chance(0.3)}
		if len(b.shape) == 2 {
			attrs["n_in"] = b.shape[0]
		} else {
			attrs["in_height"], attrs["in_width"] = b.shape[0], b.shape[1]
		}
		b.shape = []int{chans}
		b.add("Global"+kind, "Global"+op+kind, fmt.Sprintf("global%d", b.next()), attrs)
		return
	}
	f := filter{mode: "valid"}
	if !b.stream {
		f.mode = choose(b, "valid", "same") // streams have no padding
	}
	attrs := map[string]any{"pool_op": op, "n_filt": chans, "count_pad": b.chance(0.3)}
	shape := []int{}
	for i, axis := range []string{"height", "width"}[3-len(b.shape):] {
		in, size := b.shape[i], 1+b.IntN(min(3, b.shape[i]))
		stride := size
		if !b.stream || len(b.shape) == 2 {
			stride = 1 + b.IntN(3) // of streams of two axes windows do not overlap
		}
		out, before, after := f.axis(in, size, stride)
		sides := map[string][2]string{"height": {"pad_top", "pad_bottom"}, "width": {"pad_left", "pad_right"}}[axis]
		attrs["pool_"+axis], attrs["stride_"+axis] = size, stride
		attrs[sides[0]], attrs[sides[1]] = before, after
		if len(b.shape) == 3 {
			attrs["in_"+axis], attrs["out_"+axis] = in, out
		} else {
			attrs["n_in"], attrs["n_out"] = in, out
		}
		shape = append(shape, out)
	}
	b.shape = append(shape, chans)
	l := b.add(kind, op+kind, fmt.Sprintf("pool%d", b.next()), attrs)
	if b.out.config.Backend == "Vivado" && b.chance(0.2) {
		b.keys[l.Name] = append(b.keys[l.Name], ir.Key{Name: "ConvImplementation", Value: "Encoded"})
	}
}

// frame appends a layer that adds zeros round a picture, or cuts its edges off.
func (b *builder) frame() {
	axes, shape := len(b.shape)-1, b.copyShape()
	attrs, kind := map[string]any{}, fmt.Sprintf("ZeroPadding%dD", axes)
	prefix, sign := "pad_", 1
	if b.chance(0.5) {
		kind, prefix, sign = fmt.Sprintf("Cropping%dD", axes), "crop_", -1
	}
	for i, sides := range [][2]string{{"top", "bottom"}, {"left", "right"}}[2-axes:] {
		for _, side := range sides {
			n := b.IntN(3)
			if sign < 0 {
				n = min(n, shape[i]-1)
			}
			attrs[prefix+side] = n
			shape[i] += sign * n
		}
	}
	picture(kind, shape, attrs)(b)
}

// resize appends a layer that enlarges a picture.
func (b *builder) resize() {
	shape := b.copyShape()
	for i := range len(shape) - 1 {
		shape[i] *= 1 + b.IntN(3)
	}
	algorithm := choose(b, "nearest", "bilinear")
	attrs := map[string]any{"algorithm": algorithm}
	if len(shape) == 2 {
		attrs["in_height"], attrs["out_height"] = 1, 1
		attrs["algorithm"] = "nearest"
	} else if attrs["algorithm"] == "nearest" && !b.stream && b.chance(0.2) {
		shape[0], shape[1] = 1+b.IntN(8), 1+b.IntN(8) // of arrays any size
	}
	picture("Resize", shape, attrs)(b)
}

// picture appends a layer that moves pixels to a picture of another shape.
func picture(kind string, shape []int, attrs map[string]any) func(b *builder) {
	return func(b *builder) {
		in := b.copyShape()
		all := map[string]any{
			"n_chan": b.channels(), "in_width": in[len(in)-2], "out_width": shape[len(shape)-2],
		}
		if len(in) == 3 {
			all["in_height"], all["out_height"] = in[0], shape[0]
		}
		for name, v := range attrs {
			all[name] = v
		}
		b.shape = slices.Clone(shape)
		b.add(kind, kind, fmt.Sprintf("picture%d", b.next()), all)
	}
}
