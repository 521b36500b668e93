package report

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"

	"github.com/hlsgo/hlsgo/profiling"
)

// axis is the log2 axis that all pictures of a page share, in whole octaves.
type axis struct{ lo, hi int }

const (
	widestAxis = 60 // octaves
	belowStep  = 4  // octaves shown below the finest step of all types: what lies there is lost anyway
	mostLabels = 7
)

// newAxis covers the values of all tensors, but no more below the finest type than is of interest.
// One axis for the whole page, in the order of layers: only then do two histograms tell by their places alone
// which tensor has the larger values.
func newAxis(all []profiling.Tensor) axis {
	lo, hi, step := math.MaxInt, math.MinInt, math.MaxInt
	for _, t := range all {
		if t.Range != nil && t.Stage == profiling.After {
			step = min(step, t.Range.Low)
		}
		if t.Abs != nil {
			lo, hi = min(lo, math.Ilogb(t.Abs.Min)), max(hi, math.Ilogb(t.Abs.Max)+1)
		}
	}
	if lo > hi {
		return axis{-8, 4}
	}
	if step != math.MaxInt {
		lo = max(lo, step-belowStep)
	}
	lo = min(lo, hi-1)
	return axis{max(lo-1, hi+1-widestAxis), hi + 1}
}

func (a axis) span() int { return a.hi - a.lo }

// at is a place on the axis in percent, within the axis.
// In percent, so that pictures fit a phone and a screen without a script.
func (a axis) at(log2 float64) float64 {
	return 100 * min(max((log2-float64(a.lo))/float64(a.span()), 0), 1)
}

// labels writes the powers of two below a picture, few enough for a phone.
func (a axis) labels() template.HTML {
	step := 1
	for a.span()/step > mostLabels {
		step++
	}
	var b strings.Builder
	b.WriteString(axisHead)
	for e := a.lo + 1; e < a.hi; e++ {
		if e%step != 0 {
			continue
		}
		x := a.at(float64(e))
		fmt.Fprintf(&b, `<line x1="%.2f%%" x2="%.2f%%" y1="0" y2="4"/>`, x, x)
		fmt.Fprintf(&b, `<text x="%.2f%%" y="16" text-anchor="middle">2`, x)
		fmt.Fprintf(&b, `<tspan dy="-4" class="power">%s</tspan></text>`,
			strings.ReplaceAll(strconv.Itoa(e), "-", "−"))
	}
	return template.HTML(b.String() + axisTitle("|x|, log2 axis"))
}

const axisHead = `<svg class="axis" width="100%" height="36" aria-hidden="true">`

// axisTitle ends an axis.
func axisTitle(what string) string {
	return `<text x="50%" y="31" text-anchor="middle">` + what + `</text></svg>`
}

// plane opens a picture whose inner coordinates are octaves across and 0 to 100 down; height is in pixels.
// A picture within a picture: the inner one stretches with the window in both directions, the outer one keeps
// a height in pixels. Texts stand outside, where nothing stretches their letters.
func (a axis) plane(b *strings.Builder, class, label string, height int, r *profiling.Range) {
	fmt.Fprintf(b, `<svg class="%s" width="100%%" height="%d" role="img" aria-label="%s">`,
		class, height, template.HTMLEscapeString(label))
	fmt.Fprintf(b, `<svg viewBox="%d 0 %d 100" preserveAspectRatio="none" width="100%%" height="100%%">`,
		a.lo, a.span())
	if r != nil {
		lo, hi := max(r.Low, a.lo), min(r.High, a.hi)
		if lo < hi {
			fmt.Fprintf(b, `<rect class="range" x="%d" y="0" width="%d" height="100"/>`, lo, hi-lo)
		}
	}
}

