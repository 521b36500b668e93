package fixed

import (
	"fmt"
	"math"
	"math/big"
)

// Kind says what the raw integer of a Format stands for.
type Kind uint8

// The kinds of formats. KindFixed is the zero value.
const (
	KindFixed    Kind = iota // ap_fixed, ap_ufixed, ac_fixed
	KindInt                  // ap_int, ap_uint, ac_int: F is 0 and conversion to it follows C++ integers
	KindXnor                 // one unsigned bit that products read as -1 (0) or +1 (1); C++ ap_uint<1>
	KindExponent             // power of two: a sign bit and an integer exponent, see Po2
	KindFloat                // a floating-point type; Format.Float says which
	KindAuto                 // not known yet, to be inferred
)

// Family names the C++ headers whose rules apply.
type Family uint8

// The two families of headers. AP is the zero value.
const (
	AP Family = iota // ap_fixed.h and ap_int.h (Vivado, Vitis)
	AC               // ac_fixed.h and ac_int.h (Quartus, oneAPI, Catapult)
)

// FloatKind names the C++ type of a KindFloat format.
type FloatKind uint8

// The floating-point types that a precision string can name.
const (
	FloatNone   FloatKind = iota // not a float
	FloatSingle                  // float: W 32, 8 exponent bits
	FloatDouble                  // double: W 64, 11 exponent bits
	FloatHalf                    // half: W 16, 5 exponent bits
	FloatBFloat                  // bfloat16: W 16, 8 exponent bits
	FloatStd                     // ap_float<W,E>, ac_std_float<W,E>, std_float<W,E>
	FloatAC                      // ac_float<M,I,E,Q>: W is M+E, N holds the mantissa's I
)

// MaxW is the widest format a user may write, in bits. MaxResultW bounds the result of one operator on
// two such formats.
const (
	MaxW       = 1024
	MaxResultW = 2050
	maxI       = 1 << 13 // |I| beyond this is a mistake, and would make shifts absurdly long
)

// Format is a number format: ap_fixed<W,I,Q,O,N> and its relatives. It is a plain comparable value and its
// zero modes are the C++ defaults.
//
// W is the number of bits. I is the number of integer bits, sign included; it may be negative or exceed W.
// N is the number of saturation bits and counts only where O is WRAP or WRAPSM. For KindFloat, W is the
// total width and I the number of exponent bits.
// Comparable, so that formats are keys of maps and == is "the same C++ type"; no pointers, so that nobody
// changes the type of another tensor by accident.
type Format struct {
	W, I, N int
	Signed  bool
	Kind    Kind
	Family  Family
	Q       Q
	O       O
	Float   FloatKind
}

// Auto is the format that inference has to replace; its text form is "auto".
var Auto = Format{Kind: KindAuto}

// Fixed is ap_fixed<w,i>: signed, TRN, WRAP.
func Fixed(w, i int) Format { return Format{W: w, I: i, Signed: true} }

// UFixed is ap_ufixed<w,i>: unsigned, TRN, WRAP.
func UFixed(w, i int) Format { return Format{W: w, I: i} }

// Int is ap_int<w>.
func Int(w int) Format { return Format{W: w, I: w, Signed: true, Kind: KindInt} }

// UInt is ap_uint<w>.
func UInt(w int) Format { return Format{W: w, I: w, Kind: KindInt} }

// Xnor is the one-bit format whose raw 0 and 1 stand for -1 and +1 in products; C++ ap_uint<1>.
func Xnor() Format { return Format{W: 1, I: 1, Kind: KindXnor} }

// Exponent is the format of power-of-two weights with an exponent of w bits; see Po2.
func Exponent(w int, signed bool) Format {
	return Format{W: w, I: w, Signed: signed, Kind: KindExponent}
}

// Float is the floating-point format of that C++ name: FloatSingle, FloatDouble, FloatHalf or FloatBFloat.
func Float(kind FloatKind) Format {
	f := Format{Kind: KindFloat, Float: kind, Signed: true}
	switch kind {
	case FloatSingle:
		f.W, f.I = 32, 8
	case FloatDouble:
		f.W, f.I = 64, 11
	case FloatHalf:
		f.W, f.I = 16, 5
	case FloatBFloat:
		f.W, f.I = 16, 8
	default:
		panic(fmt.Sprintf("BUG: fixed.Float of kind %d, which needs a width", kind))
	}
	return f
}

