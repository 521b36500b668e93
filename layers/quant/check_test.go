package quant_test

import (
	"testing"

	"github.com/hlsgo/hlsgo/layers/quant"
	"github.com/hlsgo/hlsgo/layerstest"
)

// TestFamily runs the test that every family runs.
func TestFamily(t *testing.T) {
	layerstest.Check(t, layerstest.Family{Defs: quant.Defs(), Samples: []layerstest.Sample{
		{Kind: "FixedPointQuantizer", Build: masked},
	}})
}

// masked is a quantizer with bits of its own for every value.
func masked(n *layerstest.Net) {
	size := n.Between(2, 6)
	modes := []string{"TRN", "RND", "RND_CONV"}
	n.Layer("FixedPointQuantizer", layerstest.Attrs{
		"RND": modes[n.IntN(3)], "SAT": "SAT", "n_in": size,
	}, nil, n.Input(size))
	m := quant.Mask{Shape: []int{size}}
	for i := range size {
		m.K, m.B, m.I = append(m.K, n.IntN(2)), append(m.B, n.Between(3, 8)), append(m.I, 1+i%3)
	}
	n.Last().Attrs.(*quant.FixedPointAttrs).Mask = m
}
