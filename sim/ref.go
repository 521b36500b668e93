package sim

import (
	"errors"
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/ir"
)

// RefFunc prepares the float reference of a node; see layers.Def.
type RefFunc func(n *ir.Node) (func(in [][]float64, out []float64), error)

// RefLookup finds the float reference of a layer kind.
type RefLookup interface {
	Ref(kind string) (RefFunc, bool)
}

// The reference says what the network was meant to compute, before any type was chosen: the yardstick for
// what fixed point costs. It knows no configuration and no pass, and nothing of it is shared with the
// kernels.

// Reference computes a network in float64, as its framework defines it. It is immutable; each run has its
// own values.
type Reference struct {
	Layers []RefLayer // in topological order, inputs included
	graph  *ir.Graph
	at     map[string]int  // tensor to layer
	last   map[string]bool // tensors handed out with channels last, of networks with channels first
	kinds  KeepsAxes       // of such networks
	funcs  []func(in [][]float64, out []float64)
}

// RefLayer is a layer of a reference; of several outputs each has one, the first under the name of the layer.
type RefLayer struct {
	Name   string
	Shape  []int // of one sample, channels last
	inputs []string
	given  bool // its values come from outside
}

// NewReference prepares the reference of a graph as ir.Build gives it, before any pass. All layers without a
// reference are reported together.
func NewReference(g *ir.Graph, lookup RefLookup) (*Reference, error) {
	r := &Reference{graph: g, at: map[string]int{}, last: map[string]bool{}}
	kinds, ok := lookup.(KeepsAxes)
	r.kinds = kinds
	first := ok && g.Parsed != nil && g.Parsed.ChannelsFirst
	var problems []error
	for _, n := range g.Nodes {
		f, err := prepare(n, lookup)
		if err != nil {
			problems = append(problems, err)
		}
		for i, o := range n.Outputs {
			name := n.Name
			if i > 0 {
				name = o
			}
			r.at[o] = len(r.Layers)
			shape := n.Vars[i].Shape
			if r.last[o] = first && r.handedLast(n, i); r.last[o] {
				shape = append(slices.Clone(shape[1:]), shape[0])
			}
			r.Layers = append(r.Layers, RefLayer{name, shape, n.Inputs, slices.Contains(g.Inputs, n.Name)})
			f := only(f, n, i)
			if first && err == nil {
				f = r.inLayout(f, n, i)
			}
			r.funcs = append(r.funcs, f)
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return r, nil
}

// only is output k of a node whose function gives all of them, one behind the other.
func only(f func(in [][]float64, out []float64), n *ir.Node, k int) func(in [][]float64, out []float64) {
	if len(n.Vars) == 1 {
		return f
	}
	var from, all int
	for i, v := range n.Vars {
		if i < k {
			from += v.Size()
		}
		all += v.Size()
	}
	return func(in [][]float64, out []float64) {
		values := make([]float64, all)
		f(in, values)
		copy(out, values[from:])
	}
}

func prepare(n *ir.Node, lookup RefLookup) (func(in [][]float64, out []float64), error) {
	ref, ok := lookup.Ref(n.Kind)
	if !ok {
		return nil, n.Errorf("the kind has no float reference")
	}
	return ref(n)
}

// RefValues are the values of one sample, layer by layer.
type RefValues [][]float64

// NewValues makes room for one sample.
func (r *Reference) NewValues() RefValues {
	v := make(RefValues, len(r.Layers))
	for i, l := range r.Layers {
		v[i] = make([]float64, ir.Size(l.Shape))
	}
	return v
}

// Run computes one sample into v: in holds the values of each input, in the model's order.
func (r *Reference) Run(v RefValues, in [][]float64) error {
	if len(in) != len(r.graph.Inputs) {
		return fmt.Errorf("inputs: got %d, want %d", len(in), len(r.graph.Inputs))
	}
	for i, name := range r.graph.Inputs {
		dst := v[r.at[name]]
		if len(in[i]) != len(dst) {
			return fmt.Errorf("input %q: got %d values, want %d", name, len(in[i]), len(dst))
		}
		copy(dst, in[i])
	}
	for k, l := range r.Layers {
		if l.given {
			continue
		}
		args := make([][]float64, 0, len(l.inputs))
		for _, name := range l.inputs {
			if i, ok := r.at[name]; ok {
				args = append(args, v[i])
			}
		}
		r.funcs[k](args, v[k])
	}
	return nil
}

// Outputs are the values of the model's outputs.
func (r *Reference) Outputs(v RefValues) [][]float64 {
	out := make([][]float64, len(r.graph.Outputs))
	for i, name := range r.graph.Outputs {
		out[i] = v[r.at[name]]
	}
	return out
}
