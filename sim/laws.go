package sim

import "github.com/hlsgo/hlsgo/fixed"

// A joinLaw makes one plan of two conversions in a row. Its result p must answer p(x) = second(first(x)) for
// every raw x of the range; it need not set the range of p's results, which is the second's. ok is false
// where the law says nothing.
//
// A plan is a quantization (a shift, with rounding terms) and then an overflow step; below they are written Q
// and O, so that a plan answers O(Q(x)). Both plans were made for the values that reach them, which is what
// the proofs stand on: OverNone says that no value of the range leaves the result.
type joinLaw struct {
	name string
	join func(first, second fixed.Plan, r Range) (p fixed.Plan, ok bool)
}

// joinLaws are tried in this order. Where several apply, their plans give the same answers.
func joinLaws() [5]joinLaw {
	return [...]joinLaw{
		{"clampAfterMonotone", clampAfterMonotone},
		{"clampBeforeMonotone", clampBeforeMonotone},
		{"shiftAfterShift", shiftAfterShift},
		{"shiftAfterWrap", shiftAfterWrap},
		{"lowBitsAfterWrap", lowBitsAfterWrap},
	}
}

// joined is one plan for two in a row, on raws of range r; ok is false where there is none. A general plan
// has no form to reason about.
func joined(first, second fixed.Plan, r Range) (p fixed.Plan, ok bool) {
	switch {
	case first.General || second.General:
		return p, false
	case first.Identity():
		return second, true
	case second.Identity():
		return first, true
	}
	for _, law := range joinLaws() {
		if p, ok = law.join(first, second, r); ok {
			p.OutLo, p.OutHi = second.OutLo, second.OutHi
			return p, true
		}
	}
	return fixed.Plan{}, false
}

// clampAfterMonotone: the second plan only clamps, to L..H, and the first is Q or clamps to l..h.
//
// Of Q it is the plan Q, clamped. A clamp c of a clamp to l..h is the clamp to c(l)..c(h), also where the two
// ranges have nothing in common: then both ends, and every result, are the one end of L..H that is nearest.
func clampAfterMonotone(first, second fixed.Plan, _ Range) (p fixed.Plan, ok bool) {
	if !clampsOnly(second) || !monotone(first) {
		return p, false
	}
	p = first
	p.Over, p.Lo, p.Hi = fixed.OverClamp, second.Lo, second.Hi
	if first.Over == fixed.OverClamp {
		p.Lo, p.Hi = second.Apply(first.Lo), second.Apply(first.Hi)
	}
	return p, true
}

// clampBeforeMonotone: the first plan only clamps, and the second is monotone, as rounding and clamping are.
//
// A monotone f gives f(clamp(x, l, h)) = clamp(f(x), f(l), f(h)): the ends may be cut off behind it as well
// as before. They are taken where the range ends, for l and h may lie beyond what the second plan was made
// for. Behind, Q meets values that the clamp kept from it, so it must not leave int64 for them.
func clampBeforeMonotone(first, second fixed.Plan, r Range) (p fixed.Plan, ok bool) {
	if !clampsOnly(first) || !monotone(second) || !quantizesAll(second, r) {
		return p, false
	}
	p = second
	p.Over, p.Lo, p.Hi = fixed.OverClamp, second.Apply(first.Apply(r.Lo)), second.Apply(first.Apply(r.Hi))
	return p, true
}

// shiftAfterShift: neither plan rounds, and the first has no overflow step.
//
// Shifts round down, and floor(floor(x/2^m)/2^n) = floor(x/2^(m+n)); a left shift is exact where nothing
// overflows, so m may be negative. Only a right shift before a left one is something else: the bits that it
// dropped do not come back.
func shiftAfterShift(first, second fixed.Plan, _ Range) (p fixed.Plan, ok bool) {
	shift := first.Shift + second.Shift
	if first.Over != fixed.OverNone || rounds(first) || rounds(second) || shift < -63 || shift > 63 {
		return p, false
	}
	if first.Shift > 0 && second.Shift < 0 {
		return p, false
	}
	p = second
	p.Shift = shift
	return p, true
}

// shiftAfterWrap: the first plan wraps to W bits, the second shifts right by n < W and changes nothing else.
//
// The wrap subtracts a multiple of 2^W, which the shift makes a multiple of 2^(W-n), and what is left of W
// bits has W-n bits: the shift may come first and the wrap, to W-n bits, after it.
func shiftAfterWrap(first, second fixed.Plan, _ Range) (p fixed.Plan, ok bool) {
	if first.Over != fixed.OverWrap || rounds(first) || first.Shift < 0 || second.Over != fixed.OverNone ||
		rounds(second) {
		return p, false
	}
	if second.Shift < 0 || second.Shift >= first.WrapW || first.Shift+second.Shift > 63 {
		return p, false
	}
	p = first
	p.Shift, p.WrapW = first.Shift+second.Shift, first.WrapW-second.Shift
	return p, true
}

// lowBitsAfterWrap: the first plan only wraps to W bits, of which the second looks at no more.
//
// Wrapping changes no bit below W, so the second plan sees what it would see without it.
func lowBitsAfterWrap(first, second fixed.Plan, _ Range) (p fixed.Plan, ok bool) {
	if first.Shift != 0 || first.Over != fixed.OverWrap || lowBits(second) > first.WrapW {
		return p, false
	}
	return second, true
}

// monotone reports whether a plan keeps the order of raws. Quantizing does, in every mode: a term for
// negative numbers alone is less than a step, so that none of them passes zero.
func monotone(p fixed.Plan) bool { return p.Over == fixed.OverNone || p.Over == fixed.OverClamp }

// clampsOnly reports whether the plan does nothing but limit.
func clampsOnly(p fixed.Plan) bool { return !p.General && p.Shift == 0 && p.Over == fixed.OverClamp }

// rounds reports whether a plan quantizes in another way than by dropping bits.
func rounds(p fixed.Plan) bool { return p.Addend != 0 || p.NegAddend != 0 || p.Even }

// quantizesAll reports whether quantizing by the plan leaves int64 for no raw of the range.
func quantizesAll(p fixed.Plan, r Range) bool {
	if p.Shift < 0 {
		_, ok := r.shifted(-p.Shift)
		return ok
	}
	_, okLow := addOK(r.Lo, min(p.NegAddend, 0))
	_, okHigh := addOK(r.Hi, p.Addend+max(p.NegAddend, 0)+1) // 1 for the bit that Even adds
	return okLow && okHigh
}

// lowBits is how many of the low bits of a raw the plan looks at; 64: perhaps all. A plan that wraps to W
// bits behind a right shift by s looks at W+s: adding a constant or one of these bits carries upwards only,
// but a term for negative numbers asks for the sign, which is the highest bit.
func lowBits(p fixed.Plan) int {
	if p.General || p.Over != fixed.OverWrap || p.NegAddend != 0 {
		return 64
	}
	return min(max(p.WrapW+p.Shift, 0), 64)
}
