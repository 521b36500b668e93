package keras

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/rnn"
)

var recurrentHandlers = []build.Handler{
	{
		Classes: []string{"SimpleRNN", "LSTM", "GRU"}, OwnActivation: true, Unsupported: checked(recurrentProblem),
		Variables: cellVariables,
		Read:      func(c *build.Call) (*build.Out, error) { return readRecurrent(c, c.Class) },
	},
	{
		Classes: []string{"Bidirectional"}, OwnActivation: true, Unsupported: checked(bidirectionalProblem),
		Read: readBidirectional,
	},
}

// cellVariables are the weights of recurrent layers, which their cells have.
var cellVariables = variablesOf("cell", "kernel", "recurrent_kernel", "bias?use_bias")

// recurrentProblem names what the firmware cannot do.
func recurrentProblem(class string, c Config) string {
	if v, err := c.Bool("time_major", false); err == nil && v {
		return "time_major: got true, want false: the first axis after the batch must be time"
	}
	keys := []string{"activation"}
	if class != "SimpleRNN" {
		keys = append(keys, "recurrent_activation")
	}
	for _, key := range keys {
		name, err := c.Text(key, "linear")
		if err != nil {
			return err.Error()
		}
		if !slices.Contains(rnn.ActivationNames(), name) {
			return fmt.Sprintf("%s: got %q, want one of %s: recurrent layers of the firmware have no other",
				key, name, strings.Join(rnn.ActivationNames(), ", "))
		}
	}
	return ""
}

// recurrent is what Keras says of a recurrent layer, by itself or inside a Bidirectional.
type recurrent struct {
	build.Cell
	config    Config
	part      string // group of its weights inside a wrapper's; "" for a layer by itself
	sequences bool
	useBias   bool
	states    bool // return_state
	backwards bool
	before    bool // reset gate before the product with the state
}

// newRecurrent reads a layer of a class, without the Q of QKeras, that reads nIn values in a step.
func newRecurrent(class string, c Config, part string, nIn int) (*recurrent, error) {
	r := &recurrent{Cell: build.Cell{Kind: class, Inputs: nIn}, config: c, part: part}
	var err error
	if r.Units, err = c.Int("units", 0); err != nil {
		return nil, err
	}
	if r.Units < 1 {
		return nil, c.wrong("units", "a positive number")
	}
	after := class != "GRU"
	for _, flag := range []struct {
		key  string
		def  bool
		into *bool
	}{
		{"return_sequences", false, &r.sequences}, {"return_state", false, &r.states},
		{"use_bias", true, &r.useBias},
		{"go_backwards", false, &r.backwards}, {"reset_after", class != "GRU", &after},
	} {
		if *flag.into, err = c.Bool(flag.key, flag.def); err != nil {
			return nil, err
		}
	}
	r.before = !after
	return r, nil
}

// tensors reads the weights and stores them under hls4ml's names behind a prefix. Missing biases are zeros.
func (r *recurrent) tensors(c *build.Call, out *build.Out, prefix string) error {
	kernel, err := c.WeightOf(r.part, "kernel", r.Kernel()...)
	if err != nil {
		return err
	}
	recurrent, err := c.WeightOf(r.part, "recurrent_kernel", r.Recurrent()...)
	if err != nil {
		return err
	}
	out.Tensor(prefix+"weight_data", kernel)
	out.Tensor(prefix+"recurrent_weight_data", recurrent)
	return r.biases(c, out, prefix)
}