// histogram draws both stages back to back, an octave to a bar: before upwards, after downwards. Bars beyond
// the type's range have classes of their own.
func (a axis) histogram(t *tensor) template.HTML {
	var b strings.Builder
	r := t.typeRange()
	a.plane(&b, "histogram", t.describe(), 104, r)
	highest := int64(0)
	for _, s := range []*profiling.Tensor{t.before, t.after} {
		if s != nil {
			for _, bin := range s.Bins {
				highest = max(highest, bin.Count)
			}
		}
	}
	// What the type has to hold is judged: weights after folding, and what layers answer in floating point.
	judged := t.before
	if t.group == profiling.Weights && t.after != nil {
		judged = t.after
	}
	for _, s := range []*profiling.Tensor{t.before, t.after} {
		limits := r
		if s != judged {
			limits = nil
		}
		a.bars(&b, s, limits, highest)
	}
	fmt.Fprintf(&b, `<line class="middle" x1="%d" x2="%d" y1="50" y2="50"/></svg></svg>`, a.lo, a.hi)
	return template.HTML(b.String())
}

// leastBar is the height of a bar for a single value of many: rare values are what overflows.
const leastBar = 3

func (a axis) bars(b *strings.Builder, s *profiling.Tensor, r *profiling.Range, highest int64) {
	if s == nil {
		return
	}
	below := false
	for _, bin := range s.Bins {
		below = below || bin.Count > 0 && bin.Log2 < a.lo
		if bin.Count == 0 || bin.Log2 < a.lo || bin.Log2 >= a.hi {
			continue
		}
		class := string(s.Stage)
		switch {
		case r != nil && bin.Log2 >= r.High:
			class += " over"
		case r != nil && bin.Log2 < r.Low:
			class += " under"
		}
		h := max(48*float64(bin.Count)/float64(highest), leastBar)
		y := 50.0
		if s.Stage == profiling.Before {
			y -= h
		}
		fmt.Fprintf(b, `<rect class="%s" x="%.2f" width="0.86" y="%.4g" height="%.4g"/>`,
			class, float64(bin.Log2)+0.07, y, h)
	}
	if below {
		a.more(b, string(s.Stage), map[profiling.Stage]float64{profiling.Before: 44, profiling.After: 56}[s.Stage])
	}
}

// more draws an arrow at the left end of the axis, 16 high: smaller values follow.
func (a axis) more(b *strings.Builder, class string, middle float64) {
	tip, back := float64(a.lo)+0.002*float64(a.span()), float64(a.lo)+0.014*float64(a.span())
	const path = `<path class="more %s" d="M%.3f %gL%.3f %gV%gZ"/>`
	fmt.Fprintf(b, path, class, tip, middle, back, middle-8, middle+8)
}

// boxes draws both stages as box plots, before above after.
func (a axis) boxes(t *tensor) template.HTML {
	var b strings.Builder
	a.plane(&b, "boxplot", t.describe(), 34, t.typeRange())
	a.box(&b, t.before, 10)
	a.box(&b, t.after, 54)
	b.WriteString("</svg></svg>")
	return template.HTML(b.String())
}

// box draws one box plot 36 high: whiskers to the ends, a box round the quartiles, a line at the median.
func (a axis) box(b *strings.Builder, s *profiling.Tensor, top float64) {
	if s == nil || s.Abs == nil {
		return
	}
	inside := func(v float64) bool { return math.Log2(v) >= float64(a.lo) }
	x := func(v float64) float64 { return min(max(math.Log2(v), float64(a.lo)), float64(a.hi)) }
	fmt.Fprintf(b, `<g class="%s"><line x1="%.3f" x2="%.3f" y1="%g" y2="%g"/>`,
		s.Stage, x(s.Abs.Min), x(s.Abs.Max), top+18, top+18)
	for _, end := range []float64{s.Abs.Min, s.Abs.Max} {
		if inside(end) {
			fmt.Fprintf(b, `<line x1="%.3f" x2="%.3f" y1="%g" y2="%g"/>`, x(end), x(end), top+8, top+28)
		}
	}
	if inside(s.Abs.Q3) {
		q1, q3 := x(s.Abs.Q1), x(s.Abs.Q3)
		fmt.Fprintf(b, `<rect x="%.3f" width="%.3f" y="%g" height="36"/>`, q1, max(q3-q1, 0.05), top)
	}
	if inside(s.Abs.Median) {
		m := x(s.Abs.Median)
		const line = `<line class="median" x1="%.3f" x2="%.3f" y1="%g" y2="%g"/>`
		fmt.Fprintf(b, line, m, m, top, top+36)
	}
	if !inside(s.Abs.Min) {
		a.more(b, "", top+18)
	}
	b.WriteString("</g>")
}
