package merge_test

import (
	"slices"
	"testing"

	"github.com/hlsgo/hlsgo/layers/merge"
	"github.com/hlsgo/hlsgo/layerstest"
)

// TestFamily runs the test that every family runs.
func TestFamily(t *testing.T) {
	samples := []layerstest.Sample{
		{Kind: "Concatenate", Build: concatenate},
		{Kind: "Dot", Build: func(n *layerstest.Net) {
			size := n.Between(1, 5)
			n.Layer("Dot", nil, nil, n.Input(size), n.Input(size))
		}},
		// Streams alone have it, between the input and the Merge.
		{Kind: "Broadcast", Build: func(n *layerstest.Net) {
			h, w, c := n.Between(1, 3), n.Between(2, 3), n.Between(2, 3)
			small := [][]int{{1, 1, c}, {h, w, 1}}[n.IntN(2)]
			n.Layer("Merge", layerstest.Attrs{"op": "multiply"}, nil, n.Input(h, w, c), n.Input(small...))
		}},
	}
	for _, op := range []string{"add", "subtract", "multiply", "average", "maximum", "minimum"} {
		samples = append(samples, layerstest.Sample{Kind: "Merge", Name: op, Build: func(n *layerstest.Net) {
			shape := []int{n.Between(1, 3), n.Between(1, 3)}
			n.Layer("Merge", layerstest.Attrs{"op": op}, nil, n.Input(shape...), n.Input(shape...))
		}})
	}
	layerstest.Check(t, layerstest.Family{Defs: merge.Defs(), Samples: samples})
}

func concatenate(n *layerstest.Net) {
	shape := []int{n.Between(1, 3), n.Between(1, 3), n.Between(1, 3)}[:n.Between(1, 3)]
	axis := n.IntN(len(shape))
	other := slices.Clone(shape)
	other[axis] = n.Between(1, 3)
	n.Layer("Concatenate", layerstest.Attrs{"axis": axis + 1}, nil, n.Input(shape...), n.Input(other...))
}