// StdFloat is std_float<w,e>, which C++ spells ap_float<w,e> or ac_std_float<w,e>: w bits in all, e of them
// exponent.
func StdFloat(w, e int) Format {
	return Format{W: w, I: e, Signed: true, Kind: KindFloat, Float: FloatStd}
}

// With returns f with quantization mode q and overflow mode o and no saturation bits.
func (f Format) With(q Q, o O) Format {
	f.Q, f.O, f.N = q, o, 0
	return f
}

// In returns f under the rules of the family. AC has no saturation bits, so N is dropped there. An ac_float
// stays what it is: AP has no type like it.
func (f Format) In(family Family) Format {
	if f.Float == FloatAC {
		return f
	}
	f.Family = family
	if family == AC && f.Kind != KindFloat {
		f.N = 0
	}
	return f
}

// Plain returns f without modes: TRN, WRAP, no saturation bits. Operators give their results such formats.
func (f Format) Plain() Format {
	f.Q, f.O, f.N = TRN, WRAP, 0
	return f
}

// F is the number of fractional bits, W-I; the step of the format is 2^-F. It may be negative or exceed W.
// It is derived and not kept, as three stored numbers could contradict each other.
func (f Format) F() int { return f.W - f.I }

// KIF is the triple of the HGQ and da4ml tools: k is 1 for a signed format, i the integer bits without the
// sign, fr the fractional bits.
func (f Format) KIF() (k, i, fr int) {
	if f.Signed {
		k = 1
	}
	return k, f.I - k, f.F()
}

// FromKIF is the fixed format of a KIF triple.
func FromKIF(k, i, f int) Format {
	return Format{W: k + i + f, I: k + i, Signed: k != 0}
}

// IsFixedOrInt reports whether f is an ordinary fixed-point or integer format: not Xnor, Exponent, float
// or auto.
func (f Format) IsFixedOrInt() bool { return f.Kind == KindFixed || f.Kind == KindInt }

// Narrow reports whether every raw of f fits int64: signed formats to 64 bits, unsigned ones to 63.
func (f Format) Narrow() bool { return f.W <= 63 || f.W == 64 && f.Signed }

// MinRaw is the smallest raw of a narrow f.
func (f Format) MinRaw() int64 {
	f.mustBeNarrow()
	if !f.Signed {
		return 0
	}
	return -1 << (f.W - 1)
}

// MaxRaw is the largest raw of a narrow f.
func (f Format) MaxRaw() int64 {
	f.mustBeNarrow()
	if f.Signed {
		return int64(uint64(1)<<(f.W-1) - 1)
	}
	return int64(uint64(1)<<f.W - 1)
}

// Range is the smallest and the largest raw of f, whatever its width. The integers are fresh.
func (f Format) Range() (lo, hi *big.Int) {
	lo, hi = new(big.Int), big.NewInt(1)
	if !f.Signed {
		return lo, hi.Sub(hi.Lsh(hi, uint(f.W)), big.NewInt(1))
	}
	hi.Lsh(hi, uint(f.W-1))
	return lo.Neg(hi), hi.Sub(hi, big.NewInt(1))
}

// int64Range is the range of those raws of f that fit int64: for a narrow f all of them.
// A proved range of a wide format is often small, and conversions from it then need no big integers.
func (f Format) int64Range() (lo, hi int64) {
	switch {
	case f.Narrow():
		return f.MinRaw(), f.MaxRaw()
	case f.Signed:
		return math.MinInt64, math.MaxInt64
	}
	return 0, math.MaxInt64
}

// Contains reports whether x is one of f's raws.
func (f Format) Contains(x int64) bool {
	lo, hi := f.int64Range()
	return x >= lo && x <= hi
}

func (f Format) mustBeNarrow() {
	if !f.Narrow() {
		panic("BUG: fixed: " + f.String() + " has raws beyond int64")
	}
}
