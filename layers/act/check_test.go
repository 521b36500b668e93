package act_test

import (
	"math/rand/v2"
	"testing"

	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layerstest"
)

// TestFamily runs the test that every family runs.
func TestFamily(t *testing.T) {
	layerstest.Check(t, layerstest.Family{
		Defs: act.Defs(), Samples: samples(),
		Without: map[string]string{"TernaryTanh": "the normalization before it takes it in: see that family"},
	})
}

// near: tables of 1,024 entries cover a range of 16, such as -8 to 8.
func near() layerstest.Near { return layerstest.Near{Grid: 16.0 / 1024} }

func samples() []layerstest.Sample {
	var out []layerstest.Sample
	add := func(kind, function string, more layerstest.Attrs, near layerstest.Near) {
		out = append(out, layerstest.Sample{Kind: kind, Name: function, Near: near, Build: func(n *layerstest.Net) {
			a := layerstest.Attrs{"activation": function}
			for key, v := range more {
				a[key] = v
			}
			n.Layer(kind, a, nil, n.Input(n.Between(1, 5)))
		}})
	}
	for _, f := range []string{"linear", "relu", "binary_tanh"} {
		add("Activation", f, nil, layerstest.Near{})
	}
	for _, f := range []string{"tanh", "sigmoid", "softplus", "softsign", "selu"} {
		add("Activation", f, nil, near())
	}
	for _, f := range []string{"hard_sigmoid", "hard_tanh"} {
		add("HardActivation", f, nil, layerstest.Near{})
	}
	for _, f := range []string{"LeakyReLU", "ThresholdedReLU"} {
		add("ParametrizedActivation", f, layerstest.Attrs{"activ_param": 0.375}, layerstest.Near{})
	}
	add("ParametrizedActivation", "ELU", layerstest.Attrs{"activ_param": 0.375}, near())
	return append(out, layerstest.Sample{Kind: "PReLU", Build: func(n *layerstest.Net) {
		size := n.Between(1, 5)
		n.Layer("PReLU", layerstest.Attrs{"activation": "PReLU"},
			layerstest.Tensors{"param_data": n.Tensor(size)}, n.Input(size))
	}}, layerstest.Sample{
		Kind: "UnaryLUT", Types: map[string]string{"input": "fixed<5,3>"},
		Near:  layerstest.Near{Types: map[string]string{"input": "fixed<5,3>"}, Value: quarter},
		Build: table, AnyLength: []string{"table_data"},
	})
}

// quarter draws what fixed<5,3> holds.
func quarter(r *rand.Rand, _ int) float64 { return float64(r.IntN(32)-16) / 4 }

// table has an entry for every pattern of the input.
func table(n *layerstest.Net) {
	size := n.Between(1, 4)
	n.Layer("UnaryLUT", layerstest.Attrs{"n_in": size},
		layerstest.Tensors{"table_data": n.Tensor(32)}, n.Input(size))
	n.Last().Attrs.(*act.UnaryLUTAttrs).FractionIn = 2
}
