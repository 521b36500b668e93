package ir

import (
	"fmt"
	"slices"
)

// DType is the element type of a weight tensor as the framework stored it.
type DType uint8

// The element types that reach the graph; integers and half floats are widened exactly by the front end.
const (
	Float32 DType = iota
	Float64
)

// String returns numpy's name of the type.
func (d DType) String() string {
	if d == Float64 {
		return "float64"
	}
	return "float32"
}

// Tensor is weight data in C order. Values are held as float64, which represents a float32 exactly;
// DType says in which precision the framework holds them, because folding passes must follow numpy's
// promotion (float32 with float32 stays float32, anything with float64 becomes float64).
type Tensor struct {
	Shape []int
	DType DType
	Data  []float64
}

// NewTensor returns a zero tensor.
func NewTensor(d DType, shape ...int) *Tensor {
	return &Tensor{Shape: append([]int(nil), shape...), DType: d, Data: make([]float64, Size(shape))}
}

// Size is the number of elements of a shape; the empty shape is a scalar and has one.
func Size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// Clone returns a copy that shares nothing with t.
func (t *Tensor) Clone() *Tensor {
	return &Tensor{
		Shape: append([]int(nil), t.Shape...), DType: t.DType, Data: append([]float64(nil), t.Data...),
	}
}

// Reshape returns a view of t with another shape of the same size.
func (t *Tensor) Reshape(shape ...int) (*Tensor, error) {
	if Size(shape) != len(t.Data) {
		return nil, fmt.Errorf("reshape: got %v, want a shape of %d elements", shape, len(t.Data))
	}
	return &Tensor{Shape: append([]int(nil), shape...), DType: t.DType, Data: t.Data}, nil
}

// Transpose returns a copy with axes permuted as numpy.transpose(t, perm) does.
func (t *Tensor) Transpose(perm ...int) *Tensor {
	if len(perm) != len(t.Shape) {
		panic(fmt.Sprintf("BUG: ir.Tensor.Transpose: %d axes for rank %d", len(perm), len(t.Shape)))
	}
	out := &Tensor{Shape: make([]int, len(perm)), DType: t.DType, Data: make([]float64, len(t.Data))}
	for i, p := range perm {
		out.Shape[i] = t.Shape[p]
	}
	for dst, src := range Permuted(t.Shape, perm) {
		out.Data[dst] = t.Data[src]
	}
	return out
}

// Permuted says, for each position of a tensor whose axis i is axis perm[i] of one of the shape, at which
// position of that one its value stands. Both are flat, in C order.
func Permuted(shape, perm []int) []int {
	rank := len(shape)
	strides := make([]int, rank)
	step := 1
	for i := rank - 1; i >= 0; i-- {
		strides[i] = step
		step *= shape[i]
	}
	out, at := make([]int, step), make([]int, rank)
	src := 0
	for dst := range out {
		out[dst] = src
		for i := rank - 1; i >= 0; i-- {
			at[i]++
			src += strides[perm[i]]
			if at[i] < shape[perm[i]] {
				break
			}
			src -= strides[perm[i]] * at[i]
			at[i] = 0
		}
	}
	return out
}

// OutputLast permutes weights from (outputs, inputs, kernel axes...) to (kernel axes..., inputs, outputs).
// Those of one axis, and of more than two kernel axes, stay.
func (t *Tensor) OutputLast() *Tensor {
	switch len(t.Shape) {
	case 2:
		return t.Transpose(1, 0)
	case 3:
		return t.Transpose(2, 1, 0)
	case 4:
		return t.Transpose(2, 3, 1, 0)
	}
	return t
}

// Elementwise applies f to a and b with numpy's broadcasting of trailing axes and its promotion: the
// result is float64 when either operand is, else every result is rounded to float32.
func Elementwise(a, b *Tensor, f func(x, y float64) float64) (*Tensor, error) {
	shape, err := broadcastShape(a.Shape, b.Shape)
	if err != nil {
		return nil, err
	}
	out := NewTensor(max(a.DType, b.DType), shape...)
	ia, ib := broadcastIndex(a.Shape, shape), broadcastIndex(b.Shape, shape)
	for i := range out.Data {
		out.Data[i] = out.round(f(a.Data[ia(i)], b.Data[ib(i)]))
	}
	return out, nil
}

// Map returns a copy of t with f applied to every element, rounded to the element type of t.
func (t *Tensor) Map(f func(float64) float64) *Tensor {
	out := t.Clone()
	for i, v := range out.Data {
		out.Data[i] = out.round(f(v))
	}
	return out
}

// AllEqual reports whether every element equals v.
func (t *Tensor) AllEqual(v float64) bool {
	for _, x := range t.Data {
		if x != v {
			return false
		}
	}
	return true
}

// BroadcastTo repeats t to the shape by numpy's rules; axes of one in front of it, more than the shape has,
// are left out.
func (t *Tensor) BroadcastTo(shape ...int) (*Tensor, error) {
	s := t.Squeeze(len(shape))
	both, err := broadcastShape(s.Shape, shape)
	if err != nil || !slices.Equal(both, shape) {
		return nil, fmt.Errorf("broadcast: got shape %v, want one that repeats to %v", t.Shape, shape)
	}
	out, at := NewTensor(t.DType, shape...), broadcastIndex(s.Shape, shape)
	for i := range out.Data {
		out.Data[i] = s.Data[at(i)]
	}
	return out, nil
}

// Squeeze returns a view of t without the axes of one in front that it has beyond so many.
func (t *Tensor) Squeeze(axes int) *Tensor {
	shape := t.Shape
	for len(shape) > axes && shape[0] == 1 {
		shape = shape[1:]
	}
	return &Tensor{Shape: shape, DType: t.DType, Data: t.Data}
}

func (t *Tensor) round(v float64) float64 {
	if t.DType == Float32 {
		return float64(float32(v))
	}
	return v
}

func broadcastShape(a, b []int) ([]int, error) {
	rank := max(len(a), len(b))
	out := make([]int, rank)
	for i := range out {
		da, db := dimFromEnd(a, rank-i), dimFromEnd(b, rank-i)
		if da != db && da != 1 && db != 1 {
			return nil, fmt.Errorf("broadcast: got shapes %v and %v, want dimensions equal or one", a, b)
		}
		out[i] = max(da, db)
	}
	return out, nil
}

func dimFromEnd(shape []int, k int) int {
	if k > len(shape) {
		return 1
	}
	return shape[len(shape)-k]
}

// broadcastIndex returns the function from an index of the broadcast shape to one of the operand.
func broadcastIndex(operand, shape []int) func(int) int {
	if Size(operand) == Size(shape) {
		return func(i int) int { return i }
	}
	strides := make([]int, len(shape))
	step := 1
	for k := 1; k <= len(operand); k++ {
		if d := dimFromEnd(operand, k); d != 1 {
			strides[len(shape)-k] = step
			step *= d
		}
	}
	return func(i int) int {
		at := 0
		for k := len(shape) - 1; k >= 0; k-- {
			at += i % shape[k] * strides[k]
			i /= shape[k]
		}
		return at
	}
}
