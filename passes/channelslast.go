package passes

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/shape"
)

// ChannelsLastConverter turns a network with channels first into one with channels last: it permutes weights
// and shapes, and inserts transposes at inputs, flattens and, when asked, outputs. The model's key
// ChannelsLastConversion chooses: "full", "internal" (inputs come converted) or "off", the default. Only
// layers that mix axes with the order of memory need a transpose: a flatten, behind which the order of values
// is that of the weights. Each node is converted once, and what is inserted counts as converted.
var ChannelsLastConverter = ir.Pass{
	Name:  "channels_last_converter",
	Doc:   "turn channels-first networks into channels-last ones",
	Match: func(n *ir.Node) bool { return conversion(n) != "off" && !n.ChannelsLast },
	Apply: func(n *ir.Node) (bool, error) {
		n.ChannelsLast = true
		switch {
		case has(n, layers.Entry):
			return true, convertInput(n)
		case has(n, layers.Gated): // hls4ml leaves them, whatever their input is then
			if p := producer(n); p != nil && strings.HasPrefix(p.Name, "transpose_input_for_") {
				n.Graph().Warnf("%s %q: like hls4ml 1.3.0, the firmware takes its turned input for one that is not: the "+
					"answer is not the network's, set ChannelsLastConversion to internal", n.Kind, n.Name)
			}
			return true, nil
		case layers.KeepsAxes(n):
			return true, turnRows(n)
		case permutes(n):
			return true, turnPermutation(n)
		}
		return true, convertNode(n)
	},
}

func conversion(n *ir.Node) string { return n.Graph().Config.ChannelsLastConversion() }

func convertInput(n *ir.Node) error {
	v := n.Out()
	switch {
	case len(v.Shape) < 2:
		return nil
	case conversion(n) == "full":
		return turnInput(n)
	case conversion(n) == "internal":
		v.Shape = lastFromFirst(v.Shape)
	}
	return nil
}

// turnInput puts a transpose behind an input. hls4ml 1.3.0 gives it to the first reader alone; where it
// fails on one of the readers all get it.
func turnInput(n *ir.Node) error {
	readers := consumers(n)
	name := "transpose_input_for_" + n.Name
	if err := insertTranspose(n, name, toLast(len(n.Out().Shape))); err != nil {
		return err
	}
	if len(readers) < 2 {
		return nil
	}
	for _, r := range readers {
		if layers.KeepsAxes(r) && !has(r, layers.Rows) && !has(r, layers.Gated) || permutes(r) {
			n.Graph().Redirect(n.Outputs[0], name, n.Graph().Node(name))
			return nil
		}
	}
	n.Graph().Warnf("Input %q: %d layers read it: like hls4ml 1.3.0, the firmware turns it for the first "+
		"of them alone: the "+
		"answer is not the network's, set ChannelsLastConversion to internal", n.Name, len(readers))
	return nil
}

// turnRows puts a layer over the last axis between two transposes, of which the second is left out at an
// output that may stay as it is.
func turnRows(n *ir.Node) error {
	rank := len(n.Out().Shape)
	if w := n.Weight("weight"); w != nil {
		w.Data = w.Data.OutputLast()
	}
	for i := range n.Inputs {
		name := "pre_transpose_for_" + n.Name
		if i > 0 {
			name = fmt.Sprintf("%s_%d", name, i)
		}
		if err := insertBefore(n, i, name, toFirst(len(n.In(i).Shape))); err != nil {
			return err
		}
	}
	if has(n, layers.Contracts) { // the batch is an axis of one
		rank = len(n.Out().Shape) - 1
		n.Out().Shape = n.Out().Shape[1:]
	}
	// Like hls4ml, which turns the output of rows only where outputs shall be turned.
	rows, turned := has(n, layers.Rows), n.Graph().Config.TransposesOutputs()
	if slices.Contains(n.Graph().Outputs, n.Outputs[0]) && !(rows && turned) {
		return nil
	}
	return insertTranspose(n, "post_transpose_for_"+n.Name, toLast(rank))
}

// toLast and toFirst are the permutations to channels last and back.
func toLast(rank int) []int {
	if rank == 2 {
		return []int{1, 0}
	}
	return []int{1, 2, 0}
}

func toFirst(rank int) []int {
	if rank == 2 {
		return []int{1, 0}
	}
	return []int{2, 0, 1}
}

