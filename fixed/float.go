package fixed

import (
	"math"
	"math/big"
)

// FromFloat64 is the raw of the narrow format to that the C++ conversion of the double v gives: quantize
// the exact value by to.Q, then overflow by to.O and to.N. Infinities, NaN, subnormals and integer targets
// follow the headers to the letter; see ieee and acDouble.
//
// mirrors ap_fixed_base(double) in ap_fixed_base.h, ap_int_base(double) in ap_int_base.h, ac_fixed(double)
// in ac_fixed.h and ac_int(double) in ac_int.h.
func FromFloat64(v float64, to Format) int64 {
	if to.Family == AC {
		return acFromDouble(v, to)
	}
	return decode64(v).cast(to)
}

// FromFloat32 is FromFloat64 for a float. Only the conversion of an infinity or a NaN to an ap_int wider
// than 128 bits tells them apart.
func FromFloat32(v float32, to Format) int64 { return FromFloat64(float64(v), to) }

// FromFloat64Big is FromFloat64 for formats of any width: it sets dst to the raw and returns it.
func FromFloat64Big(dst *big.Int, v float64, to Format) *big.Int {
	if to.Family == AC {
		return acFromDoubleBig(dst, v, to)
	}
	return decode64(v).castBig(dst, to)
}

// FromFloat32Big is FromFloat32 for formats of any width: it sets dst to the raw and returns it.
func FromFloat32Big(dst *big.Int, v float32, to Format) *big.Int {
	if to.Family == AP && to.Kind != KindFixed {
		return decode32(v).castBig(dst, to)
	}
	return FromFloat64Big(dst, float64(v), to)
}

// ieee is a float taken apart as the AP headers do it: man * 2^exp, where man always carries the hidden bit.
// So an infinity is 2^1024 and a NaN some larger number: both saturate, and wrap to 0 in formats that end
// below that bit. A subnormal is off by its missing hidden bit, but only its sign and that it is not zero
// can matter in formats of less than a thousand fractional bits.
type ieee struct {
	man  int64 // signed
	exp  int   // of man's lowest bit
	bits int   // of man, hidden bit included
}

func decode64(v float64) ieee {
	b := math.Float64bits(v)
	return newIEEE(b>>63 != 0, int64(b&(1<<52-1)), int(b>>52&0x7ff), 1023, 53)
}

func decode32(v float32) ieee {
	b := math.Float32bits(v)
	return newIEEE(b>>31 != 0, int64(b&(1<<23-1)), int(b>>23&0xff), 127, 24)
}

func newIEEE(negative bool, frac int64, e, bias, bits int) ieee {
	if frac == 0 && e == 0 {
		return ieee{bits: bits}
	}
	d := ieee{man: frac | 1<<(bits-1), exp: e - bias - (bits - 1), bits: bits}
	if negative {
		d.man = -d.man
	}
	return d
}

// format is the fixed-point format in which man is the raw.
func (d ieee) format() Format { return Fixed(d.bits+1, d.bits+1+d.exp) }

// tinyInt reports whether d is below one half, where the headers convert to ap_int in a way of their own:
// they take the floor of the magnitude with the sign already in it, and negate that, so that a negative
// number becomes +1.
func (d ieee) tinyInt(to Format) (raw int64, ok bool) {
	if to.Kind == KindFixed || d.exp+d.bits > -1 {
		return 0, false
	}
	if d.man < 0 {
		raw = 1
	}
	return raw, true
}

func (d ieee) cast(to Format) int64 {
	if raw, ok := d.tinyInt(to); ok {
		return to.wrap(raw)
	}
	return Cast(d.man, d.format(), to)
}

func (d ieee) castBig(dst *big.Int, to Format) *big.Int {
	if raw, ok := d.tinyInt(to); ok {
		return CastBig(dst, dst.SetInt64(raw), Int(64), to.Plain())
	}
	return CastBig(dst, dst.SetInt64(d.man), d.format(), to)
}

