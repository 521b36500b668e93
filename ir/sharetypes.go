package ir

import "github.com/hlsgo/hlsgo/fixed"

// ShareTypes gives each type of a weight or another role of n the format of the first type with its name in
// the nodes before n, as C++ has it: hls4ml writes one definition for a name, the first. Types of tensors
// have names of their own.
func (g *Graph) ShareTypes(n *Node) {
	for _, w := range n.Weights {
		w.Type = g.firstOf(n, w.Type)
	}
	for i := range n.Types {
		n.Types[i].Type = g.firstOf(n, n.Types[i].Type)
	}
}

// firstOf is t with the format of the first type of its name before n.
func (g *Graph) firstOf(n *Node, t *Type) *Type {
	for _, m := range g.Nodes {
		if m == n {
			return t
		}
		if first := m.named(t.Name); first != nil {
			// Structs of power-of-two weights have names with their index in them and never meet.
			if first.Format == t.Format || !plainNumbers(first.Format) || !plainNumbers(t.Format) {
				return t
			}
			own := t.Format
			return &Type{Name: t.Name, Format: first.Format, Own: &own}
		}
	}
	return t
}

func plainNumbers(f fixed.Format) bool { return f.IsFixedOrInt() || f.Kind == fixed.KindXnor }

// named is the type of a weight or another role of n that has the name, or nil.
func (n *Node) named(name string) *Type {
	for _, s := range n.Types {
		if s.Type.Name == name {
			return s.Type
		}
	}
	for _, w := range n.Weights {
		if w.Type.Name == name {
			return w.Type
		}
	}
	return nil
}
