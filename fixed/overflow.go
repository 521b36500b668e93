package fixed

// O is an overflow mode: what a conversion does with a quantized number outside the target's range.
type O uint8

// The overflow modes; WRAP, the zero value, is the C++ default.
const (
	WRAP    O = iota // drop the high bits; with N > 0 the top N bits saturate
	WRAPSM           // sign-magnitude wrap-around; AP only, signed only, unknown to hls4ml
	SAT              // clamp to the range
	SATZero          // zero
	SATSym           // clamp to the range without its most negative raw
)

// overflowing is a quantized number that awaits the overflow step.
type overflowing struct {
	raw      int64 // low 64 bits of the number
	fits     bool  // the number is raw, not just congruent to it
	negative bool  // sign of the number
	deleted  bool  // bit W of the source before quantization: the lowest bit that wrapping deletes
}

// overflow brings a quantized number into the range of f by f's overflow mode. A wide f is possible as long
// as nothing overflows. mirrors ap_fixed_base::overflow_adjust in ap_fixed_base.h.
func (f *Format) overflow(v overflowing) int64 {
	lo, hi := f.int64Range()
	if v.fits && v.raw >= lo && v.raw <= hi {
		// The lowest number is in range and still not allowed.
		if f.O == SATSym && f.Signed && v.raw == lo && f.Narrow() {
			// min|1 is min+1 for all widths but one bit, where min stays: the header sets the lowest bit
			// rather than add.
			return lo | 1
		}
		return v.raw
	}
	f.mustBeNarrow()
	switch f.O {
	case SAT, SATSym:
		if !v.negative {
			return hi
		}
		if f.O == SATSym && f.Signed {
			return lo | 1
		}
		return lo
	case SATZero:
		return 0
	case WRAPSM:
		return f.wrap(int64(f.signMagnitude(v)))
	}
	return f.wrap(int64(f.saturateTop(v)))
}

// wrap keeps the low W bits of x, read as a raw of the narrow format f.
// Two shifts and no branch; the arithmetic one to the right copies the sign.
func (f *Format) wrap(x int64) int64 {
	k := uint(64-f.W) & 63
	if f.Signed {
		return x << k >> k
	}
	return int64(uint64(x) << k >> k)
}

// saturateTop is WRAP with N saturation bits, on the low 64 bits of an out-of-range number.
func (f *Format) saturateTop(v overflowing) uint64 {
	x := uint64(v.raw)
	switch {
	case f.N == 0:
		return x
	case !f.Signed:
		return x | field(f.W-f.N, f.W)
	}
	return f.setTop(x, v.negative)
}

// setTop makes the sign bit of x that of the number and the N-1 bits below it the opposite.
func (f *Format) setTop(x uint64, negative bool) uint64 {
	sign, below := field(f.W-1, f.W), field(f.W-f.N, f.W-1)
	if negative {
		return x&^below | sign
	}
	return x&^sign | below
}

// signMagnitude is WRAP_SM, on the low 64 bits of an out-of-range number.
func (f *Format) signMagnitude(v overflowing) uint64 {
	x := uint64(v.raw)
	sign := x>>(f.W-1)&1 != 0
	switch {
	// The number is mirrored rather than cut when the bit that is lost and the new sign disagree.
	case f.N == 0:
		if v.deleted == sign {
			return x
		}
		x = ^x &^ field(f.W-1, f.W)
		if v.deleted {
			x |= field(f.W-1, f.W)
		}
		return x
	case f.N == 1 && sign != v.negative, f.N > 1 && (x>>(f.W-f.N)&1 != 0) == v.negative:
		x = ^x
	}
	return f.setTop(x, v.negative)
}

// field has the bits lo..hi-1 set.
func field(lo, hi int) uint64 {
	return (uint64(1)<<(hi-lo) - 1) << lo
}
