package sim

import (
	"unsafe"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim/vec"
)

// A cast loop takes its whole plan from parameters: one loop for each pair of lanes and each width between
// them does for all plans, and steps that do nothing cost an instruction each.

// castLoop is a plan in vector code.
type castLoop struct {
	loop   vec.Plane
	params vec.Params
}

// vectorCast finds vector code for a plan on raws of range r, from lanes of one width to lanes of another;
// ok is false where there is none.
func vectorCast(set *vec.Set, p fixed.Plan, r Range, from, to lane) (c castLoop, ok bool) {
	if set == nil || p.General || p.Over == fixed.OverZero || from == laneWide || to == laneWide {
		return c, false
	}
	// The narrowest lanes first. Some plans need more than both planes have: a rounding term may carry
	// beyond.
	for width := max(from.bits(), to.bits(), 16); width <= 64; width *= 2 {
		c.loop = set.Cast(from.bits(), width, to.bits())
		if c.params, ok = castParams(p, r, width); ok && c.loop.Ready() {
			return c, true
		}
	}
	return castLoop{}, false
}

// castParams are the constants of a plan in lanes of a width; ok is false where raws of range r might leave
// the lanes on the way.
func castParams(p fixed.Plan, r Range, width int) (c vec.Params, ok bool) {
	c = vec.Neutral(width)
	c.Left, c.Shift = int64(max(-p.Shift, 0)), int64(max(p.Shift, 0))
	if p.Shift > 0 {
		c.Add, c.Negative = p.Addend, p.NegAddend
		if p.Even {
			c.Even = 1
		}
	}
	low, okLow := addOK(r.Lo, c.Add+min(c.Negative, 0))
	high, okHigh := addOK(r.Hi, c.Add+c.Even)
	if r.Lo < 0 { // the term for negative values
		high = max(high, c.Add+c.Negative+c.Even)
	}
	// Either no value leaves the lanes on the way, or the plan looks at none of the bits that are lost then.
	ok = okLow && okHigh && fitsBits(min(low, r.Lo), max(high, r.Hi), width) || lowBits(p) <= width
	if c.Left > 0 && p.Over != fixed.OverWrap {
		s, fits := r.shifted(int(c.Left))
		ok = ok && fits && fitsBits(s.Lo, s.Hi, width)
	}
	ok = overParams(&c, p, width) && ok
	return c, ok
}

// overParams sets the constants of the overflow step; it is false where lanes of the width do not hold it.
func overParams(c *vec.Params, p fixed.Plan, width int) bool {
	switch {
	case p.Over == fixed.OverWrap && p.WrapSigned:
		c.Wrap = int64(width - p.WrapW) // up and down again, which keeps the sign
		return c.Wrap >= 0
	case p.Over == fixed.OverWrap:
		c.Mask = 1<<p.WrapW - 1
		return p.WrapW < width // else the lane would take the top bit for a sign
	case p.Over == fixed.OverClamp:
		c.Lo, c.Hi = max(c.Lo, p.Lo), min(c.Hi, p.Hi)
	}
	return true
}

func (c *castLoop) run(dst, src unsafe.Pointer, n int) {
	c.loop.Run((*byte)(dst), (*byte)(src), (n+c.loop.Block-1)/c.loop.Block, &c.params)
}

// castStep is one of several conversions in a row, and the range of what it reads.
type castStep struct {
	plan fixed.Plan
	from Range
}

// finishLoops is the conversion of a filter's accumulator to its result in vector code; nil where there is
// none for one of its steps. What is proved of the accumulator holds for its last own plan and those joined
// behind it; before that, and where only low bits are right, it may hold anything that its lane does.
func (f *filter) finishLoops(set *vec.Set, acc, dst lane) []castLoop {
	var steps []castStep
	own := len(f.finish) - len(f.then)
	for i, p := range f.finish {
		r := acc.all()
		switch {
		case i >= own:
			r = f.then[i-own]
		case i == own-1 && !f.free:
			r = f.sum
		}
		if i < len(f.finish)-1 && p.Identity() {
			continue
		}
		if i < own-1 && p.Shift == 0 && p.Over == fixed.OverWrap && p.WrapSigned && p.WrapW == acc.bits() {
			continue // the sum did that already
		}
		steps = append(steps, castStep{p, r})
	}
	return castLoops(set, steps, acc, dst)
}

// castLoops is some conversions in a row, on lanes of acc until the last one; nil where there is no vector
// code for one of them. Limits join the loop before them.
func castLoops(set *vec.Set, steps []castStep, acc, dst lane) (out []castLoop) {
	for len(steps) > 0 {
		n := 1
		for n < len(steps) && clampsOnly(steps[n].plan) {
			n++
		}
		to := acc
		if n == len(steps) {
			to = dst
		}
		c, ok := vectorCast(set, steps[0].plan, steps[0].from, acc, to)
		if !ok {
			return nil
		}
		for _, s := range steps[1:n] {
			c.params.Lo = min(max(c.params.Lo, s.plan.Lo), s.plan.Hi)
			c.params.Hi = min(max(c.params.Hi, s.plan.Lo), s.plan.Hi)
		}
		out, steps = append(out, c), steps[n:]
	}
	return out
}
