package rnn_test

import (
	"maps"
	"testing"

	"github.com/hlsgo/hlsgo/layers/rnn"
	"github.com/hlsgo/hlsgo/layerstest"
)

// TestFamily runs the test that every family runs.
func TestFamily(t *testing.T) {
	// Tables have 1,024 entries from -8 to 8. What no bias moves is the tanh of a state, at most three
	// times.
	near := layerstest.Near{Grid: 16.0 / 1024, Slack: 3 * 16.0 / 1024}
	samples := []layerstest.Sample{{Kind: "Bidirectional", Near: near, Build: bidirectional}}
	for _, kind := range []string{"SimpleRNN", "LSTM", "GRU"} {
		samples = append(samples, layerstest.Sample{Kind: kind, Near: near, Build: func(n *layerstest.Net) {
			steps, in, out := n.Between(1, 3), n.Between(2, 3), n.Between(2, 3)
			n.Layer(kind, layerstest.Attrs{
				"n_timesteps": steps, "n_in": in, "n_out": out, "return_sequences": n.IntN(2) == 0,
				"static": n.IntN(2) == 0,
			}, cell(n, "", kind, in, out), n.Input(steps, in))
		}})
	}
	layerstest.Check(t, layerstest.Family{Defs: rnn.Defs(), Samples: samples})
}

// cell draws the weights of one direction.
func cell(n *layerstest.Net, prefix, kind string, in, units int) layerstest.Tensors {
	width := units * map[string]int{"SimpleRNN": 1, "GRU": 3, "LSTM": 4}[kind]
	w := layerstest.Tensors{
		prefix + "weight_data":           n.Tensor(in, width),
		prefix + "recurrent_weight_data": n.Tensor(units, width),
		prefix + "bias_data":             n.Tensor(width),
	}
	if kind == "GRU" {
		w[prefix+"recurrent_bias_data"] = n.Tensor(width)
	}
	return w
}

func bidirectional(n *layerstest.Net) {
	steps, in, units := n.Between(1, 3), n.Between(2, 3), n.Between(2, 3)
	a := layerstest.Attrs{
		"n_timesteps": steps, "n_in": in, "n_out": 2 * units, "return_sequences": n.IntN(2) == 0,
		"merge_mode": "concat", "direction": "bidirectional",
	}
	w := layerstest.Tensors{}
	for prefix, kind := range map[string]string{"forward_": "LSTM", "backward_": "GRU"} {
		a[prefix+"class_name"], a[prefix+"n_states"], a[prefix+"name"] = kind, units, "cell"
		a[prefix+"activation"], a[prefix+"recurrent_activation"] = "tanh", "sigmoid"
	}
	maps.Copy(w, cell(n, "forward_", "LSTM", in, units))
	maps.Copy(w, cell(n, "backward_", "GRU", in, units))
	n.Layer("Bidirectional", a, w, n.Input(steps, in))
}
