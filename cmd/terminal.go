package cmd

import (
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"
)

const (
	usualWidth    = 80 // of a terminal that does not say how wide it is
	narrowest     = 20 // what is narrower is taken for this wide: nothing can be read on it
	hangingIndent = "  "
)

// A terminal is what must be known of the place that a stream leads to.
type terminal struct {
	width  int // columns; 0: a file or a pipe, where nothing is folded
	colour bool
}

// A style is how a text stands out, as the parameters of the terminal's escape code. There are three, since
// of the eight colours that every terminal has, red and magenta alone are read on black and on white.
type style string

const (
	unstyled style = ""
	heading  style = "1"    // bold
	bad      style = "1;31" // bold red
	doubtful style = "35"   // magenta
)

// terminalOf asks a stream where it leads.
func terminalOf(w io.Writer) terminal {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return terminal{}
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width < 1 {
		if width, err = strconv.Atoi(os.Getenv("COLUMNS")); err != nil || width < 1 {
			width = usualWidth
		}
	}
	return terminal{max(width, narrowest), wantsColour() && obeysCodes(f)}
}

// wantsColour goes by the habits of no-color.org and of terminals that only print.
func wantsColour() bool {
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// paint writes s in a style, where colours are wanted. An escape code never spans lines: pagers show each
// line by itself.
func (t terminal) paint(s string, as style) string {
	if !t.colour || as == unstyled || strings.TrimSpace(s) == "" {
		return s
	}
	return "\x1b[" + string(as) + "m" + s + "\x1b[0m"
}

// fold breaks a line between words so that its parts are at most width wide, where no word is wider; a width
// of 0 leaves it whole. What follows the first part begins with indent.
func fold(line string, width int, indent string) []string {
	if width < 1 || displayWidth(line) <= width {
		return []string{line}
	}
	var parts []string
	rest := strings.TrimLeft(line, " ")
	part := line[:len(line)-len(rest)]
	indent = part + indent
	empty := true
	for _, word := range words(rest) {
		if !empty && displayWidth(part)+1+displayWidth(word) > width {
			parts, part, empty = append(parts, part), indent, true
		}
		if !empty {
			part += " "
		}
		part, empty = part+word, false
	}
	return append(parts, part)
}

// words splits a line at its blanks; a number stays with its unit.
func words(line string) []string {
	var out []string
	for _, word := range strings.Fields(line) {
		if n := len(out); n > 0 && strings.HasPrefix(word, "%") {
			out[n-1] += " " + word
			continue
		}
		out = append(out, word)
	}
	return out
}

// displayWidth is how many columns a text takes.
func displayWidth(s string) int { return text.StringWidthWithoutEscSequences(s) }
