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
		d.Impl = maps.Clone(d.Impl)
		for dialect, impl := range d.Impl {
			d.Impl[dialect] = impl.fresh()
		}
	}
	return out
}

func (i Impl) fresh() Impl {
	i.Options, i.Strategies = slices.Clone(i.Options), slices.Clone(i.Strategies)
	i.Limits = slices.Clone(i.Limits)
	return i
}
