package fixed

import (
	"math"
	"math/big"
	"math/bits"
)

// ToFloat64 is the conversion of raw x of a narrow format to double: to nearest, ties to even. Outside the
// exponents of a double, AP keeps the low bits of the exponent and AC scales step by step, as their headers
// do. mirrors ap_fixed_base::to_double in ap_fixed_base.h and ac_fixed::to_double in ac_fixed.h.
func ToFloat64(x int64, f Format) float64 {
	switch {
	case f.Family == AC:
		return acScale(float64(x), -f.F())
	// float64(x) rounds to nearest even, and the power of two is exact, so this is the same in two
	// instructions.
	case plainExponents(f):
		return float64(x) * math.Ldexp(1, -f.F())
	}
	return math.Float64frombits(pack(x < 0, magnitude(x), -f.F(), false, 53, 1023, 11))
}

// ToFloat32 is ToFloat64 for float. AC converts to double first and so rounds twice.
// mirrors ap_fixed_base::to_float in ap_fixed_base.h.
func ToFloat32(x int64, f Format) float32 {
	if f.Family == AC {
		return float32(ToFloat64(x, f))
	}
	return math.Float32frombits(uint32(pack(x < 0, magnitude(x), -f.F(), false, 24, 127, 8)))
}

// plainExponents reports whether no number of f comes near the ends of a double's exponents.
func plainExponents(f Format) bool { return f.F() < 900 && f.F() > -900 }

func magnitude(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}

// pack makes the IEEE pattern of m * 2^e, rounded to nearest even, with man bits of significand, hidden bit
// included, and exp bits of exponent. sticky says that there is more below m; then m has at least man+2
// bits. An exponent out of range wraps, as in the AP headers.
func pack(negative bool, m uint64, e int, sticky bool, man, bias, exp int) uint64 {
	if m == 0 {
		return 0
	}
	n := bits.Len64(m)
	e += n - 1 + bias
	if drop := n - man; drop > 0 {
		rest := m & (1<<drop - 1)
		m >>= drop
		half := uint64(1) << (drop - 1)
		if rest > half || rest == half && (sticky || m&1 != 0) {
			m++
		}
		// Rounding up may carry into a new highest bit; the significand is zero then, and the exponent one
		// more.
		e += int(m >> man)
	} else {
		m <<= -drop
	}
	p := m&(1<<(man-1)-1) | uint64(e)&(1<<exp-1)<<(man-1)
	if negative {
		p |= 1 << (man - 1 + exp)
	}
	return p
}

// ToFloat64Big is ToFloat64 for formats of any width.
func ToFloat64Big(x *big.Int, f Format) float64 {
	switch {
	case f.Family == AC:
		return acToDouble(x, f)
	case lowWordOnly(f):
		return lowWord(x, f)
	}
	m, e, sticky := top(x)
	return math.Float64frombits(pack(x.Sign() < 0, m, e-f.F(), sticky, 53, 1023, 11))
}

// ToFloat32Big is ToFloat32 for formats of any width.
func ToFloat32Big(x *big.Int, f Format) float32 {
	switch {
	case f.Family == AC:
		return float32(acToDouble(x, f))
	case lowWordOnly(f):
		return lowWord32(x, f)
	}
	m, e, sticky := top(x)
	return math.Float32frombits(uint32(pack(x.Sign() < 0, m, e-f.F(), sticky, 24, 127, 8)))
}

// lowWordOnly reports whether a conversion to float sees only the low 64 bits: that of an ap_int goes
// through a C integer. mirrors ap_int_base::operator RetType in ap_int_base.h.
func lowWordOnly(f Format) bool { return f.Kind != KindFixed && f.W > 64 }

func lowWord(x *big.Int, f Format) float64 {
	w := lowBits(x)
	if f.Signed {
		return float64(int64(w))
	}
	return float64(w)
}

func lowWord32(x *big.Int, f Format) float32 {
	w := lowBits(x)
	if f.Signed {
		return float32(int64(w))
	}
	return float32(w)
}

// lowBits is the low 64 bits of x in two's complement.
func lowBits(x *big.Int) uint64 {
	var low big.Int
	low.And(x, new(big.Int).SetUint64(math.MaxUint64))
	return low.Uint64()
}

// top is the highest 64 bits of |x| as m * 2^e, and whether anything lies below them.
func top(x *big.Int) (m uint64, e int, sticky bool) {
	e = max(x.BitLen()-64, 0)
	var high big.Int
	m = high.Rsh(high.Abs(x), uint(e)).Uint64()
	return m, e, x.Sign() != 0 && int(x.TrailingZeroBits()) < e
}

// ToFloat64s converts a block: dst[i] is ToFloat64(src[i], f). The slices have the same length.
func ToFloat64s(dst []float64, src []int64, f Format) {
	if !plainExponents(f) {
		for i, x := range src {
			dst[i] = ToFloat64(x, f)
		}
		return
	}
	step := math.Ldexp(1, -f.F())
	for i, x := range src {
		dst[i] = float64(x) * step
	}
}

// ToFloat32s converts a block: dst[i] is ToFloat32(src[i], f). The slices have the same length.
func ToFloat32s(dst []float32, src []int64, f Format) {
	// With raws below 2^53 the double is exact, so that the float rounds once; AC rounds twice anyway.
	exact := f.W <= 54 && f.F() < 126 && f.I < 127 || f.Family == AC && plainExponents(f)
	if !exact {
		for i, x := range src {
			dst[i] = ToFloat32(x, f)
		}
		return
	}
	step := math.Ldexp(1, -f.F())
	for i, x := range src {
		dst[i] = float32(float64(x) * step)
	}
}
