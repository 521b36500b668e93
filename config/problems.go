package config

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Problem is one thing wrong in a configuration.
type Problem struct {
	Place string // "config.yml:12", or the flag it came from: "--set HLSConfig.Model.ReuseFactor"
	Text  string // "ReuseFactor: got 0, want 1 or more"
	line  int
}

// Error lists everything wrong in a configuration, in the order of the file, one line each.
type Error struct{ Problems []Problem }

// Error has one line per problem.
func (e *Error) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.Place + ": " + p.Text
	}
	return strings.Join(lines, "\n")
}

// findings collects the problems and warnings of one configuration, so that the user sees all at once.
type findings struct {
	file     string
	problems []Problem
	warnings []string
	warned   map[string]bool // the texts of warnings: one that stands in every layer is said once
	strict   bool            // names and keys that hls4ml passes over are problems, not warnings
	passed   int             // how many of them there were
}

// maxPassed bounds the names and keys without effect that are told one by one: a file may have thousands, and
// to look for the nearest known name takes time.
const maxPassed = 20

// place is a line of the file as messages name it; line 0 is the file as a whole.
func (f *findings) place(line int) string {
	if line > 0 {
		return fmt.Sprintf("%s:%d", f.file, line)
	}
	return f.file
}

func (f *findings) fail(line int, format string, args ...any) {
	f.problems = append(f.problems, Problem{f.place(line), fmt.Sprintf(format, args...), line})
}

// failAt is fail for a value, which may come from a flag.
func (f *findings) failAt(v *value, format string, args ...any) {
	if v.flag == "" {
		f.fail(v.line, format, args...)
		return
	}
	f.problems = append(f.problems, Problem{v.flag, fmt.Sprintf(format, args...), 0})
}

func (f *findings) warn(line int, format string, args ...any) {
	text := f.place(line) + ": " + fmt.Sprintf(format, args...)
	if f.warned[text] {
		return
	}
	if f.warned == nil {
		f.warned = map[string]bool{}
	}
	f.warned[text] = true
	f.warnings = append(f.warnings, text)
}

// passOver reports a name or a key that hls4ml takes without a word and without effect. In a file that is
// worth a warning, since configurations carry keys of other versions, of forks and of older networks; what a
// flag says is a mistake.
func (f *findings) passOver(at *value, text func() string) {
	if f.passed++; f.passed > maxPassed {
		return
	}
	if f.strict || at.line == 0 {
		f.failAt(at, "%s", text())
		return
	}
	f.warn(at.line, "%s", text())
}

// unknown reports a name or key that is not known where it stands, called name in messages; what says what is
// wrong.
func (f *findings) unknown(at *value, name, what string, hint func() string) {
	f.passOver(at, func() string {
		if !f.strict && at.line > 0 {
			what += ", without effect"
		}
		return name + ": " + what + hint()
	})
}

// rest says how many more names and keys were passed over than were told.
func (f *findings) rest() {
	more := f.passed - maxPassed
	switch {
	case more <= 0:
	case f.strict:
		text := fmt.Sprintf("%d more unknown names and keys", more)
		f.problems = append(f.problems, Problem{f.file, text, math.MaxInt}) // behind all others
	default:
		f.warn(0, "%d more names and keys are without effect", more)
	}
}

// err returns the problems as one *Error, sorted by line. What flags did comes first: it has line 0.
func (f *findings) err() error {
	if len(f.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(f.problems, func(a, b Problem) int { return cmp.Compare(a.line, b.line) })
	return &Error{f.problems}
}

// noEffect says of a key that hls4ml takes it and does nothing, and what to set for an effect.
func noEffect(instead string) string {
	const text = "has no effect in hls4ml 1.3.0"
	if instead == "" {
		return text
	}
	return text + "; set " + instead
}
