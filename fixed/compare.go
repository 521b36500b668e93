package fixed

import (
	"cmp"
	"math/big"
)

// Cmp is the order of x in format a and y in format b as the C++ operators <, >, <= and >= see it: negative,
// zero or positive. It is exact except where mixedUnsigned says that the AP headers compare a negative
// number as if it were large. mirrors OP_CMP_AF in ap_fixed_base.h.
func Cmp(x int64, a Format, y int64, b Format) int {
	if r, ok := mixedCmp(x < 0, a, y < 0, b); ok {
		return r
	}
	d := a.F() - b.F()
	// The number with fewer fractional bits moves left, so nothing is lost; the other one stays.
	if d >= 0 {
		z, fits := shiftLeft(y, d)
		return cmpShifted(x, z, fits, y)
	}
	z, fits := shiftLeft(x, -d)
	return -cmpShifted(y, z, fits, x)
}

// cmpShifted compares x with z, which is y shifted left; if it does not fit, y's sign decides.
func cmpShifted(x, z int64, fits bool, y int64) int {
	if fits {
		return cmp.Compare(x, z)
	}
	return cmp.Compare(0, y)
}

// Equal reports whether x == y in C++. It is exact except where the AP headers compare numbers of different
// sign modulo a power of two, so that a negative number may equal a large one; see equalModulus.
func Equal(x int64, a Format, y int64, b Format) bool {
	if x < 0 != (y < 0) && a.Family == AP && a.Signed != b.Signed {
		return EqualBig(big.NewInt(x), a, big.NewInt(y), b)
	}
	return exactCmp(x, a, y, b) == 0
}

// exactCmp takes the AC path of Cmp, which has no exceptions.
func exactCmp(x int64, a Format, y int64, b Format) int {
	a.Family = AC
	return Cmp(x, a, y, b)
}

// CmpBig is Cmp for formats of any width.
func CmpBig(x *big.Int, a Format, y *big.Int, b Format) int {
	if r, ok := mixedCmp(x.Sign() < 0, a, y.Sign() < 0, b); ok {
		return r
	}
	l, r := align(new(big.Int), x, a, y, b)
	return l.Cmp(r)
}

// EqualBig is Equal for formats of any width.
func EqualBig(x *big.Int, a Format, y *big.Int, b Format) bool {
	l, r := align(new(big.Int), x, a, y, b)
	m, ok := equalModulus(a, b)
	if !ok || a.Signed == b.Signed {
		return l.Cmp(r) == 0
	}
	d := new(big.Int).Sub(l, r)
	return d.Sign() == 0 || int(d.TrailingZeroBits()) >= m
}

// alignedWidths are the widths of the two numbers as the AP headers bring them to one step: the one with
// fewer fractional bits is widened, on the left with a bit to spare.
func alignedWidths(a, b Format) (wa, wb int) {
	switch d := a.F() - b.F(); {
	case d > 0:
		return a.W, b.W + d
	case d < 0:
		return a.W - d + 1, b.W
	}
	return a.W, b.W
}

// mixedCmp orders a negative and an unsigned number where the AP headers do not see the sign; ok is false
// where the order is exact. mirrors ap_private::operator< and operator> in ap_private.h.
func mixedCmp(negX bool, a Format, negY bool, b Format) (r int, ok bool) {
	if negX == negY || !mixedUnsigned(a, b) {
		return 0, false
	}
	if negX {
		return 1, true
	}
	return -1, true
}

// mixedUnsigned reports whether the AP headers compare formats a and b as unsigned: one is signed, the
// other is not and at least as wide once aligned, and one of them has 32 bits or more.
func mixedUnsigned(a, b Format) bool {
	if a.Family == AC || a.Signed == b.Signed {
		return false
	}
	wa, wb := alignedWidths(a, b)
	// Numbers below 32 bits are compared as C ints, which have a sign.
	if wa < 32 && wb < 32 {
		return false
	}
	if a.Signed {
		return wb >= wa
	}
	return wa >= wb
}

// equalModulus is m where the AP headers compare for equality modulo 2^m.
// mirrors ap_private::operator== in ap_private.h.
func equalModulus(a, b Format) (m int, ok bool) {
	if a.Family == AC {
		return 0, false
	}
	wa, wb := alignedWidths(a, b)
	if wa == wb && wa < 64 {
		return 0, false
	}
	return max(wa, wb, 32), true
}
