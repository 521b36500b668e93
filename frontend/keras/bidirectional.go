package keras

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/layers/rnn"
)

// wrapped is a layer inside another one's configuration.
type wrapped struct {
	class  string
	name   string
	config Config
}

// wrappedLayer finds the layer under a key; ok is false when there is none.
func wrappedLayer(c Config, key string) (w wrapped, ok bool) {
	m, _ := c[key].(map[string]any)
	w.class, _ = m["class_name"].(string)
	config, ok := m["config"].(map[string]any)
	w.config = config
	w.name, _ = w.config["name"].(string)
	return w, ok
}

// bidirectionalProblem names what the firmware cannot do.
func bidirectionalProblem(_ string, c Config) string {
	mode, err := c.Text("merge_mode", "")
	if err != nil {
		return err.Error()
	}
	if !slices.Contains([]string{"concat", "sum", "mul", "ave"}, mode) {
		return "merge_mode: got none, want concat, sum, mul or ave: the layer has one output in the firmware"
	}
	for _, key := range []string{"layer", "backward_layer"} {
		w, ok := wrappedLayer(c, key)
		if !ok && key == "backward_layer" {
			continue
		}
		if !slices.Contains([]string{"SimpleRNN", "LSTM", "GRU"}, w.class) {
			return fmt.Sprintf("%s: got %q, want SimpleRNN, LSTM or GRU", key, w.class)
		}
		if v, err := w.config.Bool("return_state", false); err == nil && v {
			return key + ": return_state: got true, want false: states of two directions are no outputs of the " +
				"firmware: use a layer of one direction"
		}
		if reason := recurrentProblem(w.class, w.config); reason != "" {
			return key + ": " + reason
		}
	}
	return ""
}

// readBidirectional mirrors parse_bidirectional_layer of hls4ml's converters/keras/recurrent.py, which puts
// the layer that starts at the first step first.
func readBidirectional(c *build.Call) (*build.Out, error) {
	if err := sequenceInput(c, 0); err != nil {
		return nil, err
	}
	both, swapped, err := directions(c)
	if err != nil {
		return nil, err
	}
	out, err := Layer(c, "Bidirectional", "Bidirectional")
	if err != nil {
		return nil, err
	}
	mode, err := c.Config.Text("merge_mode", "concat")
	if err != nil {
		return nil, err
	}
	shape := c.Shape()
	nOut := both[0].Units
	if mode == "concat" {
		nOut += both[1].Units
	}
	a := build.Attrs[rnn.BidirectionalAttrs](out)
	a.Direction, a.MergeMode, a.ReturnSequences = "bidirectional", mode, both[0].sequences
	a.NTimesteps, a.NIn, a.NOut = shape[0], shape[1], nOut
	a.ForwardGoBackwards, a.Swapped = both[0].backwards, swapped
	for i, prefix := range []string{"forward_", "backward_"} {
		if err := both[i].direction(c, out, prefix); err != nil {
			return nil, err
		}
	}
	out.Shape = []int{nOut}
	if both[0].sequences {
		out.Shape = []int{shape[0], nOut}
	}
	return out.Done()
}

// directions reads both layers, that which starts at the first step first; swapped: Keras has them the other
// way round.
func directions(c *build.Call) (both [2]*recurrent, swapped bool, err error) {
	first, _ := wrappedLayer(raw(c), "layer")
	second, own := wrappedLayer(raw(c), "backward_layer")
	if !own {
		second = first
	}
	for i, w := range []wrapped{first, second} {
		part := []string{"forward_", "backward_"}[i] + w.name
		if both[i], err = newRecurrent(w.class, w.config, part, c.Shape()[1]); err != nil {
			return both, false, err
		}
	}
	if both[0].sequences != both[1].sequences {
		return both, false, fmt.Errorf("return_sequences: got %v and %v, want the same of both layers",
			both[0].sequences, both[1].sequences)
	}
	if own && both[0].backwards {
		return [2]*recurrent{both[1], both[0]}, true, nil
	}
	return both, false, nil
}

// direction stores what the node keeps of one layer.
func (r *recurrent) direction(c *build.Call, out *build.Out, prefix string) error {
	format, err := r.config.Text("data_format", "channels_last")
	if err != nil {
		return err
	}
	name, err := r.config.Text("name", "")
	if err != nil {
		return err
	}
	set := func(name string, value any) { out.Set(prefix+name, value) } // both layers have the same attributes
	set("name", name)
	set("class_name", r.Kind)
	set("data_format", format)
	set("use_bias", r.useBias)
	set("n_states", r.Units)
	for _, key := range []string{"activation", "recurrent_activation"} {
		function, err := r.config.Text(key, "linear")
		if err != nil {
			return err
		}
		if key == "activation" || r.Kind != "SimpleRNN" {
			set(key, function)
		}
	}
	if r.Kind == "GRU" {
		set("apply_reset_gate", r.gate())
	}
	return r.tensors(c, out, prefix)
}
