package hlsgo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
)

// AddPass puts a pass at a place in every tool's flow called flow; see ir.First, Last, Before and After. The
// flows are the toolkit's own, so that others do not see it. A plugin may put a pass into several flows; the
// name of another plugin's pass is an error that names both.
func (r *Registry) AddPass(flow string, at ir.Position, p ir.Pass) error {
	if by := r.passOwner(p.Name); by != "" && by != r.plugin {
		return fmt.Errorf("pass %q: registered twice: got it from %q, already from %q", p.Name, r.plugin, by)
	}
	found := false
	for i, b := range r.backends {
		if b.Missing != "" {
			continue
		}
		f, err := b.Flow.With(flow, at, p)
		if err != nil {
			return err
		}
		if f != nil {
			r.backends[i].Flow, found = f, true
		}
	}
	if !found {
		return fmt.Errorf("pass %q: got flow %q, want one of %s", p.Name, flow, strings.Join(r.flowNames(), ", "))
	}
	r.owner["pass "+p.Name] = r.plugin
	return nil
}

// passOwner is the plugin that brought a pass, by itself or in a flow of a tool; "": nobody yet.
func (r *Registry) passOwner(name string) string {
	if by, ok := r.owner["pass "+name]; ok {
		return by
	}
	for _, b := range r.working() {
		for _, f := range ir.AllFlows(b.Flow) {
			if slices.ContainsFunc(f.Passes, func(p ir.Pass) bool { return p.Name == name }) {
				return r.owner["backend "+b.Name]
			}
		}
	}
	return ""
}

// flows lists every flow once, required ones first.
func (r *Registry) flows() []*ir.Flow {
	var out []*ir.Flow
	for _, b := range r.working() {
		out = append(out, b.Flow)
	}
	return ir.AllFlows(out...)
}

func (r *Registry) flowNames() []string {
	var names []string
	for _, f := range r.flows() {
		names = append(names, f.Name)
	}
	return names
}
