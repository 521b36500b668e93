package build

import (
	"fmt"
	"strings"
)

// Unsupported is one layer that cannot be converted.
type Unsupported struct {
	Name   string // with the names of the models around it: "inner/fc1"
	Class  string
	Reason string // what is wrong, and what to do
}

// UnsupportedError lists everything in a model that cannot be converted: whoever must change a model wants to
// know all of it before the first change.
type UnsupportedError struct {
	File   string
	Layers []Unsupported
}

// Error has one line per layer behind a line that counts them.
func (e *UnsupportedError) Error() string { return strings.Join(e.Lines(), "\n") }

// Lines are those of Error. Whoever prints them can tell them from line ends that the file's own names hold.
func (e *UnsupportedError) Lines() []string {
	noun := "layers"
	if len(e.Layers) == 1 {
		noun = "layer"
	}
	lines := []string{fmt.Sprintf("%s: %d %s cannot be converted:", e.File, len(e.Layers), noun)}
	for _, l := range e.Layers {
		lines = append(lines, fmt.Sprintf("  %s %q: %s", l.Class, l.Name, l.Reason))
	}
	return lines
}