// insertBefore puts a transpose between n and what makes its input i.
func insertBefore(n *ir.Node, i int, name string, perm []int) error {
	t, err := newTranspose(n.Graph(), name, n.Inputs[i], perm)
	if err != nil {
		return err
	}
	return n.Graph().Insert(t, n, i)
}

func newTranspose(g *ir.Graph, name, tensor string, perm []int) (*ir.Node, error) {
	t, err := g.NewNode(ir.NodeSpec{
		Kind: "Transpose", Name: name, Attrs: &shape.TransposeAttrs{Perm: perm}, Inputs: []string{tensor},
	})
	if err == nil {
		t.ChannelsLast = true
	}
	return t, err
}

// insertTranspose puts a transpose behind n.
func insertTranspose(n *ir.Node, name string, perm []int) error {
	t, err := newTranspose(n.Graph(), name, n.Outputs[0], perm)
	if err != nil {
		return err
	}
	return n.Graph().Insert(t, nil, 0)
}

// lastFromFirst moves the channel axis to the end.
func lastFromFirst(s []int) []int { return append(slices.Clone(s[1:]), s[0]) }

func convertNode(n *ir.Node) error {
	rank := len(n.Out().Shape)
	// front ends with channels first have weights with the outputs first; biases have one axis and stay
	for _, role := range []string{"weight", "depthwise", "pointwise", "zero_bias", "scale", "recurrent_weight"} {
		if w := n.Weight(role); w != nil {
			w.Data = w.Data.OutputLast()
		}
	}
	// by name: every kind with an order of axes has this attribute, and many have it only to be converted here
	if _, err := ir.SetAttr(n.Attrs, "data_format", "channels_last"); err != nil {
		return n.Errorf("%w", err)
	}
	if a, ok := n.Attrs.(layers.ChannelsFirst); ok {
		if wrong := a.TurnLast(rank); wrong != "" {
			n.Graph().Warnf("%s %q: like hls4ml 1.3.0, the firmware %s", n.Kind, n.Name, wrong)
		}
	}
	if rank == 2 || rank == 3 {
		if err := turnOutput(n); err != nil {
			return err
		}
	}
	if a, ok := n.Attrs.(layers.Reshaping); ok && len(a.Target()) == 1 && len(producer(n).Out().Shape) > 1 {
		return transposeBack(producer(n), "transpose_input_for_"+n.Name)
	}
	if n.Graph().Config.TransposesOutputs() && slices.Contains(n.Graph().Outputs, n.Outputs[0]) && rank > 1 {
		return transposeOutput(n)
	}
	return nil
}

// turnOutput gives the output channels last. hls4ml makes a new variable for it, of the configured type
// even where the layer took that of its input.
func turnOutput(n *ir.Node) error {
	v := n.Out()
	t, err := n.Graph().LookupType(n, "result")
	if err != nil {
		return err
	}
	v.Shape, v.Type.Format = lastFromFirst(v.Shape), t.Format
	return nil
}

// transposeBack puts a transpose to channels first behind n.
func transposeBack(n *ir.Node, name string) error {
	return insertTranspose(n, name, toFirst(len(n.Out().Shape)))
}

// transposeOutput puts a transpose to channels first behind an output. It answers what the layer does in the
// network.
func transposeOutput(n *ir.Node) error {
	name := "transpose_ouput_for_" + n.Name // hls4ml's spelling
	if err := transposeBack(n, name); err != nil {
		return err
	}
	n.Graph().Node(name).Origin = slices.Clone(n.Origin)
	return nil
}

func permutes(n *ir.Node) bool {
	_, ok := axesOf(n)
	return ok
}

// turnPermutation replaces an order of axes of the network's own by the one that does the same with channels
// last; hls4ml 1.3.0 reads none from PyTorch.
func turnPermutation(n *ir.Node) error {
	perm, _ := axesOf(n)
	rank := len(perm)
	if rank != 2 && rank != 3 {
		return nil
	}
	places, back := toLast(rank), toFirst(rank) // axis of channels last to axis of channels first, and back
	turned := make([]int, rank)
	for i := range turned {
		turned[i] = back[perm[places[i]]]
	}
	t, err := newTranspose(n.Graph(), n.Name, n.Inputs[0], turned)
	if err != nil {
		return err
	}
	t.Origin = slices.Clone(n.Origin)
	if err := n.Graph().Replace(n, t); err != nil {
		return err
	}
	if slices.Contains(n.Graph().Outputs, t.Outputs[0]) && n.Graph().Config.TransposesOutputs() {
		return transposeOutput(t)
	}
	return nil
}
