package conformance_test

import (
	"maps"
	"slices"

	"github.com/hlsgo/hlsgo/layers/rnn"
)

// rnnCases are the recurrent layers: with and without static state, with sequences and without, in both
// directions. Their 6 features and 4 units give the strategies factors on both sides of each product.
func rnnCases() []kindCase {
	var cases []kindCase
	for _, kind := range []string{"SimpleRNN", "LSTM", "GRU"} {
		cases = append(cases,
			kindCase{kind, []int{3, 6}, cellOf(kind, false, nil), everyStrategy},
			kindCase{
				kind + "Sequences", []int{3, 6}, cellOf(kind, true, map[string]any{"static": false}), fewStrategies,
			},
			kindCase{kind + "Relu", []int{3, 6}, cellOf(kind, false, map[string]any{"activation": "relu"}), nil},
			kindCase{kind + "States", []int{3, 6}, statesOf(kind), fewStrategies},
		)
	}
	cases = append(cases,
		kindCase{"LSTMLinear", []int{2, 3}, cellOf("LSTM", true, map[string]any{
			"activation": "linear", "recurrent_activation": "relu", "table_size": 100,
		}), nil},
		kindCase{"GRUResetBefore", []int{3, 2}, cellOf("GRU", true, map[string]any{
			"apply_reset_gate": "before",
		}), nil},
		kindCase{"GRUResetBeforeBehind", []int{3, 2}, func(b *builder) {
			b.convolution("Conv1D", filter{w: 1, strideW: 1, out: 3})
			cellOf("GRU", false, map[string]any{"apply_reset_gate": "before"})(b)
			b.matrix(4, 3)
		}, nil},
		kindCase{"OneStep", []int{1, 3}, cellOf("GRU", true, nil), nil},
		kindCase{"Stacked", []int{3, 2}, func(b *builder) {
			cellOf("LSTM", true, nil)(b)
			cellOf("GRU", false, nil)(b)
			b.matrix(4, 2)
		}, nil},
	)
	for _, mode := range []string{"concat", "sum", "mul", "ave"} {
		cases = append(cases,
			kindCase{"Bidirectional_" + mode, []int{3, 6}, both(mode, "LSTM", "GRU", true), nil},
			kindCase{"Bidirectional_last_" + mode, []int{3, 6}, both(mode, "GRU", "SimpleRNN", false), fewStrategies},
		)
	}
	return cases
}

var fewStrategies = []strategy{{"Latency", 1}, {"Resource", 2}, {"Resource", 12}, {"Resource_Unrolled", 3}}

const kindUnits = 4

// cellOf appends a recurrent layer.
func cellOf(kind string, sequences bool, more map[string]any) func(b *builder) {
	return func(b *builder) {
		steps, in := b.shape[0], b.shape[1]
		attrs := map[string]any{
			"n_timesteps": steps, "n_in": in, "n_out": kindUnits, "return_sequences": sequences,
		}
		maps.Copy(attrs, more)
		b.recurrentShape(steps, kindUnits, sequences)
		l := b.add(kind, kind, "rnn"+kind, attrs)
		maps.Copy(l.Data.Tensors, b.cellTensors("", kind, in, kindUnits, attrs["apply_reset_gate"] == "before"))
	}
}

// statesOf appends a layer that gives sequence and states, and one that begins with them and gives its own;
// the states of the first have two readers.
func statesOf(kind string) func(b *builder) {
	return func(b *builder) {
		states := rnn.StateNames(kind)
		ends := func() []string {
			l := b.layers[len(b.layers)-1]
			l.Outputs = []string{l.Name}
			for _, s := range states {
				l.Outputs = append(l.Outputs, l.Name+"_"+s)
			}
			return l.Outputs
		}
		cellOf(kind, true, map[string]any{"return_state": true})(b)
		first := ends()
		steps, in := b.shape[0], b.shape[1]
		l := b.add(kind, kind, "second", map[string]any{
			"n_timesteps": steps, "n_in": in, "n_out": kindUnits, "pass_initial_states": true, "static": false,
			"yields": append(slices.Clone(states), rnn.YieldSequence),
		})
		maps.Copy(l.Data.Tensors, b.cellTensors("", kind, in, kindUnits, false))
		l.Inputs = first
		second := ends()
		l.Outputs = append(slices.Clone(second[1:]), second[0])
		b.out.parsed.Outputs = append(slices.Clone(l.Outputs), first[1:]...)
	}
}

func both(mode, forward, backward string, sequences bool) func(b *builder) {
	return func(b *builder) {
		b.bidirectional("rnn", mode, [2]string{forward, backward}, [2]int{kindUnits, kindUnits}, sequences, nil)
	}
}
