package kif

import (
	"fmt"
	"math"
	"slices"
)

// Slice returns the values from a place on, in a shape of their own.
func (x Interval) Slice(from int, shape []int) Interval {
	to := from + size(shape)
	return Interval{Shape: shape, Lo: x.Lo[from:to], Hi: x.Hi[from:to], Step: x.Step[from:to]}
}

// Permuted returns x with its axes in another order, as Tensor.Permuted does.
func (x Interval) Permuted(perm []int) Interval {
	shape, from := permuted(x.Shape, perm)
	out := newInterval(shape)
	for i, p := range from {
		out.Lo[i], out.Hi[i], out.Step[i] = x.Lo[p], x.Hi[p], x.Step[p]
	}
	return out.checked()
}

// Concat puts the values of all parts one behind the other, as a tensor of the shape.
func Concat(shape []int, parts []Interval) Interval {
	out := Interval{Shape: shape}
	for _, p := range parts {
		out.Lo, out.Hi = append(out.Lo, p.Lo...), append(out.Hi, p.Hi...)
		out.Step = append(out.Step, p.Step...)
	}
	return out.checked()
}

// Matvec multiplies x, of shape (rows, terms), by a vector of as many terms.
func (x Interval) Matvec(v Interval) (Interval, error) {
	if len(x.Shape) != 2 || !slices.Equal(v.Shape, x.Shape[1:]) {
		return Interval{}, fmt.Errorf("precision: got a vector %v for a matrix %v", v.Shape, x.Shape)
	}
	terms := x.Shape[1]
	out := newInterval(x.Shape[:1])
	for row := range out.Lo {
		out.Step[row] = math.Inf(1)
		for t := range terms {
			i := row*terms + t
			a, b, c, d := x.Lo[i]*v.Lo[t], x.Hi[i]*v.Hi[t], x.Lo[i]*v.Hi[t], x.Hi[i]*v.Lo[t]
			out.Lo[row] += min(a, b, c, d)
			out.Hi[row] += max(a, b, c, d)
			out.Step[row] = min(out.Step[row], x.Step[i]*v.Step[t])
		}
	}
	return out.checked(), nil
}
