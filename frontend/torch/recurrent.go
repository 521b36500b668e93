package torch

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/rnn"
)

var recurrentHandlers = []build.Handler{
	{
		Classes:     []string{"lstm", "gru", "rnn_tanh", "rnn_relu"},
		Unsupported: recurrentProblem, Read: readRecurrent,
	},
}

// cells are the kinds of the operators.
var cells = map[string]string{"lstm": "LSTM", "gru": "GRU", "rnn_tanh": "SimpleRNN", "rnn_relu": "SimpleRNN"}

func recurrentProblem(_ string, a build.Attributes) string {
	if on, err := a.Bool("train", false); err == nil && on {
		return "train: got true, want a network exported after model.eval()"
	}
	if on, err := a.Bool("batch_first", false); err != nil || !on {
		return "batch_first: got false, want true: the first axis is that of the samples"
	}
	return ""
}

// readRecurrent reads one layer of one direction. Mirrors parse_rnn_layer of hls4ml's
// converters/pytorch/recurrent.py: the weights are turned round, gates keep PyTorch's order, and the layer
// answers its last step.
func readRecurrent(c *build.Call) (*build.Out, error) {
	shape := c.Shape()
	if len(shape) != 2 {
		return nil, refusal("input: got shape %v, want steps and features", shape)
	}
	for key, want := range map[string]int{"num_layers": 1, "bidirectional": 0} {
		if v, _ := of(c).args[key].number(); int(v) != want {
			return nil, refusal("%s: got %v, want %d", key, v, want)
		}
	}
	kind := cells[c.Class]
	units, err := c.Config.Int("units", 0)
	if err != nil {
		return nil, err
	}
	if list, _, err := weightShape(c, "params.1"); err == nil && len(list) == 2 {
		units = list[1]
	}
	out, err := c.Layer(kind, kind)
	if err != nil {
		return nil, err
	}
	if err := cellWeights(c, out, build.Cell{Kind: kind, Inputs: shape[1], Units: units}); err != nil {
		return nil, err
	}
	a := build.Attrs[rnn.Single](out)
	a.NTimesteps, a.NIn, a.NOut, a.PyTorch = shape[0], shape[1], units, true
	a.PassInitialStates = len(c.Shapes) > 1
	a.DataFormat, a.UseBias = "", false // hls4ml stores neither
	a.Activation = "tanh"
	if name, ok := strings.CutPrefix(c.Class, "rnn_"); ok {
		a.Activation = name
	}
	if kind != "SimpleRNN" {
		out.Set("recurrent_activation", "sigmoid")
	}
	if kind == "GRU" {
		build.Attrs[rnn.GRUAttrs](out).ApplyResetGate = "after"
	}
	out.Shape = []int{units}
	lastStep(c)
	return out.Done()
}

// cellWeights reads the four weights of a direction, of which biases may be missing.
func cellWeights(c *build.Call, out *build.Out, cell build.Cell) error {
	biases, err := c.Config.Bool("has_biases", true)
	if err != nil {
		return err
	}
	for i, name := range []string{"weight_data", "recurrent_weight_data"} {
		inputs := []int{cell.Inputs, cell.Units}[i]
		t, err := c.Weight([]string{"params.0", "params.1"}[i], cell.Width(), inputs)
		if err != nil {
			return err
		}
		out.Tensor(name, t.Transpose(1, 0))
	}
	for i, name := range []string{"bias_data", "recurrent_bias_data"} {
		t := ir.NewTensor(ir.Float32, cell.Width())
		if biases {
			if t, err = c.Weight([]string{"params.2", "params.3"}[i], cell.Width()); err != nil {
				return err
			}
		}
		out.Tensor(name, t)
	}
	return nil
}

// lastStep notes that the sequence which the layer answers is its last step, and so is the state behind it,
// as hls4ml 1.3.0 has it. Who reads more of it is told.
func lastStep(c *build.Call) {
	a := of(c)
	a.same = 1
	a.values.last[a.outputs[0]] = true
	if len(a.outputs) > 1 {
		a.values.states[a.outputs[1]] = true
	}
	if a.values.readsMore(a.outputs[0]) {
		a.values.warnings = append(a.values.warnings, fmt.Sprintf("layer %q: the network reads every step of it: "+
			"like hls4ml 1.3.0, the firmware answers the last step alone", c.Name))
	}
}

// readsMore reports whether anything but the last step of a sequence is read.
func (v *values) readsMore(sequence string) bool {
	for _, out := range v.program.Module.Graph.Outputs {
		if slices.Contains(out.tensors(), sequence) {
			return true
		}
	}
	for i := range v.program.Module.Graph.Nodes {
		n := &v.program.Module.Graph.Nodes[i]
		a := newArguments(v, []*node{n})
		if slices.Contains(a.live, sequence) && !a.lastOf(1) {
			return true
		}
	}
	return false
}

// lastOf reports whether the call takes the last entry of an axis.
func (a *arguments) lastOf(axis int) bool {
	dim, err := a.Int("dim", 0)
	switch a.nodes[0].operator() {
	case "select":
		index, wrong := a.Int("index", 0)
		return err == nil && wrong == nil && dim == axis && index == -1
	case "slice":
		start, wrong := a.Int("start", 0)
		return err == nil && wrong == nil && dim == axis && start == -1
	}
	return false
}

// idle reports whether a call changes nothing here: the last step of what has no other, the state of the only
// layer, a slice with everything in it, a sum with nothing.
func (a *arguments) idle() bool {
	if len(a.live) != 1 {
		return false
	}
	tensor := a.live[0]
	dim, err := a.Int("dim", 0)
	switch op := a.nodes[0].operator(); {
	case a.values.last[tensor]:
		return a.lastOf(1)
	case a.values.states[tensor]:
		return err == nil && dim == 0 && (op == "select" || op == "squeeze")
	case op == "slice":
		from, to := a.values.shapes[tensor], a.values.shapes[a.outputs[0]]
		return len(from.Sizes) > 0 && reflect.DeepEqual(from.Sizes, to.Sizes)
	}
	return false
}
