package conv_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/conv"
	"github.com/hlsgo/hlsgo/layers/quant"
	"github.com/hlsgo/hlsgo/layerstest"
)

// TestFamily runs the test that every family runs.
func TestFamily(t *testing.T) {
	samples := []layerstest.Sample{
		{Kind: "PointwiseConv1D", Build: func(n *layerstest.Net) { convolution(n, "Conv1D", []int{1}) }},
		{Kind: "PointwiseConv2D", Build: func(n *layerstest.Net) { convolution(n, "Conv2D", []int{1, 1}) }},
		{Kind: "SeparableConv1D", As: "DepthwiseConv1D", Build: func(n *layerstest.Net) {
			convolution(n, "SeparableConv1D", []int{n.Between(2, 3)})
		}},
		{Kind: "SeparableConv2D", As: "DepthwiseConv2D", Build: func(n *layerstest.Net) {
			convolution(n, "SeparableConv2D", []int{n.Between(2, 3), n.Between(1, 2)})
		}},
		{Kind: "Conv2DBatchnorm", Near: layerstest.Near{Skip: "its weights are quantized"}, Build: folded},
	}
	for _, kind := range []string{"Conv1D", "DepthwiseConv1D"} {
		samples = append(samples, layerstest.Sample{Kind: kind, Build: func(n *layerstest.Net) {
			convolution(n, kind, []int{n.Between(2, 3)})
		}})
	}
	for _, kind := range []string{"Conv2D", "DepthwiseConv2D"} {
		samples = append(samples, layerstest.Sample{Kind: kind, Build: func(n *layerstest.Net) {
			convolution(n, kind, []int{n.Between(2, 3), n.Between(1, 2)})
		}})
	}
	samples = append(samples,
		layerstest.Sample{Kind: "Conv", As: "Conv1D", Build: func(n *layerstest.Net) {
			onnx(n, 1, 1, n.Between(2, 3))
		}},
		layerstest.Sample{Kind: "Conv", Name: "groups", As: "Conv2D", Build: func(n *layerstest.Net) {
			onnx(n, 2, n.Between(2, 3), 2, 2)
		}},
		layerstest.Sample{
			Kind: "Conv", Name: "channels", As: "DepthwiseConv2D",
			Near:  layerstest.Near{Skip: "Resource mixes up its weights, as in hls4ml"},
			Build: func(n *layerstest.Net) { onnx(n, n.Between(2, 3), 1, 2, 2) },
		},
	)
	layerstest.Check(t, layerstest.Family{Defs: conv.Defs(), Samples: samples})
}

// onnx is a convolution with its weights and bias as inputs, of groups with some channels and a filter for
// each.
func onnx(n *layerstest.Net, group, each int, window ...int) {
	channels := group * each
	filters := channels
	a := layerstest.Attrs{"n_dim": len(window), "group": group, "n_chan": channels, "n_filt": filters}
	var shape []int
	for i, size := range window {
		axis := []string{"height", "width"}[2-len(window)+i]
		out := n.Between(1, 3)
		a["in_"+axis], a["out_"+axis], a["filt_"+axis] = out+size-1, out, size
		shape = append(shape, out+size-1)
	}
	in := n.Input(append(shape, channels)...)
	w := n.Constant(n.Tensor(slices.Concat([]int{filters}, window, []int{each})...))
	n.Layer("Conv", a, nil, in, w, n.Constant(n.Tensor(filters)))
}

// convolution appends one with a window of one axis or two, and with padding before each.
func convolution(n *layerstest.Net, kind string, window []int) {
	channels, filters := n.Between(1, 3), n.Between(2, 3)
	if strings.HasPrefix(kind, "Depthwise") {
		filters = channels
	}
	a := layerstest.Attrs{"n_chan": channels, "n_filt": filters, "use_bias": true}
	var shape, one []int
	for i, size := range window {
		axis := []string{"height", "width"}[2-len(window)+i]
		before := []string{"top", "left"}[2-len(window)+i]
		stride, pad, out := n.Between(1, 2), n.Between(0, size-1), n.Between(1, 3)
		if size == 1 {
			stride = 1 // hls4ml's stream of one line waits for ever with more
		}
		in := (out-1)*stride + size
		if in > pad+1 {
			in -= pad
		} else {
			pad = 0
		}
		shape, one = append(shape, in), append(one, 1)
		a["in_"+axis], a["out_"+axis], a["filt_"+axis], a["stride_"+axis] = in, out, size, stride
		a["pad_"+before] = pad
	}
	w := layerstest.Tensors{"bias_data": n.Tensor(filters)}
	switch {
	case strings.HasPrefix(kind, "Conv"):
		w["weight_data"] = n.Tensor(append(window, channels, filters)...)
	case strings.HasPrefix(kind, "Separable"):
		w["pointwise_data"] = n.Tensor(append(one, channels, filters)...)
		fallthrough
	default:
		w["depthwise_data"] = n.Tensor(append(window, channels, 1)...)
	}
	n.Layer(kind, a, w, n.Input(append(shape, channels)...))
}

// folded is a convolution with a batch normalization inside, whose weights are quantized behind it.
func folded(n *layerstest.Net) {
	convolution(n, "Conv2D", []int{2, 2})
	l := n.Last()
	filters := l.Attrs.(*conv.Conv2DAttrs).NFilt
	q, err := quantizer()
	if err != nil {
		panic("BUG: " + err.Error())
	}
	tensors := l.Data.Tensors
	for _, name := range []string{"gamma_data", "beta_data", "mean_data"} {
		tensors[name] = n.Tensor(filters)
	}
	tensors["variance_data"] = n.Drawn(func() float64 { return 0.3 + math.Abs(n.NormFloat64()) }, filters)
	l.Kind, l.ClassName, l.Data.Quantizers = "Conv2DBatchnorm", "Conv2DBatchnorm", map[string]ir.Quantizer{
		"weight_quantizer": q,
	}
	a := conv.BatchnormAttrs{Conv2DAttrs: *l.Attrs.(*conv.Conv2DAttrs), Epsilon: 1e-3}
	l.Attrs = &a
}

func quantizer() (ir.Quantizer, error) {
	c, err := quant.Parse("quantized_bits(6, 2, alpha=1)")
	if err != nil {
		return nil, err
	}
	return quant.ForWeight(c, true)
}
