// Package pdf is a canvas for pictures of the Portable Document Format, with letters of every font and
// script.
package pdf

import (
	"fmt"
	"os"

	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"
)

// canvas draws as shapes what its library cannot write: it keeps the letters of one font only, and takes
// all bytes for letters of one code page.
type canvas struct{ *vgpdf.Canvas }

// New opens a canvas of a page of the size.
func New(width, height vg.Length) (vg.CanvasWriterTo, error) {
	// The library passes fonts through temporary files, and panics where it cannot.
	dir, err := os.MkdirTemp("", "hlsgo-pdf-")
	if err != nil {
		return nil, fmt.Errorf("picture format \"pdf\": no temporary files: %w", err)
	}
	// The folder was only to find out; the error comes before the panic would.
	if err := os.Remove(dir); err != nil {
		return nil, err
	}
	return canvas{vgpdf.New(width, height)}, nil
}

// FillString writes a text from a point of its base line on.
func (c canvas) FillString(f font.Face, at vg.Point, s string) {
	if f.Font.Weight == xfont.WeightNormal && ascii(s) {
		c.Canvas.FillString(f, at, s)
		return
	}
	var buf sfnt.Buffer
	em := fixed.I(int(f.Face.UnitsPerEm()))
	scale := f.Font.Size / vg.Length(em)
	var before sfnt.GlyphIndex
	for i, r := range s {
		// Letters that are not in the font are its sign for them; without kerning they stand apart as they are.
		letter, _ := f.Face.GlyphIndex(&buf, r)
		if i > 0 {
			if kern, err := f.Face.Kern(&buf, before, letter, em, xfont.HintingNone); err == nil {
				at.X += vg.Length(kern) * scale
			}
		}
		c.letter(f, &buf, letter, at, scale)
		if advance, err := f.Face.GlyphAdvance(&buf, letter, em, xfont.HintingNone); err == nil {
			at.X += vg.Length(advance) * scale
		}
		before = letter
	}
}

// letter fills the outlines of a letter.
func (c canvas) letter(
	f font.Face, buf *sfnt.Buffer, letter sfnt.GlyphIndex, at vg.Point, scale vg.Length,
) {
	outlines, err := f.Face.LoadGlyph(buf, letter, fixed.I(int(f.Face.UnitsPerEm())), nil)
	if err != nil || len(outlines) == 0 {
		return
	}
	point := func(p fixed.Point26_6) vg.Point {
		return vg.Point{X: at.X + vg.Length(p.X)*scale, Y: at.Y - vg.Length(p.Y)*scale}
	}
	var way vg.Path
	for i, s := range outlines {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				way.Close()
			}
			way.Move(point(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			way.Line(point(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			way.QuadTo(point(s.Args[0]), point(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			way.CubeTo(point(s.Args[0]), point(s.Args[1]), point(s.Args[2]))
		}
	}
	way.Close()
	c.Fill(way)
}

// ascii tells what the library writes as text, which a reader of the file can then search and copy.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