func (r *recurrent) biases(c *build.Call, out *build.Out, prefix string) error {
	shape := []int{r.Width()}
	if r.Kind == "GRU" && !r.before {
		shape = []int{2, r.Width()}
	}
	bias := ir.NewTensor(ir.Float32, shape...)
	if r.useBias {
		var err error
		if bias, err = c.WeightOf(r.part, "bias", shape...); err != nil {
			return err
		}
	}
	if r.Kind != "GRU" {
		out.Tensor(prefix+"bias_data", bias)
		return nil
	}
	// The two rows of a GRU are the biases of its two products. Where there is only one row, hls4ml takes
	// its first two values for them.
	if r.before {
		out.Tensor(prefix+rnn.ResetBeforeBias, bias)
	}
	out.Tensor(prefix+"bias_data", row(bias, 0))
	out.Tensor(prefix+"recurrent_bias_data", row(bias, 1))
	return nil
}

// row is entry i of the first axis.
func row(t *ir.Tensor, i int) *ir.Tensor {
	size := len(t.Data) / t.Shape[0]
	shape := append([]int(nil), t.Shape[1:]...)
	return &ir.Tensor{Shape: shape, DType: t.DType, Data: t.Data[i*size : (i+1)*size]}
}

// sequenceInput checks that the layer reads one sequence of vectors, and besides it none or so many states.
func sequenceInput(c *build.Call, states int) error {
	if given := len(c.Shapes) - 1; given != 0 && given != states {
		return fmt.Errorf("initial states: got %d, want none or %d", given, states)
	}
	if len(c.Shape()) != 2 {
		return fmt.Errorf("input: got shape %v, want steps and features", c.Shape())
	}
	return nil
}

// readRecurrent reads a layer of the kind SimpleRNN, LSTM or GRU; the class may be one derived from it, whose
// activations are then the caller's to set. Mirrors parse_rnn_layer of hls4ml's
// converters/keras/recurrent.py.
func readRecurrent(c *build.Call, kind string) (*build.Out, error) {
	if err := sequenceInput(c, len(rnn.StateNames(kind))); err != nil {
		return nil, err
	}
	shape := c.Shape()
	r, err := newRecurrent(kind, raw(c), "", shape[1])
	if err != nil {
		return nil, err
	}
	out, err := Layer(c, kind, c.Class)
	if err != nil {
		return nil, err
	}
	if err := r.tensors(c, out, ""); err != nil {
		return nil, err
	}
	a := build.Attrs[rnn.Single](out)
	a.ReturnSequences, a.ReturnState, a.PassInitialStates = r.sequences, r.states, len(c.Shapes) > 1
	a.NTimesteps, a.NIn, a.NOut, a.GoBackwards = shape[0], shape[1], r.Units, r.backwards
	if name, ok := raw(c)["recurrent_activation"].(string); ok && kind != "SimpleRNN" {
		out.Set("recurrent_activation", name)
	}
	if kind == "GRU" {
		build.Attrs[rnn.GRUAttrs](out).ApplyResetGate = r.gate()
	}
	out.Shape = []int{r.Units}
	if r.sequences {
		out.Shape = []int{shape[0], r.Units}
	}
	if r.states {
		r.yields(c, out, kind)
	}
	return out.Done()
}

// yields says which of sequence and states the layer gives: those that the model reads. A state is called as
// the layer with _h or _c behind.
func (r *recurrent) yields(c *build.Call, out *build.Out, kind string) {
	var yields []string
	out.More = map[int]build.Tensor{}
	for _, k := range c.Wanted {
		states := rnn.StateNames(kind)
		switch {
		case k == 0:
			yields, out.Outputs = append(yields, rnn.YieldSequence), append(out.Outputs, c.Name)
		case k <= len(states):
			state := states[k-1]
			out.More[k] = build.Tensor{Name: c.Name + "_" + state, Shape: []int{r.Units}}
			yields, out.Outputs = append(yields, state), append(out.Outputs, out.More[k].Name)
		}
	}
	if len(yields) == 0 {
		yields = []string{rnn.YieldSequence}
	}
	build.Attrs[rnn.Common](out).Yields = yields
}

// gate says when the reset gate of a GRU is applied.
func (r *recurrent) gate() string {
	if r.before {
		return "before"
	}
	return "after"
}
