package fixed

import (
	"fmt"
	"strings"
)

// Over says what a Plan does after quantizing.
type Over uint8

// The overflow steps of a Plan.
const (
	OverNone  Over = iota // the number is in range
	OverWrap              // keep WrapW bits, read as signed where WrapSigned
	OverClamp             // clamp to Lo..Hi
	OverZero              // 0 outside Lo..Hi
)

// Plan is a conversion between two formats for int64 raws of a proved range, with the steps dropped that
// the range makes dead. For every raw x in that range, Apply(x) == Cast(x, from, to). It is a comparable
// value; equal plans do the same, whatever formats they come from. Vector code reads its fields:
//
//	q = (x + Addend + (x<0 ? NegAddend : 0) + (Even ? bit Shift of x : 0)) >> Shift   for Shift > 0
//	q = x << -Shift                                                                    for Shift <= 0
//	y = q after the step Over
//
// No intermediate leaves int64, except that bits shifted out on the left are lost where Over is OverWrap.
// Where General is set the conversion has no such form and From and To are given to Cast; otherwise they
// are zero.
type Plan struct {
	Shift     int   // right where positive, 63 at most; left where negative, -63 at least
	Addend    int64 // rounding term, added before the right shift
	NegAddend int64 // rounding term for negative numbers only
	Even      bool  // rounding term: the bit that becomes the lowest one

	Over       Over
	WrapW      int   // bits that OverWrap keeps
	WrapSigned bool  // sign of the number OverWrap makes of them
	Lo, Hi     int64 // of OverClamp and OverZero

	General  bool
	From, To Format

	OutLo, OutHi int64 // range of the results, proved from the range of the raws
}

// NewPlan is the conversion of raws lo..hi of format from to format to; lo..hi is cut to from's range. The
// formats may be wide as long as the raws and all results fit int64, which is so for every narrow to; see
// TryPlan where that is not certain.
func NewPlan(from Format, lo, hi int64, to Format) Plan {
	p, ok := TryPlan(from, lo, hi, 0, to)
	if !ok {
		panic(fmt.Sprintf("BUG: fixed.NewPlan: %s to %s of %d..%d leaves int64", from, to, lo, hi))
	}
	return p
}

// TryPlan is NewPlan for raws that are also known to be multiples of 2^zeros. ok is false where to is a wide
// format and a result might leave int64; then a WidePlan has to do it.
func TryPlan(from Format, lo, hi int64, zeros int, to Format) (p Plan, ok bool) {
	fromLo, fromHi := from.int64Range()
	lo, hi = max(lo, fromLo), min(hi, fromHi)
	if lo > hi {
		panic(fmt.Sprintf("BUG: fixed.TryPlan: empty range %d..%d of %s", lo, hi, from))
	}
	q, over := rule(from, to)
	p, ok = planShift(q, from.F()-to.F(), lo, hi, zeros)
	if ok {
		qlo, qhi, exact := p.shiftRange(lo, hi)
		ok = p.planOver(over, qlo, qhi, exact)
	}
	if !ok && to.Narrow() {
		p = Plan{General: true, From: from, To: to}
		p.OutLo, p.OutHi = p.generalRange(over, lo, hi)
		ok = true
	}
	return p, ok
}

// planShift plans the quantization; ok is false where it has no form without overflow of int64.
func planShift(q Q, s int, lo, hi int64, zeros int) (p Plan, ok bool) {
	switch {
	case s <= 0:
		p.Shift = max(s, -63)
		return p, s >= -63 || lo == 0 && hi == 0
	// Where the bits that fall away are known to be zero, every mode is a plain shift.
	case s <= zeros || q == TRN || lo == 0 && hi == 0:
		p.Shift = min(s, 63)
		return p, true
	case s > 62:
		return p, false
	}
	p.Shift = s
	p.rounding(q, int64(1)<<(s-1))
	p.dropSigns(lo, hi)
	top := hi + p.Addend
	if p.Even {
		top++
	}
	// The addition of the rounding term must not wrap. It can only do so upwards: all terms are positive but
	// NegAddend of RNDInf, which a half outweighs.
	return p, top >= hi
}

// rounding sets the terms that make a right shift quantize by q; half is half a step.
// A shift right takes the floor. Adding half a step first makes that the nearest with ties up; half less one
// makes ties go down; a correction for negative numbers moves their ties alone, and the bit that becomes the
// lowest one, added to half less one, sends ties to the even neighbour.
func (p *Plan) rounding(q Q, half int64) {
	switch q {
	case TRNZero:
		p.NegAddend = 2*half - 1
	case RND:
		p.Addend = half
	case RNDZero:
		p.Addend, p.NegAddend = half-1, 1
	case RNDInf:
		p.Addend, p.NegAddend = half, -1
	case RNDMinInf:
		p.Addend = half - 1
	case RNDConv:
		p.Addend, p.Even = half-1, true
	}
}

