package ir

import (
	"errors"
	"fmt"
	"slices"
)

// Verify checks what must hold between any two passes: unique names, nodes after the ones they read, tensors
// that exist and have a variable, sizes that agree, weights that are as large as they say. All breaches are
// reported together.
func Verify(g *Graph, schema Schema) error {
	v := verifier{g: g, schema: schema, made: map[string]*Variable{"input": nil}, names: map[string]bool{}}
	for _, n := range g.Nodes {
		v.node(n)
	}
	v.ends()
	return errors.Join(v.errs...)
}

// VerifyResolved wants every type of the graph known, as after the last flow, and every weight a number: what
// is infinite or none is printed as no C++, and comes of divisions and overflows in passes.
func VerifyResolved(g *Graph) error {
	var errs []error
	for _, n := range g.Nodes {
		for _, role := range n.AutoRoles() {
			errs = append(errs, n.Errorf("type %s: got auto, want a resolved type", role))
		}
		for _, w := range n.Weights {
			bad := func(v float64) bool { return v-v != 0 } // infinite or none
			if i := slices.IndexFunc(w.Data.Data, bad); i >= 0 {
				errs = append(errs, n.Errorf("weight %q: got %v at flat index %d, want finite numbers",
					w.Role, w.Data.Data[i], i))
			}
		}
	}
	return errors.Join(errs...)
}

func (v *verifier) ends() {
	g := v.g
	for _, name := range g.Inputs {
		if n := g.Producer(name); n == nil || n.Kind != "Input" {
			v.errs = append(v.errs, fmt.Errorf("graph: input %q: got no Input node that makes it", name))
		}
	}
	if len(g.Outputs) == 0 {
		v.errs = append(v.errs, errors.New("graph: got no outputs, want at least one"))
	}
	for _, name := range g.Outputs {
		if v.made[name] == nil {
			v.errs = append(v.errs, fmt.Errorf("graph: output %q: got no node that makes it", name))
		}
	}
}

type verifier struct {
	g      *Graph
	schema Schema
	made   map[string]*Variable
	names  map[string]bool
	errs   []error
}

func (v *verifier) fail(n *Node, format string, args ...any) {
	v.errs = append(v.errs, n.Errorf(format, args...))
}

func (v *verifier) node(n *Node) {
	if v.names[n.Name] {
		v.fail(n, "the name is not unique")
	}
	v.names[n.Name] = true
	if _, ok := v.schema.Kind(n.Kind); !ok {
		v.fail(n, "unknown kind %s", n.Kind)
	}
	if n.graph != v.g {
		v.fail(n, "belongs to another graph")
	}
	if ix := v.g.indexed(); ix != nil && !ix.knows(n) {
		v.fail(n, "its name or tensors were changed by hand, want the methods of the graph")
	}
	for _, in := range n.Inputs {
		if _, ok := v.made[in]; !ok {
			v.fail(n, "reads %q, which no node before it makes", in)
		}
	}
	v.outputs(n)
	for _, w := range n.Weights {
		v.weight(n, w)
	}
}

func (v *verifier) outputs(n *Node) {
	if len(n.Outputs) == 0 || len(n.Vars) != len(n.Outputs) {
		v.fail(n, "got %d variables for %d outputs", len(n.Vars), len(n.Outputs))
		return
	}
	for i, name := range n.Outputs {
		out := n.Vars[i]
		if _, ok := v.made[name]; ok {
			v.fail(n, "makes %q, which a node before it makes too", name)
		}
		v.made[name] = out
		if v.g.vars[name] != out {
			v.fail(n, "its variable of %q is not the graph's", name)
		}
		if len(out.Shape) == 0 || slices.Min(out.Shape) < 1 {
			v.fail(n, "shape of %q: got %v, want positive axes", name, out.Shape)
		}
		if out.Type == nil || out.Name == "" {
			v.fail(n, "%q has no name or type", name)
		}
		if out.Alias != nil && (out.Alias.Size() != out.Size() || out.Alias.Type.Format != out.Type.Format) {
			v.fail(n, "%q stands in place of %s, which differs in size or type", name, out.Alias.Name)
		}
	}
}

func (v *verifier) weight(n *Node, w *Weight) {
	switch {
	case w.Data == nil || w.Unquantized == nil || w.Type == nil:
		v.fail(n, "weight %s lacks data or type", w.Role)
	case len(w.Data.Data) != Size(w.Data.Shape) || Size(w.declared()) != Size(w.Data.Shape):
		v.fail(n, "weight %s: got %d values, declared %v, stored as %v",
			w.Role, len(w.Data.Data), w.Shape, w.Data.Shape)
	}
}
