package codegen

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Code is the C++ of a graph, layer by layer, before a tool lays it out in files.
type Code struct {
	Graph   *ir.Graph
	Env     *Env
	Inputs  []*ir.Variable // of the top function
	Outputs []*ir.Variable
	Nodes   []NodeCode // in the order of the graph
}

// NodeCode is one node with its C++.
type NodeCode struct {
	Node *ir.Node
	*Fragment
}

// Generate asks the emitters for the C++ of every node of a final graph. Layers without C++ are reported
// all together, one line each.
func Generate(g *ir.Graph, emitters Emitters, env *Env) (*Code, error) {
	c := &Code{Graph: g, Env: env}
	var err error
	if c.Inputs, err = variables(g, g.Inputs, "input"); err != nil {
		return nil, err
	}
	if c.Outputs, err = variables(g, g.Outputs, "output"); err != nil {
		return nil, err
	}
	if err := distinct(c.Inputs, c.Outputs); err != nil {
		return nil, err
	}
	var failed []error
	for _, n := range g.Nodes {
		f, err := emit(env, emitters, n)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		c.Nodes = append(c.Nodes, NodeCode{n, f})
	}
	// Names are judged when all C++ is there: the names of configurations are among it.
	if len(failed) == 0 {
		failed = append(failed, c.checkInputs())
	}
	return c, errors.Join(failed...)
}

// checkInputs wants the names of inputs, which are those of layers as they are, to stand for nothing else
// that the top function reads.
func (c *Code) checkInputs() error {
	used := map[string]string{
		c.Env.Namespace: "the namespace", c.Graph.Config.ProjectName: "the top function",
	}
	for _, name := range c.Env.Spell.Namespaces() {
		used[name] = "a namespace"
	}
	for _, n := range c.Nodes {
		for _, w := range n.Node.Stored() {
			used[w.Var] = "a weight"
		}
		for _, t := range c.Env.nodeTypes(n.Node) {
			used[t.Name] = "a type"
		}
		for _, f := range n.Configs {
			used[f.Name] = "a configuration"
		}
		for _, v := range n.Node.Vars {
			if !slices.Contains(c.Inputs, v) {
				used[v.Name] = "a tensor"
			}
		}
	}
	for _, v := range c.Inputs {
		if what := used[v.Name]; what != "" {
			return fmt.Errorf("input %q: name: got that of %s of the firmware, want another for the layer",
				v.Name, what)
		}
	}
	return nil
}

func variables(g *ir.Graph, tensors []string, what string) ([]*ir.Variable, error) {
	if len(tensors) == 0 {
		return nil, fmt.Errorf("model: no %s: got none, want at least one", what)
	}
	var out []*ir.Variable
	for _, name := range tensors {
		v := g.Var(name)
		if v == nil {
			return nil, fmt.Errorf("model: %s %q: got no such tensor in the final graph", what, name)
		}
		out = append(out, v)
	}
	return out, nil
}

// distinct refuses a model whose top function would have one variable as two of its arguments.
func distinct(inputs, outputs []*ir.Variable) error {
	all := slices.Concat(inputs, outputs)
	for i, v := range all {
		if slices.Contains(all[:i], v) {
			return fmt.Errorf("model: tensor %q: got it twice among inputs and outputs, want each once: "+
				"the top function has one argument for each", v.Name)
		}
	}
	return nil
}

func emit(env *Env, emitters Emitters, n *ir.Node) (*Fragment, error) {
	e, ok := emitters.Emitter(n.Kind)
	if !ok {
		return nil, env.Unsupported(n, "layer kind "+n.Kind)
	}
	// The name stands in comments and string literals; a backslash at the end of a line would swallow the
	// next one.
	if strings.ContainsAny(n.Name, "\"\\\n\r") {
		return nil, n.Errorf("name: not for C++: got a quote, backslash or line break, want none of them")
	}
	if err := env.checkNames(n); err != nil {
		return nil, err
	}
	if err := env.checkWords(n); err != nil {
		return nil, err
	}
	return e.Emit(env, n)
}

