package sim

import (
	"math/big"

	"github.com/hlsgo/hlsgo/fixed"
)

// Num is one C++ number of an evaluator: a raw integer of any width and its format. Its methods are the C++
// operators; none changes its operands.
type Num struct {
	X *big.Int
	T fixed.Format
}

// NewNum is the number with raw x in format t.
func NewNum(x int64, t fixed.Format) Num { return Num{big.NewInt(x), t} }

// CInt is the C++ int v.
func CInt(v int64) Num { return NewNum(v, fixed.Int(32)) }

// CUnsigned is the C++ unsigned v.
func CUnsigned(v int64) Num { return NewNum(v, fixed.UInt(32)) }

// FromFloat64 is the conversion of a double to t.
func FromFloat64(v float64, t fixed.Format) Num {
	return Num{fixed.FromFloat64Big(new(big.Int), v, t), t}
}

// FromFloat32 is the conversion of a float to t.
func FromFloat32(v float32, t fixed.Format) Num {
	return Num{fixed.FromFloat32Big(new(big.Int), v, t), t}
}

// Cast is the conversion to t, as assignment and static_cast do it.
func (a Num) Cast(t fixed.Format) Num { return Num{fixed.CastBig(new(big.Int), a.X, a.T, t), t} }

// Mul is a * b in full.
func (a Num) Mul(b Num) Num { return Num{fixed.MulBig(new(big.Int), a.X, b.X), fixed.Mul(a.T, b.T)} }

// Add is a + b in full.
func (a Num) Add(b Num) Num {
	return Num{fixed.AddBig(new(big.Int), a.X, a.T, b.X, b.T), fixed.Add(a.T, b.T)}
}

// Sub is a - b in full.
func (a Num) Sub(b Num) Num {
	return Num{fixed.SubBig(new(big.Int), a.X, a.T, b.X, b.T), fixed.Sub(a.T, b.T)}
}

// Neg is -a in full.
func (a Num) Neg() Num { return Num{new(big.Int).Neg(a.X), fixed.Neg(a.T)} }

// Div is a / b, cut toward zero as the headers do.
func (a Num) Div(b Num) Num {
	return Num{fixed.DivBig(new(big.Int), a.X, a.T, b.X, b.T), fixed.Div(a.T, b.T)}
}

// Cmp orders a and b as C++ comparison operators see them.
func (a Num) Cmp(b Num) int { return fixed.CmpBig(a.X, a.T, b.X, b.T) }

// Int is the conversion to a C++ int.
func (a Num) Int() int32 { return fixed.ToCIntBig(a.X, a.T) }

// Bits are the bits hi..lo of the raw in two's complement, at most 32 of them.
func (a Num) Bits(hi, lo int) int {
	v := 0
	for i := hi; i >= lo; i-- {
		v = v<<1 | int(a.X.Bit(i))
	}
	return v
}
