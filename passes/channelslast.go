package passes

import (
	"slices"

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
		if has(n, layers.Entry) {
			return true, convertInput(n)
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
		perm := []int{1, 2, 0}
		if len(v.Shape) == 2 {
			perm = []int{1, 0}
		}
		return insertTranspose(n, "transpose_input_for_"+n.Name, perm)
	case conversion(n) == "internal":
		v.Shape = lastFromFirst(v.Shape)
	}
	return nil
}

// insertTranspose puts a transpose behind n.
func insertTranspose(n *ir.Node, name string, perm []int) error {
	t, err := n.Graph().NewNode(ir.NodeSpec{
		Kind: "Transpose", Name: name, Attrs: &shape.TransposeAttrs{Perm: perm},
		Inputs: slices.Clone(n.Outputs[:1]),
	})
	if err != nil {
		return err
	}
	t.ChannelsLast = true
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
	if rank == 2 || rank == 3 {
		n.Out().Shape = lastFromFirst(n.Out().Shape)
	}
	if a, ok := n.Attrs.(layers.Reshaping); ok && len(a.Target()) == 1 {
		return transposeBack(producer(n), "transpose_input_for_"+n.Name)
	}
	wanted, _ := n.Graph().Config.HLS.Model.Get("TransposeOutputs")
	if ask, ok := wanted.(bool); ok && ask && slices.Contains(n.Graph().Outputs, n.Name) && rank > 1 {
		return transposeBack(n, "transpose_ouput_for_"+n.Name) // hls4ml's spelling
	}
	return nil
}

// transposeBack puts a transpose to channels first behind n.
func transposeBack(n *ir.Node, name string) error {
	if len(n.Out().Shape) == 2 {
		return insertTranspose(n, name, []int{1, 0})
	}
	return insertTranspose(n, name, []int{2, 0, 1})
}
