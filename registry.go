package hlsgo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/frontend"
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
	readers  []frontend.Reader
	plugin   string // whose Setup runs
}

func newRegistry() *Registry { return &Registry{layers: layers.NewRegistry()} }

// AddLayer adds layer kinds.
func (r *Registry) AddLayer(defs ...layers.Def) error { return r.layers.AddLayer(r.plugin, defs...) }

// AddBackend adds a tool. A name taken already is an error.
func (r *Registry) AddBackend(b Backend) error {
	if _, ok := r.backend(b.Name()); ok {
		return fmt.Errorf("backend %q: registered twice: got it again, want another name", b.Name())
	}
	r.backends = append(r.backends, b)
	return nil
}

// AddReader adds a front end. A configuration key taken already is an error.
func (r *Registry) AddReader(f frontend.Reader) error {
	for _, key := range f.Keys() {
		for _, other := range r.readers {
			if slices.Contains(other.Keys(), key) {
				return fmt.Errorf("front end: key %q: registered twice: got it again, want another key", key)
			}
		}
	}
	r.readers = append(r.readers, f)
	return nil
}

// AddPass puts a pass behind the pass called after, or first in the flow when after is empty, in every
// backend's flow called flow. The built-in tables are values, so other toolkits do not see it.
func (r *Registry) AddPass(flow, after string, p ir.Pass) error {
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
	for _, b := range r.backends {
		visit(b.Flow)
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