// dropSigns removes the case of a sign that the range excludes.
func (p *Plan) dropSigns(lo, hi int64) {
	if hi < 0 {
		p.Addend += p.NegAddend
	}
	if hi < 0 || lo >= 0 {
		p.NegAddend = 0
	}
}

// shiftRange is the range after quantization; exact is false where a left shift loses bits.
func (p *Plan) shiftRange(lo, hi int64) (qlo, qhi int64, exact bool) {
	if p.Shift >= 0 {
		return p.Quantize(lo), p.Quantize(hi), true
	}
	qlo, okLo := shiftLeft(lo, -p.Shift)
	qhi, okHi := shiftLeft(hi, -p.Shift)
	return qlo, qhi, okLo && okHi
}

// planOver plans the overflow step for numbers qlo..qhi and sets the output range; ok is false where the
// modes have no form.
func (p *Plan) planOver(to Format, qlo, qhi int64, exact bool) (ok bool) {
	lo, hi := to.int64Range()
	if to.O == SATSym && to.Signed && to.Narrow() {
		lo |= 1
	}
	p.OutLo, p.OutHi = qlo, qhi
	// All that the proof of a range is for: the step is dead and costs nothing.
	if exact && qlo >= lo && qhi <= hi {
		return true
	}
	switch {
	case to.O == WRAP && to.N == 0 && to.Narrow():
		p.Over, p.WrapW, p.WrapSigned = OverWrap, to.W, to.Signed
		p.OutLo, p.OutHi = lo, hi
		return true
	case !exact || to.O == WRAP || to.O == WRAPSM:
		return false
	case to.O == SATZero:
		p.Over, p.Lo, p.Hi = OverZero, lo, hi
		// Zero joins the range, as it is what out-of-range numbers become.
		p.OutLo, p.OutHi = min(max(qlo, lo), 0), max(min(qhi, hi), 0)
		return true
	}
	p.Over, p.Lo, p.Hi = OverClamp, lo, hi
	// A clamp is monotone, so the ends of the range go to the ends of the results.
	p.OutLo, p.OutHi = p.over(qlo), p.over(qhi)
	return true
}

// generalRange is a range of the results of a general plan: of the modes that are monotone the images of
// the ends, of the others the whole format.
func (p *Plan) generalRange(over Format, lo, hi int64) (int64, int64) {
	if over.O == SAT || over.O == SATSym {
		return Cast(lo, p.From, p.To), Cast(hi, p.From, p.To)
	}
	return p.To.MinRaw(), p.To.MaxRaw()
}

// Apply converts one raw of the plan's range.
func (p Plan) Apply(x int64) int64 {
	if p.General {
		return Cast(x, p.From, p.To)
	}
	return p.over(p.Quantize(x))
}

// Quantize is Apply without the overflow step, of a plan that is not General.
func (p *Plan) Quantize(x int64) int64 {
	if p.Shift <= 0 {
		return x << -p.Shift
	}
	t := x + p.Addend + x>>63&p.NegAddend
	if p.Even {
		t += x >> p.Shift & 1
	}
	return t >> p.Shift
}

func (p *Plan) over(q int64) int64 {
	switch p.Over {
	case OverWrap:
		f := Format{W: p.WrapW, Signed: p.WrapSigned}
		return f.wrap(q)
	case OverClamp:
		return min(max(q, p.Lo), p.Hi)
	case OverZero:
		if q < p.Lo || q > p.Hi {
			return 0
		}
	}
	return q
}

// Identity reports whether the plan does nothing: Apply(x) == x.
func (p Plan) Identity() bool { return !p.General && p.Shift == 0 && p.Over == OverNone }

// OutRange is a range that holds every result.
func (p Plan) OutRange() (lo, hi int64) { return p.OutLo, p.OutHi }

// String is the plan in words: "add 8, shift right 4, clamp to -128..127".
func (p Plan) String() string {
	if p.General {
		return "cast " + p.From.String() + " to " + p.To.String()
	}
	var steps []string
	step := func(when bool, format string, args ...any) {
		if when {
			steps = append(steps, fmt.Sprintf(format, args...))
		}
	}
	step(p.Addend != 0, "add %d", p.Addend)
	step(p.NegAddend != 0, "add %d below zero", p.NegAddend)
	step(p.Even, "add bit %d", p.Shift)
	step(p.Shift > 0, "shift right %d", p.Shift)
	step(p.Shift < 0, "shift left %d", -p.Shift)
	step(p.Over == OverWrap && p.WrapSigned, "wrap to %d bits signed", p.WrapW)
	step(p.Over == OverWrap && !p.WrapSigned, "wrap to %d bits unsigned", p.WrapW)
	step(p.Over == OverClamp, "clamp to %d..%d", p.Lo, p.Hi)
	step(p.Over == OverZero, "zero outside %d..%d", p.Lo, p.Hi)
	if steps == nil {
		return "identity"
	}
	return strings.Join(steps, ", ")
}
