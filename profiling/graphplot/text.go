package graphplot

import (
	"strings"
	"sync"
	"unicode"

	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
)

// style is how a text looks.
type style int

const (
	styleTitle style = iota
	styleKind
	styleRow
	styleHead // the title of the picture
)

// sizes are the heights of the styles in pixels.
var fontSizes = [...]float64{styleTitle: 13, styleKind: 12, styleRow: 12, styleHead: 17}

// fonts holds Liberation Sans, as wide as Arial and Helvetica in every letter: what is measured here fits in
// browsers that have any of the three.
var fonts = sync.OnceValue(func() *font.Cache { return font.NewCache(liberation.Collection()) })

// face is the font of a style, px pixels of 1/96 inch high.
func face(s style, px float64) font.Face {
	f := font.Font{Typeface: "Liberation", Variant: "Sans"}
	if s == styleTitle || s == styleHead {
		f.Weight = stdfont.WeightBold
	}
	return fonts().Lookup(f, font.Points(px*pointsPerPixel))
}

const pointsPerPixel = 0.75

// width is the length of a text in pixels.
func width(s string, st style) float64 {
	f := face(st, fontSizes[st])
	known := strings.Map(func(r rune) rune {
		if foreign(r) {
			return -1
		}
		return r
	}, s)
	others := len([]rune(s)) - len([]rune(known))
	return f.Width(known).Points()/pointsPerPixel + float64(others)*fontSizes[st]
}

// foreign letters are not in the font. Whatever draws them takes about a square for each.
func foreign(r rune) bool { return r >= 0x2e80 }

// wrap breaks a text into lines of at most limit pixels, behind a character that ends a word where there is
// one in the second half of the line.
func wrap(s string, st style, limit float64) []string {
	s = strings.Map(func(r rune) rune {
		// XML allows few of them, and a name with one in it would make the whole picture unreadable.
		if unicode.IsControl(r) {
			return '\ufffd'
		}
		return r
	}, s)
	var lines []string
	rest := []rune(s)
	for len(rest) > 1 && width(string(rest), st) > limit {
		n := fitting(rest, st, limit)
		lines = append(lines, string(rest[:n]))
		rest = rest[n:]
	}
	return append(lines, string(rest))
}

// fitting is the number of letters of the first line.
func fitting(s []rune, st style, limit float64) int {
	lo, hi := 1, len(s) // lo fits, hi does not
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; width(string(s[:mid]), st) <= limit {
			lo = mid
		} else {
			hi = mid
		}
	}
	for n := lo; n > lo/2; n-- {
		if strings.ContainsRune(" _/.,-:", s[n-1]) {
			return n
		}
	}
	return lo
}
