// Package kif counts bits: for every value of a tensor whether it needs a sign, and how many integer and
// fractional bits (k, i, f). Bit-exact propagation carries such tensors through a network, and each kind of
// layer says what it makes of them.
//
// It follows hls4ml's utils/qinterval.py and model/optimizer/passes/bit_exact.py to the bit, in float64 where
// those compute in float64: types that come out of it are printed into projects and compared with hls4ml's.
package kif

import (
	"fmt"
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
)

// Unlimited stands for bits without end, of functions whose results no finite type holds.
const Unlimited = 126

// Tensor says for every value which bits it needs: K is 1 for a sign, I the integer bits without the sign, F
// the fractional bits. A number of bits may be negative: I = -2 leaves the two bits behind the point out.
type Tensor struct {
	Shape   []int // without batch
	K, I, F []int // in C order; tensors may share them
	// Held says that K, I and F are those that a node before keeps as its own: who writes into them changes
	// what that node is known to make. hls4ml's arrays are shared in the same places, and its LeakyReLU writes.
	Held bool
}

// New returns a tensor whose values all have the same bits.
func New(shape []int, k, i, f int) Tensor {
	n := size(shape)
	return Tensor{Shape: shape, K: Fill(n, k), I: Fill(n, i), F: Fill(n, f)}
}

// All asks for every bit of every value: what is requested of whoever is read by a layer that uses all it
// gets.
func All(shape []int) Tensor { return New(shape, 1, Unlimited, Unlimited) }

// OfFormat returns what the type holds, for every value.
func OfFormat(shape []int, f fixed.Format) Tensor {
	k, i, frac := f.KIF()
	return New(shape, k, i, frac)
}

// Fill returns n times v.
func Fill(n, v int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = v
	}
	return out
}

func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// Most returns the most sign, integer and fractional bits of any value, each for itself.
func (x Tensor) Most() (k, i, f int) { return slices.Max(x.K), slices.Max(x.I), slices.Max(x.F) }

// Format returns the type that holds all values of x.
func (x Tensor) Format() fixed.Format { return Format(x.Most()) }

// Format returns the type of these bits; without any it is the one of two bits that hls4ml takes for nothing.
// Mirrors to_hls4ml_fixed of hls4ml's model/optimizer/passes/bit_exact.py.
func Format(k, i, f int) fixed.Format {
	if k+i+f < 1 {
		return fixed.UFixed(2, 32)
	}
	return fixed.FromKIF(k, i, f)
}

// Reshaped returns the same values in another shape, which must have as many. They stay held.
func (x Tensor) Reshaped(shape []int) Tensor {
	x.Shape = shape
	return x
}

// Take gathers the values at the places listed, or zero, which has no bits, where a place is -1.
func (x Tensor) Take(shape, places []int) Tensor {
	out := New(shape, 0, 0, 0)
	for i, p := range places {
		if p >= 0 {
			out.K[i], out.I[i], out.F[i] = x.K[p], x.I[p], x.F[p]
		}
	}
	return out
}

// Permuted returns the tensor with its axes in another order: axis k of the result is axis perm[k] of x, as
// in numpy's transpose.
func (x Tensor) Permuted(perm []int) Tensor { return x.Take(permuted(x.Shape, perm)) }

// permuted is the shape of a permuted tensor and, for each of its values, where it stands in the one before.
func permuted(shape, perm []int) (dims, places []int) {
	places, dims = make([]int, size(shape)), make([]int, len(perm))
	for i, p := range perm {
		dims[i] = shape[p]
	}
	for i := range places {
		rest, at := i, 0
		for k := len(perm) - 1; k >= 0; k-- {
			at += rest % dims[k] * size(shape[perm[k]+1:])
			rest /= dims[k]
		}
		places[i] = at
	}
	return dims, places
}

// Combine applies f to the bits of two tensors, of which either may spread over the other as in numpy.
func Combine(a, b Tensor, f func(x, y int) int) (Tensor, error) {
	shape, at, err := Spread(a.Shape, b.Shape)
	if err != nil {
		return Tensor{}, err
	}
	out := New(shape, 0, 0, 0)
	for i := range out.K {
		x, y := at(i)
		out.K[i], out.I[i], out.F[i] = f(a.K[x], b.K[y]), f(a.I[x], b.I[y]), f(a.F[x], b.F[y])
	}
	return out, nil
}

// Smaller and Larger are what Combine mostly applies: the bits both have, and those either has.
func Smaller(x, y int) int { return min(x, y) }

// Larger is the other one.
func Larger(x, y int) int { return max(x, y) }

// Spread is numpy's broadcasting: the shape of both together, and the places of its value i in each.
func Spread(a, b []int) (shape []int, at func(i int) (x, y int), err error) {
	rank := max(len(a), len(b))
	full := func(s []int) []int { return slices.Concat(Fill(rank-len(s), 1), s) }
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

// Minimal returns the least bits that hold all of the constants exactly. Mirrors minimal_kif of hls4ml's
// utils/qinterval.py.
func Minimal(values ...float64) (k, i, f int) {
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

// ceilLog is ceil(log2(v)) as numpy computes it: of the rounded logarithm, which is whole for powers of two.
func ceilLog(v float64) float64 {
	if frac, exp := math.Frexp(v); frac == 0.5 {
		return float64(exp - 1)
	}
	return math.Ceil(math.Log2(v))
}
