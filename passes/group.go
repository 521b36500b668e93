package passes

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/group"
)

// ExpandLayerGroup puts the layers of a nested model in its place.
var ExpandLayerGroup = ir.Pass{
	Name:  "expand_layer_group",
	Doc:   "put the layers of nested models in their place",
	Match: func(n *ir.Node) bool { return n.Kind == "LayerGroup" },
	Apply: expandGroup,
}

// expandGroup inserts layer by layer, each behind what it reads, then removes the group and the inner inputs.
// When the group is not the first reader of its input, the first reader is rewired instead, as in hls4ml.
func expandGroup(n *ir.Node) (bool, error) {
	g := n.Graph()
	list := ir.Attrs[group.Attrs](n).Layers
	if r := g.Consumers(n.Inputs[0]); len(r) > 0 && r[0] != n {
		g.Warnf("LayerGroup %q: %s %q reads its input first: as in hls4ml, that layer gets the nested answer",
			n.Name, r[0].Kind, r[0].Name)
	}
	var inputs []*ir.Node
	for i, l := range list {
		if g.Node(l.Name) != nil {
			return false, n.Errorf("layer %q of the nested model: the name is not unique in the model", l.Name)
		}
		in := slices.Clone(l.Inputs)
		switch {
		case len(in) > 0:
		case l.Kind == "Input":
			in = slices.Clone(n.Inputs)
		case i == 0:
			return false, n.Errorf("layer %q of the nested model: got no input, want one", l.Name)
		default:
			in = slices.Clone(g.Node(list[i-1].Name).Outputs)
		}
		m, err := g.NewNode(ir.NodeSpec{
			Kind: l.Kind, Name: l.Name, ClassName: l.ClassName, Attrs: ir.CloneAttrs(l.Attrs), Data: l.Data,
			Inputs: in, Outputs: l.TensorNames(), Origin: []string{l.Source},
		})
		if err != nil {
			return false, err
		}
		if err := g.Insert(m, nil, 0); err != nil {
			return false, err
		}
		if m.Kind == "Input" {
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
