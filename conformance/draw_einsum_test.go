package conformance_test

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/ir"
)

// einsum appends a product along named axes: with weights or, of two tensors made from the one at hand.
func (b *builder) einsum() {
	if b.chance(0.6) {
		b.einsumDense()
	} else {
		b.einsumOfTwo()
	}
}

// An equation under construction: its axes by letter, and their sizes.
type equation struct {
	left, right, out []byte
	size             map[byte]int
}

func (e *equation) String() string { return fmt.Sprintf("%s,%s->%s", e.left, e.right, e.out) }

func (e *equation) shape(axes []byte) []int {
	out := make([]int, len(axes))
	for i, a := range axes {
		out[i] = e.size[a]
	}
	return out
}

// axis adds an axis of a size to terms.
func (e *equation) axis(size int, terms ...*[]byte) {
	letter := byte('a' + len(e.size))
	e.size[letter] = size
	for _, t := range terms {
		*t = append(*t, letter)
	}
}

func (b *builder) shuffle(axes []byte) {
	b.Shuffle(len(axes), func(i, k int) { axes[i], axes[k] = axes[k], axes[i] })
}

// einsumDense draws what becomes of every axis: it is summed over, numbers matrices, or stays; and new ones.
func (b *builder) einsumDense() {
	e := &equation{size: map[byte]int{}}
	for _, size := range b.shape {
		switch r := b.Float64(); {
		case r < 0.45:
			e.axis(size, &e.left, &e.right)
		case r < 0.6:
			e.axis(size, &e.left, &e.right, &e.out)
		default:
			e.axis(size, &e.left, &e.out)
		}
	}
	for range b.IntN(3) {
		e.axis(1+b.IntN(4), &e.right, &e.out)
	}
	b.shuffle(e.right)
	b.shuffle(e.out)
	l := b.add("EinsumDense", "EinsumDense", fmt.Sprintf("ed%d", b.next()), map[string]any{
		"equation": e.String(),
	})
	l.Data.Tensors["weight_data"] = b.tensor(b.weight(), e.shape(e.right)...)
	out := e.shape(e.out)
	if len(out) == 0 {
		out = []int{1}
	}
	if b.chance(0.7) {
		bias := slices.Clone(out)
		for i := range bias {
			if b.chance(0.4) {
				bias[i] = 1
			}
		}
		l.Data.Tensors["bias_data"] = b.tensor(b.weight(), bias...)
	}
	b.keys[l.Name] = append(b.keys[l.Name],
		ir.Key{Name: "Strategy", Value: choose(b, "Latency", "Latency", "distributed_arithmetic")},
		ir.Key{Name: "ReuseFactor", Value: 1 + b.IntN(4)})
	b.become(l, out...)
}

// einsumOfTwo multiplies two tensors made from one, so that each axis stands in both, or once in either.
func (b *builder) einsumOfTwo() {
	e, from, shape, values := &equation{size: map[byte]int{}}, b.last(), b.copyShape(), 1
	for _, size := range shape {
		switch r := b.Float64(); {
		case r < 0.4 || values*size*size > most:
			e.axis(size, &e.left, &e.right)
		case r < 0.6:
			e.axis(size, &e.left, &e.right, &e.out)
			values *= size
		default:
			e.axis(size, &e.left, &e.out)
			e.axis(size, &e.right, &e.out)
			values *= size * size
		}
	}
	b.shuffle(e.out)
	last := shape[len(shape)-1]
	names := b.arms(from, shape, last, last)
	l := b.add("Einsum", "Einsum", fmt.Sprintf("einsum%d", b.next()), map[string]any{"equation": e.String()})
	l.Inputs = names
	b.keys[l.Name] = append(b.keys[l.Name],
		ir.Key{Name: "Strategy", Value: choose(b, "Latency", "distributed_arithmetic")})
	out := e.shape(e.out)
	if len(out) == 0 {
		out = []int{1}
	}
	b.become(l, out...)
}
