package dense_test

import (
	"testing"

	"github.com/hlsgo/hlsgo/layers/dense"
	"github.com/hlsgo/hlsgo/layerstest"
)

// TestFamily runs the test that every family runs.
func TestFamily(t *testing.T) {
	layerstest.Check(t, layerstest.Family{Defs: dense.Defs(), Samples: []layerstest.Sample{
		{Kind: "Dense", Build: func(n *layerstest.Net) { matrix(n, n.Between(2, 7), n.Input(n.Between(2, 7))) }},
		{Kind: "Dense", Name: "last_axis", Build: func(n *layerstest.Net) {
			matrix(n, n.Between(2, 5), n.Input(n.Between(1, 3), n.Between(2, 5))) // becomes a convolution of one pixel
		}},
		{Kind: "BiasAdd", As: "Dense", Near: keptType, Build: func(n *layerstest.Net) {
			out := n.Between(2, 5)
			last := matrix(n, out, n.Input(n.Between(2, 5)))
			delete(n.Last().Data.Tensors, "bias_data") // the pass puts one bias in the place of the other
			n.Layer("BiasAdd", nil, layerstest.Tensors{"bias_data": n.Tensor(out)}, last)
		}},
		{Kind: "MatMul", As: "Dense", Build: func(n *layerstest.Net) {
			size := n.Between(2, 5)
			product(n, n.Input(size), size)
		}},
		{Kind: "MatMul", Name: "last_axis", As: "PointwiseConv1D", Build: func(n *layerstest.Net) {
			size := n.Between(2, 5)
			product(n, n.Input(n.Between(2, 3), size), size)
		}},
	}})
}

// product multiplies by a constant matrix.
func product(n *layerstest.Net, in string, size int) {
	n.Layer("MatMul", nil, nil, in, n.Constant(n.Tensor(size, n.Between(2, 5))))
}

// keptType: a bias given to a layer without one is cut to uint<1>, as in hls4ml.
var keptType = layerstest.Near{Skip: "the type of the bias there stays, uint<1> where there was none"}

func matrix(n *layerstest.Net, out int, in string) string {
	shape := n.Shape(in)
	size := shape[len(shape)-1]
	return n.Layer("Dense", layerstest.Attrs{"n_in": size, "n_out": out}, layerstest.Tensors{
		"weight_data": n.Tensor(size, out), "bias_data": n.Tensor(out),
	}, in)
}
