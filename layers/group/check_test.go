package group_test

import (
	"testing"

	"github.com/hlsgo/hlsgo/layers/group"
	"github.com/hlsgo/hlsgo/layerstest"
)

// TestFamily runs the test that every family runs.
func TestFamily(t *testing.T) {
	layerstest.Check(t, layerstest.Family{Defs: group.Defs(), Samples: []layerstest.Sample{
		{Kind: "LayerGroup", As: "Dense", Build: model},
		{Kind: "TimeDistributed", Build: steps},
	}})
}

// matrix appends a Dense layer from size values to three.
func matrix(n *layerstest.Net, size int, in string) string {
	return n.Layer("Dense", layerstest.Attrs{"n_in": size, "n_out": 3}, layerstest.Tensors{
		"weight_data": n.Tensor(size, 3), "bias_data": n.Tensor(3),
	}, in)
}

// model is a network of two layers that is one layer of another.
func model(n *layerstest.Net) {
	size := n.Between(2, 5)
	inside := n.Inside(func(n *layerstest.Net) {
		n.Layer("Activation", layerstest.Attrs{"activation": "relu"}, nil, matrix(n, size, n.Input(size)))
	})
	n.Layer("LayerGroup", layerstest.Attrs{"output_shape": []int{3}, "layer_list": inside}, nil, n.Input(size))
}

// steps repeats a Dense layer.
func steps(n *layerstest.Net) {
	count, size := n.Between(1, 3), n.Between(2, 5)
	inside := n.Inside(func(n *layerstest.Net) { matrix(n, size, n.Input(size)) })[1:]
	inside[0].Inputs = nil
	n.Layer("TimeDistributed", layerstest.Attrs{
		"output_shape": []int{count, 3}, "n_time_steps": count, "step_shape": []int{size}, "wrapped_layer": inside,
	}, nil, n.Input(count, size))
}
