package graph

import (
	"fmt"
	"slices"
)

// Graph is a network. Its lists may be changed by rewrites; Init, Producer and the like look into them by
// name, and the methods that change tensors keep what these look at true.
type Graph struct {
	File   string         // for messages
	Opsets map[string]int // versions of operators, by domain; "" is ONNX's own
	Nodes  []*Node
	// Inputs and Outputs are the ends of the network, in the model's order.
	Inputs, Outputs []string
	// Inits are the constants, in the file's order.
	Inits []*Tensor
	// LastAtInput says that the first input has its channels last, other than in the file.
	LastAtInput bool
	// Notes says what a reader of the log must know of what was changed.
	Notes []string

	inits  map[string]*Tensor
	values map[string]Value
	fresh  int // counts names of Fresh
}

// Node is one operation.
type Node struct {
	Name    string
	Op      string // "Conv", "MatMul", ...
	Domain  string // whose Op it is; "" is ONNX itself
	Inputs  []string
	Outputs []string // "" where nobody wants one
	Attrs   map[string]Attr
	// Origin is the name that the node has in the file.
	Origin string
}

// Value is what is known of a tensor: its element type and its shape, batch axis included. Axes that are not
// known are below zero.
type Value struct {
	Type DType
	Dims []int // nil: not known
}

// New returns an empty graph.
func New(file string) *Graph {
	return &Graph{
		File: file, Opsets: map[string]int{}, inits: map[string]*Tensor{}, values: map[string]Value{},
	}
}

// Init is the constant of the name, or nil.
func (g *Graph) Init(name string) *Tensor { return g.inits[name] }

// SetInit adds a constant behind all others; one that there was of the name is gone.
func (g *Graph) SetInit(t *Tensor) {
	if g.inits[t.Name] != nil {
		g.Inits = slices.DeleteFunc(g.Inits, func(old *Tensor) bool { return old.Name == t.Name })
	}
	g.Inits = append(g.Inits, t)
	g.inits[t.Name] = t
	g.values[t.Name] = Value{t.Type, t.Dims}
}

// KeepInits takes the constants out that keep refuses.
func (g *Graph) KeepInits(keep func(name string) bool) {
	g.Inits = slices.DeleteFunc(g.Inits, func(t *Tensor) bool {
		if keep(t.Name) {
			return false
		}
		delete(g.inits, t.Name)
		return true
	})
}

// Value is what is known of a tensor.
func (g *Graph) Value(name string) Value { return g.values[name] }

// Unknown reports whether an input has no shape, or one that is open on another axis than that of the batch.
func (g *Graph) Unknown() bool {
	return slices.ContainsFunc(g.Inputs, func(in string) bool {
		dims := g.Shape(in)
		return len(dims) == 0 || slices.ContainsFunc(dims[1:], func(d int) bool { return d < 1 })
	})
}

// SetValue notes what is known of a tensor.
func (g *Graph) SetValue(name string, v Value) { g.values[name] = v }

// Shape is the shape of a tensor, batch axis included; nil when it is not known.
func (g *Graph) Shape(name string) []int { return g.values[name].Dims }

// Producers maps tensors to the nodes that make them.
func (g *Graph) Producers() map[string]*Node {
	out := make(map[string]*Node, len(g.Nodes))
	for _, n := range g.Nodes {
		for _, o := range n.Outputs {
			out[o] = n
		}
	}
	delete(out, "")
	return out
}

// Producer is the node that makes the tensor, or nil.
func (g *Graph) Producer(tensor string) *Node {
	for _, n := range g.Nodes {
		if tensor != "" && slices.Contains(n.Outputs, tensor) {
			return n
		}
	}
	return nil
}

// Readers lists the nodes that read a tensor, in the order of nodes, each once per input.
func (g *Graph) Readers(tensor string) []*Node {
	var out []*Node
	for _, n := range g.Nodes {
		for _, in := range n.Inputs {
			if in == tensor {
				out = append(out, n)
			}
		}
	}
	return out
}

// Uses counts by tensor how often nodes read it and the network gives it.
func (g *Graph) Uses() map[string]int {
	out := map[string]int{}
	for _, n := range g.Nodes {
		for _, in := range n.Inputs {
			out[in]++
		}
	}
	for _, o := range g.Outputs {
		out[o]++
	}
	return out
}

// Redirect lets all nodes that read the tensor `from` read `to`. The ends of the network stay as they are.
func (g *Graph) Redirect(from, to string) {
	for _, n := range g.Nodes {
		for i, in := range n.Inputs {
			if in == from {
				n.Inputs[i] = to
			}
		}
	}
}

// Remove takes nodes out of the list, and nothing else.
func (g *Graph) Remove(nodes ...*Node) {
	g.Nodes = slices.DeleteFunc(g.Nodes, func(n *Node) bool { return slices.Contains(nodes, n) })
}

// Insert puts nodes at a place of the list.
func (g *Graph) Insert(at int, nodes ...*Node) {
	g.Nodes = slices.Insert(g.Nodes, min(at, len(g.Nodes)), nodes...)
}

// Fresh is a name that no tensor has.
func (g *Graph) Fresh() string {
	g.fresh++
	return fmt.Sprintf("\x00%d", g.fresh) // no file has such a name
}

// Constant adds a constant of values in C order under a name that no tensor has, and returns it.
func (g *Graph) Constant(t DType, dims []int, data []float64) string {
	name := g.Fresh()
	g.SetInit(NewTensor(name, t, dims, data))
	return name
}

// Rename gives tensors other names, all at once.
func (g *Graph) Rename(names map[string]string) {
	apply := func(list []string) {
		for i, name := range list {
			if to, ok := names[name]; ok {
				list[i] = to
			}
		}
	}
	for _, n := range g.Nodes {
		apply(n.Inputs)
		apply(n.Outputs)
	}
	apply(g.Inputs)
	apply(g.Outputs)
	g.inits = make(map[string]*Tensor, len(g.Inits))
	for _, t := range g.Inits {
		if to, ok := names[t.Name]; ok {
			t.Name = to
		}
		g.inits[t.Name] = t
	}
	values := make(map[string]Value, len(g.values))
	for name, v := range g.values {
		if to, ok := names[name]; ok {
			name = to
		}
		values[name] = v
	}
	g.values = values
}

// Input is the node's input i, "" where it has none.
func (n *Node) Input(i int) string {
	if i < len(n.Inputs) {
		return n.Inputs[i]
	}
	return ""
}

// Is reports whether the node is an operator of ONNX itself, or of the layout of channels last, which has the
// same operators.
func (n *Node) Is(ops ...string) bool {
	return (n.Domain == "" || n.Domain == "ai.onnx" || n.Domain == ChannelsLast) && slices.Contains(ops, n.Op)
}

// ChannelsLast is the domain of operators whose tensors have their channels last; qonnx made it.
const ChannelsLast = "qonnx.custom_op.channels_last"

// Label names the node for messages, by its name in the file.
func (n *Node) Label() string {
	switch {
	case n.Origin != "":
		return n.Origin
	case n.Name != "":
		return n.Name
	}
	return n.Outputs[0]
}

// Errorf is an error about the node.
func (n *Node) Errorf(format string, args ...any) error {
	return fmt.Errorf("%s %q: %w", n.Op, n.Label(), fmt.Errorf(format, args...))
}
