package hlsgo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Backend is one HLS tool.
type Backend struct {
	codegen.Backend        // its name, dialect and projects
	Doc             string // one line
	// Flow makes a parsed network ready for the tool; it requires all flows before it.
	Flow *ir.Flow
}

// Registry collects what plugins bring; see Plugin.
type Registry struct {
	layers   *layers.Registry
	backends []Backend
	readers  []reader
	handlers []handlers
	plugin   string            // whose Setup runs
	owner    map[string]string // `backend "vitis"` -> the plugin that added it; readers and passes likewise
}

func newRegistry() *Registry {
	return &Registry{layers: layers.NewRegistry(), owner: map[string]string{}}
}

// claim makes the plugin whose Setup runs the owner of a name. One that has an owner already is an error that
// names both: whoever puts two plugins together must see which of them to leave out.
func (r *Registry) claim(what, name string) error {
	key := what + " " + name
	if by, ok := r.owner[key]; ok {
		return fmt.Errorf("%s %q: registered twice: got it from %q, already from %q", what, name, r.plugin, by)
	}
	r.owner[key] = r.plugin
	return nil
}

// AddLayer adds layer kinds.
func (r *Registry) AddLayer(defs ...layers.Def) error { return r.layers.AddLayer(r.plugin, defs...) }

// AddBackend adds a tool. A name taken already, whatever its case, is an error that names both plugins.
func (r *Registry) AddBackend(b Backend) error {
	if old, ok := r.backend(b.Name()); ok {
		return r.claim("backend", old.Name())
	}
	if err := r.claim("backend", b.Name()); err != nil {
		return err
	}
	r.backends = append(r.backends, b)
	return nil
}

// AddPass puts a pass behind the pass called after, or first in the flow when after is empty, in every
// backend's flow called flow. The built-in tables are values, so other toolkits do not see it. A plugin may
// put a pass into several flows; the name of another plugin's pass is an error that names both.
func (r *Registry) AddPass(flow, after string, p ir.Pass) error {
	if by := r.passOwner(p.Name); by != "" && by != r.plugin {
		return fmt.Errorf("pass %q: registered twice: got it from %q, already from %q", p.Name, r.plugin, by)
	}
	r.owner["pass "+p.Name] = r.plugin
	found := false
	for i := range r.backends {
		f, ok, err := withPass(r.backends[i].Flow, flow, after, p)
		if err != nil {
			return err
		}
		r.backends[i].Flow = f
		found = found || ok
	}
	if !found {
		return fmt.Errorf("pass %q: got flow %q, want one of %s", p.Name, flow, strings.Join(r.flowNames(), ", "))
	}
	return nil
}

// passOwner is the plugin that a pass comes from; "" where there is none of the name.
func (r *Registry) passOwner(name string) string {
	if by, ok := r.owner["pass "+name]; ok {
		return by
	}
	for _, b := range r.backends {
		for _, f := range flowsOf(b.Flow) {
			if slices.ContainsFunc(f.Passes, func(p ir.Pass) bool { return p.Name == name }) {
				return r.owner["backend "+b.Name()]
			}
		}
	}
	return ""
}

// withPass returns a copy of the flow, and of those it requires, with p in the one called name.
func withPass(f *ir.Flow, name, after string, p ir.Pass) (*ir.Flow, bool, error) {
	out := &ir.Flow{Name: f.Name, Passes: slices.Clone(f.Passes)}
	found := f.Name == name
	if found {
		at := 0
		if after != "" {
			at = 1 + slices.IndexFunc(f.Passes, func(q ir.Pass) bool { return q.Name == after })
			if at == 0 {
				return nil, false, fmt.Errorf("pass %q: got no pass %q in flow %q, want one of them", p.Name, after, name)
			}
		}
		out.Passes = slices.Insert(out.Passes, at, p)
	}
	for _, r := range f.Requires {
		c, ok, err := withPass(r, name, after, p)
		if err != nil {
			return nil, false, err
		}
		out.Requires = append(out.Requires, c)
		found = found || ok
	}
	return out, found, nil
}

// backend finds a tool by name, without regard to case as hls4ml does.
func (r *Registry) backend(name string) (Backend, bool) {
	for _, b := range r.backends {
		if strings.EqualFold(b.Name(), name) {
			return b, true
		}
	}
	return Backend{}, false
}

// flows lists every flow once, required ones first.
func (r *Registry) flows() []*ir.Flow {
	var roots []*ir.Flow
	for _, b := range r.backends {
		roots = append(roots, b.Flow)
	}
	return flowsOf(roots...)
}

// flowsOf lists the flows and those that they require, each once by its name, required ones first.
func flowsOf(roots ...*ir.Flow) []*ir.Flow {
	var out []*ir.Flow
	var visit func(f *ir.Flow)
	visit = func(f *ir.Flow) {
		if slices.ContainsFunc(out, func(g *ir.Flow) bool { return g.Name == f.Name }) {
			return
		}
		for _, q := range f.Requires {
			visit(q)
		}
		out = append(out, f)
	}
	for _, f := range roots {
		visit(f)
	}
	return out
}

func (r *Registry) flowNames() []string {
	var names []string
	for _, f := range r.flows() {
		names = append(names, f.Name)
	}
	return names
}
