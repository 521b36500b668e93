package norm_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/hlsgo/hlsgo/layers/norm"
	"github.com/hlsgo/hlsgo/layerstest"
)

// TestFamily runs the test that every family runs.
func TestFamily(t *testing.T) {
	layerstest.Check(t, layerstest.Family{Defs: norm.Defs(), Samples: []layerstest.Sample{
		{Kind: "BatchNormalization", Build: func(n *layerstest.Net) { batchNorm(n, n.Input(n.Between(1, 6))) }},
		{Kind: "BatchNormalization", Name: "channels", Build: func(n *layerstest.Net) {
			batchNorm(n, n.Input(n.Between(1, 3), n.Between(1, 3)))
		}},
		{Kind: "BatchNormOnnx", As: "BatchNormalization", Build: onnx},
		{Kind: "ApplyAlpha", Build: applyAlpha},
		{
			Kind: "BatchNormalizationQuantizedTanh", Name: "binary", Near: jumps,
			Build: func(n *layerstest.Net) { quantized(n, "Activation", "binary_tanh") },
		},
		{
			Kind: "BatchNormalizationQuantizedTanh", Name: "ternary", Near: jumps,
			Build: func(n *layerstest.Net) { quantized(n, "TernaryTanh", "ternary_tanh") },
		},
		{Kind: "LayerNormalization", Build: layerNorm, Near: layerNormNear()},
	}})
}

func batchNorm(n *layerstest.Net, in string) string {
	shape := n.Shape(in)
	channels, filters := shape[len(shape)-1], -1
	if len(shape) > 1 {
		filters = channels
	}
	return n.Layer("BatchNormalization", layerstest.Attrs{
		"n_in": n.Size(in), "n_filt": filters, "epsilon": 1e-3, "use_gamma": true, "use_beta": true,
	}, layerstest.Tensors{
		"gamma_data": n.Tensor(channels), "beta_data": n.Tensor(channels), "mean_data": n.Tensor(channels),
		"variance_data": n.Drawn(func() float64 { return 0.3 + math.Abs(n.NormFloat64()) }, channels),
	}, in)
}

// onnx is a batch normalization with its vectors as inputs.
func onnx(n *layerstest.Net) {
	rows, size := n.Between(1, 3), n.Between(2, 5)
	vector := func() string { return n.Constant(n.Tensor(size)) }
	in, gamma, beta, mean := n.Input(rows, size), vector(), vector(), vector()
	variance := n.Constant(n.Drawn(func() float64 { return 0.3 + math.Abs(n.NormFloat64()) }, size))
	n.Layer("BatchNormOnnx", layerstest.Attrs{"n_in": rows * size, "n_filt": size, "epsilon": 1e-5}, nil,
		in, gamma, beta, mean, variance)
}

func applyAlpha(n *layerstest.Net) {
	size := n.Between(1, 6)
	n.Layer("ApplyAlpha", layerstest.Attrs{"n_in": size, "n_filt": -1}, layerstest.Tensors{
		"scale_data": n.Tensor(size), "bias_data": n.Tensor(size),
	}, n.Input(size))
}

// jumps: beside a threshold any step of the types makes another answer.
var jumps = layerstest.Near{Skip: "the answer jumps at thresholds that the types move"}

func quantized(n *layerstest.Net, kind, function string) {
	bn := batchNorm(n, n.Input(n.Between(2, 6)))
	for i, v := range n.Last().Data.Tensors["gamma_data"].Data { // a scale of zero has no thresholds
		n.Last().Data.Tensors["gamma_data"].Data[i] = v + 2
	}
	n.Layer(kind, layerstest.Attrs{"activation": function}, nil, bn)
}

func layerNorm(n *layerstest.Net) {
	rows, size := n.Between(1, 3), n.Between(2, 5)
	n.Layer("LayerNormalization", layerstest.Attrs{
		"n_in": rows * size, "seq_len": rows, "axis": 2, "epsilon_power_of_10": 3, "epsilon": 1e-3,
	}, layerstest.Tensors{"gamma_data": n.Tensor(size), "beta_data": n.Tensor(size)}, n.Input(rows, size))
}

// layerNormNear: the table of 1/sqrt(variance+epsilon) has a step of 1/4096 up to a variance of 1, so that
// inputs are below 1. A step moves a result d/sqrt(v+epsilon) by |d|/4096/2/(v+epsilon)^1.5, and |d| is at
// most sqrt(size*v). Rows of five multiples of 1/4 have a variance of 0 or of 0.01 at least, which makes it
// 0.024.
func layerNormNear() layerstest.Near {
	return layerstest.Near{
		Value: func(r *rand.Rand, _ int) float64 { return float64(r.IntN(7)-3) / 4 }, Slack: 0.024,
	}
}
