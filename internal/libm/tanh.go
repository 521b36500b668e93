package libm

import "math"

// Tanh32 is tanhf: through e^(2|x|)-1 in float32 arithmetic.
// tanh = (e^2a - 1) / (e^2a + 1), written so that no case subtracts nearly equal numbers; beyond 22 the
// answer is 1 in float32.
func Tanh32(x float32) float32 {
	a := math.Float32frombits(math.Float32bits(x) &^ (1 << 31))
	var z float32
	switch {
	case x != x:
		return x + x
	case a == 0 || a < 0x1p-55:
		return x
	case a >= 22:
		z = 1
	case a >= 1:
		z = 1 - 2/(expm1(2*a)+2)
	default:
		t := expm1(-2 * a)
		z = -t / (t + 2)
	}
	if math.Signbit(float64(x)) {
		return -z
	}
	return z
}

// Constants of expm1: the parts of ln 2, and the coefficients of an even rational approximation.
var (
	ln2High = math.Float32frombits(0x3f317180)
	ln2Low  = math.Float32frombits(0x3717f7d1)
	invLn2  = math.Float32frombits(0x3fb8aa3b)

	expm1Q = [5]float32{
		math.Float32frombits(0xbd088889), // -1/30 and on
		math.Float32frombits(0x3ad00d01),
		math.Float32frombits(0xb8a670cd),
		math.Float32frombits(0x36867e54),
		math.Float32frombits(0xb457edbb),
	}
)

// expm1 is expm1f for -2 <= x <= 44: e^x - 1 in float32 arithmetic.
// In float32 throughout: a double would be more accurate, and so not equal. Tanh32 calls it for no other
// range, which is why overflow is not handled.
func expm1(x float32) float32 {
	a := x
	if a < 0 {
		a = -a
	}
	if math.Float32bits(a) < 0x33000000 { // 2^-25
		return x
	}
	r, c, k := reduce(x, a)
	half := float32(0.5 * r)
	sq := float32(r * half)
	e := expm1Core(r, half, sq)
	if k == 0 {
		return r - (float32(r*e) - sq)
	}
	e = float32(r*(e-c)) - c
	e -= sq
	return scaleExpm1(r, e, k)
}

// reduce brings x to r + c = x - k ln 2 with |r| <= ln 2 / 2; a is |x|.
// ln 2 is subtracted in two parts, of which the first has so few bits that its product with k is exact; c is
// what the second subtraction rounded away.
func reduce(x, a float32) (r, c float32, k int) {
	bits := math.Float32bits(a)
	if bits <= 0x3eb17218 { // ln 2 / 2
		return x, 0, 0
	}
	var high, low float32
	switch {
	case bits >= 0x3f851592: // 3/2 ln 2
		half := float32(0.5)
		if x < 0 {
			half = -half
		}
		k = int(float32(invLn2*x) + half)
		t := float32(k)
		high, low = x-float32(t*ln2High), float32(t*ln2Low)
	case x > 0:
		high, low, k = x-ln2High, ln2Low, 1
	default:
		high, low, k = x+ln2High, -ln2Low, -1
	}
	r = high - low
	return r, (high - r) - low, k
}

// expm1Core is the correction term of e^r - 1 = r - (r e - r^2/2).
func expm1Core(r, half, sq float32) float32 {
	p := expm1Q[4]
	for i := 3; i >= 0; i-- {
		p = expm1Q[i] + float32(sq*p)
	}
	p = 1 + float32(sq*p)
	t := 3 - float32(p*half)
	return float32(sq * ((p - t) / (6 - float32(r*t))))
}

// scaleExpm1 is 2^k (1 + r - e) - 1, in the order of operations that keeps it accurate for each k.
func scaleExpm1(r, e float32, k int) float32 {
	switch {
	case k == -1:
		return float32(0.5*(r-e)) - 0.5
	case k == 1 && r < -0.25:
		return -2 * (e - (r + 0.5))
	case k == 1:
		return 1 + float32(2*(r-e))
	case k <= -2 || k > 56:
		return addExponent(1-(e-r), k) - 1
	case k < 23:
		t := math.Float32frombits(0x3f800000 - 0x1000000>>k) // 1 - 2^-k
		return addExponent(t-(e-r), k)
	}
	t := math.Float32frombits(uint32(0x7f-k) << 23) // 2^-k
	return addExponent(r-(e+t)+1, k)
}

func addExponent(x float32, k int) float32 {
	return math.Float32frombits(math.Float32bits(x) + uint32(k)<<23)
}
