package hlsgo

import (
	"fmt"
	"math"
	"slices"
)

// Array is a block of numbers in C order; its first axis counts the samples. Exactly one of F32 and F64 is
// set. ReadArray and WriteFile are its way from and to files.
// Both types are kept as they came, for hls4ml's C++ has an entry for float and one for double, and a value
// that went through float32 may quantize to another raw integer.
type Array struct {
	Shape []int
	F32   []float32
	F64   []float64
}

// NewArray is an array over the values, which it does not copy. Without a shape it has one dimension, with a
// shape as many elements as there are values.
func NewArray[T float32 | float64](values []T, shape ...int) (*Array, error) {
	if len(shape) == 0 {
		shape = []int{len(values)}
	}
	a := &Array{Shape: slices.Clone(shape)}
	switch v := any(values).(type) {
	case []float32:
		a.F32 = v
	case []float64:
		a.F64 = v
	}
	return a, a.whole()
}

// whole says whether the shape has as many elements as there are values.
func (a *Array) whole() error {
	n := 1
	for _, d := range a.Shape {
		if d < 0 || d > 0 && n > math.MaxInt/d {
			return fmt.Errorf("array: shape: got %v, want lengths of at least 0 whose product is an int", a.Shape)
		}
		n *= d
	}
	if a.Len() != n || a.F32 != nil && a.F64 != nil {
		return fmt.Errorf("array: got %d values of float32 and %d of float64, want %d of one type for shape %v",
			len(a.F32), len(a.F64), n, a.Shape)
	}
	return nil
}

// Len is the number of values.
func (a *Array) Len() int { return len(a.F32) + len(a.F64) }

// Samples is the length of the first axis; 0 for a scalar.
func (a *Array) Samples() int {
	if len(a.Shape) == 0 {
		return 0
	}
	return a.Shape[0]
}

// Double reports whether the values are float64.
func (a *Array) Double() bool { return a.F64 != nil }

// Row copies sample i as float64 into dst, which must be as long as a sample.
func (a *Array) Row(dst []float64, i int) {
	n := len(dst)
	if a.Double() {
		copy(dst, a.F64[i*n:(i+1)*n])
		return
	}
	for k, v := range a.F32[i*n : (i+1)*n] {
		dst[k] = float64(v)
	}
}

// newArray returns zeros of the shape.
func newArray(double bool, shape ...int) *Array {
	n := 1
	for _, d := range shape {
		n *= d
	}
	a := &Array{Shape: shape}
	if double {
		a.F64 = make([]float64, n)
	} else {
		a.F32 = make([]float32, n)
	}
	return a
}

// check says whether the array holds samples of the size.
func (a *Array) check(name string, size int) error {
	n := a.Samples()
	if n == 0 || size == 0 || a.Len() != n*size || (a.F32 != nil) == (a.F64 != nil) {
		return fmt.Errorf("input %q: shape: got %v with %d values, want (samples, ...) with %d values each",
			name, a.Shape, a.Len(), size)
	}
	return nil
}
