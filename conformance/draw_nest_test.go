package conformance_test

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/ir"
)

// nest collects what build appends in a list of its own, with names that start with a prefix.
func (b *builder) nest(prefix string, build func()) []*ir.Layer {
	outer, before := b.layers, b.prefix
	b.layers, b.prefix = nil, before+prefix
	b.inside++
	build()
	inner := b.layers
	b.layers, b.prefix = outer, before
	b.inside--
	return inner
}

// group appends a model inside the model.
func (b *builder) group() { b.model(1 + b.IntN(2)) }

// model appends a model of so many blocks.
func (b *builder) model(blocks int) *ir.Layer {
	k := b.next()
	inner := b.nest(fmt.Sprintf("g%d_", k), func() {
		b.add("Input", "InputLayer", "inp", map[string]any{"input_shape": b.copyShape()})
		b.chain(blocks)
		if !b.flat {
			b.activation() // something there must be
		}
		b.finish()
	})
	return b.add("LayerGroup", "Sequential", fmt.Sprintf("group%d", k), map[string]any{
		"layer_list": inner, "input_layers": []string{}, "output_layers": []string{}, "output_shape": b.copyShape(),
	})
}

// steps appends a layer or a model that is repeated for every step of the first axis.
func (b *builder) steps() {
	k, steps, step := b.next(), b.shape[0], b.copyShape()[1:]
	b.shape = slices.Clone(step)
	inner := b.nest(fmt.Sprintf("s%d_", k), func() {
		if b.chance(0.4) && len(step) <= 3 {
			b.model(1 + b.IntN(2))
			return
		}
		b.inside++ // one layer alone
		b.block(func(f family) bool { return f.step })
		b.inside--
	})
	if len(inner) == 0 {
		b.shape = append([]int{steps}, step...)
		return
	}
	shape := b.shapes[inner[0].Name]
	b.shape = append([]int{steps}, shape...)
	b.add("TimeDistributed", "TimeDistributed", fmt.Sprintf("steps%d", k), map[string]any{
		"output_shape": b.copyShape(), "n_time_steps": steps, "wrapped_layer": inner[:1], "step_shape": step,
	})
}

// garnet appends a network of vertices, whose number is another input.
func (b *builder) garnet() {
	vertices, features := b.shape[0], b.shape[1]
	from, shape := b.last(), b.copyShape()
	b.input([]int{1})
	number := b.last()
	b.shape = shape
	kind, stacked := "GarNet", b.chance(0.4)
	layers := 1
	if stacked {
		kind, layers = "GarNetStack", 1+b.IntN(2)
	}
	var aggregators, filters, propagate, in []int
	for range layers {
		in = append(in, features)
		features = 1 + b.IntN(4)
		aggregators, filters, propagate = append(aggregators, 1+b.IntN(3)), append(filters, features),
			append(propagate, 1+b.IntN(3))
	}
	attrs := map[string]any{
		"input_format": "xn", "n_vertices": vertices, "collapse": "mean", "mean_by_nvert": b.chance(0.5),
	}
	out := []int{features}
	if !stacked && b.chance(0.4) {
		attrs["collapse"], out = "", []int{vertices, features}
	}
	if stacked {
		attrs["n_sublayers"], attrs["n_aggregators"], attrs["n_out_features"] = layers, aggregators, filters
		attrs["n_propagate"], attrs["n_in_features"] = propagate, in
	} else {
		attrs["n_aggregators"], attrs["n_out_features"] = aggregators[0], filters[0]
		attrs["n_propagate"], attrs["n_in_features"] = propagate[0], in[0]
	}
	b.shape = out
	l := b.add(kind, kind, fmt.Sprintf("garnet%d", b.next()), attrs)
	l.Inputs = []string{from, number}
	for i := range layers {
		text := ""
		if stacked {
			text = fmt.Sprint(i)
		}
		b.garnetTensors(l, text, in[i], aggregators[i], filters[i], propagate[i])
	}
	b.garnetSettings(l, vertices)
}

func (b *builder) garnetTensors(l *ir.Layer, number string, in, aggregators, filters, propagate int) {
	for name, shape := range map[string][]int{
		"FLR" + number + "_kernel": {in, propagate}, "FLR" + number + "_bias": {propagate},
		"S" + number + "_kernel": {in, aggregators}, "S" + number + "_bias": {aggregators},
		"Fout" + number + "_kernel": {aggregators * propagate, filters}, "Fout" + number + "_bias": {filters},
	} {
		l.Data.Tensors[name+"_data"] = ir.NewTensor(ir.Float32, shape...)
	}
	for _, name := range []string{"FLR", "S", "Fout"} { // in an order that does not change
		for _, part := range []string{"_kernel_data", "_bias_data"} {
			t := l.Data.Tensors[name+number+part]
			l.Data.Tensors[name+number+part] = b.tensor(func() float64 { return 0.6 * b.NormFloat64() }, t.Shape...)
		}
	}
}

// garnetSettings gives the layer a reuse factor that divides the vertices.
func (b *builder) garnetSettings(l *ir.Layer, vertices int) {
	var divisors []int
	for d := 1; d <= vertices; d++ {
		if vertices%d == 0 {
			divisors = append(divisors, d)
		}
	}
	b.keys[l.Name] = append(b.keys[l.Name], ir.Key{Name: "ReuseFactor", Value: pick(b, divisors)})
}
