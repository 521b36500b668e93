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

// readRecurrent reads layers of one direction, one behind the other; hls4ml 1.3.0 reads one. Mirrors
// parse_rnn_layer of its converters/pytorch/recurrent.py: the weights are turned round, gates keep
// PyTorch's order, and the layer answers its last step.
func readRecurrent(c *build.Call) (*build.Out, error) {
	if len(c.Shape()) != 2 {
		return nil, refusal("input: got shape %v, want steps and features", c.Shape())
	}
	if both, err := c.Config.Bool("bidirectional", false); err != nil || both {
		return nil, refusal("bidirectional: got true, want false: the last step of both directions is no " +
			"state of the " +
			"firmware's layer")
	}
	number, err := c.Config.Int("num_layers", 1)
	if err != nil {
		return nil, err
	}
	if number < 1 || number > maxLayers || number > 1 && len(c.Shapes) > 1 {
		return nil, refusal("num_layers: got %d, want 1 to %d, and 1 with given states", number, maxLayers)
	}
	if number > 1 && of(c).values.readsMore(of(c).outputs[0]) {
		return nil, refusal("num_layers: got %d and a network that reads every step, want it to read the last "+
			"alone",
			number)
	}
	var before []*build.Out
	at := c
	for k := range number - 1 {
		out, err := readCell(at, c, k, true)
		if err != nil {
			return nil, err
		}
		before = append(before, out)
		at = c.Part(c.Class, c.Name, c.Config, build.Tensor{Name: out.Name, Shape: out.Shape})
	}
	out, err := readCell(at, c, number-1, false)
	if err != nil {
		return nil, err
	}
	out.Before, out.Implicit = before, c.Implicit
	lastStep(c)
	return out.Done()
}

// maxLayers bounds the layers of one module.
const maxLayers = 64

// readCell reads layer k of a module, which answers every step or the last.
func readCell(at, c *build.Call, k int, sequences bool) (*build.Out, error) {
	kind, shape := cells[c.Class], at.Shape()
	biases, err := c.Config.Bool("has_biases", true)
	if err != nil {
		return nil, err
	}
	p := params{c: c, first: 4 * k, biases: biases}
	if !biases {
		p.first = 2 * k
	}
	list, ok, err := weightShape(c, p.name(1))
	if err != nil {
		return nil, err
	}
	if !ok || len(list) != 2 {
		return nil, refusal("params: got no matrix for the states of layer %d, want one", k)
	}
	out, err := at.Layer(kind, kind)
	if err != nil {
		return nil, err
	}
	if sequences {
		out.Name = fmt.Sprintf("%s_l%d", c.Name, k)
	}
	cell := build.Cell{Kind: kind, Inputs: shape[1], Units: list[1]}
	if err := p.read(out, cell); err != nil {
		return nil, err
	}
	a := build.Attrs[rnn.Single](out)
	a.NTimesteps, a.NIn, a.NOut, a.PyTorch = shape[0], cell.Inputs, cell.Units, true
	a.PassInitialStates, a.ReturnSequences = len(at.Shapes) > 1, sequences
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
	if out.Shape = []int{cell.Units}; sequences {
		out.Shape = []int{shape[0], cell.Units}
	}
	return out.Done()
}

// params are the weights of one layer in the list of all: two matrices and, where there are some, two biases.
type params struct {
	c      *build.Call
	first  int
	biases bool
}

func (p params) name(i int) string { return fmt.Sprintf("params.%d", p.first+i) }

// read stores the weights; biases that are missing are zero.
func (p params) read(out *build.Out, cell build.Cell) error {
	for i, name := range []string{"weight_data", "recurrent_weight_data"} {
		t, err := p.c.Weight(p.name(i), cell.Width(), []int{cell.Inputs, cell.Units}[i])
		if err != nil {
			return err
		}
		out.Tensor(name, t.Transpose(1, 0))
	}
	for i, name := range []string{"bias_data", "recurrent_bias_data"} {
		t := ir.NewTensor(ir.Float32, cell.Width())
		if p.biases {
			var err error
			if t, err = p.c.Weight(p.name(2+i), cell.Width()); err != nil {
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
		switch {
		case !slices.Contains(a.live, sequence) || a.lastOf(1):
		case !a.everything() || v.readsMore(a.outputs[0]):
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
	case a.everything():
		a.values.last[a.outputs[0]], a.values.states[a.outputs[0]] = a.values.last[tensor], a.values.states[tensor]
		return true
	case a.values.last[tensor]:
		return a.lastOf(1)
	case a.values.states[tensor]:
		return err == nil && dim == 0 && (op == "select" || op == "squeeze")
	}
	return false
}

// everything reports whether a call is a slice with everything in it.
func (a *arguments) everything() bool {
	if a.nodes[0].operator() != "slice" || len(a.live) != 1 || len(a.outputs) != 1 {
		return false
	}
	from, to := a.values.shapes[a.live[0]], a.values.shapes[a.outputs[0]]
	return len(from.Sizes) > 0 && reflect.DeepEqual(from.Sizes, to.Sizes)
}
