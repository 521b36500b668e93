package graphplot

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// paper is how a picture looks outside a page; pages bring rules of their own for the same classes.
const paper = `
.box rect{fill:#fff;stroke:#5b6673;stroke-width:1.2}
.box.end rect{fill:#eef1f4}
.box.weight rect{fill:#e3f0f6;stroke:#2b6f8f}
.box.move rect{stroke-dasharray:5 3}
.box.warn rect{stroke:#a86400;stroke-width:2.4}
.box.bad rect{stroke:#b3261e;stroke-width:2.4}
.edge{fill:none;stroke:#5b6673;stroke-width:1.3}
path.head{fill:#5b6673}
text{font:12px "Liberation Sans",Arial,Helvetica,sans-serif;fill:#1c2329}
text.title{font-size:13px;font-weight:bold}
text.head{font-size:17px;font-weight:bold;fill:#1c2329}
text.kind,text.key{fill:#5b6673}
`

// WriteSVG writes the picture as a file of its own, dark on white.
func (p *Picture) WriteSVG(w io.Writer) error {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	head := "<style>" + paper + "</style>\n" + `<rect width="100%" height="100%" fill="#fff"/>` + "\n"
	if p.title != "" {
		head = "<title>" + escape(p.title) + "</title>\n" + head
	}
	p.svg(&b, 0, p.Height, `xmlns="http://www.w3.org/2000/svg" role="img" `, head)
	_, err := io.WriteString(w, b.String())
	return err
}

// Strip is a rank of a picture and the halves of the gaps above and below.
type Strip struct {
	SVG    string
	Height float64
}

// Strips returns the picture as elements of an HTML page, to be stacked without space between them: one per
// rank, so that a long picture can go on in the next column or on the next page. The picture must be one
// column in which data flows from top to bottom. The page brings the colours: boxes are groups of class box
// with end, weight, move or plain and warn or bad; edges have the classes edge and head; texts are title,
// kind, key and value.
func (p *Picture) Strips() []Strip {
	var out []Strip
	for i := range len(p.cuts) + 1 {
		top, bottom := 0.0, p.Height
		if i > 0 {
			top = p.cuts[i-1]
		}
		if i < len(p.cuts) {
			bottom = p.cuts[i]
		}
		var b strings.Builder
		p.svg(&b, top, bottom, `class="graph" `, "")
		out = append(out, Strip{b.String(), bottom - top})
	}
	return out
}

// svg writes the part of the picture between two heights.
func (p *Picture) svg(b *strings.Builder, top, bottom float64, attributes, head string) {
	fmt.Fprintf(b, `<svg %swidth="%s" height="%s" viewBox="0 %s %s %s">`+"\n",
		attributes, px(p.Width), px(bottom-top), px(top), px(p.Width), px(bottom-top))
	b.WriteString(head)
	for _, r := range p.routes {
		// An edge that crosses a cut is drawn in both strips, and each shows its part of it.
		if r[0].y < bottom && r[len(r)-1].y > top {
			p.svgRoute(b, r)
		}
	}
	for _, bx := range p.boxes {
		if bx.y < bottom && bx.y+bx.h > top {
			bx.svg(b)
		}
	}
	if top == 0 && bottom == p.Height {
		p.svgFrame(b)
	}
	b.WriteString("</svg>\n")
}

// svgFrame writes the title and the legend.
func (p *Picture) svgFrame(b *strings.Builder) {
	for _, l := range p.heads {
		svgText(b, l.style.class(), l.x, l.y, l.text, l.style)
		b.WriteString("\n")
	}
	for i := range p.legend {
		s := &p.legend[i]
		fmt.Fprintf(b, `<g class="sign %s">`, s.box.classes())
		s.box.svgRect(b, signRound)
		svgText(b, s.style.class(), s.x, s.y, s.text, s.style)
		b.WriteString("</g>\n")
	}
}

func (p *Picture) svgRoute(b *strings.Builder, r route) {
	fmt.Fprintf(b, `<path class="edge" d="M%s %s`, px(r[0].x), px(r[0].y))
	for _, g := range p.legs(r) {
		if g.curved {
			fmt.Fprintf(b, "C%s %s %s %s ", px(g.c1.x), px(g.c1.y), px(g.c2.x), px(g.c2.y))
		} else {
			b.WriteString("L")
		}
		b.WriteString(px(g.to.x) + " " + px(g.to.y))
	}
	h := p.arrow(r[len(r)-1])
	fmt.Fprintf(b, `"/><path class="head" d="M%s %sL%s %sL%s %sZ"/>`+"\n",
		px(h[0].x), px(h[0].y), px(h[1].x), px(h[1].y), px(h[2].x), px(h[2].y))
}

func (bx *box) svg(b *strings.Builder) {
	if bx.link != "" {
		fmt.Fprintf(b, `<a href="%s">`, escape(bx.link))
	}
	fmt.Fprintf(b, `<g class="%s"><title>%s</title>`, bx.classes(), escape(bx.title))
	bx.svgRect(b, roundCorner)
	for i, t := range bx.texts {
		x, y := bx.baseline(i)
		if t.key != "" {
			svgText(b, "key", x, y, t.key, t.style)
			x += bx.keys
		}
		svgText(b, t.style.class(), x, y, t.value, t.style)
	}
	b.WriteString("</g>")
	if bx.link != "" {
		b.WriteString("</a>")
	}
	b.WriteString("\n")
}

func (bx *box) classes() string {
	classes := "box " + string(bx.class)
	if bx.mark != MarkNone {
		classes += " " + string(bx.mark)
	}
	return classes
}

func (bx *box) svgRect(b *strings.Builder, round int) {
	fmt.Fprintf(b, `<rect x="%s" y="%s" width="%s" height="%s" rx="%d"/>`,
		px(bx.x), px(bx.y), px(bx.w), px(bx.h), round)
}

// svgText names the measured length, so that a browser without the font squeezes the letters a little and
// nothing leaves its box.
func svgText(b *strings.Builder, class string, x, y float64, s string, st style) {
	if strings.TrimSpace(s) == "" {
		return
	}
	fmt.Fprintf(b, `<text class="%s" x="%s" y="%s" textLength="%s" lengthAdjust="spacingAndGlyphs">%s</text>`,
		class, px(x), px(y), px(width(s, st)), escape(s))
}

func (s style) class() string {
	return [...]string{styleTitle: "title", styleKind: "kind", styleRow: "value", styleHead: "head"}[s]
}

// px writes a length with at most two decimals.
// A hundredth of a pixel is not seen, and full precision would double the size of large pictures.
func px(v float64) string {
	s := strconv.FormatFloat(v, 'f', 2, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// escape makes text safe in elements and attributes.
func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic("BUG: graphplot: " + err.Error()) // a strings.Builder takes everything
	}
	return b.String()
}
