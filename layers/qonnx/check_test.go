package qonnx_test

import (
	"testing"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/qonnx"
	"github.com/hlsgo/hlsgo/layerstest"
)

// TestFamily runs the test that every family runs.
func TestFamily(t *testing.T) {
	steps := layerstest.Near{Skip: "the answer jumps where it is rounded"}
	layerstest.Check(t, layerstest.Family{Defs: qonnx.Defs(), Samples: []layerstest.Sample{
		{Kind: "Quant", As: "Activation", Near: steps, Build: func(n *layerstest.Net) {
			quantize(n, n.Input(n.Between(2, 6)), 0.25)
		}},
		{Kind: "Quant", Name: "scaled", As: "ApplyAlpha", Near: steps, Build: func(n *layerstest.Net) {
			q := quantize(n, n.Input(n.Between(2, 6)), 0.3)
			n.Layer("Activation", layerstest.Attrs{"activation": "relu"}, nil, q)
		}},
		{Kind: "Quant", Name: "weights", As: "Dense", Near: steps, Build: func(n *layerstest.Net) {
			size := n.Between(2, 5)
			in := n.Input(size)
			n.Layer("MatMul", nil, nil, in, quantize(n, n.Constant(n.Tensor(size, n.Between(2, 5))), 0.125))
		}},
		{Kind: "BipolarQuant", As: "Activation", Near: steps, Build: func(n *layerstest.Net) {
			q := n.Layer("BipolarQuant", nil, nil, n.Input(n.Between(2, 6)), n.Constant(scalar(0.5)))
			n.Layer("Activation", layerstest.Attrs{"activation": "relu"}, nil, q)
		}},
	}})
}

func scalar(v float64) *ir.Tensor { return &ir.Tensor{Data: []float64{v}} }

// quantize appends a Quant of three to six bits.
func quantize(n *layerstest.Net, of string, scale float64) string {
	s, z, b := n.Constant(scalar(scale)), n.Constant(scalar(0)), n.Constant(scalar(float64(n.Between(3, 6))))
	return n.Layer("Quant", layerstest.Attrs{
		"signed": n.IntN(2) == 0, "rounding_mode": []string{"ROUND", "FLOOR"}[n.IntN(2)],
	}, nil, of, s, z, b)
}
