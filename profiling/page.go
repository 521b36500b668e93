package profiling

import (
	"bytes"
	"fmt"
	"html"
	"image/color"
	"io"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/hlsgo/hlsgo/profiling/pdf"
)

// Formats lists the kinds of picture files, the default first. The list is the caller's own, as are those of
// Kinds, Stages and Groups: a package variable could be changed by any program that links this one.
func Formats() []string { return []string{"png", "svg", "pdf"} }

// dotsPerInch is the resolution of PNG files.
const dotsPerInch = 150

// The colours are Okabe and Ito's, which people with any colour vision tell apart; they also differ in
// lightness. Text is never told by colour alone.
var (
	ink     = color.RGBA{0x22, 0x22, 0x22, 0xff}
	faded   = color.RGBA{0x66, 0x66, 0x66, 0xff}
	hair    = color.RGBA{0xdd, 0xdd, 0xdd, 0xff}
	band    = color.RGBA{0xf6, 0xf6, 0xf6, 0xff}
	grey    = color.RGBA{0xd0, 0xd0, 0xd0, 0xff}
	greyRim = color.RGBA{0x99, 0x99, 0x99, 0xff}
	alarm   = color.RGBA{0xb2, 0x3c, 0x00, 0xff}

	fills = map[Stage]color.RGBA{Before: {0xe6, 0x9f, 0x00, 0xff}, After: {0x56, 0xb4, 0xe9, 0xff}}
	rims  = map[Stage]color.RGBA{Before: {0x8a, 0x5a, 0x00, 0xff}, After: {0x00, 0x4f, 0x86, 0xff}}
)

// lettering is how a text looks and which of its points stands at the place where it is written.
type lettering struct {
	size  vg.Length
	bold  bool
	color color.Color
	align text.XAlignment
}

var (
	titleText  = lettering{size: 12, bold: true, color: ink, align: text.XLeft}
	smallText  = lettering{size: 8, color: faded, align: text.XLeft}
	noteText   = lettering{size: 8, color: ink, align: text.XLeft} // on the boxes of types too
	labelText  = lettering{size: 9, color: ink, align: text.XRight}
	columnText = lettering{size: 8, color: ink, align: text.XLeft}
	headText   = lettering{size: 8, bold: true, color: ink, align: text.XLeft}
	tickText   = lettering{size: 8, color: ink, align: text.XCenter}
)

// A typesetter measures and writes text in one family of fonts.
// The fonts are built in, so that a picture is the same on a server without any, and its widths are known
// before it is drawn.
type typesetter struct{ text.Plain }

func newTypesetter() typesetter {
	return typesetter{text.Plain{Fonts: font.NewCache(liberation.Collection())}}
}

// style is the text style of the plotting library for l.
func (t typesetter) style(l lettering) text.Style {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: l.size}
	if l.bold {
		f.Weight = xfont.WeightBold
	}
	return text.Style{Color: l.color, Font: f, XAlign: l.align, YAlign: text.YCenter, Handler: t.Plain}
}

func (t typesetter) measure(s string, l lettering) vg.Length { return t.style(l).Width(s) }

// cut shortens a text in its middle to the width.
// In its middle, because names of layers differ at either end ("block1_conv", "conv_3").
func (t typesetter) cut(s string, l lettering, width vg.Length) string {
	if t.measure(s, l) <= width {
		return s
	}
	r := []rune(s)
	short := func(n int) string { return string(r[:n/2]) + "..." + string(r[len(r)-(n-n/2):]) }
	n := sort.Search(len(r), func(n int) bool { return t.measure(short(n+1), l) > width }) // letters that fit
	if n == 0 {
		return "..."
	}
	return short(n)
}

// smallest is the size of the smallest letters of names.
const smallest = 7

// shrink returns l with letters so small that the text fits the width, as far as they stay readable.
func (t typesetter) shrink(s string, l lettering, width vg.Length) lettering {
	if w := t.measure(s, l); w > width {
		l.size = max(l.size*width/w*0.999, min(l.size, smallest))
	}
	return l
}

// fit makes a name one line or two of at most the width: smaller, broken behind the end of a word, shortened
// in its middle, in this order.
func (t typesetter) fit(s string, l lettering, width vg.Length) ([]string, lettering) {
	small := t.shrink(s, l, width)
	if t.measure(s, small) <= width {
		return []string{s}, small
	}
	s = t.cut(s, small, 1.8*width) // lines that end behind words are not full
	r := []rune(s)
	n := sort.Search(len(r), func(n int) bool { return t.measure(string(r[:n+1]), small) > width })
	for k := n; k > n/2; k-- {
		if strings.ContainsRune("_/.-: ", r[k-1]) {
			n = k
			break
		}
	}
	if n == 0 {
		return []string{t.cut(s, small, width)}, small
	}
	return []string{string(r[:n]), t.cut(string(r[n:]), small, width)}, small
}

// widest is the width of a name that is made fit.
func (t typesetter) widest(s string, l lettering, width vg.Length) vg.Length {
	lines, l := t.fit(s, l, width)
	w := vg.Length(0)
	for _, line := range lines {
		w = max(w, t.measure(line, l))
	}
	return w
}

// A page is a drawing surface, measured in points from its top left corner.
type page struct {
	typesetter
	c             draw.Canvas
	width, height vg.Length
}

