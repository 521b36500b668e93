package profiling

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
)

// Kind is how a picture shows a distribution.
type Kind string

// The kinds of pictures.
const (
	Box       Kind = "box"       // quartiles, median, smallest and largest value
	Violin    Kind = "violin"    // a smooth density
	Histogram Kind = "histogram" // the share of values in each octave
)

// Kinds lists the kinds of pictures.
func Kinds() []Kind { return []Kind{Box, Violin, Histogram} }

// ParseKind reads the name of a kind of picture.
func ParseKind(s string) (Kind, error) {
	for _, k := range Kinds() {
		if string(k) == s {
			return k, nil
		}
	}
	var names []string
	for _, k := range Kinds() {
		names = append(names, string(k))
	}
	return "", fmt.Errorf("picture kind %q: unknown: got it, want one of %s", s, strings.Join(names, ", "))
}

// rowHeight is the height of a tensor's row.
// Densities and bars need height to be told apart; boxes do not.
func (k Kind) rowHeight() vg.Length {
	return map[Kind]vg.Length{Box: 18, Violin: 28, Histogram: 34}[k]
}

// A lane is the place of one distribution: an axis, and room from top to bottom.
type lane struct {
	axis
	top, bottom vg.Length
}

func (l lane) middle() vg.Length { return (l.top + l.bottom) / 2 }

// inner is the room that marks take: the lane without a margin.
func (l lane) inner() (top, bottom vg.Length) {
	m := (l.bottom - l.top) * 0.16
	return l.top + m, l.bottom - m
}

// span draws the grey box of a type's range.
func (l lane) span(p *page, r *Range) {
	if r == nil {
		return
	}
	m := (l.bottom - l.top) * 0.06
	x0, x1 := l.x(float64(r.Low)), l.x(float64(r.High))
	if r.High <= r.Low {
		return // a range without inside, such as that of a one-bit type
	}
	p.rect(grey, x0, l.top+m, x1, l.bottom-m)
	p.frame(greyRim, 0.5, x0, l.top+m, x1, l.bottom-m)
}

// noteAt is where a text of the width begins: left of the box of the type or inside it, not across its rim.
func (l lane) noteAt(r *Range, width vg.Length) vg.Length {
	const pad = 4
	if r == nil || l.x(float64(r.Low)) >= l.left+width+2*pad {
		return l.left + pad
	}
	low, high := l.x(float64(r.Low)), l.x(float64(r.High))
	if high-low < width+2*pad {
		return min(high+pad, l.right-width-pad)
	}
	return low + pad
}

// mark draws the distribution of a tensor; r is the range of its type, or nil.
func (l lane) mark(p *page, k Kind, t *Tensor, r *Range) {
	if t.Abs == nil {
		words := "only zeros"
		if t.Count == 0 {
			words = "no values"
		}
		p.write(l.noteAt(r, p.measure(words, noteText)), l.middle(), words, noteText)
		return
	}
	fill, rim := fills[t.Stage], rims[t.Stage]
	switch k {
	case Violin:
		l.violin(p, t, fill, rim)
	case Histogram:
		l.histogram(p, t, fill, rim)
	default:
		l.box(p, t, fill, rim)
	}
}

// box draws quartiles, median and whiskers to the smallest and the largest value, without outliers.
// Whiskers to the very ends, unlike the 1.5 quartile ranges of common box plots: it is the extreme value that
// overflows, and hls4ml draws it so.
func (l lane) box(p *page, t *Tensor, fill, rim color.Color) {
	top, bottom := l.inner()
	y := l.middle()
	s := t.Abs
	x0, q1, med, q3, x1 := l.value(s.Min), l.value(s.Q1), l.value(s.Median), l.value(s.Q3), l.value(s.Max)
	p.line(rim, 1, x0, y, q1, y)
	p.line(rim, 1, q3, y, x1, y)
	cap := (bottom - top) * 0.25
	if math.Log2(s.Min) >= float64(l.lo) {
		p.line(rim, 1, x0, y-cap, x0, y+cap)
	} else {
		l.more(p, y, rim)
	}
	p.line(rim, 1, x1, y-cap, x1, y+cap)
	if q3-q1 < 4 { // too narrow to be seen beside the median
		q1, q3 = min(q1, med-2), max(q3, med+2)
	}
	p.rect(fill, q1, top, q3, bottom)
	p.frame(rim, 0.8, q1, top, q3, bottom)
	p.line(ink, 1.6, med, top, med, bottom)
}

