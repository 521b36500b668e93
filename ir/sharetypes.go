package ir

import (
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
)

// sharedTypes are the first types of each name among the nodes before position next.
type sharedTypes struct {
	first map[string]*Type
	next  int
}

// ShareTypes gives each type of a weight or another role of n the format of the first type with its name in
// the nodes before n, as C++ has it: hls4ml writes one definition for a name, the first. Types of tensors
// have names of their own, but for result_t: a node keeps the name when a layer is put behind it that makes
// the output then.
func (g *Graph) ShareTypes(n *Node) {
	g.shareResult(n)
	first := g.typesBefore(n)
	for _, w := range n.Stored() {
		w.Type = asFirst(first, w.Type)
	}
	for i := range n.Types {
		n.Types[i].Type = asFirst(first, n.Types[i].Type)
	}
}

// shareResult gives the model's only output the format of the first tensor whose type is called result_t.
func (g *Graph) shareResult(n *Node) {
	if len(g.Outputs) != 1 || !slices.Contains(n.Outputs, g.Outputs[0]) {
		return
	}
	own := n.Out().Type
	for _, m := range g.Nodes {
		if m == n {
			return
		}
		if t := m.Out().Type; t.Name == own.Name && t.Format != own.Format {
			g.Warnf("%s %q: type of the output: got %s for %s %q and %s behind it, which have one name: like hls4ml "+
				"1.3.0, hlsgo takes the first: the answer is not the network's; put a layer behind it",
				n.Kind, n.Name, t.Format, m.Kind, m.Name, own.Format)
			n.SetType("result_t", &Type{Name: own.Name, Format: t.Format})
			return
		}
	}
}

// typesBefore maps names to the first type of that name in the nodes before n. A pass that goes over all
// nodes asks for one after the other: the nodes that it has passed are not read again.
func (g *Graph) typesBefore(n *Node) map[string]*Type {
	at, s := g.position(n), g.shared
	if at < 0 {
		at = len(g.Nodes)
	}
	if s == nil || s.next > at {
		s = &sharedTypes{first: map[string]*Type{}}
	}
	for ; s.next < at; s.next++ {
		g.Nodes[s.next].nameTypes(s.first)
	}
	if g.watched {
		g.shared = s
	}
	return s.first
}

// asFirst is t with the format of the first type of its name.
func asFirst(types map[string]*Type, t *Type) *Type {
	first := types[t.Name]
	// Structs of power-of-two weights have names with their index in them and never meet.
	if first == nil || first.Format == t.Format || !plainNumbers(first.Format) || !plainNumbers(t.Format) {
		return t
	}
	own := t.Format
	return &Type{Name: t.Name, Format: first.Format, Own: &own}
}

func plainNumbers(f fixed.Format) bool { return f.IsFixedOrInt() || f.Kind == fixed.KindXnor }

// nameTypes enters the types of weights and other roles of n, but for names that have one.
func (n *Node) nameTypes(first map[string]*Type) {
	enter := func(t *Type) {
		if first[t.Name] == nil {
			first[t.Name] = t
		}
	}
	for _, s := range n.Types {
		enter(s.Type)
	}
	for _, w := range n.Stored() {
		enter(w.Type)
	}
}
