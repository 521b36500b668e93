package graphplot

import (
	"fmt"
	"image/color"
	"io"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"

	"github.com/hlsgo/hlsgo/profiling/pdf"
)

// mostPixels limits the memory of a PNG to 400 MB.
const mostPixels = 100e6

// DPI of a PNG in which one pixel of the picture is one pixel of the image.
const DPI = 96

// The colours of paper, for images.
var (
	ink      = color.NRGBA{0x1c, 0x23, 0x29, 0xff}
	grey     = color.NRGBA{0x5b, 0x66, 0x73, 0xff}
	warnLine = color.NRGBA{0xa8, 0x64, 0x00, 0xff}
	badLine  = color.NRGBA{0xb3, 0x26, 0x1e, 0xff}
)

// WritePNG writes the picture as an image with dpi pixels per inch.
func (p *Picture) WritePNG(w io.Writer, dpi int) error {
	scale := float64(dpi) / DPI
	if dpi < 1 {
		return fmt.Errorf("picture: resolution: got %d dpi, want 1 or more", dpi)
	}
	// Asked before the image is made: four bytes a pixel are taken at once.
	if n := p.Width * scale * p.Height * scale; n > mostPixels {
		return fmt.Errorf("picture: size: got %.0f x %.0f pixels, want at most %.0f million in all: "+
			"write an SVG, or fewer dots per inch", p.Width*scale, p.Height*scale, mostPixels/1e6)
	}
	c := vgimg.NewWith(vgimg.UseWH(points(p.Width), points(p.Height)), vgimg.UseDPI(dpi),
		vgimg.UseBackgroundColor(color.White))
	vg.Initialize(c)
	painter{c, p}.paint()
	_, err := vgimg.PngCanvas{Canvas: c}.WriteTo(w)
	return err
}

// WritePDF writes the picture as a page of its size.
func (p *Picture) WritePDF(w io.Writer) error {
	c, err := pdf.New(points(p.Width), points(p.Height))
	if err != nil {
		return err
	}
	vg.Initialize(c)
	painter{c, p}.paint()
	_, err = c.WriteTo(w)
	return err
}

func points(px float64) vg.Length { return vg.Points(px * pointsPerPixel) }

// painter draws on a canvas, whose origin is the lower left corner.
type painter struct {
	canvas  vg.Canvas
	picture *Picture
}

func (d painter) paint() {
	// Lines before boxes, which cover their ends.
	for _, r := range d.picture.routes {
		d.route(r)
	}
	for _, b := range d.picture.boxes {
		d.box(b)
	}
	for _, l := range d.picture.heads {
		d.line(l)
	}
	for i := range d.picture.legend {
		s := &d.picture.legend[i]
		d.outline(&s.box, signRound)
		d.line(s.line)
	}
}

// line writes a text that is in no box.
func (d painter) line(l line) {
	tone := grey
	if l.style == styleHead {
		tone = ink
	}
	d.text(tone, l.x, l.y, l.text, l.style)
}

func (d painter) at(p point) vg.Point {
	return vg.Point{X: points(p.x), Y: points(d.picture.Height - p.y)}
}

func (d painter) route(r route) {
	var way vg.Path
	way.Move(d.at(r[0]))
	for _, g := range d.picture.legs(r) {
		if g.curved {
			way.CubeTo(d.at(g.c1), d.at(g.c2), d.at(g.to))
		} else {
			way.Line(d.at(g.to))
		}
	}
	d.canvas.SetColor(grey)
	d.canvas.SetLineWidth(points(1.3))
	d.canvas.Stroke(way)
	var head vg.Path
	h := d.picture.arrow(r[len(r)-1])
	head.Move(d.at(h[0]))
	head.Line(d.at(h[1]))
	head.Line(d.at(h[2]))
	head.Close()
	d.canvas.Fill(head)
}

func (d painter) box(b *box) {
	d.outline(b, roundCorner)
	for i, t := range b.texts {
		x, y := b.baseline(i)
		if t.key != "" {
			d.text(grey, x, y, t.key, t.style)
			x += b.keys
		}
		tone := ink
		if t.style == styleKind {
			tone = grey
		}
		d.text(tone, x, y, t.value, t.style)
	}
}

func (d painter) text(tone color.Color, x, y float64, s string, st style) {
	d.canvas.SetColor(tone)
	d.canvas.FillString(face(st, fontSizes[st]), d.at(point{x, y}), s)
}

// outline draws a box without its texts.
func (d painter) outline(b *box, round float64) {
	frame := d.frame(b, round)
	d.canvas.SetColor(b.fill())
	d.canvas.Fill(frame)
	line, thick := b.line()
	d.canvas.SetColor(line)
	d.canvas.SetLineWidth(points(thick))
	if b.class == classMove {
		d.canvas.SetLineDash([]vg.Length{points(5), points(3)}, 0)
	}
	d.canvas.Stroke(frame)
	d.canvas.SetLineDash(nil, 0)
}

// frame is the outline of a box with round corners.
func (d painter) frame(b *box, r float64) vg.Path {
	var way vg.Path
	way.Move(d.at(point{b.x + r, b.y}))
	corner := func(x, y, start float64) {
		way.Arc(d.at(point{x, y}), points(r), start, -math.Pi/2)
	}
	corner(b.x+b.w-r, b.y+r, math.Pi/2)
	corner(b.x+b.w-r, b.y+b.h-r, 0)
	corner(b.x+r, b.y+b.h-r, -math.Pi/2)
	corner(b.x+r, b.y+r, math.Pi)
	way.Close()
	return way
}

func (b *box) fill() color.Color {
	switch b.class {
	case classEnd:
		return color.NRGBA{0xee, 0xf1, 0xf4, 0xff}
	case classWeight:
		return color.NRGBA{0xe3, 0xf0, 0xf6, 0xff}
	}
	return color.White
}

func (b *box) line() (tone color.Color, thick float64) {
	switch {
	case b.mark == MarkBad:
		return badLine, 2.4
	case b.mark == MarkWarn:
		return warnLine, 2.4
	case b.class == classWeight:
		return color.NRGBA{0x2b, 0x6f, 0x8f, 0xff}, 1.2
	}
	return grey, 1.2
}
