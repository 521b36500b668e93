package ir

import (
	"fmt"
	"slices"
)

// Position is a place in a flow for a further pass. The zero value is the first.
type Position struct {
	pass  string // the neighbour; "" for the ends
	after bool
}

// First is the place before all passes of a flow.
func First() Position { return Position{} }

// Last is the place behind all passes of a flow.
func Last() Position { return Position{after: true} }

// Before is the place before the first pass of that name.
func Before(pass string) Position { return Position{pass: pass} }

// After is the place behind the last pass of that name.
func After(pass string) Position { return Position{pass: pass, after: true} }

// index is where in the list a pass at the position goes; false where the neighbour is not there.
func (at Position) index(list []Pass) (int, bool) {
	switch {
	case at.pass == "" && at.after:
		return len(list), true
	case at.pass == "":
		return 0, true
	}
	found := -1
	for i, p := range list {
		if p.Name == at.pass && (at.after || found < 0) {
			found = i
		}
	}
	if found >= 0 && at.after {
		return found + 1, true
	}
	return found, found >= 0
}

// With returns a copy of f, and of the flows it requires, with p in the one called flow; nil when there is
// none of that name. A flow looks at its passes by name, so that one it has already is an error.
func (f *Flow) With(flow string, at Position, p Pass) (*Flow, error) {
	out := &Flow{Name: f.Name, Requires: slices.Clone(f.Requires), Passes: slices.Clone(f.Passes)}
	found := f.Name == flow
	if found {
		i, ok := at.index(f.Passes)
		if !ok {
			return nil, fmt.Errorf("pass %q: got no pass %q in flow %q, want one of them", p.Name, at.pass, flow)
		}
		if slices.ContainsFunc(f.Passes, func(q Pass) bool { return q.Name == p.Name }) {
			return nil, fmt.Errorf("pass %q: got it twice for flow %q, want it once", p.Name, flow)
		}
		out.Passes = slices.Insert(out.Passes, i, p)
	}
	for i, q := range f.Requires {
		c, err := q.With(flow, at, p)
		if err != nil {
			return nil, err
		}
		if c != nil {
			out.Requires[i], found = c, true
		}
	}
	if !found {
		return nil, nil
	}
	return out, nil
}
