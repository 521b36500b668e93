package hlsgo

import (
	"fmt"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/layers"
)

// Registry collects what plugins bring; see Plugin.
type Registry struct {
	layers   *layers.Registry
	backends []Backend
	sources  map[codegen.Dialect]map[string][]byte // by the name with which code includes them
	readers  []reader
	handlers []handlers
	plugin   string            // whose Setup runs
	owner    map[string]string // `backend Vitis` -> the plugin that added it; readers, passes, sources likewise
}

func newRegistry() *Registry {
	return &Registry{
		layers: layers.NewRegistry(), owner: map[string]string{},
		sources: map[codegen.Dialect]map[string][]byte{},
	}
}

// claim makes the plugin whose Setup runs the owner of a name. One that has an owner already is an error
// that names both: whoever puts two plugins together must see which of them to leave out.
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

// AddImpl adds what belongs to the tools of a dialect to a kind that has it not. The dialect may be new.
func (r *Registry) AddImpl(kind string, dialect codegen.Dialect, i layers.Impl) error {
	return r.layers.AddImpl(r.plugin, kind, dialect, i)
}
