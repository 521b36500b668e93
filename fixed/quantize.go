package fixed

// Q is a quantization mode: what a conversion does with the bits below the step of the target. The order
// of these constants is ours; the headers number them otherwise.
type Q uint8

// The quantization modes; TRN, the zero value, is the C++ default.
const (
	TRN       Q = iota // toward minus infinity
	TRNZero            // toward zero
	RND                // nearest, ties toward plus infinity
	RNDZero            // nearest, ties toward zero
	RNDInf             // nearest, ties away from zero
	RNDMinInf          // nearest, ties toward minus infinity
	RNDConv            // nearest, ties to even
)

// tail describes the part of an exact number that a quantization drops.
// Every mode depends on these two facts, the sign and whether the floor is odd, and on nothing else; both
// paths, narrow and wide, compute them and share the table in up.
type tail struct {
	half int  // the dropped part compared with half a step: -1 below, 0 equal, +1 above
	any  bool // whether anything is dropped at all
}

// up reports whether quantizing goes to floor+1 instead of floor, the floor being odd or not and the exact
// number negative or not. mirrors ap_fixed_base::quantization_adjust in ap_fixed_base.h.
func (q Q) up(t tail, negative, odd bool) bool {
	switch q {
	case TRNZero:
		return negative && t.any
	case RND:
		return t.half >= 0
	case RNDZero:
		return t.half > 0 || t.half == 0 && negative
	case RNDInf:
		return t.half > 0 || t.half == 0 && !negative
	case RNDMinInf:
		return t.half > 0
	case RNDConv:
		return t.half > 0 || t.half == 0 && odd
	}
	return false
}

// quantize is x * 2^-s quantized to an integer, for s > 0. The result always fits: it is at most half of x,
// plus one.
func (q Q) quantize(x int64, s int) int64 {
	floor := x >> min(s, 63)
	// The default of C++, and by far the commonest: the tail need not be looked at.
	if q == TRN {
		return floor
	}
	if q.up(tailOf(x, s), x < 0, floor&1 != 0) {
		floor++
	}
	return floor
}

// tailOf describes the low s bits of x, for s > 0.
func tailOf(x int64, s int) tail {
	if s > 64 { // |x| is below a quarter step: a negative x lies just under zero, a positive one just above
		if x < 0 {
			return tail{half: 1, any: true}
		}
		return tail{half: -1, any: x != 0}
	}
	low := uint64(x) << (64 - s) // the dropped bits, at the top of a word
	const half = 1 << 63
	switch {
	case low > half:
		return tail{half: 1, any: true}
	case low == half:
		return tail{half: 0, any: true}
	}
	return tail{half: -1, any: low != 0}
}

// shiftLeft is x * 2^s for s >= 0: its low 64 bits, and whether they are all of it.
func shiftLeft(x int64, s int) (low int64, fits bool) {
	if s >= 64 {
		return 0, x == 0
	}
	low = x << s
	return low, low>>s == x
}
