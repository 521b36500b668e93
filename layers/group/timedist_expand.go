package group

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// timeDistributedExpansion puts the layer of a step between two nodes of the kind: the first hands out a
// step, the second collects what comes back. The first has nothing left to wrap, and so is not expanded
// again.
var timeDistributedExpansion = []layers.Rewrite{{
	Pass:  "expand_time_distributed",
	Match: func(n *ir.Node) bool { return len(ir.Attrs[TimeDistributedAttrs](n).Wrapped) > 0 },
	Apply: expandTimeDistributed,
}}

func expandTimeDistributed(n *ir.Node) (bool, error) {
	g, a := n.Graph(), ir.Attrs[TimeDistributedAttrs](n)
	whole, in := n.Out().Shape, n.In(0).Shape
	if len(in) < 2 || in[0] != a.NTimeSteps {
		return false, n.Errorf("input: got shape %v, want %d steps of at least one axis", in, a.NTimeSteps)
	}
	if len(a.Wrapped) > 1 {
		g.Warnf("TimeDistributed %q: the activation of %q inside is left out, as in hls4ml: make it a layer behind",
			n.Name, a.Wrapped[0].Name)
	}
	n.Out().Shape = slices.Clone(in[1:])
	if g.Config.IOType == ir.Stream { // words of two sizes may not be called result_t both
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
		Attrs: &TimeDistributedAttrs{OutputShape: whole, NTimeSteps: a.NTimeSteps, End: true},
	})
	if err != nil {
		return false, err
	}
	if n.Out().Type.Name == "result_t" && resolved(n) != resolved(end) {
		n.Out().Type.Name = fmt.Sprintf("layer%d_t", n.Index) // the end is called result_t too
	}
	if err := g.Insert(end, nil, 0); err != nil {
		return false, err
	}
	readersOf(n, step, end)
	return true, nil
}

// resolved is the type of a result whose type nothing but the model's default decides.
func resolved(n *ir.Node) fixed.Format {
	f := n.Out().Type.Format
	if f == fixed.Auto {
		f, _ = n.Graph().Config.Default()
	}
	return f
}

// readersOf lets all that read n, but for the step, read the end: more readers than one, and the model's
// output. hls4ml moves the first alone.
func readersOf(n, step, end *ir.Node) {
	g, from, to := n.Graph(), n.Outputs[0], end.Outputs[0]
	last := slices.Contains(g.Outputs, from)
	g.Redirect(from, to, step)
	if last {
		g.NameOutput(to)
	}
}
