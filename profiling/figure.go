package profiling

import (
	"fmt"
	"image/color"
	"io"
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

// PlotOptions say how pictures look.
type PlotOptions struct {
	Kind Kind // Box where it is empty
	// Facet adds pictures with one facet per layer: its weights and answers, before and after.
	Facet bool
}

// A Figure is one picture.
type Figure struct {
	// Name is that of its file without ending: "weights_before", ...; "weights_before_2" where the rows need
	// a second page.
	Name          string
	Title         string
	width, height vg.Length
	paint         func(*page)
}

// Write writes the picture as "png", "svg" or "pdf".
func (f Figure) Write(w io.Writer, format string) error {
	return render(w, format, f.width, f.height, f.paint)
}

// Figures are hls4ml's four pictures, weights and activations before and after optimization, as far as the
// profile has them, and what the options add.
func (p *Profile) Figures(o PlotOptions) []Figure {
	if o.Kind == "" {
		o.Kind = Box
	}
	var out []Figure
	for _, g := range Groups {
		for _, s := range Stages {
			out = append(out, p.rows(g, s, o.Kind)...)
		}
	}
	if o.Facet {
		out = append(out, p.facets(o.Kind)...)
	}
	return out
}

// The layout of a picture with a row for each tensor, in points.
const (
	pageWidth  = 720
	pageMargin = 14
	headHeight = 56 // title and heads of the columns
	footHeight = 52 // axis and legend
	maxLabel   = 210
	columnGap  = 10
	pageRows   = 60
)

var stageWords = map[Stage]string{Before: "before optimization", After: "after optimization"}

// rows are the pictures of a group at a stage.
func (p *Profile) rows(g Group, s Stage, k Kind) []Figure {
	all := p.Select(g, s)
	var out []Figure
	for start := 0; start < len(all); start += pageRows {
		part := all[start:min(start+pageRows, len(all))]
		f := Figure{
			Name:  fmt.Sprintf("%s_%s", g, s),
			Title: fmt.Sprintf("%s %s", strings.ToUpper(string(g[:1]))+string(g[1:]), stageWords[s]),
			width: pageWidth, height: headHeight + vg.Length(len(part))*k.rowHeight() + footHeight,
		}
		if start > 0 {
			f.Name += fmt.Sprintf("_%d", start/pageRows+1)
		}
		if len(all) > pageRows {
			f.Title += fmt.Sprintf(" (%d to %d of %d)", start+1, start+len(part), len(all))
		}
		// One axis for all pages of a figure.
		f.paint = func(page *page) { p.paintRows(page, f.Title, k, all, part) }
		out = append(out, f)
	}
	return out
}

// cells are the texts of a row beside its distribution.
type cells struct {
	label, kind, zeros, fit string
	alarm                   bool
}

func (p *Profile) cells(t *Tensor) cells {
	kind, _ := p.Firmware(t)
	fit := p.Fit(t)
	return cells{
		label: t.Label, kind: kind, zeros: zeroText(t), fit: fit.String(), alarm: fit != nil && fit.Short > 0,
	}
}

// zeroText says how many values are zero.
func zeroText(t *Tensor) string {
	if t.Count == 0 {
		return ""
	}
	if t.Zeros == 0 {
		return "0"
	}
	return fmt.Sprintf("%d (%s)", t.Zeros, percent(float64(t.Zeros)/float64(t.Count)))
}

// columns is where the parts of a row stand.
type columns struct {
	label            vg.Length // right end of the labels
	plot             [2]vg.Length
	kind, zeros, fit vg.Length
}

// measure gives each column the room of its widest text, and the plot the rest.
func (p *page) measure(rows []cells) columns {
	label, kind, zeros, fit := vg.Length(0), p.width("type", headText), p.width("zeros", headText),
		p.width("fit", headText)
	for _, r := range rows {
		label = max(label, min(p.width(r.label, labelText), maxLabel))
		kind = max(kind, min(p.width(r.kind, columnText), maxLabel/2))
		zeros = max(zeros, p.width(r.zeros, columnText))
		fit = max(fit, p.width(r.fit, headText)) // in bold where it matters
	}
	var c columns
	c.label = pageMargin + label
	c.fit = pageWidth - pageMargin - fit
	c.zeros = c.fit - columnGap - zeros
	c.kind = c.zeros - columnGap - kind
	c.plot = [2]vg.Length{c.label + columnGap, c.kind - columnGap}
	return c
}

func (p *Profile) paintRows(page *page, title string, k Kind, all, part []*Tensor) {
	span := func(t *Tensor) *Range { _, r := p.Firmware(t); return r }
	texts := make([]cells, len(all))
	for i, t := range all {
		texts[i] = p.cells(t)
	}
	col := page.measure(texts)
	ax := axisOf(all, span)
	ax.left, ax.right = col.plot[0], col.plot[1]
	full := tallest(all)
	p.paintHead(page, title, part[0])
	page.write(col.kind, headHeight-8, "type", headText)
	page.write(col.zeros, headHeight-8, "zeros", headText)
	page.write(col.fit, headHeight-8, "fit", headText)
	bottom := headHeight + vg.Length(len(part))*k.rowHeight()
	for i := range part {
		if y := headHeight + vg.Length(i)*k.rowHeight(); i%2 == 0 {
			page.rect(band, pageMargin/2, y, pageWidth-pageMargin/2, y+k.rowHeight())
		}
	}
	ax.draw(page, headHeight, bottom)
	for i, t := range part {
		y := headHeight + vg.Length(i)*k.rowHeight()
		l := lane{ax, y, y + k.rowHeight()}
		l.span(page, span(t))
		l.mark(page, k, t, full)
		page.writeCells(col, l.middle(), p.cells(t))
	}
	one := ax.x(0) // above the boxes too, which would hide it
	page.line(faded, 0.8, one, headHeight, one, bottom, 3, 2)
	page.legend(bottom+30, k, []Stage{part[0].Stage}, full)
}

func (p *page) writeCells(c columns, y vg.Length, r cells) {
	p.write(c.label, y, p.cut(r.label, labelText, maxLabel), labelText)
	p.write(c.kind, y, p.cut(r.kind, columnText, maxLabel/2), columnText)
	p.write(c.zeros, y, r.zeros, columnText)
	fit := columnText
	if r.alarm {
		fit.color, fit.bold = alarm, true
	}
	p.write(c.fit, y, r.fit, fit)
}

// paintHead writes the title and what the picture is of.
func (p *Profile) paintHead(page *page, title string, t *Tensor) {
	page.write(pageMargin, 16, title, titleText)
	words := []string{p.Model, p.Backend, p.IOType}
	if t.Group == Activations {
		words = append(words, fmt.Sprintf("%d samples", p.Samples))
		if p.Samples == 1 {
			words[len(words)-1] = "1 sample"
		}
	}
	words = append(words, "|x| of the values other than zero")
	page.write(pageMargin, 32, strings.Join(words, ", "), smallText)
}

// legend explains the marks in one line.
func (p *page) legend(y vg.Length, k Kind, stages []Stage, full float64) {
	x := vg.Length(pageMargin)
	entry := func(words string, draw func(x0, x1 vg.Length)) {
		draw(x, x+20)
		p.write(x+25, y, words, smallText)
		x += 25 + p.width(words, smallText) + 16
	}
	entry("range of the type", func(x0, x1 vg.Length) {
		p.rect(grey, x0, y-5, x1, y+5)
		p.frame(greyRim, 0.5, x0, y-5, x1, y+5)
	})
	for _, s := range stages {
		words := map[Kind]string{
			Box: "quartiles, median, smallest, largest", Violin: "density, quartiles, median",
			Histogram: fmt.Sprintf("share in each octave, the tallest bar %s", percent(full)),
		}[k]
		if len(stages) > 1 {
			words = string(s)
		}
		entry(words, func(x0, x1 vg.Length) { p.sample(k, s, x0, x1, y) })
	}
	entry("x = 1", func(x0, x1 vg.Length) { p.line(faded, 0.8, (x0+x1)/2, y-6, (x0+x1)/2, y+6, 3, 2) })
}

// sample draws a mark for the legend.
func (p *page) sample(k Kind, s Stage, x0, x1, y vg.Length) {
	fill, rim := color.Color(fills[s]), color.Color(rims[s])
	switch k {
	case Box:
		p.line(rim, 1, x0, y, x1, y)
		p.rect(fill, x0+5, y-4, x1-5, y+4)
		p.frame(rim, 0.8, x0+5, y-4, x1-5, y+4)
		p.line(ink, 1.6, (x0+x1)/2, y-4, (x0+x1)/2, y+4)
	default:
		p.rect(fill, x0+2, y-4, x1-2, y+4)
		p.frame(rim, 0.8, x0+2, y-4, x1-2, y+4)
	}
}

// alignLeft is l with its text beginning at the point.
func (l lettering) alignLeft() lettering {
	l.align = text.XLeft
	return l
}
