package graphplot

import "slices"

// What stands round the boxes of a picture that is a file of its own: a title above, a legend below.

// line is a text that is in no box; x, y is where its base line begins.
type line struct {
	text  string
	style style
	x, y  float64
}

// sign is an entry of the legend: a small box that looks as those of the layers, and what it means.
type sign struct {
	box box
	line
}

// Lengths of titles and legends.
const (
	headLine   = 22 // of the title
	subLine    = 18
	headGap    = 8 // between them and the boxes
	signWide   = 24
	signHigh   = 12
	signRound  = 3
	signGap    = 7  // between a box and its words
	signsGap   = 20 // between entries
	signLine   = 22
	leastWidth = 320 // a narrow picture with a title is made so wide
)

// meanings are what the looks of boxes mean, in the order of the legend.
var meanings = []struct {
	class class
	mark  Mark
	text  string
}{
	{classEnd, MarkNone, "input"},
	{classWeight, MarkNone, "has weights"},
	{classPlain, MarkNone, "computes without weights"},
	{classMove, MarkNone, "moves or copies values only"},
	{classPlain, MarkWarn, "something to know"},
	{classPlain, MarkBad, "something wrong"},
}

// frame adds a title, and a legend of the looks that the picture has.
func (p *Picture) frame(title, subtitle string) {
	p.title = title
	old := p.Width
	p.Width = max(p.Width, leastWidth)
	y := float64(margin)
	head := func(s string, st style, step float64) {
		for _, part := range wrap(s, st, p.Width-2*margin) {
			y += step
			p.heads = append(p.heads, line{part, st, margin, y - 6})
		}
	}
	head(title, styleHead, headLine)
	if subtitle != "" {
		head(subtitle, styleKind, subLine)
	}
	p.move((p.Width-old)/2, y+headGap-margin)
	p.Height += y + headGap - margin
	p.addLegend()
}

// move shifts boxes and edges.
func (p *Picture) move(dx, dy float64) {
	for _, b := range p.boxes {
		b.x, b.y = b.x+dx, b.y+dy
	}
	for _, r := range p.routes {
		for i := range r {
			r[i].x, r[i].y = r[i].x+dx, r[i].y+dy
		}
	}
	for i := range p.cuts {
		p.cuts[i] += dy
	}
}

// addLegend explains the looks that occur, in as many rows as the width wants.
func (p *Picture) addLegend() {
	x, y := float64(margin), p.Height
	for _, m := range meanings {
		shown := func(b *box) bool {
			if m.mark != MarkNone {
				return b.mark == m.mark
			}
			return b.class == m.class
		}
		if !slices.ContainsFunc(p.boxes, shown) {
			continue
		}
		wide := signWide + signGap + width(m.text, styleKind)
		if x > margin && x+wide > p.Width-margin {
			x, y = margin, y+signLine
		}
		p.legend = append(p.legend, sign{
			box:  box{class: m.class, mark: m.mark, x: x, y: y + 1, w: signWide, h: signHigh},
			line: line{m.text, styleKind, x + signWide + signGap, y + 11},
		})
		x += wide + signsGap
	}
	if len(p.legend) > 0 {
		p.Height = y + signLine
	}
}
