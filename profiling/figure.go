package profiling

import (
	"fmt"
	"image/color"
	"io"
	"slices"
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
	about         string // a sentence for those who do not see the picture
	width, height vg.Length
	paint         func(*page)
}

// Write writes the picture as "png", "svg" or "pdf".
func (f Figure) Write(w io.Writer, format string) error {
	return render(w, format, f)
}

// Figures are hls4ml's four pictures, weights and activations before and after optimization, as far as the
// profile has them, what the options add, and ROC curves and confusion where it has scores.
func (p *Profile) Figures(o PlotOptions) []Figure {
	if o.Kind == "" {
		o.Kind = Box
	}
	var out []Figure
	for _, g := range Groups() {
		for _, s := range Stages() {
			out = append(out, p.rows(g, s, o.Kind)...)
		}
	}
	if o.Facet {
		out = append(out, p.facets(o.Kind)...)
	}
	return append(out, p.scoreFigures()...)
}

// The layout of a picture with a row for each tensor, in points.
const (
	pageWidth  = 720 // at least
	plotWidth  = 300 // at least
	pageMargin = 14
	headHeight = 56 // title and heads of the columns
	footHeight = 64 // axis, its title and legend
	noteHeight = 14 // a line below the legend
	maxLabel   = 210
	columnGap  = 10
	pageRoom   = 1100 // for the rows of one page
)

var stageWords = map[Stage]string{Before: "before optimization", After: "after optimization"}

// rows are the pictures of a group at a stage.
func (p *Profile) rows(g Group, s Stage, k Kind) []Figure {
	all := p.Select(g, s)
	col := newTypesetter().columnsOf(p, all)
	var out []Figure
	// A page that grows without end is unreadable in a viewer: 200 rows would be a strip of more than a
	// metre.
	room := int(pageRoom / k.rowHeight())
	for start := 0; start < len(all); start += room {
		part := all[start:min(start+room, len(all))]
		f := Figure{
			Name:  fmt.Sprintf("%s_%s", g, s),
			Title: fmt.Sprintf("%s %s", strings.ToUpper(string(g[:1]))+string(g[1:]), stageWords[s]),
			width: col.width, height: headHeight + vg.Length(len(part))*k.rowHeight() + footHeight,
		}
		if slices.ContainsFunc(part, overflowed) {
			f.height += noteHeight
		}
		if start > 0 {
			f.Name += fmt.Sprintf("_%d", start/room+1)
		}
		if len(all) > room {
			f.Title += fmt.Sprintf(" (%d to %d of %d)", start+1, start+len(part), len(all))
		}
		f.about = p.about(f.Title, k)
		// One axis for all pages of a figure.
		f.paint = func(page *page) { p.paintRows(page, f.Title, k, col, all, part) }
		out = append(out, f)
	}
	return out
}

// cells are the texts of a row beside its distribution.
type cells struct {
	label, kind, zeros, fit string
	alarm                   bool
}

// cells puts into words what the picture cannot show: zeros have no place on a logarithmic axis.
func (p *Profile) cells(t *Tensor) cells {
	kind, _ := p.Firmware(t)
	c := cells{label: t.Label, kind: kind, zeros: zeroText(t), fit: t.Fit.String()}
	c.alarm = t.Fit != nil && t.Fit.Short > 0
	if word := t.Overflow(); word != "" {
		c.fit += ", " + word
	}
	return c
}

func overflowed(t *Tensor) bool { return t.Overflow() != "" }

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
	width            vg.Length // of the picture
}

// columnsOf gives each column the room of its widest text, and the plot the rest, but no less than it needs.
func (t typesetter) columnsOf(p *Profile, all []*Tensor) columns {
	label, kind, zeros, fit := vg.Length(0), t.measure("type", headText), t.measure("zeros", headText),
		t.measure("fit", headText)
	for _, x := range all {
		r := p.cells(x)
		label = max(label, t.widest(r.label, labelText, maxLabel))
		kind = max(kind, t.measure(r.kind, columnText))
		zeros = max(zeros, t.measure(r.zeros, columnText))
		fit = max(fit, t.measure(r.fit, headText)) // in bold where it matters
	}
	c := columns{label: pageMargin + label}
	right := 3*columnGap + kind + zeros + fit + pageMargin
	c.width = max(pageWidth, c.label+columnGap+plotWidth+right)
	c.plot = [2]vg.Length{c.label + columnGap, c.width - right}
	c.kind = c.plot[1] + columnGap
	c.zeros = c.kind + kind + columnGap
	c.fit = c.zeros + zeros + columnGap
	return c
}

