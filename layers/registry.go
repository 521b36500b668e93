package layers

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// Registry holds layer kinds. It is a value that its owner fills; there is no global one.
type Registry struct {
	defs  map[string]*Def
	owner map[string]string // kind, or kind and dialect -> plugin that added it
}

// NewRegistry returns an empty registry.
func NewRegistry() *Registry {
	return &Registry{defs: map[string]*Def{}, owner: map[string]string{}}
}

// AddImpl adds a dialect to a kind under the name of the plugin that brings it. A dialect that the kind has
// already is an error that names both.
func (r *Registry) AddImpl(plugin, kind string, dialect codegen.Dialect, i Impl) error {
	d, ok := r.defs[kind]
	if !ok {
		return fmt.Errorf("layer %q: dialect %q: unknown kind: got it from %q, want one that is registered before",
			kind, dialect, plugin)
	}
	if _, ok := d.Impl[dialect]; ok {
		by, ok := r.owner[kind+" "+string(dialect)]
		if !ok {
			by = r.owner[kind]
		}
		return fmt.Errorf("layer %q: dialect %q: registered twice: got it from %q, already from %q",
			kind, dialect, plugin, by)
	}
	if d.Impl == nil {
		d.Impl = map[codegen.Dialect]Impl{}
	}
	d.Impl[dialect] = i
	r.owner[kind+" "+string(dialect)] = plugin
	return nil
}

// AddLayer registers kinds under the name of the plugin that brings them. A kind registered twice is an
// error that names both.
func (r *Registry) AddLayer(plugin string, defs ...Def) error {
	for _, d := range defs {
		if by, ok := r.owner[d.Kind]; ok {
			return fmt.Errorf("layer %q: registered twice: got it from %q, already from %q", d.Kind, plugin, by)
		}
		d.Impl = maps.Clone(d.Impl) // AddImpl adds to it, and other registries hold the same Def
		r.defs[d.Kind], r.owner[d.Kind] = &d, plugin
	}
	return nil
}

// Def returns the kind.
func (r *Registry) Def(kind string) (*Def, bool) {
	d, ok := r.defs[kind]
	return d, ok
}

// DefOf finds the kind of n. Graphs whose schema is no registry have none.
func DefOf(n *ir.Node) (*Def, bool) {
	r, ok := n.Graph().Schema.(interface {
		Def(kind string) (*Def, bool)
	})
	if !ok {
		return nil, false
	}
	return r.Def(n.Kind)
}

// KindNames lists the kinds, sorted.
func (r *Registry) KindNames() []string {
	names := make([]string, 0, len(r.defs))
	for k := range r.defs {
		names = append(names, k)
	}
	slices.Sort(names)
	return names
}

// Kind implements ir.Schema.
func (r *Registry) Kind(name string) (*ir.Kind, bool) {
	d, ok := r.defs[name]
	if !ok {
		return nil, false
	}
	return &ir.Kind{
		Name: d.Kind, NewAttrs: d.Attrs, NewState: d.NewState, Constant: d.Constant,
		Options: d.options, Types: d.Types, Init: d.Init,
	}, true
}

// Ref implements sim.RefLookup.
func (r *Registry) Ref(kind string) (sim.RefFunc, bool) {
	d, ok := r.defs[kind]
	if !ok || d.Ref == nil {
		return nil, false
	}
	return d.Ref, true
}

// KeepsAxes implements sim.KeepsAxes.
func (r *Registry) KeepsAxes(n *ir.Node) bool { return KeepsAxes(n) }

// AsGiven implements sim.KeepsAxes: recurrent layers with gates count values and never look at the shape.
func (r *Registry) AsGiven(n *ir.Node) bool { return TraitsOf(n).Has(Gated) }

// For returns the registry as one dialect sees it: a sim.Lookup and a codegen.Emitters.
func (r *Registry) For(d codegen.Dialect) View { return View{r, d} }

// View is a Registry seen through one dialect.
type View struct {
	reg     *Registry
	dialect codegen.Dialect
}

// Kernel implements sim.Lookup.
func (v View) Kernel(kind string) (sim.Kernel, bool) {
	i, ok := v.impl(kind)
	return i.Kernel, ok && i.Kernel.Complete()
}

// Emitter implements codegen.Emitters.
func (v View) Emitter(kind string) (codegen.Emitter, bool) {
	i, ok := v.impl(kind)
	return i.Emit, ok && i.Emit.Emit != nil
}

func (v View) impl(kind string) (Impl, bool) {
	d, ok := v.reg.defs[kind]
	if !ok {
		return Impl{}, false
	}
	i, ok := d.Impl[v.dialect]
	return i, ok
}

// ImplOf is the kind of n in the dialect of the graph's tool; the zero Impl where there is none.
func ImplOf(n *ir.Node) Impl {
	d, ok := DefOf(n)
	if !ok {
		return Impl{}
	}
	return d.Impl[n.Graph().Config.Dialect]
}

// NewState returns what a tool keeps of a node of the kind; nil: nothing.
func (d *Def) NewState(t ir.Tool) any {
	if state := d.Impl[t.Dialect].State; state != nil {
		return state()
	}
	return nil
}

// base lists the attributes that every layer has, before its own. Mirrors Layer._expected_attributes.
var base = []ir.Option{
	{Name: "index"},
	{Name: "trace", Class: ir.Configurable, Default: false},
	{Name: "result_t", Class: ir.TypeOption, Default: fixed.Auto},
}

// options lists the attributes that a tool knows of the kind. What a dialect adds stands last, as in hls4ml,
// whose backends extend the lists of layers.
func (d *Def) options(t ir.Tool) []ir.Option {
	out := slices.Clone(base)
	for _, o := range slices.Concat(d.Options, d.Impl[t.Dialect].Options) {
		if t.Has(o.Needs) {
			out = append(out, o)
		}
	}
	return out
}
