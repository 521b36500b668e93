package libm

import "math"

//go:generate go run gentable.go

const (
	expBits  = 5 // log2 of the table size
	expSteps = 1 << expBits
)

// Coefficients of the polynomial of degree 3 for 2^(r/32), |r| <= 1/2: a published minimax fit of
// 2^x = 1 + c2 x + c1 x^2 + c0 x^3, scaled to steps of 1/32.
const (
	expC0 = 0x1.c6af84b912394p-5 / expSteps / expSteps / expSteps
	expC1 = 0x1.ebfce50fac4f3p-3 / expSteps / expSteps
	expC2 = 0x1.62e42ff0c52d6p-1 / expSteps
	// expScale is 32/ln 2.
	expScale = 0x1.71547652b82fep+0 * expSteps
	// roundShift added to and taken from a small double rounds it to a whole number.
	roundShift = 0x1.8p52
)

// Exp32 is expf: e^x rounded to float32, in rare cases to the second nearest value. glibc has two builds of
// it and takes the one with fused multiply-adds wherever the processor has them; so does this. The other
// build differs for two arguments in all, 0x1.04845ep5 and -0x1.f8cbb2p5
// The table look-ups of softmax and of the exponential activation are filled with it; one different bit in
// one entry would be one different raw integer in every answer that uses the entry.
func Exp32(x float32) float32 {
	switch {
	case x != x:
		return x + x
	case x > 0x1.62e42ep6: // overflow
		return float32(math.Inf(1))
	case x < -0x1.9fe368p6: // below half the smallest subnormal
		return 0
	}
	// x = (32 i + j + r) ln 2 / 32. Adding 1.5 * 2^52 leaves 32 i + j, rounded, in the low bits of the sum,
	// which saves a conversion and gives both table index and exponent.
	k := math.FMA(expScale, float64(x), roundShift)
	step := math.Float64bits(k)
	k -= roundShift
	r := math.FMA(expScale, float64(x), -k)
	// The entry already has j taken off its exponent's bits, so that adding the whole step, shifted, leaves i
	// there.
	scale := math.Float64frombits(expTable[step%expSteps] + step<<(52-expBits))
	p := math.FMA(expC0, r, expC1)
	q := math.FMA(expC2, r, 1)
	// The order of these four operations is glibc's; any other is as accurate and differs in the last bit.
	y := math.FMA(p, float64(r*r), q)
	return float32(y * scale)
}
