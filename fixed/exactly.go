package fixed

import (
	"math"
	"math/bits"
)

// Exactly is the narrowest signed format that holds every one of the numbers without loss; they must be
// finite. Nothing but zeros takes two bits.
func Exactly(values ...float64) Format {
	high, low := math.MinInt, math.MaxInt // of the bits that are used, as powers of two
	for _, v := range values {
		if v == 0 {
			continue
		}
		fraction, exponent := math.Frexp(v)
		zeros := bits.TrailingZeros64(uint64(math.Abs(fraction) * (1 << 53)))
		high, low = max(high, exponent), min(low, exponent-53+zeros)
	}
	if high < low {
		high, low = 1, 0
	}
	return Fixed(high-low+1, high+1)
}
