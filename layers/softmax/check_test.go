package softmax_test

import (
	"testing"

	"github.com/hlsgo/hlsgo/layers/softmax"
	"github.com/hlsgo/hlsgo/layerstest"
)

// TestFamily runs the test that every family runs.
func TestFamily(t *testing.T) {
	var samples []layerstest.Sample
	for _, how := range []string{"stable", "latency", "legacy", "argmax"} {
		samples = append(samples, layerstest.Sample{
			Kind: "Softmax", Name: how, Near: near(how),
			Build: func(n *layerstest.Net) {
				size := n.Between(2, 6)
				n.Layer("Softmax", layerstest.Attrs{
					"activation": "softmax", "axis": -1, "implementation": how, "n_in": size,
				}, nil, n.Input(size))
			},
		})
	}
	layerstest.Check(t, layerstest.Family{Defs: softmax.Defs(), Samples: samples})
}

// near: exponentials of every input of ten bits have an entry of their own. The inverse is taken of a sum
// between 1 and 6, in steps of 2^-7 (stable), of up to 6*e^2 < 64 in steps of 2^-4 (latency), and the
// exponentials below 1 that it multiplies lose no more than the inverse does.
func near(how string) layerstest.Near {
	types := map[string]string{"input": "fixed<10,4>", "inv_inp": "ufixed<10,3>", "inp_norm": "ufixed<10,3>"}
	switch how {
	case "argmax":
		return layerstest.Near{Skip: "the answer is 1 for the largest value, whatever the others are"}
	case "legacy":
		return layerstest.Near{Skip: "its tables have ranges of their own, in coarse steps"}
	case "latency":
		types["inv_inp"] = "ufixed<10,6>"
		return layerstest.Near{Types: types, Slack: 0.0625}
	}
	return layerstest.Near{Types: types, Slack: 1.0 / 64}
}
