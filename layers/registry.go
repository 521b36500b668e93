package layers

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// Registry holds layer kinds. It is a value that its owner fills; there is no global one.
type Registry struct {
	defs  map[string]*Def
	owner map[string]string // kind -> plugin that added it
}

// NewRegistry returns an empty registry.
func NewRegistry() *Registry {
	return &Registry{defs: map[string]*Def{}, owner: map[string]string{}}
}

// AddLayer registers kinds under the name of the plugin that brings them. A kind registered twice is an
// error that names both.
func (r *Registry) AddLayer(plugin string, defs ...Def) error {
	for _, d := range defs {
		if by, ok := r.owner[d.Kind]; ok {
			return fmt.Errorf("layer %q: registered twice: got it from %q, already from %q", d.Kind, plugin, by)
		}
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
		Name: d.Kind, NewAttrs: d.Attrs, Constant: d.Constant, Options: d.options, Types: d.Types, Init: d.Init,
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

// base lists the attributes that every layer has, before its own. Mirrors Layer._expected_attributes.
var base = []ir.Option{
	{Name: "index"},
	{Name: "trace", Class: ir.Configurable, Default: false},
	{Name: "result_t", Class: ir.TypeOption, Default: fixed.Auto},
}

// options lists the attributes that the backend knows of the kind.
func (d *Def) options(backend string) []ir.Option {
	out := slices.Clone(base)
	for _, o := range d.Options {
		if len(o.Backends) == 0 || slices.Contains(o.Backends, backend) {
			out = append(out, o)
		}
	}
	return out
}
