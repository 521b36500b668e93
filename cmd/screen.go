package cmd

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// A screen stands before what may be a terminal. Names and texts come from files that nobody has checked,
// and a terminal obeys control characters: all but line ends and tabs are written as \u001b, which in JSON
// means the same. It is the one way by which commands print.
type screen struct {
	terminal
	prose  bool // words for people: a terminal shows them folded, and the program's name in colour
	mu     sync.Mutex
	w      io.Writer
	rest   []byte // the start of a character whose end comes with the next Write
	closed bool
}

// newScreen stands before a stream.
func newScreen(w io.Writer, prose bool) *screen {
	return &screen{terminal: terminalOf(w), prose: prose, w: w}
}

// Write implements io.Writer.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return len(p), nil
	}
	if len(s.rest) == 0 && plain(p) && !(s.prose && s.width > 0) {
		return s.w.Write(p)
	}
	text := append(s.rest, p...)
	end := len(text) - incomplete(text)
	s.rest = append([]byte(nil), text[end:]...)
	if _, err := io.WriteString(s.w, s.words(visible(string(text[:end]), "\n\t"))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// words folds and colours what people read. Every message is written whole, and its lines begin with the
// program's name.
func (s *screen) words(text string) string {
	if !s.prose || s.width < 1 {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		line = strings.Join(fold(line, s.width, hangingIndent), "\n")
		for _, p := range []struct {
			prefix string
			style  style
		}{{"hlsgo: warning:", doubtful}, {"hlsgo:", bad}} {
			if rest, ok := strings.CutPrefix(line, p.prefix); ok {
				line = s.paint(p.prefix, p.style) + rest
				break
			}
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}

// finished writes a text that holds escape codes of hlsgo's own, and nothing of a file's.
func (s *screen) finished(text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	_, err := io.WriteString(s.w, text)
	return err
}

// close writes what is left; what comes later goes nowhere.
func (s *screen) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.rest) > 0 && !s.closed {
		_, _ = io.WriteString(s.w, visible(string(s.rest), ""))
	}
	s.closed = true
}

// plain reports whether nothing in p needs a look.
func plain(p []byte) bool {
	for _, c := range p {
		if c < ' ' && c != '\n' && c != '\t' || c > '~' {
			return false
		}
	}
	return true
}

// incomplete counts the bytes at the end of p that may be the start of a character.
func incomplete(p []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(p); n++ {
		if c := p[len(p)-n]; utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(p[len(p)-n:]) {
				return n
			}
			break
		}
	}
	return 0
}

// visible writes what a terminal would obey, but for the characters in keep, as \u001b. Bytes that are no
// UTF-8 become the character that stands for them.
func visible(s, keep string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case !obeyed(r) || strings.ContainsRune(keep, r):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// obeyed tells the characters that move, colour or turn round what is on a line, or end it.
func obeyed(r rune) bool {
	switch {
	case unicode.IsControl(r), r == '\u2028', r == '\u2029':
		return true
	case r == '\u061c', r == '\u200e', r == '\u200f':
		return true
	}
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

const (
	longestLine = 1000 // bytes of a message on one line
	longestCell = 600  // of a cell of a table
)

// oneLine makes one line of a text that may hold names of any length and kind. Of a long one the start and
// the end are kept: messages end in what was wanted.
func oneLine(s string, longest int) string {
	if len(s) > longest {
		start, end := s[:longest*2/3], s[len(s)-longest/3:]
		start, end = strings.ToValidUTF8(start, ""), strings.ToValidUTF8(end, "")
		s = fmt.Sprintf("%s ... (%d bytes left out) ... %s", start, len(s)-len(start)-len(end), end)
	}
	return visible(s, "")
}
