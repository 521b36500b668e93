package conformance_test

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/ir"
)

// merge gives the tensor at hand several readers and puts together what they make of it.
func (b *builder) merge() {
	from, shape := b.last(), b.copyShape()
	switch r := b.Float64(); {
	case r < 0.55:
		b.arithmetic(from, shape)
	case r < 0.8:
		b.concatenate(from, shape)
	case r < 0.9 && len(shape) == 1:
		b.dot(from, shape)
	case len(shape) == 3 && !b.exact:
		b.broadcast(from, shape)
	default:
		b.arithmetic(from, shape)
	}
}

// arm appends a few layers to the tensor called from, of the given shape, that keep the shape but for the
// last axis, which they may change with channels; or, if it may, an input of the network of that shape.
func (b *builder) arm(from string, shape []int, channels int, input bool) string {
	b.shape = slices.Clone(shape)
	at := len(b.layers)
	switch {
	case channels != b.channels():
		b.matrixOf(channels)
	case b.chance(0.12) && b.inside == 0 && !b.exact && input:
		b.input(shape)
		return b.last()
	case b.chance(0.3) && len(shape) == 3:
		b.drawnSame(channels)
	case b.chance(0.4) && !b.quantized:
		b.norm()
	case b.chance(0.3):
		b.matrixOf(channels)
	}
	if len(b.layers) == at || b.chance(0.3) {
		b.activation()
	}
	if l := b.layers[at]; slices.Equal(l.Inputs, []string{b.layers[at-1].Name}) {
		l.Inputs = []string{from}
	}
	return b.last()
}

// matrixOf appends a Dense of so many outputs.
func (b *builder) matrixOf(out int) {
	l := b.add("Dense", "Dense", fmt.Sprintf("fc%d", b.next()), map[string]any{
		"n_in": b.channels(), "n_out": out,
	})
	weight := b.weight()
	l.Data.Tensors["weight_data"] = b.tensor(weight, b.channels(), out)
	l.Data.Tensors["bias_data"] = b.tensor(weight, out)
	b.multiplies(l, b.channels(), out, len(b.shape) > 1)
	b.become(l, append(b.copyShape()[:len(b.shape)-1], out)...)
}

// drawnSame appends a convolution that keeps the number of pixels.
func (b *builder) drawnSame(out int) {
	chans, h, w := b.channels(), 1+b.IntN(min(3, b.shape[0])), 1+b.IntN(min(3, b.shape[1]))
	b.convolution("Conv2D", filter{h: h, w: w, strideH: 1, strideW: 1, out: out, mode: "same"})
	l := b.layers[len(b.layers)-1]
	b.multiplies(l, h*w*chans, out, h*w == 1)
}

// arms lists several tensors made from one; the tensor itself may be among them.
func (b *builder) arms(from string, shape []int, channels ...int) []string {
	var names []string
	for i, c := range channels {
		if i == 0 && c == shape[len(shape)-1] && b.chance(0.3) {
			names = append(names, from) // a skip
			continue
		}
		names = append(names, b.arm(from, shape, c, i > 0)) // somebody must read what was there
	}
	if b.chance(0.5) {
		slices.Reverse(names)
	}
	return names
}

// count is how many tensors a layer takes; under exact types two.
func (b *builder) count() int {
	if b.exact || b.chance(0.6) {
		return 2
	}
	return 3 + b.IntN(2)
}

func (b *builder) arithmetic(from string, shape []int) {
	op := choose(b, "add", "subtract", "multiply", "average", "maximum", "minimum")
	n := b.count()
	if op == "subtract" {
		n = 2
	}
	names := b.arms(from, shape, slices.Repeat([]int{shape[len(shape)-1]}, n)...)
	b.shape = slices.Clone(shape)
	b.add("Merge", "Merge", fmt.Sprintf("%s%d", op, b.next()), map[string]any{"op": op}).Inputs = names
}

// concatenate puts tensors one behind the other; along the last axis they may differ in size.
func (b *builder) concatenate(from string, shape []int) {
	last := len(shape) - 1
	axis, out := b.IntN(len(shape)), slices.Clone(shape)
	channels := slices.Repeat([]int{shape[last]}, b.count())
	if axis == last && !b.exact {
		for i := range channels {
			channels[i] = choose(b, channels[i], 1+b.IntN(4))
		}
	}
	names := b.arms(from, shape, channels...)
	out[axis] = 0
	for _, c := range channels {
		if axis == last {
			out[axis] += c
		} else {
			out[axis] += shape[axis]
		}
	}
	number := axis + 1
	if b.chance(0.3) {
		number = axis - len(shape)
	}
	b.shape = out
	l := b.add("Concatenate", "Concatenate", fmt.Sprintf("cat%d", b.next()), map[string]any{"axis": number})
	l.Inputs = names
}

func (b *builder) dot(from string, shape []int) {
	names := b.arms(from, shape, shape[0], shape[0])
	b.shape = []int{1}
	b.add("Dot", "Dot", fmt.Sprintf("dot%d", b.next()), map[string]any{}).Inputs = names
}

// broadcast merges a picture with a smaller one made from it.
func (b *builder) broadcast(from string, shape []int) {
	h, w, c := shape[0], shape[1], shape[2]
	small := choose(b, []int{1, 1, c}, []int{h, w, 1})
	if !b.stream && b.chance(0.3) {
		small = choose(b, []int{1, w, c}, []int{1, 1, 1}, []int{h, 1, c})
	}
	big := b.arm(from, shape, c, true)
	b.shape = []int{h * w * c}
	b.add("Reshape", "Flatten", fmt.Sprintf("flat%d", b.next()), map[string]any{
		"target_shape": b.copyShape(),
	}).Inputs = []string{from}
	b.matrixOf(ir.Size(small))
	b.shape = slices.Clone(small)
	b.add("Reshape", "Reshape", fmt.Sprintf("small%d", b.next()), map[string]any{"target_shape": b.copyShape()})
	names := []string{big, b.last()}
	if b.chance(0.5) {
		slices.Reverse(names)
	}
	b.shape = slices.Clone(shape)
	op := choose(b, "add", "subtract", "multiply", "average", "maximum", "minimum")
	b.add("Merge", "Merge", fmt.Sprintf("%s%d", op, b.next()), map[string]any{"op": op}).Inputs = names
}
