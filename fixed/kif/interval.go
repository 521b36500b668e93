package kif

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Interval says for every value its range and its step. Bits alone would grow with every sum as if the worst
// met the worst; ranges grow with the weights that are there. float64, as hls4ml's QIntervalArray.
type Interval struct {
	Shape        []int
	Lo, Hi, Step []float64
}

func newInterval(shape []int) Interval {
	n := size(shape)
	return Interval{Shape: shape, Lo: make([]float64, n), Hi: make([]float64, n), Step: make([]float64, n)}
}

// Interval returns the range that the bits of each value span.
func (x Tensor) Interval() Interval {
	out := newInterval(x.Shape)
	for n := range x.K {
		top, step := math.Ldexp(1, x.I[n]), math.Ldexp(1, -x.F[n])
		out.Lo[n], out.Hi[n], out.Step[n] = -top*float64(x.K[n]), top-step, step
	}
	return out.checked()
}

// Constants returns the intervals of weights in C order: each its value, and the step it is a multiple of.
func Constants(shape []int, values []float64) Interval {
	out := newInterval(shape)
	copy(out.Lo, values)
	copy(out.Hi, values)
	for n, v := range values {
		out.Step[n] = math.Ldexp(1, -fractionOf(v))
	}
	return out
}

// checked brings ends that are no multiples of their step to the grid, as hls4ml does with a warning. One end
// off the grid moves them all: the steps of the others are rounded to powers of two, too.
func (x Interval) checked() Interval {
	mend := func(ends []float64) {
		off := false
		for n, v := range ends {
			off = off || !(math.Mod(v, x.Step[n]) == 0 || v == 0 && x.Step[n] == 0)
		}
		for n, v := range ends {
			if off {
				x.Step[n] = math.Exp2(math.RoundToEven(math.Log2(x.Step[n])))
				ends[n] = math.RoundToEven(v/x.Step[n]) * x.Step[n]
			}
		}
	}
	mend(x.Hi)
	mend(x.Lo)
	return x
}

// Bits returns the bits that hold the values of x.
func (x Interval) Bits() (Tensor, error) {
	out := New(x.Shape, 0, 0, 0)
	for n := range x.Lo {
		lo, hi, d := x.Lo[n], x.Hi[n], x.Step[n]
		if lo < 0 {
			out.K[n] = 1
		}
		if lo == 0 && hi == 0 {
			continue
		}
		f := -math.Log2(d)
		i := ceilLog(max(hi+d, -lo))
		if math.IsNaN(f) || math.IsInf(f, 0) || math.IsNaN(i) || math.IsInf(i, 0) {
			return out, errors.New("precision: got more bits than a double counts, want quantizers before it")
		}
		out.F[n], out.I[n] = int(f), int(i)
	}
	return out, nil
}

// each applies f to the values of two intervals that may spread over each other.
func each(a, b Interval, f func(out *Interval, n, x, y int)) (Interval, error) {
	shape, at, err := Spread(a.Shape, b.Shape)
	if err != nil {
		return Interval{}, err
	}
	out := newInterval(shape)
	for n := range out.Lo {
		x, y := at(n)
		f(&out, n, x, y)
	}
	return out.checked(), nil
}

// Plus returns x + y, value by value.
func (x Interval) Plus(y Interval) (Interval, error) {
	return each(x, y, func(out *Interval, n, i, j int) {
		out.Lo[n], out.Hi[n] = x.Lo[i]+y.Lo[j], x.Hi[i]+y.Hi[j]
		out.Step[n] = min(x.Step[i], y.Step[j])
	})
}

// Negated returns -x.
func (x Interval) Negated() Interval {
	out := newInterval(x.Shape)
	for n := range x.Lo {
		out.Lo[n], out.Hi[n], out.Step[n] = -x.Hi[n], -x.Lo[n], x.Step[n]
	}
	return out
}

// Times returns x * y, value by value.
func (x Interval) Times(y Interval) (Interval, error) {
	return each(x, y, func(out *Interval, n, i, j int) {
		a, b, c, d := x.Lo[i]*y.Lo[j], x.Lo[i]*y.Hi[j], x.Hi[i]*y.Lo[j], x.Hi[i]*y.Hi[j]
		out.Lo[n], out.Hi[n] = min(a, b, c, d), max(a, b, c, d)
		out.Step[n] = x.Step[i] * y.Step[j]
	})
}

// Sum returns the sum of all values, of shape [1].
func (x Interval) Sum() Interval {
	sum := newInterval([]int{1})
	sum.Step[0] = slices.Min(x.Step)
	for i := range x.Lo {
		sum.Lo[0] += x.Lo[i]
		sum.Hi[0] += x.Hi[i]
	}
	return sum.checked()
}

// Matmul multiplies the last axis of x by a matrix of the shape, in C order. A step of zero, which underflow
// can leave, is no step, and does not count for that of the sum.
func (x Interval) Matmul(shape []int, matrix []float64) (Interval, error) {
	last := len(x.Shape) - 1
	if len(shape) != 2 || last < 0 || x.Shape[last] != shape[0] {
		return Interval{}, fmt.Errorf("precision: got inputs %v for weights %v", x.Shape, shape)
	}
	nIn, nOut := shape[0], shape[1]
	out := newInterval(slices.Concat(x.Shape[:last], []int{nOut}))
	step := Constants(shape, matrix).Step
	for row := range size(x.Shape[:last]) {
		for o := range nOut {
			at := row*nOut + o
			out.Step[at] = math.Inf(1)
			for i := range nIn {
				v, from := matrix[i*nOut+o], row*nIn+i
				a, b := x.Lo[from]*v, x.Hi[from]*v
				out.Lo[at] += min(a, b)
				out.Hi[at] += max(a, b)
				if d := x.Step[from] * step[i*nOut+o]; d != 0 {
					out.Step[at] = min(out.Step[at], d)
				}
			}
		}
	}
	return out.checked(), nil
}
