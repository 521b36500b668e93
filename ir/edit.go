package ir

import (
	"reflect"
	"slices"
)

// Recast makes a node of another kind out of n, with all that n has: attributes, variables, weights and types
// keep their names. It takes the next index, and the configuration of the layer applies once more, over what
// the backend decided. Like make_node with the attributes of an existing node.
func (g *Graph) Recast(n *Node, kind string) (*Node, error) {
	k, ok := g.Schema.Kind(kind)
	if !ok {
		return nil, unknownKind(g.Schema, n.Name, kind)
	}
	g.index++
	m := *n
	m.Kind, m.Index, m.Attrs = kind, g.index, CloneAttrs(n.Attrs)
	if m.State = k.newState(g.Config.Tool()); reflect.TypeOf(m.State) == reflect.TypeOf(n.State) {
		m.State = CloneAttrs(n.State)
	}
	m.Inputs, m.Outputs = slices.Clone(n.Inputs), slices.Clone(n.Outputs)
	if err := g.configure(&m, k); err != nil {
		return nil, err
	}
	g.register(&m)
	return &m, nil
}

// Insert puts a one-input node behind the producer of its input, before the consumer `before` (nil: the
// first consumer); without any consumer it becomes an output of the graph.
func (g *Graph) Insert(n, before *Node, input int) error {
	prev := g.Producer(n.Inputs[0])
	if prev == nil || len(n.Inputs) != 1 {
		return n.Errorf("insert: got inputs %v, want one tensor of the graph", n.Inputs)
	}
	// The first in the order of nodes, and only by its first input: so does hls4ml's insert_node, and which
	// consumer is redirected where there are several depends on it.
	if before == nil {
		for _, c := range g.Nodes {
			if len(c.Inputs) > 0 && slices.Contains(prev.Outputs, c.Inputs[0]) {
				before = c
				break
			}
		}
	}
	if before != nil {
		before.Inputs[input] = n.Outputs[0]
	} else {
		replaceAll(g.Outputs, prev.Outputs[0], n.Outputs[0])
	}
	at := slices.Index(g.Nodes, prev)
	g.Nodes = slices.Insert(g.Nodes, at+1, n)
	return nil
}

// InsertBefore puts a node in front of `before`, in the order of nodes. What anybody reads stays as it is.
func (g *Graph) InsertBefore(n, before *Node) {
	g.Nodes = slices.Insert(g.Nodes, slices.Index(g.Nodes, before), n)
}

// Redirect lets all that read the tensor `from`, the model's outputs included, read `to`; nodes of `but` do
// not change.
func (g *Graph) Redirect(from, to string, but ...*Node) {
	replaceAll(g.Outputs, from, to)
	for _, r := range g.Nodes {
		if !slices.Contains(but, r) {
			replaceAll(r.Inputs, from, to)
		}
	}
}

// Bypass takes a node with one output out; what read it reads tensor. They must have the same size.
func (g *Graph) Bypass(n *Node, tensor string) error {
	if a, b := g.Var(tensor), n.Out(); len(n.Outputs) != 1 || a == nil || a.Size() != b.Size() {
		return n.Errorf("bypass: tensor %q is no answer in its place", tensor)
	}
	g.takeOut(n, tensor)
	g.NameOutput(tensor)
	return nil
}

// Remove takes a node with one input and one output out and connects its input to its consumers.
func (g *Graph) Remove(n *Node) error {
	if len(n.Inputs) != 1 || len(n.Outputs) != 1 {
		return n.Errorf("remove: got %d inputs and %d outputs, want one each", len(n.Inputs), len(n.Outputs))
	}
	in, out := n.Inputs[0], n.Outputs[0]
	if a, b := n.In(0), n.Out(); a == nil || a.Size() != b.Size() {
		return n.Errorf("remove: got an input and an output of different sizes, want the same")
	}
	if slices.Contains(g.Outputs, out) && slices.Contains(g.Outputs, in) {
		return n.Errorf("remove: its input %q would be an output of the model twice", in)
	}
	g.takeOut(n, in)
	return nil
}

// takeOut takes a node with one output out; what read it reads tensor.
func (g *Graph) takeOut(n *Node, tensor string) {
	g.Redirect(n.Outputs[0], tensor)
	delete(g.vars, n.Outputs[0])
	g.Nodes = slices.DeleteFunc(g.Nodes, func(m *Node) bool { return m == n })
}

// Replace puts the nodes `with`, in sequence, in the place of old. The inputs of the first and the outputs
// of the last take over those of old, whatever their names.
func (g *Graph) Replace(old *Node, with ...*Node) error {
	first, last := with[0], with[len(with)-1]
	if len(first.Inputs) != len(old.Inputs) || len(last.Outputs) != len(old.Outputs) {
		return old.Errorf("replace: got %d inputs and %d outputs, want %d and %d",
			len(first.Inputs), len(last.Outputs), len(old.Inputs), len(old.Outputs))
	}
	// All renaming at once through a table: one after the other, a new name could be an old one still to
	// come.
	names := map[string]string{}
	for i, name := range old.Outputs {
		names[name] = last.Outputs[i]
	}
	for i, name := range old.Inputs {
		names[name] = first.Inputs[i]
	}
	for i, name := range g.Outputs {
		if slices.Contains(old.Outputs, name) {
			g.Outputs[i] = names[name]
		}
	}
	for _, n := range g.Nodes {
		rename(n.Inputs, names)
		rename(n.Outputs, names)
	}
	at := slices.Index(g.Nodes, old)
	g.Nodes = slices.Replace(g.Nodes, at, at+1, with...)
	return nil
}

func rename(list []string, names map[string]string) {
	for i, name := range list {
		if to, ok := names[name]; ok {
			list[i] = to
		}
	}
}

func replaceAll(list []string, from, to string) {
	for i, s := range list {
		if s == from {
			list[i] = to
		}
	}
}
