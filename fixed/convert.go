package fixed

// Cast converts the raw x of format from to a raw of format to: quantize by to.Q, then overflow by to.O and
// to.N. The result must fit int64, as it does for every narrow to. It is exact for every x, also where the
// aligned number needs more than 64 bits. Conversion to an integer format follows C++: toward zero for
// ap_int, down for ac_int, then wrap.
//
// mirrors ap_fixed_base::operator= in ap_fixed_base.h and the copy constructor in ac_fixed.h.
func Cast(x int64, from, to Format) int64 {
	q := to.toIntRule(&from)
	s := from.F() - to.F()
	v := overflowing{raw: x, fits: true, negative: x < 0}
	switch {
	case s > 0:
		v.raw = q.quantize(x, s)
		// The sign after quantizing counts: -0.3 rounds to 0, which is no negative number to saturate.
		v.negative = v.raw < 0
	case s < 0:
		v.raw, v.fits = shiftLeft(x, -s)
	}
	// Only this mode looks at a bit of the source, the lowest that wrapping deletes.
	if to.O == WRAPSM {
		v.deleted = sourceBit(x, s+to.W)
	}
	return to.overflow(v)
}

// toIntRule is the quantization mode of a conversion from one format to another. Where to is an integer it
// loses the overflow modes, which do not count then.
func (to *Format) toIntRule(from *Format) Q {
	if from.Kind > KindXnor || to.Kind > KindXnor {
		mustHoldNumbers(*from, *to)
	}
	if to.Kind == KindFixed {
		return to.Q
	}
	to.Q, to.O, to.N = TRN, WRAP, 0
	return intRule(from, to.Family)
}

// rule is toIntRule, and the target with the overflow modes that count.
func rule(from, to Format) (Q, Format) {
	q := to.toIntRule(&from)
	return q, to
}

// SameCast reports whether conversions to the format quantize numbers of all these formats alike. They need
// not where it is an integer: see intRule. A kernel that brings numbers of several formats to one before it
// converts them must ask.
func SameCast(to Format, from ...Format) bool {
	for _, f := range from[1:] {
		first, _ := rule(from[0], to)
		if q, _ := rule(f, to); q != first {
			return false
		}
	}
	return true
}

// intRule is the quantization mode of a conversion to an integer. ac_int takes the floor. ap_int goes
// toward zero, except that a source with I = 0 keeps the floor, -1, of a negative number: the header
// corrects the floor in an integer of one bit, where -1+1 is -1 again. (With I < 0 the header reads an
// uninitialized integer; hlsgo takes the right answer, zero.)
// mirrors ap_fixed_base::to_ap_int_base in ap_fixed_base.h.
func intRule(from *Format, family Family) Q {
	if family == AC || from.I == 0 {
		return TRN
	}
	return TRNZero
}

// sourceBit is bit i of a two's complement source, 0 for negative i.
func sourceBit(x int64, i int) bool {
	return i >= 0 && x>>min(i, 63)&1 != 0
}

// mustHoldNumbers stops where a format's raws are not numbers times a step.
func mustHoldNumbers(formats ...Format) {
	for _, f := range formats {
		if f.Kind > KindXnor {
			panic("BUG: fixed: no arithmetic on raws of " + f.String())
		}
	}
}
