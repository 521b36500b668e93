package einsum_test

import (
	"testing"

	"github.com/hlsgo/hlsgo/layers/einsum"
	"github.com/hlsgo/hlsgo/layerstest"
)

// TestFamily runs the test that every family runs.
func TestFamily(t *testing.T) {
	layerstest.Check(t, layerstest.Family{Defs: einsum.Defs(), Samples: []layerstest.Sample{
		{Kind: "EinsumDense", Build: dense, AnyLength: []string{"weight_data"}}, // more of them make more results
		{Kind: "EinsumDense", Name: "blocks", Build: denseBlocks, AnyLength: []string{"weight_data"}},
		{Kind: "Einsum", Build: matrices},
		{Kind: "Einsum", Name: "blocks", Build: attention},
		{Kind: "Einsum", Name: "scalar", Build: func(n *layerstest.Net) {
			size := n.Between(1, 4)
			n.Layer("Einsum", layerstest.Attrs{"equation": "a,a->"}, nil, n.Input(size), n.Input(size))
		}},
	}})
}

// dense multiplies the last axis, with weights and bias stored either way round.
func dense(n *layerstest.Net) {
	in, out := n.Between(1, 4), n.Between(1, 4)
	w := layerstest.Tensors{"weight_data": n.Tensor(out, in)}
	if n.IntN(3) > 0 {
		w["bias_data"] = n.Tensor(out)
	}
	n.Layer("EinsumDense", layerstest.Attrs{"equation": "...i,oi->...o"}, w, n.Input(n.Between(1, 3), in))
}

// denseBlocks has a matrix for each value of an axis, a sum over two axes, and a bias for each block.
func denseBlocks(n *layerstest.Net) {
	a, b, c, d, e := n.Between(1, 3), n.Between(2, 3), n.Between(1, 3), n.Between(1, 2), n.Between(1, 3)
	n.Layer("EinsumDense", layerstest.Attrs{"equation": "abcd,bdce->aeb"}, layerstest.Tensors{
		"weight_data": n.Tensor(b, d, c, e), "bias_data": n.Tensor(a, 1, b),
	}, n.Input(a, b, c, d))
}

func matrices(n *layerstest.Net) {
	a, b, c := n.Between(1, 3), n.Between(1, 4), n.Between(1, 3)
	n.Layer("Einsum", layerstest.Attrs{"equation": "ab,bc->ca"}, nil, n.Input(a, b), n.Input(b, c))
}

// attention has the shape of scores by head.
func attention(n *layerstest.Net) {
	queries, keys, heads, size := n.Between(1, 3), n.Between(1, 3), n.Between(2, 3), n.Between(1, 3)
	n.Layer("Einsum", layerstest.Attrs{"equation": "qhd,khd->hqk"}, nil,
		n.Input(queries, heads, size), n.Input(keys, heads, size))
}
