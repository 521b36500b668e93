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

	// What it was before the last operation, where that was a conversion; nil: it was none.
	before     *big.Int
	beforeType fixed.Format
	rec        *recorder // who counts conversions; nil: nobody
	// float is the number that was converted, where isFloat.
	float   float64
	isFloat bool
}

// NewNum is the number with raw x in format t.
func NewNum(x int64, t fixed.Format) Num { return Num{X: big.NewInt(x), T: t} }

// CInt is the C++ int v.
func CInt(v int64) Num { return NewNum(v, fixed.Int(32)) }

// CUnsigned is the C++ unsigned v.
func CUnsigned(v int64) Num { return NewNum(v, fixed.UInt(32)) }

// FromFloat64 is the conversion of a double to t.
func FromFloat64(v float64, t fixed.Format) Num {
	return Num{X: fixed.FromFloat64Big(new(big.Int), v, t), T: t, float: v, isFloat: true}
}

// FromFloat32 is the conversion of a float to t.
func FromFloat32(v float32, t fixed.Format) Num {
	return Num{X: fixed.FromFloat32Big(new(big.Int), v, t), T: t, float: float64(v), isFloat: true}
}

// Cast is the conversion to t, as assignment and static_cast do it.
func (a Num) Cast(t fixed.Format) Num {
	return Num{X: fixed.CastBig(new(big.Int), a.X, a.T, t), T: t, before: a.X, beforeType: a.T, rec: a.rec}
}

// CastAs is Cast of a value that a health report counts under a role. The conversion of what a layer
// answers is counted without it.
func (a Num) CastAs(role Role, t fixed.Format) Num {
	y := a.Cast(t)
	a.rec.note(role, a.X, a.T, y)
	return y
}

// Zero is zero in the format of a, counted where a is.
func (a Num) Zero() Num { return Num{X: new(big.Int), T: a.T, rec: a.rec} }

// Like is y, counted where x is: for constants and entries of tables that x led to.
func (x Num) Like(y Num) Num {
	y.rec = x.rec
	return y
}

// op is the result of an operator on a and b.
func (a Num) op(b Num, x *big.Int, t fixed.Format) Num {
	if a.rec == nil {
		a.rec = b.rec
	}
	return Num{X: x, T: t, rec: a.rec}
}

// Mul is a * b in full.
func (a Num) Mul(b Num) Num {
	return a.op(b, fixed.MulBig(new(big.Int), a.X, b.X), fixed.Mul(a.T, b.T))
}

// Add is a + b in full.
func (a Num) Add(b Num) Num {
	return a.op(b, fixed.AddBig(new(big.Int), a.X, a.T, b.X, b.T), fixed.Add(a.T, b.T))
}

// Sub is a - b in full.
func (a Num) Sub(b Num) Num {
	return a.op(b, fixed.SubBig(new(big.Int), a.X, a.T, b.X, b.T), fixed.Sub(a.T, b.T))
}

// Neg is -a in full.
func (a Num) Neg() Num { return a.op(a, new(big.Int).Neg(a.X), fixed.Neg(a.T)) }

// Div is a / b, cut toward zero as the headers do.
func (a Num) Div(b Num) Num {
	return a.op(b, fixed.DivBig(new(big.Int), a.X, a.T, b.X, b.T), fixed.Div(a.T, b.T))
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
