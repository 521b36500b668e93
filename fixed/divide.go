package fixed

import "math/big"

// Div is the format of a/b, whose raw is the quotient truncated toward zero; see DivRaw.
func Div(a, b Format) Format {
	s := 0
	if b.Signed {
		s = 1
	}
	return result(a, b, s+a.W+max(b.F(), 0), s+a.I+b.F(), a.Signed || b.Signed)
}

// DivRaw is the raw of x/y in Div(a, b), which must be narrow: the dividend is shifted left by b's
// fractional bits, if it has any, and the quotient truncated toward zero. y must not be zero. The AP headers
// fail to divide some numbers of different sign, see divOverflow and divUnsigned; this gives their answers.
// (Their long division of more than 64 bits also goes wrong now and then; this gives the exact quotient.)
func DivRaw(x int64, a Format, y int64, b Format) int64 {
	if _, ok := divUnsigned(a, b); ok && (x < 0 || y < 0) {
		return DivBig(new(big.Int), big.NewInt(x), a, big.NewInt(y), b).Int64()
	}
	q := x << max(b.F(), 0) / y
	// -2^(w-1) / -1 is 2^(w-1), which w bits hold only as the negative number it came from.
	if w, ok := divOverflow(a, b); ok && y == -1 && q == 1<<(w-1) {
		return -q
	}
	return q
}

// DivBig is DivRaw for raws of any width. dst must be neither x nor y; y must not be zero.
func DivBig(dst, x *big.Int, a Format, y *big.Int, b Format) *big.Int {
	if m, ok := divUnsigned(a, b); ok && (x.Sign() < 0 || y.Sign() < 0) {
		return divModulo(dst, x, a, y, b, m)
	}
	dst.Quo(dst.Lsh(x, uint(max(b.F(), 0))), y)
	w, ok := divOverflow(a, b)
	if ok && dst.Sign() > 0 && dst.BitLen() == w { // no other quotient is that long
		dst.Neg(dst)
	}
	return dst
}

// divOverflow is the width in which the AP headers divide two signed fixed-point numbers, where that width
// has no bit to spare for the quotient of the least dividend and raw -1: it wraps and stays negative.
// mirrors ap_fixed_base::operator/ in ap_fixed_base.h.
func divOverflow(a, b Format) (w int, ok bool) {
	w = a.W + max(b.F(), 0)
	fixed := a.Kind == KindFixed || b.Kind == KindFixed
	return w, a.Family == AP && fixed && a.Signed && b.Signed && w >= b.W
}

// divUnsigned reports whether the AP headers divide the integer formats a and b as unsigned numbers of m
// bits: one is signed, the other is not and is the wider one. A negative number then counts as 2^m more.
// mirrors ap_private::operator/ in ap_private.h.
func divUnsigned(a, b Format) (m int, ok bool) {
	if a.Family == AC || a.Kind == KindFixed || b.Kind == KindFixed || a.Signed == b.Signed {
		return 0, false
	}
	return max(a.W, b.W) + 1, a.W > b.W && b.Signed || b.W > a.W && a.Signed
}

// divModulo sets dst to the raw of x/y, both taken modulo 2^m.
func divModulo(dst, x *big.Int, a Format, y *big.Int, b Format, m int) *big.Int {
	modulus := new(big.Int).Lsh(one, uint(m))
	dst.Quo(new(big.Int).Mod(x, modulus), new(big.Int).Mod(y, modulus))
	return CastBig(dst, dst, Int(m+1), Div(a, b))
}
