package fixed

// Cast converts the raw x of format from to a raw of format to: quantize by to.Q, then overflow by to.O and
// to.N. Both formats must be narrow. It is exact for every x, also where the aligned number needs more than
// 64 bits. Conversion to an integer format follows C++: toward zero for ap_int, down for ac_int, then wrap.
//
// mirrors ap_fixed_base::operator= in ap_fixed_base.h and the copy constructor in ac_fixed.h.
func Cast(x int64, from, to Format) int64 {
	q, o := rule(from, to)
	v := overflowing{raw: x, fits: true}
	s := from.F() - to.F()
	switch {
	case s > 0:
		v.raw = q.quantize(x, s)
		v.negative = v.raw < 0
	case s < 0:
		v.raw, v.fits = shiftLeft(x, -s)
		v.negative = x < 0
	default:
		v.negative = x < 0
	}
	if o.O == WRAPSM {
		v.deleted = sourceBit(x, s+to.W, from.W)
	}
	return o.overflow(v)
}

// rule is how a conversion from one format to another quantizes and overflows: its mode Q, and the target
// with the overflow modes that count.
func rule(from, to Format) (Q, Format) {
	from.mustHoldNumbers()
	to.mustHoldNumbers()
	if to.Kind == KindFixed {
		return to.Q, to
	}
	return intRule(from, to.Family), to.Plain()
}

// intRule is the quantization mode of a conversion to an integer. ac_int takes the floor. ap_int goes
// toward zero, except that a source with I = 0 keeps the floor, -1, of a negative number: the header
// corrects the floor in an integer of one bit, where -1+1 is -1 again. (With I < 0 the header reads an
// uninitialized integer; hlsgo takes the right answer, zero.)
// mirrors ap_fixed_base::to_ap_int_base in ap_fixed_base.h.
func intRule(from Format, family Family) Q {
	if family == AC || from.I == 0 {
		return TRN
	}
	return TRNZero
}

// sourceBit is bit i of a two's complement source of w bits; bits it does not have are 0.
func sourceBit(x int64, i, w int) bool {
	return i >= 0 && i < w && x>>min(i, 63)&1 != 0
}

// mustHoldNumbers stops a conversion to or from a format whose raws are not numbers times a step.
func (f Format) mustHoldNumbers() {
	if f.Kind > KindXnor {
		panic("BUG: fixed: no integer conversion for " + f.String())
	}
}
