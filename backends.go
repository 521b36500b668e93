package hlsgo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/ir"
)

// Backend is one HLS tool; [codegen.Backend] explains its parts.
type Backend = codegen.Backend

// AddBackend adds a tool. A name taken already, whatever its case, is an error that names both plugins,
// unless that tool cannot generate: the new one then takes its place.
func (r *Registry) AddBackend(b Backend) error {
	if err := b.Check(); err != nil {
		return err
	}
	i := slices.IndexFunc(r.backends, func(o Backend) bool { return strings.EqualFold(o.Name, b.Name) })
	if i >= 0 && r.backends[i].Missing != "" && b.Missing == "" {
		r.backends[i] = b
		r.owner["backend "+b.Name] = r.plugin
		return nil
	}
	if i >= 0 {
		return r.claim("backend", r.backends[i].Name)
	}
	r.backends = append(r.backends, b)
	return r.claim("backend", b.Name)
}

// working lists the tools that can generate.
func (r *Registry) working() []Backend {
	return slices.DeleteFunc(slices.Clone(r.backends), func(b Backend) bool { return b.Missing != "" })
}

// predicting lists the tools that predict: those that generate, and those that lack nothing but projects.
func (r *Registry) predicting() []Backend {
	return slices.DeleteFunc(slices.Clone(r.backends), func(b Backend) bool { return b.Flow == nil })
}

// dialects lists those of the tools that can generate.
func (r *Registry) dialects() []codegen.Dialect {
	var out []codegen.Dialect
	for _, b := range r.working() {
		if !slices.Contains(out, b.Dialect) {
			out = append(out, b.Dialect)
		}
	}
	return out
}

// StartConfig returns a whole configuration to start from for a backend of hls4ml ("" means the first), with
// hls in the place of HLSConfig, and behind it the keys of source, each before its file; see config.Start.
// Backends that cannot generate yet have one too.
func StartConfig(backend string, o config.StartOptions, hls *ir.Tree, source ...string) (*ir.Tree, error) {
	all := Backends()
	if backend == "" {
		backend = all[0].Name
	}
	b, ok := backendNamed(all, backend)
	if !ok {
		return nil, fmt.Errorf("backend %q: got no keys to start from, want one of %s", backend,
			strings.Join(names(all), ", "))
	}
	return config.Start(ofConfig(b), o, hls, source...), nil
}

// ofConfig is what configurations must know of a backend.
func ofConfig(b codegen.Backend) config.Backend {
	return config.Backend{Tool: b.Tool, Start: b.Start, Keys: b.Keys}
}

func ofConfigs(list []codegen.Backend) []config.Backend {
	out := make([]config.Backend, len(list))
	for i, b := range list {
		out[i] = ofConfig(b)
	}
	return out
}

// backendNamed finds a backend by name, without regard to case as hls4ml does.
func backendNamed(list []codegen.Backend, name string) (codegen.Backend, bool) {
	for _, b := range list {
		if strings.EqualFold(b.Name, name) {
			return b, true
		}
	}
	return codegen.Backend{}, false
}

func names(list []codegen.Backend) []string {
	out := make([]string, len(list))
	for i, b := range list {
		out[i] = b.Name
	}
	return out
}
