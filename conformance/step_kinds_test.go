package conformance_test

import (
	"github.com/hlsgo/hlsgo/ir"
)

// stepCases repeat layers over a first axis.
func stepCases() []kindCase {
	return []kindCase{
		{"TimeDistributedDense", []int{3, 6}, repeated(sixToFour), withAdders},
		{"TimeDistributedActivation", []int{3, 2, 4}, repeated(simple("Activation", "tanh")), nil},
		{"TimeDistributedConv1D", []int{2, 7, 2}, repeated(func(b *builder) {
			b.convolution("Conv1D", filter{w: 3, strideW: 2, out: 3})
		}), nil},
		{"TimeDistributedModel", []int{3, 4, 5, 2}, repeated(model(func(b *builder) {
			b.convolution("Conv2D", filter{h: 2, w: 2, strideH: 1, strideW: 1, out: 3})
			b.norm()
			b.add("Activation", "Activation", "relu", map[string]any{"activation": "relu"})
		})), nil},
		{"TimeDistributedTwoReaders", []int{3, 6}, func(b *builder) {
			repeated(sixToFour)(b)
			b.twoReaders()
		}, nil},
		{"TimeDistributedTwice", []int{2, 3, 6}, repeated(model(repeated(sixToFour))), nil},
	}
}

func sixToFour(b *builder) {
	b.matrix(6, 4)
	b.shape = append(b.copyShape()[:len(b.shape)-1], 4)
}

// model makes one layer of what build appends: a model inside the model.
func model(build func(b *builder)) func(b *builder) {
	return func(b *builder) {
		outer := b.layers
		b.layers = nil
		b.add("Input", "InputLayer", "inside", map[string]any{"input_shape": b.copyShape()})
		build(b)
		inside := b.layers
		b.layers = outer
		b.add("LayerGroup", "LayerGroup", "model", map[string]any{
			"output_shape": b.copyShape(), "layer_list": inside,
		})
	}
}

// repeated puts the one layer that build appends, for one step, into a TimeDistributed.
func repeated(build func(b *builder)) func(b *builder) {
	return func(b *builder) {
		outer, steps := b.layers, b.shape[0]
		step := b.copyShape()[1:]
		b.layers, b.shape = nil, step
		build(b)
		inside := b.layers
		b.layers, b.shape = outer, append([]int{steps}, b.shape...)
		b.add("TimeDistributed", "TimeDistributed", "steps"+inside[0].Name, map[string]any{
			"output_shape": b.copyShape(), "n_time_steps": steps, "wrapped_layer": []*ir.Layer{inside[0]},
			"step_shape": step,
		})
	}
}
