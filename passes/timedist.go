package passes

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/group"
)

// ExpandTimeDistributed puts the layer of a step between two nodes: the first hands out a step, the second
// collects what comes back.
var ExpandTimeDistributed = ir.Pass{
	Name: "expand_time_distributed",
	Doc:  "put what a TimeDistributed repeats between its begin and its end",
	Match: func(n *ir.Node) bool {
		return n.Kind == "TimeDistributed" && len(ir.Attrs[group.TimeDistributedAttrs](n).Wrapped) > 0
	},
	Apply: expandTimeDistributed,
}

func expandTimeDistributed(n *ir.Node) (bool, error) {
	g, a := n.Graph(), ir.Attrs[group.TimeDistributedAttrs](n)
	whole, in := n.Out().Shape, n.In(0).Shape
	if len(in) < 2 || in[0] != a.NTimeSteps {
		return false, n.Errorf("input: got shape %v, want %d steps of at least one axis", in, a.NTimeSteps)
	}
	if len(a.Wrapped) > 1 {
		g.Warnf("TimeDistributed %q: the activation of %q inside is left out, as in hls4ml: make it a layer behind",
			n.Name, a.Wrapped[0].Name)
	}
	n.Out().Shape = slices.Clone(in[1:])
	if g.Config.IOType == "io_stream" { // words of two sizes may not be called result_t both
		n.Out().Type.Name = fmt.Sprintf("layer%d_t", n.Index)
	}
	l := a.Wrapped[0]
	a.Wrapped = nil
	if g.Node(l.Name) != nil {
		return false, n.Errorf("layer %q inside: the name is not unique in the model", l.Name)
	}
	step, err := g.NewNode(ir.NodeSpec{
		Kind: l.Kind, Name: l.Name, ClassName: l.ClassName, Attrs: ir.CloneAttrs(l.Attrs), Data: l.Data,
		Inputs: slices.Clone(n.Outputs), Outputs: l.TensorNames(), Origin: []string{l.Source},
	})
	if err != nil {
		return false, err
	}
	if err := g.Insert(step, nil, 0); err != nil {
		return false, err
	}
	end, err := g.NewNode(ir.NodeSpec{
		Kind: n.Kind, Name: n.Name + "_end", Inputs: slices.Clone(step.Outputs), Origin: slices.Clone(n.Origin),
		Attrs: &group.TimeDistributedAttrs{OutputShape: whole, NTimeSteps: a.NTimeSteps, End: true},
	})
	if err != nil {
		return false, err
	}
	return true, g.Insert(end, nil, 0)
}
