package layers

import (
	"maps"
	"slices"
)

// Fresh returns copies of kinds that share nothing a caller could write: whoever changes a kind of a family,
// to try another kernel in a test say, changes it for nobody else.
func Fresh(defs ...Def) []Def {
	out := slices.Clone(defs)
	for i := range out {
		d := &out[i]
		d.Options = slices.Clone(d.Options)
		d.Strategies, d.Limits = slices.Clone(d.Strategies), slices.Clone(d.Limits)
		d.Impl, d.Missing = maps.Clone(d.Impl), maps.Clone(d.Missing)
	}
	return out
}