// paintRows draws a page of rows, from the back to the front: stripes, grid, ranges, distributions, texts.
func (p *Profile) paintRows(page *page, title string, k Kind, col columns, all, part []*Tensor) {
	span := func(t *Tensor) *Range { _, r := p.Firmware(t); return r }
	ax := axisOf(all, span)
	ax.left, ax.right = col.plot[0], col.plot[1]
	p.paintHead(page, title, part[0].Group)
	page.write(col.kind, headHeight-8, "type", headText)
	page.write(col.zeros, headHeight-8, "zeros", headText)
	page.write(col.fit, headHeight-8, "fit", headText)
	bottom := headHeight + vg.Length(len(part))*k.rowHeight()
	for i := range part {
		if y := headHeight + vg.Length(i)*k.rowHeight(); i%2 == 0 {
			page.rect(band, pageMargin/2, y, col.width-pageMargin/2, y+k.rowHeight())
		}
	}
	ax.draw(page, headHeight, bottom)
	for i, t := range part {
		y := headHeight + vg.Length(i)*k.rowHeight()
		l := lane{ax, y, y + k.rowHeight()}
		l.span(page, span(t))
		l.mark(page, k, t, span(t))
		page.writeCells(col, l.middle(), p.cells(t))
	}
	one := ax.x(0) // above the boxes too, which would hide it
	page.line(faded, 0.8, one, headHeight, one, bottom, 3, 2)
	ax.title(page, bottom+23)
	page.legend(bottom+42, k, []Stage{part[0].Stage})
	if slices.ContainsFunc(part, overflowed) {
		page.write(pageMargin, bottom+42+noteHeight, overflowNote, smallText)
	}
}

// overflowNote keeps readers from taking what wrapping left for what the layer should answer: such values are
// inside the range of the type, whatever was lost.
const overflowNote = "wrapped, saturated: larger values met the type; the picture shows what overflow left " +
	"of them, and \"before optimization\" what they should be"

// about says what the pictures of a kind show.
func (p *Profile) about(title string, k Kind) string {
	return fmt.Sprintf("%s of %s, a %s of |x| for each tensor on a log2 axis, over the range of its type",
		title, p.Model, kindWords[k])
}

var kindWords = map[Kind]string{Box: "box plot", Violin: "violin", Histogram: "histogram"}

func (p *page) writeCells(c columns, y vg.Length, r cells) {
	p.name(c.label, y, r.label, labelText, maxLabel)
	p.write(c.kind, y, r.kind, columnText)
	p.write(c.zeros, y, r.zeros, columnText)
	fit := columnText
	if r.alarm {
		fit.color, fit.bold = alarm, true
	}
	p.write(c.fit, y, r.fit, fit)
}

// paintHead writes the title and what the picture is of.
func (p *Profile) paintHead(page *page, title string, g Group) {
	page.write(pageMargin, 16, title, titleText)
	words := []string{p.Model, p.Backend, string(p.IOType)}
	if g == Activations {
		words = append(words, fmt.Sprintf("%d samples", p.Samples))
		if p.Samples == 1 {
			words[len(words)-1] = "1 sample"
		}
	}
	words = append(words, "|x| of the values other than zero")
	page.write(pageMargin, 32, strings.Join(words, ", "), smallText)
}

// legend explains the marks in one line.
func (p *page) legend(y vg.Length, k Kind, stages []Stage) {
	x := vg.Length(pageMargin)
	entry := func(words string, draw func(x0, x1 vg.Length)) {
		draw(x, x+20)
		p.write(x+25, y, words, smallText)
		x += 25 + p.measure(words, smallText) + 16
	}
	entry("range of the type", func(x0, x1 vg.Length) {
		p.rect(grey, x0, y-5, x1, y+5)
		p.frame(greyRim, 0.5, x0, y-5, x1, y+5)
	})
	for _, s := range stages {
		words := map[Kind]string{
			Box: "quartiles, median, smallest, largest", Violin: "density, quartiles, median",
			Histogram: "share in each octave, of the row's largest",
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
