package torch

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
)

// values are the tensors of a program that are known before it runs: parameters, buffers, constants, and what
// operators make of them. They implement build.Weights: a layer's weights have the names of the operator's
// arguments.
type values struct {
	program  *program
	file     string
	stored   map[string]*stored    // by the names of the graph
	shapes   map[string]tensorMeta // of all tensors of the graph
	folded   map[string]*node      // made of known ones
	calls    map[string]*arguments // by the names of layers
	read     map[string]bool       // by an operator, or answered
	lost     map[string]bool       // results of what cannot be converted
	last     map[string]bool       // sequences of which the network has the last step alone
	states   map[string]bool       // states behind the last step, with an axis of layers
	ready    map[string]*ir.Tensor // computed so far
	names    *namer
	numbers  int // fixed operands so far
	warnings []string
}

func newValues(p *program, params *parameters, file string) *values {
	v := &values{
		program: p, file: file, stored: map[string]*stored{}, shapes: p.Module.Graph.Tensors,
		folded: map[string]*node{},
		calls:  map[string]*arguments{}, read: map[string]bool{}, lost: map[string]bool{},
		ready: map[string]*ir.Tensor{}, last: map[string]bool{}, states: map[string]bool{}, names: newNamer(),
	}
	for _, in := range p.Module.Signature.Inputs {
		switch {
		case in.Parameter != nil:
			v.stored[in.Parameter.Arg.Name] = params.find(in.Parameter.Name)
		case in.Buffer != nil:
			v.stored[in.Buffer.Arg.Name] = params.find(in.Buffer.Name)
		case in.Constant != nil:
			v.stored[in.Constant.Arg.Name] = params.find(in.Constant.Name)
		}
	}
	for i := range p.Module.Graph.Nodes {
		for _, in := range p.Module.Graph.Nodes[i].Inputs {
			for _, tensor := range in.Arg.tensors() {
				v.read[tensor] = true
			}
		}
	}
	for _, out := range p.Module.Graph.Outputs {
		for _, tensor := range out.tensors() {
			v.read[tensor] = true
		}
	}
	return v
}

// known reports whether the values of a tensor do not depend on the inputs.
func (v *values) known(tensor string) bool {
	_, stored := v.stored[tensor]
	return stored || v.folded[tensor] != nil
}

// fold takes over a node whose inputs are all known, or that has none. It is computed when somebody asks.
func (v *values) fold(n *node) bool {
	for _, in := range n.Inputs {
		for _, tensor := range in.Arg.tensors() {
			if tensor != "" && !v.known(tensor) {
				return false
			}
		}
	}
	for _, tensor := range n.results() {
		v.folded[tensor] = n
	}
	return true
}

// tensor is a known tensor of the graph.
func (v *values) tensor(name string) (*ir.Tensor, error) {
	if t := v.ready[name]; t != nil {
		return t, nil
	}
	t, err := v.compute(name)
	if err == nil {
		v.ready[name] = t
	}
	return t, err
}

func (v *values) compute(name string) (*ir.Tensor, error) {
	if n := v.folded[name]; n != nil {
		return v.evaluate(n)
	}
	s := v.stored[name]
	if s == nil {
		return nil, fmt.Errorf("tensor %q: got none in the file, want the weights beside the graph", name)
	}
	return s.read()
}

// evaluate computes what a node makes of known tensors.
func (v *values) evaluate(n *node) (*ir.Tensor, error) {
	f := folds()[n.operator()]
	if f == nil {
		return nil, fmt.Errorf("operator %s: got it on weights, which is not computed here, want weights as they "+
			"are", n.Target)
	}
	return f(v, newArguments(v, []*node{n}))
}

// argument finds the tensor that an argument of a layer's operator is; "params.1" is the second of a list.
func (v *values) argument(layer, name string) (tensor string, ok bool) {
	args := v.calls[layer]
	if args == nil {
		return "", false
	}
	name, place, of := strings.Cut(name, ".")
	list := args.args[name].tensors()
	if i, err := strconv.Atoi(place); of && err == nil && i < len(list) {
		list = list[i : i+1]
	}
	return append(list, "")[0], len(list) == 1 && v.known(list[0])
}

// Find implements build.Weights. A part stands for a place in a list of weights, see listed.
func (v *values) Find(layer, _, name string) (shape []int, ok bool, err error) {
	tensor, ok := v.argument(layer, name)
	if !ok {
		return nil, false, nil
	}
	shape, err = v.shape(tensor)
	return shape, true, err
}

// shape is that of a known tensor as the graph says it.
func (v *values) shape(tensor string) ([]int, error) {
	shape := []int{}
	for _, d := range v.shapes[tensor].Sizes {
		n, ok := d.known()
		if !ok {
			return nil, fmt.Errorf("tensor %q: got a size that is not fixed, want one", tensor)
		}
		shape = append(shape, n)
	}
	return shape, nil
}

// Tensor implements build.Weights.
func (v *values) Tensor(layer, _, name string, shape []int) (*ir.Tensor, error) {
	tensor, ok := v.argument(layer, name)
	if !ok {
		return nil, fmt.Errorf("%s: got none, want a parameter of the network", name)
	}
	t, err := v.tensor(tensor)
	if err != nil {
		return nil, err
	}
	if !slices.Equal(t.Shape, shape) {
		return nil, fmt.Errorf("%s: wrong shape: got %v, want %v", name, t.Shape, shape)
	}
	return t, nil
}

// Integers implements build.Weights.
func (v *values) Integers(layer, _, name string) ([]int, error) {
	tensor, ok := v.argument(layer, name)
	if !ok {
		return nil, fmt.Errorf("%s: got none, want a parameter of the network", name)
	}
	t, err := v.tensor(tensor)
	if err != nil {
		return nil, err
	}
	out := make([]int, len(t.Data))
	for i, x := range t.Data {
		if out[i] = int(x); float64(out[i]) != x {
			return nil, fmt.Errorf("%s: got %v, want whole numbers", name, x)
		}
	}
	return out, nil
}

// File implements build.Weights.
func (v *values) File() string { return v.file }
