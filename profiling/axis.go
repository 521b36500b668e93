package profiling

import (
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"
)

// axis maps log2(x) to points.
// Logarithmic with base 2, because that is the scale of the question: a type covers a run of octaves, and a
// value that is one tick outside lacks one bit. Signs are left out, as they cost a bit once and not per
// octave.
type axis struct {
	lo, hi      int // of log2
	left, right vg.Length
}

// tailBits is how far an axis reaches below the bulk of the values; what is smaller is drawn to its edge.
// Without that, one weight of 1e-30 would press all the others into a strip at the right edge.
const tailBits = 4

// axisOf covers the values of the tensors and the ranges of their types.
func axisOf(tensors []*Tensor, span func(*Tensor) *Range) axis {
	a := axis{lo: math.MaxInt, hi: math.MinInt}
	for _, t := range tensors {
		if r := span(t); r != nil {
			a.lo, a.hi = min(a.lo, r.Low-1), max(a.hi, r.High+1)
		}
		if t.Abs != nil {
			bulk := math.Ilogb(t.Abs.Q1) - tailBits
			a.lo = min(a.lo, max(bulk, math.Ilogb(t.Abs.Min)))
			a.hi = max(a.hi, math.Ilogb(t.Abs.Max)+1)
		}
	}
	if a.lo > a.hi { // nothing but zeros
		a.lo, a.hi = -1, 1
	}
	a.lo, a.hi = min(a.lo, -1), max(a.hi, 1) // 1 is always in view
	return a
}

// x is the place of log2(x), at the edge for what lies beyond.
func (a axis) x(log2 float64) vg.Length {
	f := (log2 - float64(a.lo)) / float64(a.hi-a.lo)
	return a.left + vg.Length(min(max(f, 0), 1))*(a.right-a.left)
}

// value is the place of a positive value.
func (a axis) value(v float64) vg.Length { return a.x(math.Log2(v)) }

// step is the distance of the ticks: a power of two that leaves each its room.
func (a axis) step(room vg.Length) int {
	step := 1
	for vg.Length(step)*(a.right-a.left)/vg.Length(a.hi-a.lo) < room {
		step *= 2
	}
	return step
}

// tickRoom is the width that a tick needs for its text.
const tickRoom = 26

// ticks lists the exponents to mark.
func (a axis) ticks() []int {
	step := a.step(tickRoom)
	var out []int
	for e := a.lo; e <= a.hi; e++ {
		if e%step == 0 {
			out = append(out, e)
		}
	}
	return out
}

// draw draws grid lines from top to bottom, a dashed one at x = 1, and texts 2^n below.
func (a axis) draw(p *page, top, bottom vg.Length) {
	for _, e := range a.ticks() {
		x := a.x(float64(e))
		p.line(hair, 0.5, x, top, x, bottom)
		p.line(faded, 0.7, x, bottom, x, bottom+3)
		p.power(x, bottom+10, e)
	}
	one := a.x(0)
	p.line(faded, 0.8, one, top, one, bottom, 3, 2)
	p.line(faded, 0.7, a.left, bottom, a.right, bottom)
}

// title writes below the axis what it shows.
func (a axis) title(p *page, y vg.Length) {
	l := smallText
	l.align = tickText.align
	p.write((a.left+a.right)/2, y, "|x|, log2 axis", l)
}

// power writes 2 with a raised exponent, its middle at x.
// Fonts have raised digits only for some numbers and no raised minus, so it is two texts.
func (p *page) power(x, y vg.Length, e int) {
	exponent, raised := strconv.Itoa(e), tickText
	raised.size = 6
	base, top := p.measure("2", tickText), p.measure(exponent, raised)
	left := tickText.alignLeft()
	raised = raised.alignLeft()
	x -= (base + top) / 2
	p.write(x, y, "2", left)
	p.write(x+base, y-3, exponent, raised)
}
