package libm

import "math"

const (
	ln2Hi = 0x1.62e42fefa3800p-1 // ln 2 to 42 bits: its product with an exponent is exact
	ln2Lo = 0x1.ef35793c76730p-45
)

// Log is the natural logarithm of a positive x, within 0.51 units in the last place. glibc's is within 0.52;
// float32(Log(1+e)) equals glibc's for every float32 e >= 0, which is where the tables use it.
// The table is softplus: log(1 + e^x), rounded to float32. That rounding forgives errors of a double, so no
// table of glibc's is needed here, and the comparison over all arguments shows it.
func Log(x float64) float64 {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 1):
		return x
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	}
	m, k := math.Frexp(x)
	// m in [sqrt(1/2), sqrt(2)) keeps s below 0.172, and ln m small beside k ln 2 where both count.
	if m < math.Sqrt2/2 {
		m *= 2
		k--
	}
	// ln m = 2 atanh(s), s = (m-1)/(m+1), as a sum of two doubles.
	f := m - 1
	g := m + 1
	gLow := m - (g - 1)
	s := f / g
	// What the division left over, exact by the fused multiply-add, and what 1+m lost.
	sLow := (math.FMA(-s, g, f) - float64(s*gLow)) / g
	z := float64(s * s)
	tail := 2 * (sLow + float64(s*float64(z*atanhTail(z))))
	high := float64(float64(k) * ln2Hi)
	sum := high + 2*s
	// The error of the sum, exact when the larger term comes first (Dekker).
	rest := (high - sum) + 2*s
	if math.Abs(2*s) > math.Abs(high) {
		rest = (2*s - sum) + high
	}
	return sum + (rest + (tail + float64(float64(k)*ln2Lo)))
}

// atanhTail is 1/3 + z/5 + z^2/7 + ..., for z < 0.03.
func atanhTail(z float64) float64 {
	sum := 0.0
	for n := 27; n >= 3; n -= 2 {
		sum = float64(sum*z) + 1/float64(n)
	}
	return sum
}
