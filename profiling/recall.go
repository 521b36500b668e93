package profiling

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// What the layers of a large picture answer does not fit into memory at once. Experiments look at one layer
// after the other, so the models run again for some layers at a time.

// recall makes sure that what experiments with a layer need is there.
func (r *comparing) recall(layer string) error {
	if r.recalled == nil || r.recalled[layer] {
		return nil
	}
	r.fixed, r.float = map[string]*kept{}, map[string]*kept{} // before others take their place
	layers, needs := r.group(layer)
	g, err := r.lab.Fresh()
	if err != nil {
		return err
	}
	p, err := sim.CompileContext(r.ctx, g, r.lab.Kernels, sim.Options{})
	if err != nil {
		return err
	}
	if _, err := r.run(p, plan{double: r.double, keep: true, only: needs}); err != nil {
		return err
	}
	r.recalled = layers
	return nil
}

// group is a layer and as many of those examined as fit beside it, and all layers whose values they need.
func (r *comparing) group(layer string) (layers, needs map[string]bool) {
	layers, needs = map[string]bool{}, map[string]bool{}
	values := 0
	for _, name := range append([]string{layer}, r.examined...) {
		more := 0
		for _, of := range r.needs(name) {
			if !needs[of] {
				more += ir.Size(r.graph.Node(of).Vars[0].Shape)
			}
		}
		if layers[name] || len(layers) > 0 && values+more > r.held {
			continue
		}
		layers[name], values = true, values+more
		for _, of := range r.needs(name) {
			needs[of] = true
		}
	}
	return layers, needs
}

// needs lists the layers whose values an experiment with a layer takes: itself, and what it reads.
func (r *comparing) needs(layer string) []string {
	out := []string{layer}
	if slices.Contains(r.graph.Inputs, layer) {
		return out
	}
	for _, t := range r.graph.Node(layer).Inputs {
		if p := r.graph.Producer(t); p != nil {
			out = append(out, r.source(p.Name))
		}
	}
	return out
}

// traces reports whether a run tells what a layer answers.
func (r *comparing) traces(layer string) bool {
	is := func(t sim.Port) bool { return t.Name == layer }
	return slices.ContainsFunc(r.program.Traced, is) || slices.ContainsFunc(r.program.Inputs, is)
}
