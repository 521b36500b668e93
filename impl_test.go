package hlsgo_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// TestEveryKindInEveryDialect wants of every kind, for every dialect whose tools can generate, kernel and C++
// or a reason. Backends that cannot generate yet give one reason for all kinds.
func TestEveryKindInEveryDialect(t *testing.T) {
	works := 0
	for _, b := range hlsgo.Backends() {
		for _, d := range hlsgo.Builtins() {
			switch {
			case d.Works(b.Dialect):
				assert.Empty(t, d.WhyNot(b.Dialect), "%s, %s: works, and has a reason why not", d.Kind, b.Dialect)
				works++
			case b.Missing == "":
				assert.NotEmpty(t, d.WhyNot(b.Dialect), "%s, %s: no kernel, C++ or reason", d.Kind, b.Dialect)
			}
		}
	}
	assert.Greater(t, works, 80)
}

// TestCapabilities wants what layers ask for to be known, and that some backend has it and, but for the
// first, another has not: else it tells no tools apart.
func TestCapabilities(t *testing.T) {
	asked := func(d layers.Def) []ir.Capability {
		var out []ir.Capability
		for _, o := range d.Options {
			out = append(out, o.Needs)
		}
		for _, i := range d.Impl {
			for _, o := range i.Options {
				out = append(out, o.Needs)
			}
			for _, l := range i.Limits {
				out = append(out, l.Needs, l.Lacks)
			}
		}
		return out
	}
	for _, d := range hlsgo.Builtins() {
		for _, c := range asked(d) {
			assert.True(t, c == "" || slices.Contains(layers.Known(), c), "%s: capability %q: unknown", d.Kind, c)
		}
	}
	for _, c := range layers.Known() {
		var have, lack int
		for _, b := range hlsgo.Backends() {
			if b.Has(c) {
				have++
			} else {
				lack++
			}
		}
		assert.Positive(t, have, c)
		assert.True(t, lack > 0 || c == layers.FixedPoint, c)
	}
}
