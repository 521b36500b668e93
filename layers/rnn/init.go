package rnn

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// initSingle mirrors the initialize of SimpleRNN, LSTM and GRU.
func initSingle(n *ir.Node, data ir.Data) error {
	c := CommonOf(n)
	if err := initCommon(n, c); err != nil {
		return err
	}
	return initPart(n, data, parts(n)[0])
}

// initBidirectional mirrors Bidirectional.initialize.
func initBidirectional(n *ir.Node, data ir.Data) error {
	a := ir.Attrs[BidirectionalAttrs](n)
	list := parts(n)
	want := list[0].units
	if a.MergeMode == "concat" {
		want += list[1].units
	} else if list[0].units != list[1].units {
		return n.Errorf("merge_mode %s: got %d and %d units, want equal numbers",
			a.MergeMode, list[0].units, list[1].units)
	}
	if !slices.Contains([]string{"concat", "sum", "mul", "ave"}, a.MergeMode) {
		return n.Errorf("merge_mode: got %q, want concat, sum, mul or ave", a.MergeMode)
	}
	if a.NOut != want {
		return n.Errorf("n_out: got %d, want %d", a.NOut, want)
	}
	if err := initCommon(n, &a.Common); err != nil {
		return err
	}
	for _, p := range list {
		if err := initPart(n, data, p); err != nil {
			return err
		}
	}
	return nil
}

// maxTable bounds the tables of the activations.
const maxTable = 1 << 20

// initCommon checks the geometry and adds the outputs.
func initCommon(n *ir.Node, c *Common) error {
	in := n.In(0)
	switch {
	case in == nil:
		return n.Errorf("input %q: got no such tensor", n.Inputs[0])
	case c.TimeMajor:
		return n.Errorf("time_major: got true, want false")
	case c.NTimesteps < 1 || c.NIn < 1 || c.NOut < 1:
		return n.Errorf("n_timesteps, n_in, n_out: got %d, %d, %d, want all positive", c.NTimesteps, c.NIn, c.NOut)
	case !slices.Equal(in.Shape, []int{c.NTimesteps, c.NIn}):
		return n.Errorf("input: got shape %v, want (%d, %d)", in.Shape, c.NTimesteps, c.NIn)
	case c.TableSize < 1 || c.TableSize > maxTable:
		return n.Errorf("TableSize: got %d, want 1 to %d", c.TableSize, maxTable)
	}
	if err := checkStates(n, c); err != nil {
		return err
	}
	return addOutputs(n, c)
}

// initPart adds the weights of one direction: matrices (n_in, width) and (units, width), biases (width). A
// quantizer of the front end has no effect on them, as in hls4ml.
func initPart(n *ir.Node, data ir.Data, p part) error {
	if p.kind != "SimpleRNN" && p.kind != "LSTM" && p.kind != "GRU" {
		return n.Errorf("%sclass_name: got %q, want SimpleRNN, LSTM or GRU", p.prefix, p.kind)
	}
	if err := p.checkActivations(n); err != nil {
		return err
	}
	if p.units < 1 {
		return n.Errorf("%sn_states: got %d, want a positive number", p.prefix, p.units)
	}
	bias := []int{p.width()}
	if p.before {
		bias = nil
		warnResetGate(n)
	}
	for _, w := range []struct {
		role, letter string
		shape        []int
	}{
		{"weight", "w", []int{CommonOf(n).NIn, p.width()}},
		{"recurrent_weight", "wr", []int{p.units, p.width()}},
		{"bias", "b", bias},
		{"recurrent_bias", "br", bias},
	} {
		given := data.Tensors["recurrent_bias_data"] != nil
		if w.role == "recurrent_bias" && n.Kind == "SimpleRNN" && !given {
			continue
		}
		if err := addWeight(n, data, p, w.role, w.letter, w.shape); err != nil {
			return err
		}
	}
	return nil
}

// addWeight adds one weight. Keras has a recurrent bias for GRU alone, PyTorch for all; one that is missing
// is zero, in double precision as hls4ml's.
func addWeight(n *ir.Node, data ir.Data, p part, role, letter string, shape []int) error {
	spec := ir.WeightSpec{Role: p.prefix + role, Var: fmt.Sprintf("%s%d", letter, n.Index)}
	if p.letter != "" {
		spec.Var = fmt.Sprintf("%s_%s_%d", letter, p.letter, n.Index)
	}
	given := data.Tensors[spec.Role+"_data"] != nil
	if role == "recurrent_bias" && p.kind != "GRU" && !given {
		spec.Data = ir.NewTensor(ir.Float64, shape...)
	} else {
		var err error
		if spec.Data, err = layers.CheckTensor(n, data, spec.Role, shape); err != nil {
			return err
		}
	}
	return n.AddWeight(spec)
}

// warnResetGate says what becomes of a GRU whose reset gate comes before the product. It has one row
// of biases; hls4ml takes its first two values for the two rows and reads on behind each of them.
func warnResetGate(n *ir.Node) {
	n.Graph().Warnf("%s %q: reset_after: got false, which the firmware does not compute: like hls4ml 1.3.0, "+
		"hlsgo computes the other form with nearly all biases lost: the answer is not the network's",
		n.Kind, n.Name)
}
