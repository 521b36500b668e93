package keras

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/group"
)

// timeDistributedHandlers names the class; the reading needs the scope, see timeDistributed.
var timeDistributedHandlers = []build.Handler{{Classes: []string{timeDistributed}, OwnActivation: true}}

const timeDistributed = "TimeDistributed"

// wrappedNode reads the layer inside a wrapper.
func (d decoder) wrappedNode(config json.RawMessage, depth int) (*node, error) {
	var body struct {
		Layer rawLayer `json:"layer"`
	}
	if err := unmarshal(config, &body); err != nil {
		return nil, err
	}
	if depth > maxNesting {
		return nil, fmt.Errorf("layer: got more than %d wrappers and models inside each other", maxNesting)
	}
	n, err := d.node(body.Layer, depth+1, false)
	return &n, err
}

// wrappedProblem says why the layer of a wrapper cannot be converted; "" when it can.
func (r *Reader) wrappedProblem(n *node) string {
	if h, _ := r.handler(n.class); h.Skip || n.class == "InputLayer" {
		return fmt.Sprintf("it repeats a layer of class %s, which does nothing at inference: leave it out", n.class)
	}
	if n.wrapped != nil {
		return "a wrapper right inside a wrapper: put a model between them"
	}
	if v, err := n.config.Bool("return_state", false); err == nil && v {
		return fmt.Sprintf("%s %q inside: return_state: got true, want false: a step has one output",
			n.class, n.name)
	}
	if reason := r.problem(*n); reason != "" {
		return fmt.Sprintf("%s %q inside: %s", n.class, n.name, reason)
	}
	return ""
}

// timeDistributed reads a layer or a model that runs once for each step of the first axis. An activation
// argument of the layer inside becomes a layer of which the firmware knows nothing, as in hls4ml. Mirrors
// parse_time_distributed_layer of hls4ml's converters/keras/recurrent.py, which knows less of shapes.
func (s *scope) timeDistributed(c *build.Call, u use) error {
	n := u.wrapped
	if len(c.Shape()) < 2 {
		return fmt.Errorf("input: got shape %v, want steps and at least one more axis", c.Shape())
	}
	out, err := Layer(c, timeDistributed, timeDistributed)
	if err != nil {
		return err
	}
	inside := s.Call(n.class, s.name(n.name), n.config, build.Tensor{Name: c.Name, Shape: c.Shape()[1:]})
	inside.Source = c.Source
	list, shape, err := s.wrapped(inside, n, s.weights.below(c.Source))
	if err != nil {
		return fmt.Errorf("%s %q inside: %w", n.class, n.name, err)
	}
	if err := s.Claim(list[0].Name); err != nil {
		return fmt.Errorf("%s %q inside: %w", n.class, n.name, err)
	}
	out.Shape = append([]int{c.Shape()[0]}, shape...)
	a := build.Attrs[group.TimeDistributedAttrs](out)
	a.Wrapped, a.NTimeSteps = list, c.Shape()[0]
	a.OutputShape, a.Step = slices.Clone(out.Shape), slices.Clone(c.Shape()[1:])
	if _, err := out.Done(); err != nil {
		return err
	}
	return s.AddAt(u.at(), out)
}

// wrapped reads the layer of a step, and behind it the layer of its activation argument.
func (s *scope) wrapped(c *build.Call, n *node, inner *weights) ([]*ir.Layer, []int, error) {
	var out *build.Out
	var err error
	h, _ := s.r.handler(n.class)
	switch {
	case n.inner != nil:
		out, err = s.groupLayer(c, n.inner, inner)
	default:
		out, err = h.Make(c)
	}
	if err != nil {
		return nil, nil, err
	}
	if len(out.Before)+len(out.After) > 0 {
		return nil, nil, fmt.Errorf("class: got %s, which has quantizers of its own, want another", n.class)
	}
	list := []*ir.Layer{out.Layer}
	if n.inner != nil || h.OwnActivation || !c.Config.Has("activation") ||
		raw(c)["activation"] == "linear" {
		return list, out.Shape, nil
	}
	act, err := s.activationLayer(out, c, n.name)
	if err != nil {
		return nil, nil, err
	}
	return append(list, act.Layer), out.Shape, nil
}
