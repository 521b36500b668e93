package garnet_test

import (
	"testing"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/garnet"
	"github.com/hlsgo/hlsgo/layerstest"
)

// TestFamily runs the test that every family runs.
func TestFamily(t *testing.T) {
	near := layerstest.Near{Skip: "hls4ml's own types of its weights are coarse, and unsigned for some"}
	layerstest.Check(t, layerstest.Family{Defs: garnet.Defs(), Samples: []layerstest.Sample{
		{Kind: "GarNet", Near: near, Build: one},
		{Kind: "GarNetStack", Near: near, Build: stack},
	}})
}

// small draws multiples of 1/16 whose products and sums stay below 1: hls4ml's own types of weights end
// there.
func small(n *layerstest.Net, shape ...int) *ir.Tensor {
	return n.Drawn(func() float64 { return float64(n.Between(-4, 4)) / 16 }, shape...)
}

// weights draws those of a layer; number tells the layers of a stack apart.
func weights(n *layerstest.Net, w layerstest.Tensors, number string, in, aggregators, out, propagate int) {
	w["FLR"+number+"_kernel_data"] = small(n, in, propagate)
	w["FLR"+number+"_bias_data"] = small(n, propagate)
	w["S"+number+"_kernel_data"] = small(n, in, aggregators)
	w["S"+number+"_bias_data"] = small(n, aggregators)
	w["Fout"+number+"_kernel_data"] = small(n, aggregators*propagate, out)
	w["Fout"+number+"_bias_data"] = small(n, out)
}

func one(n *layerstest.Net) {
	vertices, in, out := n.Between(2, 3), n.Between(1, 3), n.Between(1, 3)
	aggregators, propagate := n.Between(1, 2), n.Between(1, 2)
	w := layerstest.Tensors{}
	weights(n, w, "", in, aggregators, out, propagate)
	n.Layer("GarNet", layerstest.Attrs{
		"input_format": "xn", "n_vertices": vertices, "collapse": "mean", "n_aggregators": aggregators,
		"n_out_features": out, "n_propagate": propagate, "n_in_features": in,
	}, w, n.Input(vertices, in), n.Input(1))
}

func stack(n *layerstest.Net) {
	vertices, in := n.Between(2, 3), n.Between(1, 3)
	w := layerstest.Tensors{}
	weights(n, w, "0", in, 2, 3, 1)
	weights(n, w, "1", 3, 1, 2, 2)
	n.Layer("GarNetStack", layerstest.Attrs{
		"input_format": "xn", "n_vertices": vertices, "collapse": "mean", "n_sublayers": 2,
		"n_aggregators": []int{2, 1}, "n_out_features": []int{3, 2}, "n_propagate": []int{1, 2},
		"n_in_features": []int{in, 3},
	}, w, n.Input(vertices, in), n.Input(1))
}
