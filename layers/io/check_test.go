package io_test

import (
	"testing"

	"github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/layerstest"
)

// TestFamily runs the test that every family runs.
func TestFamily(t *testing.T) {
	layerstest.Check(t, layerstest.Family{Defs: io.Defs(), Samples: []layerstest.Sample{
		{Kind: "Input", Build: func(n *layerstest.Net) { relu(n, n.Input(n.Between(1, 6))) }},
		{Kind: "Input", Name: "picture", Build: func(n *layerstest.Net) {
			relu(n, n.Input(2, n.Between(1, 3), 2))
		}},
		{Kind: "Constant", As: "ApplyAlpha", Build: func(n *layerstest.Net) {
			size := n.Between(2, 5)
			n.Layer("Merge", layerstest.Attrs{"op": "add"}, nil, n.Input(size), n.Constant(n.Tensor(size)))
		}},
	}})
}

func relu(n *layerstest.Net, in string) {
	n.Layer("Activation", layerstest.Attrs{"activation": "relu"}, nil, in)
}