// more is an arrow at the left edge: smaller values follow.
func (l lane) more(p *page, y vg.Length, c color.Color) {
	x := l.left
	p.polygon(c, vg.Point{X: x, Y: y}, vg.Point{X: x + 5, Y: y - 3}, vg.Point{X: x + 5, Y: y + 3})
}

const (
	violinBandwidth = 0.25 // octaves
	violinSteps     = 8    // per octave
	reach           = 5 * violinBandwidth
)

// violin draws the density of log2|x|, mirrored, as wide as the lane at its highest point, with the quartiles
// and the median inside.
func (l lane) violin(p *page, t *Tensor, fill, rim color.Color) {
	top, bottom := l.inner()
	half, y := (bottom-top)/2, l.middle()
	at, density := smooth(t.Stats)
	var upper, lower []vg.Point
	for i, v := range at {
		if i+1 < len(at) && at[i+1] < float64(l.lo) {
			continue // left of the axis
		}
		x, h := l.x(v), vg.Length(density[i])*half
		upper = append(upper, vg.Point{X: x, Y: y - h})
		lower = append(lower, vg.Point{X: x, Y: y + h})
	}
	for i := len(lower) - 1; i >= 0; i-- {
		upper = append(upper, lower[i])
	}
	p.polygon(fill, upper...)
	p.outline(rim, 0.8, upper...)
	s := t.Abs
	p.line(rim, 1, l.value(s.Min), y, l.value(s.Max), y)
	p.line(rim, 3, l.value(s.Q1), y, l.value(s.Q3), y)
	med := l.value(s.Median)
	p.line(ink, 1.6, med, y-half*0.6, med, y+half*0.6)
	if math.Log2(s.Min) < float64(l.lo) {
		l.more(p, y, rim)
	}
}

// smooth is the density of log2|x| by a Gaussian kernel, its highest value 1, at steps from a bandwidth below
// the smallest value to one above the largest.
// From the eighths of octaves and not from the values, which are gone: the bandwidth is twice an eighth, so
// that the parts do not show.
func smooth(s Stats) (at, density []float64) {
	lo, hi := math.Log2(s.Abs.Min)-violinBandwidth, math.Log2(s.Abs.Max)+violinBandwidth
	n := int(math.Ceil((hi-lo)*violinSteps)) + 1
	first, top := s.Bins[0].Log2, 0.0
	for i := range n {
		x := lo + (hi-lo)*float64(i)/float64(n-1)
		// Five bandwidths away the kernel is below 4e-6.
		from := max(int(math.Floor(x-reach))-first, 0)
		to := min(int(math.Floor(x+reach))-first+1, len(s.Bins))
		sum := 0.0
		for _, b := range s.Bins[min(from, to):to] {
			sum += b.kernel(x)
		}
		at, density = append(at, x), append(density, sum)
		top = max(top, sum)
	}
	for i := range density {
		density[i] /= top
	}
	return at, density
}

// kernel is what the values of the bin add to the density at x.
func (b *Bin) kernel(x float64) float64 {
	sum := 0.0
	for k, count := range b.Parts {
		if count > 0 {
			z := (x - float64(b.Log2) - partMiddle[k]) / violinBandwidth
			sum += float64(count) * math.Exp(-z*z/2)
		}
	}
	return sum
}

// partMiddle is the place of each part of an octave, in log2.
var partMiddle = func() (out [Parts]float64) {
	for k := range out {
		out[k] = math.Log2(1 + (float64(k)+0.5)/Parts)
	}
	return out
}()

// histogram draws a bar per octave, the tallest as high as the lane.
func (l lane) histogram(p *page, t *Tensor, fill, rim color.Color) {
	top, bottom := l.inner()
	n := float64(t.Count-t.Zeros) * t.tallest()
	below := int64(0)
	bar := func(e int, count int64) {
		if count == 0 {
			return
		}
		// One value in a million must still be seen, as it may be the one that overflows.
		h := max(vg.Length(float64(count)/n)*(bottom-top), 0.7)
		x0, x1 := l.x(float64(e)), l.x(float64(e+1))
		p.rect(fill, x0, bottom-h, x1, bottom)
		p.frame(rim, 0.6, x0, bottom-h, x1, bottom)
	}
	for _, b := range t.Bins {
		if b.Log2 < l.lo {
			below += b.Count
			continue
		}
		bar(b.Log2, b.Count)
	}
	if below > 0 {
		l.more(p, bottom-4, rim)
	}
}

// tallest is the largest share of the values in one octave.
func (s *Stats) tallest() float64 {
	top := int64(0)
	for _, b := range s.Bins {
		top = max(top, b.Count)
	}
	return float64(top) / float64(s.Count-s.Zeros)
}
