package fixed

// Lane is the integer type that holds a block of raws.
type Lane interface {
	~int8 | ~int16 | ~int32 | ~int64
}

// ApplySlice converts a block: dst[i] = Apply(src[i]). The slices have the same length and may be the same.
func (p Plan) ApplySlice(dst, src []int64) { ApplyLanes(p, dst, src) }

// ApplyLanes is ApplySlice for lanes of any type. dst's lane must hold the plan's results; src and dst may
// be the same memory only where the lanes have the same size.
// The choice is made once per block. Within the loops there are no branches on the plan, or the compiler
// could keep nothing in registers.
func ApplyLanes[D, S Lane](p Plan, dst []D, src []S) {
	dst = dst[:len(src)]
	switch {
	case p.General:
		generalLanes(p, dst, src)
	case p.Even || p.NegAddend != 0:
		signedLanes(p, dst, src)
	case p.Shift > 0:
		rightLanes(p, dst, src)
	default:
		leftLanes(p, dst, src)
	}
}

// generalLanes is for what has no short form; it is rare in real networks.
func generalLanes[D, S Lane](p Plan, dst []D, src []S) {
	for i, x := range src {
		dst[i] = D(Cast(int64(x), p.From, p.To))
	}
}

// signedLanes serves the rounding terms that look at the number.
func signedLanes[D, S Lane](p Plan, dst []D, src []S) {
	for i, x := range src {
		dst[i] = D(p.over(p.Quantize(int64(x))))
	}
}

// rightLanes spells each overflow step out as a loop of its own, with the plan's fields in locals: masking
// the shifts with 63 tells the compiler that they need no check for large counts.
func rightLanes[D, S Lane](p Plan, dst []D, src []S) {
	add, s, lo, hi := p.Addend, uint(p.Shift)&63, p.Lo, p.Hi
	k := uint(64-p.WrapW) & 63
	switch {
	case p.Over == OverNone:
		for i, x := range src {
			dst[i] = D((int64(x) + add) >> s)
		}
	case p.Over == OverClamp:
		for i, x := range src {
			dst[i] = D(min(max((int64(x)+add)>>s, lo), hi))
		}
	case p.Over == OverWrap && p.WrapSigned:
		for i, x := range src {
			dst[i] = D((int64(x) + add) >> s << k >> k)
		}
	case p.Over == OverWrap:
		for i, x := range src {
			dst[i] = D(uint64((int64(x)+add)>>s) << k >> k)
		}
	default:
		signedLanes(p, dst, src)
	}
}

// leftLanes is rightLanes for plans that lose no bits.
func leftLanes[D, S Lane](p Plan, dst []D, src []S) {
	s, lo, hi := uint(-p.Shift)&63, p.Lo, p.Hi
	k := uint(64-p.WrapW) & 63
	switch {
	case p.Over == OverNone:
		for i, x := range src {
			dst[i] = D(int64(x) << s)
		}
	case p.Over == OverClamp:
		for i, x := range src {
			dst[i] = D(min(max(int64(x)<<s, lo), hi))
		}
	case p.Over == OverWrap && p.WrapSigned:
		for i, x := range src {
			dst[i] = D(int64(x) << s << k >> k)
		}
	case p.Over == OverWrap:
		for i, x := range src {
			dst[i] = D(uint64(int64(x)<<s) << k >> k)
		}
	default:
		signedLanes(p, dst, src)
	}
}
