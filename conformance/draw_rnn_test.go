package conformance_test

import (
	"fmt"
	"maps"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/rnn"
)

var cells = []string{"SimpleRNN", "LSTM", "GRU"}

func (b *builder) function() string {
	if b.chance(0.7) {
		return "tanh"
	}
	return pick(b, rnn.ActivationNames())
}

func (b *builder) gate() string {
	if b.chance(0.7) {
		return "sigmoid"
	}
	return pick(b, rnn.ActivationNames())
}

// recurrent appends a recurrent layer.
func (b *builder) recurrent() {
	steps, in := b.shape[0], b.shape[1]
	units, sequences, name := 1+b.IntN(5), b.chance(0.5), fmt.Sprintf("rnn%d", b.next())
	if in == 1 {
		units++ // a single multiplication has nothing to unroll
	}
	attrs := map[string]any{"static": b.chance(0.6)}
	if b.chance(0.25) {
		mode := pick(b, []string{"concat", "concat", "sum", "mul", "ave"})
		second := units
		if mode == "concat" {
			second = 1 + b.IntN(4)
		}
		kinds := [2]string{pick(b, cells), pick(b, cells)}
		b.bidirectional(name, mode, kinds, [2]int{units, second}, sequences, attrs)
		return
	}
	kind := pick(b, cells)
	before := kind == "GRU" && b.chance(0.1)
	maps.Copy(attrs, map[string]any{
		"n_timesteps": steps, "n_in": in, "n_out": units, "return_sequences": sequences, "activation": b.function(),
		"go_backwards": b.chance(0.1),
	})
	if kind != "SimpleRNN" {
		attrs["recurrent_activation"] = b.gate()
	}
	if before {
		attrs["apply_reset_gate"] = "before"
	}
	b.recurrentShape(steps, units, sequences)
	l := b.add(kind, kind, name, attrs)
	maps.Copy(l.Data.Tensors, b.cellTensors("", kind, in, units, before))
	b.recurrentQuantizers(l)
}

func (b *builder) recurrentShape(steps, out int, sequences bool) {
	b.shape = []int{out}
	if sequences {
		b.shape = []int{steps, out}
	}
}

// cellTensors draws the weights of one direction.
func (b *builder) cellTensors(prefix, kind string, in, units int, before bool) map[string]*ir.Tensor {
	width := units * map[string]int{"SimpleRNN": 1, "GRU": 3, "LSTM": 4}[kind]
	scale := pick(b, []float64{0.6, 0.6, 0.6, 3e-3, 20})
	weight := func() float64 { return scale * b.NormFloat64() }
	out := map[string]*ir.Tensor{
		prefix + "weight_data":           b.tensor(weight, in, width),
		prefix + "recurrent_weight_data": b.tensor(weight, units, width),
	}
	shape := []int{width}
	if before {
		shape = nil
	}
	out[prefix+"bias_data"] = b.tensor(weight, shape...)
	if kind == "GRU" {
		out[prefix+"recurrent_bias_data"] = b.tensor(weight, shape...)
	}
	return out
}

// bidirectional appends two layers over the same input.
func (b *builder) bidirectional(
	name, mode string, kinds [2]string, units [2]int, sequences bool, more map[string]any,
) {
	steps, in := b.shape[0], b.shape[1]
	out := units[0]
	if mode == "concat" {
		out += units[1]
	}
	attrs := map[string]any{
		"n_timesteps": steps, "n_in": in, "n_out": out, "return_sequences": sequences, "merge_mode": mode,
		"direction": "bidirectional",
	}
	maps.Copy(attrs, more)
	tensors := map[string]*ir.Tensor{}
	for i, prefix := range []string{"forward_", "backward_"} {
		maps.Copy(attrs, map[string]any{
			prefix + "class_name": kinds[i], prefix + "n_states": units[i], prefix + "activation": b.function(),
			prefix + "recurrent_activation": b.gate(), prefix + "name": "cell",
		})
		maps.Copy(tensors, b.cellTensors(prefix, kinds[i], in, units[i], false))
	}
	b.recurrentShape(steps, out, sequences)
	l := b.add("Bidirectional", "Bidirectional", name, attrs)
	maps.Copy(l.Data.Tensors, tensors)
}
