package quant

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Binary turns weights into 1 and -1, one for zero and above. With Bits 2 they are stored as they are, in
// int<2>; with Bits 1 as 1 and 0 in one bit, which stand for 1 and -1. Mirrors BinaryQuantizer of hls4ml's
// model/quantizers.py.
type Binary struct{ Bits int }

// Format is int<2>, or the one-bit type that stands for 1 and -1.
func (b Binary) Format() fixed.Format {
	if b.Bits == 1 {
		return fixed.Xnor()
	}
	return fixed.Int(2)
}

// Quantize keeps the shape of t, and its element type unless Bits is 1: numpy's integers turn sums with them
// into float64.
func (b Binary) Quantize(t *ir.Tensor) (*ir.Tensor, error) {
	below := -1.0
	if b.Bits == 1 {
		below = 0
	}
	out := t.Map(func(v float64) float64 {
		if v >= 0 {
			return 1
		}
		return below
	})
	if b.Bits == 1 {
		out.DType = ir.Float64
	}
	return out, nil
}

// String is hls4ml's name of the quantizer.
func (b Binary) String() string { return "BinaryQuantizer" }

// Ternary turns weights into 1 above one half, -1 at minus one half and below, and 0 between, in int<2>.
// Mirrors TernaryQuantizer of hls4ml's model/quantizers.py.
type Ternary struct{}

// Format is int<2>.
func (Ternary) Format() fixed.Format { return fixed.Int(2) }

// Quantize keeps the shape and the element type of t.
func (Ternary) Quantize(t *ir.Tensor) (*ir.Tensor, error) {
	return t.Map(func(v float64) float64 {
		switch {
		case v > 0.5:
			return 1
		case v <= -0.5:
			return -1
		}
		return 0
	}), nil
}

// String is hls4ml's name of the quantizer.
func (Ternary) String() string { return "TernaryQuantizer" }
