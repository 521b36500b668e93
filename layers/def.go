// Package layers holds what a layer kind is: one Def with all its facets, and the Registry that finds them.
//
// It sits above sim and codegen because a Def carries the kernel and the C++ of its kind side by side: they
// are one fact written twice. Built-in layers, extensions and plugins all enter through Registry.AddLayer.
package layers

import (
	"cmp"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// Def is one layer kind.
type Def struct {
	// Kind is hls4ml's IR class, such as "Dense".
	Kind string
	// Doc is one line for `hlsgo layers`.
	Doc string
	// Traits says what passes that are not about this kind alone must know of it.
	Traits Trait
	// Attrs returns a pointer to a fresh attribute struct with defaults; see ir.Fields for its tags.
	Attrs func() any
	// Constant marks a kind that reads no tensor: its values are in its attributes and weights.
	Constant bool
	// Options lists the expected attributes in hls4ml's order, without those every layer has (index, trace,
	// result_t). The order and defaults are what generated configurations show.
	Options []ir.Option
	// Types gives the types that generated configurations show, where they depend on the layer; see ir.Kind.
	Types func(l *ir.Layer, reuseFactor int) (*ir.Tree, error)
	// Init fills shapes, output variables and weights of a new node. Mirrors Layer.initialize.
	Init func(n *ir.Node, data ir.Data) error
	// Infer resolves the types that are still auto, from the input types; nil: they take the model's default.
	// Mirrors the rule of the kind in hls4ml's infer_precision.py.
	Infer func(n *ir.Node, env InferEnv) error
	// Bits is the kind's part in bit-exact propagation.
	Bits Bits
	// Rewrites are the steps of the flows that are about this kind alone.
	Rewrites []Rewrite
	// Ref computes the float reference of one layer as the framework defines it.
	Ref RefFunc
	// Impl holds, per dialect, what belongs to its tools; Registry.AddImpl adds further dialects.
	Impl map[codegen.Dialect]Impl
	// Missing says why no dialect needs kernel and C++ of the kind, such as that a pass replaces it; "": each
	// dialect does.
	Missing string
}

// Impl is a layer kind in one dialect: what its tools show, decide and refuse, and what the firmware
// computes, twice.
type Impl struct {
	// Options lists attributes that the dialect adds, behind Def.Options.
	Options []ir.Option
	// State returns a pointer to a fresh struct of what the dialect's tools keep of a node beside its
	// attributes, such as how weights are stored, with defaults and tags as those of Def.Attrs; nil: nothing.
	// See ir.Node.
	State func() any
	// Setup applies the backend's initializer (strategy, reuse factor, partitions); nil: nothing beyond the
	// base layer's. Mirrors the init_* optimizers of the backends.
	Setup func(n *ir.Node) error
	// Strategies lists the strategies that the kind has code for, as Node.Strategy has them; none: it multiplies
	// by no matrix.
	Strategies []ir.Strategy
	// Limits lists where the code does not work. Tests hold them against what is refused.
	Limits []Limit
	// Constants lists the objects that the kind's configuration struct defines outside of it, in order; nil:
	// none. They take part in where weights stand in memory.
	Constants func(n *ir.Node) []Array

	Kernel sim.Kernel
	Emit   codegen.Emitter
	// Missing says why the dialect has no Kernel or no Emit; "" where it has both.
	Missing string
}

// Works reports whether the dialect has kernel and C++ of the kind.
func (d *Def) Works(dialect codegen.Dialect) bool {
	i, ok := d.Impl[dialect]
	return ok && i.Kernel.Complete() && i.Emit.Emit != nil
}

// WhyNot gives the reason why a dialect has no kernel or no C++ of the kind; "" where none is known.
func (d *Def) WhyNot(dialect codegen.Dialect) string {
	return cmp.Or(d.Impl[dialect].Missing, d.Missing)
}

// Limit is a place where a kind does not work: tools, an io type, a strategy, a setting, or several at once.
type Limit struct {
	Needs    ir.Capability // it concerns tools that have this alone; "": all
	Lacks    ir.Capability // it concerns tools that do not have this alone; "": all
	IOType   ir.IOType     // "": both
	Strategy ir.Strategy   // "": all
	// Setting is what of the layer does not work; "": nothing does.
	Setting string
	Why     string // the reason, and what works instead
}

// Concerns reports whether the limit is one of the tool.
func (l Limit) Concerns(t ir.Tool) bool { return t.Has(l.Needs) && (l.Lacks == "" || !t.Has(l.Lacks)) }

// Without gives the reason why the kind does not work in a place, whatever its settings; "" where it does.
func (i Impl) Without(t ir.Tool, ioType ir.IOType, strategy ir.Strategy) string {
	for _, l := range i.Limits {
		if l.Setting == "" && l.Concerns(t) && (l.IOType == "" || l.IOType == ioType) &&
			(l.Strategy == "" || l.Strategy == strategy) {
			return l.Why
		}
	}
	return ""
}

// InferEnv is what a type rule may ask beyond its node.
type InferEnv struct {
	Default fixed.Format  // the model's default precision
	Max     *fixed.Format // the model's largest precision; nil: no limit
	// InferNoBias makes sums ignore a bias that is zero throughout, an option of hls4ml's pass.
	InferNoBias bool
}

// Cap limits width and integer bits, each on its own, to the model's largest precision.
func (e InferEnv) Cap(f fixed.Format) fixed.Format {
	if e.Max != nil {
		f.W, f.I = min(f.W, e.Max.W), min(f.I, e.Max.I)
	}
	return f
}

// RefFunc prepares the float reference of a node of the graph as parsed. The returned function computes one
// sample: in holds one slice per input, out the output, or all outputs one behind the other, channels-last in
// C order.
type RefFunc = sim.RefFunc