// FromFloat64s converts a block: dst[i] is FromFloat64(src[i], to). It returns how many of them were
// infinite or not a number. The slices have the same length.
func FromFloat64s(dst []int64, src []float64, to Format) (bad int) {
	c := newFloatCast(to)
	return castFloats(&c, dst, src)
}

// FromFloat32s is FromFloat64s for a block of float32.
func FromFloat32s(dst []int64, src []float32, to Format) (bad int) {
	c := newFloatCast(to)
	return castFloats(&c, dst, src)
}

// floatCast is a conversion from floats with its constants computed beforehand. Numbers that are finite
// and below 2^62 steps take a path of a few float instructions; the others take FromFloat64.
type floatCast struct {
	to     Format
	q      Q
	scale  float64 // steps per one
	limit  float64 // magnitude in steps from which on FromFloat64 has to do it
	lo, hi int64   // raws in which the overflow step does nothing
	over   Format  // overflow modes
}

func newFloatCast(to Format) floatCast {
	// The nearest integer format of a double is one with I > 0, hence the rule for any such format.
	q, over := rule(Fixed(54, 54), to)
	c := floatCast{to: to, q: q, over: over, lo: to.MinRaw(), hi: to.MaxRaw()}
	if over.O == SATSym && over.Signed {
		c.lo++
	}
	const exact = 900 // below this many bits, scaling neither overflows nor loses a number's low bits
	if f := to.F(); f < exact && f > -exact {
		c.scale, c.limit = math.Ldexp(1, f), 1<<62
	}
	if over.O == WRAPSM {
		c.limit = min(c.limit, float64(c.hi)) // out of range, it looks at the source again
	}
	return c
}

// castFloats converts a block. Every float32 is a float64, so one loop serves both; it is generic, and not
// given an interface, so that the compiler makes a loop without calls for each.
func castFloats[T float32 | float64](c *floatCast, dst []int64, src []T) (bad int) {
	for i, s := range src {
		v := float64(s)
		x := v * c.scale
		// The product is exact, a power of two times a double, so no rounding happens before the one that the
		// format asks for. NaN fails every comparison and goes the other way.
		if x < c.limit && x > -c.limit && (x >= 1 || x <= -1) {
			dst[i] = c.near(x)
			continue
		}
		dst[i] = c.far(v, x)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			bad++
		}
	}
	return bad
}

// near converts a number of x steps, 1 <= |x| < limit.
func (c *floatCast) near(x float64) int64 {
	// Toward zero first, because that is what the processor does in one instruction; the mode then says
	// whether the cut-off part moves it.
	t := int64(x) // toward zero
	q := t + c.q.step(x-float64(t), t)
	if q < c.lo || q > c.hi {
		return c.over.overflow(overflowing{raw: q, fits: true, negative: q < 0})
	}
	return q
}

// far converts the rest: zero, numbers below one step, huge ones, infinities and NaN.
func (c *floatCast) far(v, x float64) int64 {
	const tiny = 0x1p-1000 // from here on v*scale is exact
	if v == 0 {
		return 0
	}
	if a := math.Abs(x); a < min(1, c.limit) && a > tiny && c.to.Kind == KindFixed {
		return c.near(x)
	}
	return FromFloat64(v, c.to)
}

// step is what quantizing adds to a number cut toward zero to t, the cut-off part being d, |d| < 1, of the
// number's sign.
func (q Q) step(d float64, t int64) int64 {
	if d == 0 {
		return 0
	}
	if q == TRN {
		if d < 0 {
			return -1
		}
		return 0
	}
	if d < 0 {
		return -q.away(-d, true, t&1 != 0)
	}
	return q.away(d, false, t&1 != 0)
}

// away is 1 where a number quantizes away from zero, d being the cut-off part of its magnitude.
func (q Q) away(d float64, negative, odd bool) int64 {
	tie := false
	switch q {
	case TRNZero:
		return 0
	case RND:
		tie = !negative
	case RNDMinInf:
		tie = negative
	case RNDInf:
		tie = true
	case RNDConv:
		tie = odd
	}
	if d > 0.5 || d == 0.5 && tie {
		return 1
	}
	return 0
}
