package fixed

import (
	"math"
	"math/big"
)

// acDouble is a double as ac_fixed(double) sees it: scaled to a fraction of the words that hold the target,
// then cut into those words. words * 32 bits behind the point is the target's step.
type acDouble struct {
	source   float64
	fraction float64
	words    int
}

// newACDouble scales v for the target. mirrors ac_fixed(double) in ac_fixed.h.
func newACDouble(v float64, to Format) acDouble {
	spare := 0
	if !to.Signed {
		spare = 1
	}
	shift := to.I + spare + (32-to.W-spare)&31
	return acDouble{source: v, fraction: acScale(v, -shift), words: acWords(to)}
}

// acWords is the number of 32-bit words that hold a number of f. mirrors enum N in ac_fixed.h.
func acWords(f Format) int {
	if f.Signed {
		return (f.W + 31) / 32
	}
	return (f.W + 32) / 32
}

// acScale is v * 2^n in the steps of the header, each of which may round a subnormal or overflow.
// mirrors ac_private::ldexpr in ac_int.h.
// math.Ldexp rounds once and at the end; the header divides by at most 2^31 first and by 2^32 after that, so
// subnormals are rounded on the way. The results differ there, in the last bit.
func acScale(v float64, n int) float64 {
	if n < 0 {
		v /= float64(uint64(1) << (-n & 31))
	} else {
		v *= float64(uint64(1) << (n & 31))
	}
	for ; n <= -32; n += 32 {
		v /= 1 << 32
	}
	for ; n >= 32; n -= 32 {
		v *= 1 << 32
	}
	return v
}

// endless reports whether the fraction is no number: the source was infinite, not a number, or scaled
// beyond the doubles.
func (d acDouble) endless() bool {
	return math.IsInf(d.fraction, 0) || math.IsNaN(d.fraction)
}

// endlessRaw is the raw before overflow of an endless number. All digits are 0 (or, below zero, 1), and the
// bits behind them look like half a step and more (or, below zero, less).
func (d acDouble) endlessRaw(q Q) int64 {
	if d.source < 0 {
		if q == TRNZero {
			return 0
		}
		return -1
	}
	if q == TRN || q == TRNZero {
		return 0
	}
	return 1
}

// raw is the exact number: man in format from.
func (d acDouble) raw(to Format) (man int64, from Format) {
	frac, exp := math.Frexp(d.fraction)
	// 53 bits hold every double, so this is exact.
	man = int64(math.Ldexp(frac, 53))
	shift := 32*d.words + exp - 53 // man * 2^shift steps of the target
	return man, Fixed(54, 54-to.F()+shift)
}

func acFromDouble(v float64, to Format) int64 {
	d := newACDouble(v, to)
	q, over := rule(Fixed(54, 54), to)
	if d.endless() {
		raw := d.endlessRaw(q)
		if over.O == WRAP {
			return over.wrap(raw)
		}
		return over.overflow(overflowing{raw: raw, negative: v < 0})
	}
	man, from := d.raw(to)
	raw := Cast(man, from, to)
	if over.O == SATZero && raw == over.MinRaw() && d.lostByRounding(to) {
		return 0
	}
	return raw
}

func acFromDoubleBig(dst *big.Int, v float64, to Format) *big.Int {
	d := newACDouble(v, to)
	q, over := rule(Fixed(54, 54), to)
	if d.endless() {
		return acEndlessBig(dst, d, q, over)
	}
	man, from := d.raw(to)
	CastBig(dst, dst.SetInt64(man), from, to)
	if over.O == SATZero && d.lostByRounding(to) {
		if lo, _ := over.Range(); dst.Cmp(lo) == 0 {
			dst.SetInt64(0)
		}
	}
	return dst
}

func acEndlessBig(dst *big.Int, d acDouble, q Q, over Format) *big.Int {
	if over.O == WRAP {
		return CastBig(dst, dst.SetInt64(d.endlessRaw(q)), Int(64), over.In(AC).Plain().asInt())
	}
	lo, hi := over.Range()
	switch {
	case over.O == SATZero:
		return dst.SetInt64(0)
	case d.source < 0 && over.O == SATSym && over.Signed && over.W > 1:
		return dst.Add(lo, one)
	case d.source < 0:
		return dst.Set(lo)
	}
	return dst.Set(hi)
}

// asInt is the integer format of f's raws.
func (f Format) asInt() Format {
	return Format{W: f.W, I: f.W, Signed: f.Signed, Family: f.Family, Kind: KindInt}
}

// lostByRounding reports whether the number lies below the least raw of a target that fills its words, and
// only rounding brings it back. The header has decided for overflow before it rounds.
func (d acDouble) lostByRounding(to Format) bool {
	return to.Signed && to.W%32 == 0 && d.fraction < -0.5
}

// acToDouble adds up the words of x from the top, rounding at every step, then scales.
// mirrors ac_private::iv::to_double in ac_int.h.
// One conversion of the whole number would round once. The header rounds at each word, and for numbers of
// more than 64 bits that shows.
func acToDouble(x *big.Int, f Format) float64 {
	n := acWords(f)
	var part, mask big.Int
	mask.SetUint64(math.MaxUint32)
	v := float64(int32(part.Rsh(x, uint(32*(n-1))).Int64()))
	for i := n - 2; i >= 0; i-- {
		part.Rsh(x, uint(32*i))
		v *= 1 << 32
		v = v + float64(part.And(&part, &mask).Uint64())
	}
	return acScale(v, -f.F())
}
