package passes

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// kif says for every value of a tensor which bits it needs: k is 1 for a sign, i the integer bits without the
// sign, f the fractional bits. Arrays may be shared, as hls4ml's are.
type kif struct {
	shape   []int
	k, i, f []int
}

// unlimited stands for bits without end.
const unlimited = 126

func newKIF(shape []int, k, i, f int) kif {
	n := ir.Size(shape)
	return kif{shape, filled(n, k), filled(n, i), filled(n, f)}
}

func filled(n, v int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// anyKIF is what a reader that takes every value asks for.
func anyKIF(shape []int) kif { return newKIF(shape, 1, unlimited, unlimited) }

// format is the type that holds all values of x; without bits it is one of two bits that hls4ml takes for
// nothing. mirrors to_hls4ml_fixed of hls4ml's model/optimizer/passes/bit_exact.py.
func (x kif) format() fixed.Format {
	return exactFormat(slices.Max(x.k), slices.Max(x.i), slices.Max(x.f))
}

func exactFormat(k, i, f int) fixed.Format {
	if k+i+f < 1 {
		return fixed.UFixed(2, 32)
	}
	return fixed.FromKIF(k, i, f)
}

// combine applies f to the entries of two tensors, of which either may spread over the other.
func combine(a, b kif, f func(x, y int) int) (kif, error) {
	shape, at, err := spread(a.shape, b.shape)
	if err != nil {
		return kif{}, err
	}
	out := newKIF(shape, 0, 0, 0)
	for i := range out.k {
		x, y := at(i)
		out.k[i], out.i[i], out.f[i] = f(a.k[x], b.k[y]), f(a.i[x], b.i[y]), f(a.f[x], b.f[y])
	}
	return out, nil
}

func smaller(x, y int) int { return min(x, y) }
func larger(x, y int) int  { return max(x, y) }

// spread is numpy's broadcasting: the shape of both together, and the places of its value i in each.
func spread(a, b []int) (shape []int, at func(i int) (x, y int), err error) {
	rank := max(len(a), len(b))
	full := func(s []int) []int { return slices.Concat(filled(rank-len(s), 1), s) }
	fa, fb := full(a), full(b)
	for i := range fa {
		if fa[i] != fb[i] && fa[i] != 1 && fb[i] != 1 {
			return nil, nil, fmt.Errorf("precision: got tensors of shapes %v and %v, want them to agree", a, b)
		}
		shape = append(shape, max(fa[i], fb[i]))
	}
	return shape, func(i int) (x, y int) {
		sx, sy := 1, 1
		for k := rank - 1; k >= 0; k-- {
			at := i % shape[k]
			i /= shape[k]
			if fa[k] != 1 {
				x += at * sx
			}
			if fb[k] != 1 {
				y += at * sy
			}
			sx, sy = sx*fa[k], sy*fb[k]
		}
		return x, y
	}, nil
}

// take gathers the values at the places listed, or zero where a place is -1.
func (x kif) take(shape []int, places []int) kif {
	out := newKIF(shape, 0, 0, 0)
	for i, p := range places {
		if p >= 0 {
			out.k[i], out.i[i], out.f[i] = x.k[p], x.i[p], x.f[p]
		}
	}
	return out
}

// interval says for every value its range and step, in float64 as hls4ml's QIntervalArray does.
type interval struct {
	shape         []int
	lo, hi, delta []float64
}

func newInterval(shape []int) interval {
	n := ir.Size(shape)
	return interval{shape: shape, lo: make([]float64, n), hi: make([]float64, n), delta: make([]float64, n)}
}

func (x kif) interval() interval {
	out := newInterval(x.shape)
	for n := range x.k {
		top, step := math.Ldexp(1, x.i[n]), math.Ldexp(1, -x.f[n])
		out.lo[n], out.hi[n], out.delta[n] = -top*float64(x.k[n]), top-step, step
	}
	return out.checked()
}

// checked brings ends that are no multiples of their step to the grid, as hls4ml does with a warning.
func (x interval) checked() interval {
	mend := func(ends []float64) {
		off := false
		for n, v := range ends {
			off = off || !(math.Mod(v, x.delta[n]) == 0 || v == 0 && x.delta[n] == 0)
		}
		for n, v := range ends {
			if off {
				x.delta[n] = math.Exp2(math.RoundToEven(math.Log2(x.delta[n])))
				ends[n] = math.RoundToEven(v/x.delta[n]) * x.delta[n]
			}
		}
	}
	mend(x.hi)
	mend(x.lo)
	return x
}

// kif is what holds the values of x.
func (x interval) kif() (kif, error) {
	out := newKIF(x.shape, 0, 0, 0)
	for n := range x.lo {
		lo, hi, d := x.lo[n], x.hi[n], x.delta[n]
		if lo < 0 {
			out.k[n] = 1
		}
		if lo == 0 && hi == 0 {
			continue
		}
		f := -math.Log2(d)
		i := ceilLog(max(hi+d, -lo))
		if math.IsNaN(f) || math.IsInf(f, 0) || math.IsNaN(i) || math.IsInf(i, 0) {
			return out, errors.New("precision: got more bits than a double counts, want quantizers before it")
		}
		out.f[n], out.i[n] = int(f), int(i)
	}
	return out, nil
}

// ceilLog is ceil(log2(v)) as numpy computes it: of the rounded logarithm, which is whole for powers of two.
func ceilLog(v float64) float64 {
	if frac, exp := math.Frexp(v); frac == 0.5 {
		return float64(exp - 1)
	}
	return math.Ceil(math.Log2(v))
}

// each applies f to the values of two intervals that may spread over each other.
func each(a, b interval, f func(out *interval, n, x, y int)) (interval, error) {
	shape, at, err := spread(a.shape, b.shape)
	if err != nil {
		return interval{}, err
	}
	out := newInterval(shape)
	for n := range out.lo {
		x, y := at(n)
		f(&out, n, x, y)
	}
	return out.checked(), nil
}

func (x interval) plus(y interval) (interval, error) {
	return each(x, y, func(out *interval, n, i, j int) {
		out.lo[n], out.hi[n] = x.lo[i]+y.lo[j], x.hi[i]+y.hi[j]
		out.delta[n] = min(x.delta[i], y.delta[j])
	})
}

func (x interval) negated() interval {
	out := newInterval(x.shape)
	for n := range x.lo {
		out.lo[n], out.hi[n], out.delta[n] = -x.hi[n], -x.lo[n], x.delta[n]
	}
	return out
}

func (x interval) times(y interval) (interval, error) {
	return each(x, y, func(out *interval, n, i, j int) {
		a, b, c, d := x.lo[i]*y.lo[j], x.lo[i]*y.hi[j], x.hi[i]*y.lo[j], x.hi[i]*y.hi[j]
		out.lo[n], out.hi[n] = min(a, b, c, d), max(a, b, c, d)
		out.delta[n] = x.delta[i] * y.delta[j]
	})
}

// constant is the interval of weights: each its value, and the step it is a multiple of.
func constant(t *ir.Tensor) interval {
	out := newInterval(t.Shape)
	copy(out.lo, t.Data)
	copy(out.hi, t.Data)
	for n, v := range t.Data {
		out.delta[n] = math.Ldexp(1, -fractionOf(v))
	}
	return out
}

// matmul multiplies the last axis of x by a matrix.
func (x interval) matmul(w *ir.Tensor) (interval, error) {
	last := len(x.shape) - 1
	if len(w.Shape) != 2 || last < 0 || x.shape[last] != w.Shape[0] {
		return interval{}, fmt.Errorf("precision: got inputs %v for weights %v", x.shape, w.Shape)
	}
	nIn, nOut := w.Shape[0], w.Shape[1]
	out := newInterval(slices.Concat(x.shape[:last], []int{nOut}))
	step := constant(w).delta
	for row := range ir.Size(x.shape[:last]) {
		for o := range nOut {
			at := row*nOut + o
			out.delta[at] = math.Inf(1)
			for i := range nIn {
				v, from := w.Data[i*nOut+o], row*nIn+i
				a, b := x.lo[from]*v, x.hi[from]*v
				out.lo[at] += min(a, b)
				out.hi[at] += max(a, b)
				if d := x.delta[from] * step[i*nOut+o]; d != 0 {
					out.delta[at] = min(out.delta[at], d)
				}
			}
		}
	}
	return out.checked(), nil
}

// fractionOf is the number of fractional bits of v, at most 32; -31 for zero. mirrors _minimal_f of hls4ml's
// utils/qinterval.py.
func fractionOf(v float64) int {
	low, high := -32, 32
	for low < high-1 {
		mid := (low + high) >> 1
		s := math.Ldexp(v, mid)
		if s != math.Trunc(s) || math.Abs(s) >= 1<<63 && s != -(1<<63) {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// minimalKIF is the least that holds constants exactly. mirrors minimal_kif of hls4ml's utils/qinterval.py.
func minimalKIF(values ...float64) (k, i, f int) {
	k, i, f = 0, math.MinInt, math.MinInt
	for _, v := range values {
		vi, vf := 0, 0
		if v != 0 {
			vf = fractionOf(v)
			vi = int(ceilLog(max(v+math.Ldexp(1, -vf), -v)))
		}
		if v < 0 {
			k = 1
		}
		i, f = max(i, vi), max(f, vf)
	}
	return k, i, f
}
