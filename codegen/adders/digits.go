package adders

import (
	"math"
	"math/bits"
)

// digits are the signed digits of a number, as few as possible and from the lowest up: no two of them stand
// side by side. neg holds for each whether it is -1.
func digits(v float64) (shifts []int, neg []bool) {
	if v == 0 {
		return nil, nil
	}
	fraction, exponent := math.Frexp(math.Abs(v))
	m := uint64(fraction * (1 << 53))
	shift := exponent - 53
	for m != 0 {
		zeros := bits.TrailingZeros64(m)
		m, shift = m>>zeros, shift+zeros
		minus := m&3 == 3 // two ones or more: one more above, less one here
		if minus {
			m++
		} else {
			m--
		}
		shifts, neg = append(shifts, shift), append(neg, minus != (v < 0))
	}
	return shifts, neg
}

// Digits counts the signed digits of all constants that are not zero, and these.
func (m Matrix) Digits() (count, nonzero int) {
	for _, v := range m.W {
		if v != 0 {
			shifts, _ := digits(v)
			count, nonzero = count+len(shifts), nonzero+1
		}
	}
	return count, nonzero
}
