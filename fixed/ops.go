package fixed

import "math/big"

// Mul is the format of a*b: exact.
func Mul(a, b Format) Format {
	return result(a, b, a.W+b.W, a.I+b.I, a.Signed || b.Signed)
}

// Add is the format of a+b: exact.
func Add(a, b Format) Format {
	i := joinI(a, b) + 1
	return result(a, b, i+max(a.F(), b.F()), i, a.Signed || b.Signed)
}

// Sub is the format of a-b: exact and always signed.
func Sub(a, b Format) Format {
	f := Add(a, b)
	f.Signed = true
	return f
}

// Logic is the format of a&b, a|b and a^b: wide enough for both.
func Logic(a, b Format) Format {
	i := joinI(a, b)
	return result(a, b, i+max(a.F(), b.F()), i, a.Signed || b.Signed)
}

// Neg is the format of -a: one bit more, signed, exact. (ap_int<1> gets two: the header subtracts from a
// zero that counts as a signed number of two bits.)
func Neg(a Format) Format {
	f := result(a, a, a.W+1, a.I+1, true)
	if f.Kind == KindInt && a.Family == AP && a.Signed && a.W == 1 {
		f.W, f.I = 3, 3
	}
	return f
}

// joinI is the integer bits that hold both a and b.
func joinI(a, b Format) int {
	ai, bi := a.I, b.I
	if b.Signed && !a.Signed {
		ai++
	}
	if a.Signed && !b.Signed {
		bi++
	}
	return max(ai, bi)
}

// result is a format without modes, an integer where both operands are integers.
// Operators never carry modes over: an expression is exact, and only an assignment quantizes and overflows.
func result(a, b Format, w, i int, signed bool) Format {
	mustHoldNumbers(a, b)
	f := Format{W: w, I: i, Signed: signed, Family: a.Family}
	if a.Kind != KindFixed && b.Kind != KindFixed {
		f.Kind = KindInt
	}
	return f
}

// MulRaw is the raw of x*y in Mul(a, b), which must be narrow.
func MulRaw(x, y int64) int64 { return x * y }

// AddRaw is the raw of x+y in Add(a, b), which must be narrow.
func AddRaw(x int64, a Format, y int64, b Format) int64 {
	f := max(a.F(), b.F())
	return x<<(f-a.F()) + y<<(f-b.F())
}

// SubRaw is the raw of x-y in Sub(a, b), which must be narrow.
func SubRaw(x int64, a Format, y int64, b Format) int64 {
	f := max(a.F(), b.F())
	return x<<(f-a.F()) - y<<(f-b.F())
}

// AndRaw is the raw of x&y in Logic(a, b), which must be narrow.
func AndRaw(x int64, a Format, y int64, b Format) int64 {
	f := max(a.F(), b.F())
	return x << (f - a.F()) & (y << (f - b.F()))
}

// OrRaw is the raw of x|y in Logic(a, b), which must be narrow.
func OrRaw(x int64, a Format, y int64, b Format) int64 {
	f := max(a.F(), b.F())
	return x<<(f-a.F()) | y<<(f-b.F())
}

// XorRaw is the raw of x^y in Logic(a, b), which must be narrow.
func XorRaw(x int64, a Format, y int64, b Format) int64 {
	f := max(a.F(), b.F())
	return x<<(f-a.F()) ^ y<<(f-b.F())
}

// MulBig is MulRaw for raws of any width.
func MulBig(dst, x, y *big.Int) *big.Int { return dst.Mul(x, y) }

// AddBig is AddRaw for raws of any width. dst must be neither x nor y.
func AddBig(dst, x *big.Int, a Format, y *big.Int, b Format) *big.Int {
	return aligned(dst, x, a, y, b, (*big.Int).Add)
}

// SubBig is SubRaw for raws of any width. dst must be neither x nor y.
func SubBig(dst, x *big.Int, a Format, y *big.Int, b Format) *big.Int {
	return aligned(dst, x, a, y, b, (*big.Int).Sub)
}

