package group

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// groupExpansion puts the layers of a nested model in its place.
var groupExpansion = []layers.Rewrite{{
	Pass: "expand_layer_group", Match: func(*ir.Node) bool { return true }, Apply: expandGroup,
}}

// isEntry reports whether a layer of a nested model is one of its inputs, in whose place what the model reads
// comes.
func isEntry(n *ir.Node, l *ir.Layer) bool {
	return layers.KindTraits(n.Graph().Schema, l.Kind).Has(layers.Entry)
}

// expandGroup inserts layer by layer, each behind what it reads, then removes the group and the inner inputs.
// When the group is not the first reader of its input, the first reader is rewired instead, as in hls4ml.
func expandGroup(n *ir.Node) (bool, error) {
	g := n.Graph()
	list := ir.Attrs[Attrs](n).Layers
	if slices.ContainsFunc(list, func(l *ir.Layer) bool { return len(l.Inputs) > 1 }) {
		return true, graftGroup(n)
	}
	if r := g.Consumers(n.Inputs[0]); len(r) > 0 && r[0] != n {
		g.Warnf("LayerGroup %q: %s %q reads its input first: as in hls4ml, that layer gets the nested answer",
			n.Name, r[0].Kind, r[0].Name)
	}
	var inputs []*ir.Node
	for _, l := range list {
		in := slices.Clone(l.Inputs)
		if isEntry(n, l) {
			in = slices.Clone(n.Inputs)
		}
		m, err := nested(n, l, in)
		if err != nil {
			return false, err
		}
		if err := g.Insert(m, nil, 0); err != nil {
			return false, err
		}
		if isEntry(n, l) {
			inputs = append(inputs, m)
		}
	}
	for _, m := range append([]*ir.Node{n}, inputs...) {
		if err := g.Remove(m); err != nil {
			return false, err
		}
	}
	return true, nil
}

// nested makes the node of a layer of group n.
func nested(n *ir.Node, l *ir.Layer, in []string) (*ir.Node, error) {
	if n.Graph().Node(l.Name) != nil {
		return nil, n.Errorf("layer %q of the nested model: the name is not unique in the model", l.Name)
	}
	return n.Graph().NewNode(ir.NodeSpec{
		Kind: l.Kind, Name: l.Name, ClassName: l.ClassName, Attrs: ir.CloneAttrs(l.Attrs), Data: l.Data,
		Inputs: in, Outputs: l.TensorNames(), Origin: []string{l.Source},
	})
}

// graftGroup puts the layers of a nested model with branches in its place, each with the inputs that it has
// there. hls4ml threads layers one behind the other and stops at the first with several inputs.
func graftGroup(n *ir.Node) error {
	g, a := n.Graph(), ir.Attrs[Attrs](n)
	if len(n.Inputs) != 1 || len(a.OutputLayers) != 1 {
		return n.Errorf("nested model with branches: got %d inputs and %d outputs, want one each",
			len(n.Inputs), len(a.OutputLayers))
	}
	outside := map[string]string{} // the tensor of the graph for one of an inner input
	for _, l := range a.Layers {
		if isEntry(n, l) {
			outside[l.Name] = n.Inputs[0]
			continue
		}
		in := slices.Clone(l.Inputs)
		for i, t := range in {
			if to, ok := outside[t]; ok {
				in[i] = to
			}
		}
		m, err := nested(n, l, in)
		if err != nil {
			return err
		}
		g.InsertBefore(m, n)
	}
	return g.Bypass(n, a.OutputLayers[0])
}