// checkWords refuses readers of a flatten that shares the stream before it: its words stay those of the last
// axis, which only a Dense, a Repack and a further reshape gather.
func (e *Env) checkWords(n *ir.Node) error {
	if !e.Stream() || slices.Contains([]string{"Dense", "Repack", "Reshape"}, n.Kind) {
		return nil
	}
	for i := range n.Inputs {
		v := n.In(i)
		if v == nil || v.Alias == nil {
			continue
		}
		if shape := v.Alias.Shape; shape[len(shape)-1] != v.Size() {
			return n.Errorf("input %q: io_stream: got a flatten in words of %d values, want a Dense behind it, or "+
				"io_parallel", n.Inputs[i], shape[len(shape)-1])
		}
	}
	return nil
}

// checkNames wants C++ to take the names of types and tensors, which carry those of layers.
// Front ends make layer names from what the framework has, where slashes and dots are common; refusing them
// here, by the layer's name, is clearer than what a compiler would say.
func (e *Env) checkNames(n *ir.Node) error {
	var names []string
	for _, t := range e.nodeTypes(n) {
		names = append(names, t.Name)
	}
	for _, v := range n.Vars {
		names = append(names, v.Name)
	}
	for _, name := range names {
		if !IsIdentifier(name) {
			return n.Errorf("name: not for C++: got %q, want letters, digits and _, and no word of C++'s own", name)
		}
	}
	return nil
}

// Includes lists the headers of nnet_utils that the code needs, sorted.
func (c *Code) Includes() []string {
	var out []string
	for _, n := range c.Nodes {
		out = append(out, n.Includes...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Weights lists the weights in the order of the nodes.
func (c *Code) Weights() []*ir.Weight {
	var out []*ir.Weight
	for _, n := range c.Nodes {
		out = append(out, n.Node.Stored()...)
	}
	return out
}

// Ports lists the weights that travel through ports of the top function.
func (c *Code) Ports() []*ir.Weight {
	return slices.DeleteFunc(c.Weights(), func(w *ir.Weight) bool { return w.Storage != "bram" })
}

// Typedef is one named type of defines.h.
type Typedef struct {
	Name, Type string
	// Struct is set for types that are a struct of their own (power-of-two weights), with Type its body.
	Struct bool
}

// Typedefs lists the named types of the graph, each once. Two types of one name must be the same.
func (c *Code) Typedefs() ([]Typedef, error) {
	var out []Typedef
	first := map[string]Typedef{} // by name
	for _, n := range c.Nodes {
		for _, t := range c.Env.nodeTypes(n.Node) {
			o, twice := first[t.Name]
			if !twice {
				first[t.Name], out = t, append(out, t)
			} else if o != t {
				// C++ takes a typedef twice only if both mean the same.
				return nil, n.Node.Errorf("type %q: two types of that name: got %s, want %s as before",
					t.Name, t.Type, o.Type)
			}
		}
	}
	return out, nil
}

// nodeTypes lists the types that a node brings, in the order in which defines.h has them.
func (e *Env) nodeTypes(n *ir.Node) []Typedef {
	var out []Typedef
	for _, v := range n.Vars {
		out = append(out, Typedef{Name: v.Type.Name, Type: e.tensorType(v)})
	}
	for _, s := range n.Types {
		out = append(out, e.plainType(s.Type))
	}
	for _, w := range n.Stored() {
		out = append(out, e.weightType(w))
	}
	return out
}

func (e *Env) plainType(t *ir.Type) Typedef {
	return Typedef{Name: t.Name, Type: e.Spell.Type(t.Format)}
}

func (e *Env) weightType(w *ir.Weight) Typedef {
	if w.Type.Format.Kind != fixed.KindExponent {
		return e.plainType(w.Type)
	}
	return Typedef{Name: w.Type.Name, Type: e.Spell.Exponent(w.Type.Format), Struct: true}
}

// tensorType is the C++ type of one element of a tensor: a word of Pack values where it is a stream.
func (e *Env) tensorType(v *ir.Variable) string {
	if v.Pack > 0 {
		return e.Spell.Word(e.Spell.Type(v.Type.Format), v.Pack)
	}
	return e.Spell.Type(v.Type.Format)
}