// AndBig is AndRaw for raws of any width. dst must be neither x nor y.
func AndBig(dst, x *big.Int, a Format, y *big.Int, b Format) *big.Int {
	return aligned(dst, x, a, y, b, (*big.Int).And)
}

// OrBig is OrRaw for raws of any width. dst must be neither x nor y.
func OrBig(dst, x *big.Int, a Format, y *big.Int, b Format) *big.Int {
	return aligned(dst, x, a, y, b, (*big.Int).Or)
}

// XorBig is XorRaw for raws of any width. dst must be neither x nor y.
func XorBig(dst, x *big.Int, a Format, y *big.Int, b Format) *big.Int {
	return aligned(dst, x, a, y, b, (*big.Int).Xor)
}

// aligned is op on x and y brought to the finer of the two steps.
func aligned(
	dst, x *big.Int, a Format, y *big.Int, b Format, op func(dst, x, y *big.Int) *big.Int,
) *big.Int {
	l, r := align(dst, x, a, y, b)
	return op(dst, l, r)
}

// align brings x and y to the finer of the two steps. The one that moves is kept in dst, which saves a
// big.Int for each operation; this is why dst must be neither x nor y.
func align(dst, x *big.Int, a Format, y *big.Int, b Format) (l, r *big.Int) {
	switch d := a.F() - b.F(); {
	case d > 0:
		return x, dst.Lsh(y, uint(d))
	case d < 0:
		return dst.Lsh(x, uint(-d)), y
	}
	return x, y
}

// Shl is x << n in the format of x: high bits are dropped, whatever its overflow mode. A negative n shifts
// right. The format must be narrow.
func Shl(x int64, n int, f Format) int64 {
	if n < 0 {
		return Shr(x, -n, f)
	}
	low, _ := shiftLeft(x, n)
	return f.wrap(low)
}

// Shr is x >> n in the format of x: low bits are dropped toward minus infinity, whatever its quantization
// mode. A negative n shifts left. The format must be narrow.
func Shr(x int64, n int, f Format) int64 {
	if n < 0 {
		return Shl(x, -n, f)
	}
	return x >> min(n, 63)
}

// ShlBig is Shl for formats of any width: it sets dst and returns it. dst may be x.
func ShlBig(dst, x *big.Int, n int, f Format) *big.Int {
	if n < 0 {
		return ShrBig(dst, x, -n, f)
	}
	// An integer format has no modes, so what is too long wraps, as the header's shift does.
	p := NewWidePlan(f.asInt(), f.asInt())
	return p.overflow(dst.Lsh(x, uint(min(n, f.W))), false)
}

// ShrBig is Shr for formats of any width: it sets dst and returns it. dst may be x.
func ShrBig(dst, x *big.Int, n int, f Format) *big.Int {
	if n < 0 {
		return ShlBig(dst, x, -n, f)
	}
	return dst.Rsh(x, uint(n))
}

// Bits is x(hi,lo): the bits hi..lo of the two's complement raw as an unsigned number, 63 >= hi >= lo >= 0.
func Bits(x int64, hi, lo int) uint64 {
	return uint64(x>>lo) & (1<<(hi-lo+1) - 1)
}

// ToCInt is the conversion of x to a C int of 32 bits: toward zero with AP, down with AC, then the low 32
// bits. An AP format with I = 0 turns every negative number into -1, see Cast.
// mirrors ap_fixed_base::to_int in ap_fixed_base.h and ac_fixed::to_int in ac_fixed.h.
func ToCInt(x int64, f Format) int32 {
	return int32(Cast(x, f, Int(64).In(f.Family)))
}

// ToCIntBig is ToCInt for formats of any width.
func ToCIntBig(x *big.Int, f Format) int32 {
	return int32(CastBig(new(big.Int), x, f, Int(64).In(f.Family)).Int64())
}
