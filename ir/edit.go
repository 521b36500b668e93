package ir

import (
	"reflect"
	"slices"
)

// The methods below are the ways to change the nodes of a graph, their inputs and its outputs: they keep the
// index true and tell a flow where to look again. The lists themselves are for reading.

// Append puts nodes behind all others.
func (g *Graph) Append(nodes ...*Node) { g.insert(len(g.Nodes), nodes...) }

// InsertAfter puts n behind the node `after`, in the order of nodes. What anybody reads stays as it is.
func (g *Graph) InsertAfter(n, after *Node) { g.insert(g.position(after)+1, n) }

// InsertBefore puts n in front of `before`, in the order of nodes. What anybody reads stays as it is.
func (g *Graph) InsertBefore(n, before *Node) { g.insert(g.position(before), n) }

// SetInput lets n read another tensor as its input i.
func (g *Graph) SetInput(n *Node, i int, tensor string) {
	g.touch(g.uses(n.Inputs[i])...) // who makes it and who else reads it has one reader less
	g.rewire(n, func() { n.Inputs[i] = tensor })
	g.touch(g.uses(tensor)...)
}

// SetInputs lets n read these tensors and no others.
func (g *Graph) SetInputs(n *Node, tensors ...string) {
	for _, t := range n.Inputs {
		g.touch(g.uses(t)...)
	}
	g.rewire(n, func() { n.Inputs = tensors })
	for _, t := range tensors {
		g.touch(g.uses(t)...)
	}
}

// SetOutput makes the tensor output i of the graph.
func (g *Graph) SetOutput(i int, tensor string) {
	g.touch(g.uses(g.Outputs[i])...)
	g.touch(g.uses(tensor)...)
	g.Outputs[i] = tensor
}

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
	m.placed, m.place, m.seen = false, 0, 0 // the copy stands nowhere yet
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
		before = g.firstReader(prev)
	}
	if before != nil {
		g.SetInput(before, input, n.Outputs[0])
	} else {
		g.replaceOutputs(prev.Outputs[0], n.Outputs[0])
	}
	g.InsertAfter(n, prev)
	return nil
}

// firstReader is the first node whose first input n makes.
func (g *Graph) firstReader(n *Node) *Node {
	var out *Node
	for _, t := range n.Outputs {
		for _, c := range g.uses(t) {
			reads := len(c.Inputs) > 0 && slices.Contains(n.Outputs, c.Inputs[0])
			if reads && (out == nil || g.position(c) < g.position(out)) {
				out = c
			}
		}
	}
	return out
}

// Redirect lets all that read the tensor `from`, the model's outputs included, read `to`; nodes of `but` do
// not change.
func (g *Graph) Redirect(from, to string, but ...*Node) {
	g.replaceOutputs(from, to)
	for _, r := range g.uses(from) {
		if !slices.Contains(but, r) {
			g.rewire(r, func() { replaceAll(r.Inputs, from, to) })
		}
	}
	g.touch(g.uses(to)...)
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

// Discard takes a node out whose tensors nobody reads.
func (g *Graph) Discard(n *Node) error {
	for _, t := range n.Outputs {
		if len(g.Consumers(t)) > 0 || slices.Contains(g.Outputs, t) {
			return n.Errorf("discard: tensor %q is still read", t)
		}
	}
	for _, t := range n.Inputs {
		g.touch(g.uses(t)...)
	}
	for _, t := range n.Outputs {
		delete(g.vars, t)
	}
	if at := g.position(n); at >= 0 {
		g.takeAway(at)
	}
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
	for _, t := range n.Inputs {
		g.touch(g.uses(t)...)
	}
	g.Redirect(n.Outputs[0], tensor)
	delete(g.vars, n.Outputs[0])
	if at := g.position(n); at >= 0 {
		g.takeAway(at)
	}
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
	g.rename(names)
	at := g.position(old)
	g.takeAway(at)
	g.insert(at, with...)
	return nil
}

// rename gives tensors other names, all at once, wherever nodes make or read them.
func (g *Graph) rename(names map[string]string) {
	var users []*Node
	for from := range names {
		users = append(users, g.uses(from)...)
	}
	done := make(map[*Node]bool, len(users))
	for _, n := range users {
		if done[n] {
			continue // a second time would rename what came out
		}
		done[n] = true
		g.rewire(n, func() {
			rename(n.Inputs, names)
			rename(n.Outputs, names)
		})
	}
}

func rename(list []string, names map[string]string) {
	for i, name := range list {
		if to, ok := names[name]; ok {
			list[i] = to
		}
	}
}

// replaceOutputs puts another tensor in the place of one among the graph's outputs.
func (g *Graph) replaceOutputs(from, to string) {
	if slices.Contains(g.Outputs, from) {
		g.touch(g.uses(from)...)
		g.touch(g.uses(to)...)
		replaceAll(g.Outputs, from, to)
	}
}

func replaceAll(list []string, from, to string) {
	for i, s := range list {
		if s == from {
			list[i] = to
		}
	}
}