// at turns a page's coordinates, which run down as text does, into the canvas's, which run up.
func (p *page) at(x, y vg.Length) vg.Point { return vg.Point{X: x, Y: p.height - y} }

func (p *page) polygon(fill color.Color, points ...vg.Point) {
	flipped := make([]vg.Point, len(points))
	for i, q := range points {
		flipped[i] = p.at(q.X, q.Y)
	}
	p.c.FillPolygon(fill, flipped)
}

func (p *page) rect(fill color.Color, x0, y0, x1, y1 vg.Length) {
	p.polygon(fill, corners(x0, y0, x1, y1)...)
}

func (p *page) line(c color.Color, width vg.Length, x0, y0, x1, y1 vg.Length, dashes ...vg.Length) {
	p.c.StrokeLine2(draw.LineStyle{Color: c, Width: width, Dashes: dashes}, x0, p.height-y0, x1, p.height-y1)
}

func (p *page) frame(c color.Color, width, x0, y0, x1, y1 vg.Length) {
	p.outline(c, width, corners(x0, y0, x1, y1)...)
}

func corners(x0, y0, x1, y1 vg.Length) []vg.Point {
	return []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}}
}

// outline draws a closed line through the points.
func (p *page) outline(c color.Color, width vg.Length, points ...vg.Point) {
	flipped := make([]vg.Point, len(points), len(points)+1)
	for i, q := range points {
		flipped[i] = p.at(q.X, q.Y)
	}
	p.c.StrokeLines(draw.LineStyle{Color: c, Width: width}, append(flipped, flipped[0]))
}

// lines draws a line through the points.
func (p *page) lines(c color.Color, width vg.Length, points []vg.Point, dashes ...vg.Length) {
	flipped := make([]vg.Point, len(points))
	for i, q := range points {
		flipped[i] = p.at(q.X, q.Y)
	}
	p.c.StrokeLines(draw.LineStyle{Color: c, Width: width, Dashes: dashes}, flipped)
}

// write puts a text at a point of its middle line.
func (p *page) write(x, y vg.Length, s string, l lettering) {
	if s != "" {
		p.c.FillText(p.style(l), p.at(x, y), s)
	}
}

// name writes a name, in two lines where it is long.
func (p *page) name(x, y vg.Length, s string, l lettering, width vg.Length) {
	lines, l := p.fit(s, l, width)
	y -= vg.Length(len(lines)-1) * l.size * 0.6
	for _, line := range lines {
		p.write(x, y, line, l)
		y += l.size * 1.2
	}
}

// render draws a picture in the format.
func render(w io.Writer, format string, f Figure) error {
	c, err := canvas(format, f.width, f.height)
	if err != nil {
		return err
	}
	p := &page{newTypesetter(), draw.New(c), f.width, f.height}
	p.rect(color.White, 0, 0, f.width, f.height)
	f.paint(p)
	if format != "svg" {
		_, err = c.WriteTo(w)
		return err
	}
	var b bytes.Buffer
	if _, err := c.WriteTo(&b); err != nil {
		return err
	}
	_, err = w.Write(name(p.fitTexts(b.Bytes()), f.Title, f.about))
	return err
}

// name gives an SVG a title, which viewers show and screen readers say, and a description.
func name(svg []byte, title, about string) []byte {
	at := bytes.Index(svg, []byte("<svg"))
	end := at + bytes.IndexByte(svg[at:], '>')
	head := fmt.Sprintf(" role=\"img\">\n<title>%s</title>\n<desc>%s</desc>",
		html.EscapeString(title), html.EscapeString(about))
	return slices.Concat(svg[:end], []byte(head), svg[end+1:])
}

// canvas opens a drawing surface of the format. gonum draws on all of them by the same calls.
func canvas(format string, width, height vg.Length) (vg.CanvasWriterTo, error) {
	switch format {
	case "png":
		return vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(dotsPerInch))}, nil
	case "svg":
		return vgsvg.New(width, height), nil
	case "pdf":
		return pdf.New(width, height)
	}
	return nil, fmt.Errorf("picture format %q: unknown: got it, want one of png, svg, pdf", format)
}

// svgText is a text as the canvas writes it: before and after its style, its weight, size and words.
var svgText = regexp.MustCompile(
	`<text( [^>]*?style="[^"]*?)font-family:[^;]*;([^"]*?font-weight:(\w+);[^"]*?font-size:([0-9.]+)px[^"]*")>` +
		`([^<]*)</text>`)

// fitTexts names fonts that other systems have, and fixes the width of each text, so that none runs into its
// neighbour where all of them are missing.
func (t typesetter) fitTexts(svg []byte) []byte {
	return svgText.ReplaceAllFunc(svg, func(all []byte) []byte {
		m := svgText.FindSubmatch(all)
		size, _ := strconv.ParseFloat(string(m[4]), 64)
		l := lettering{size: vg.Points(size), bold: string(m[3]) == "bold"}
		width := t.measure(html.UnescapeString(string(m[5])), l)
		const form = `<text%sfont-family:%s;%s textLength="%.5g" lengthAdjust="spacingAndGlyphs">%s</text>`
		return fmt.Appendf(nil, form, m[1], svgFonts, m[2], width.Points(), m[5])
	})
}

const svgFonts = "'Liberation Sans',Arial,Helvetica,sans-serif"
