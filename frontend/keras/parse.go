package keras

import (
	"fmt"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/group"
)

// scope is one model being read: the outermost or a nested one.
type scope struct {
	*build.Scope
	r       *Reader
	model   *model
	weights *weights
	wanted  map[string][]int // layer -> its outputs that the model reads
}

// network is a model after reading.
type network struct {
	layers          []*ir.Layer
	inputs, outputs []string
	shape           []int // of the first output
}

func (n *network) parsed() *ir.Parsed {
	return &ir.Parsed{Layers: n.layers, Inputs: n.inputs, Outputs: n.outputs}
}

// read reads one model into the scope. It mirrors parse_keras_model of hls4ml's
// converters/keras_v2_to_hls.py.
func (r *Reader) read(m *model, w *weights, into *build.Scope) (*network, error) {
	s := &scope{Scope: into, r: r, model: m, weights: w, wanted: m.wanted()}
	if m.class == "Sequential" && m.layers[0].class != "InputLayer" {
		if err := s.impliedInput(m.layers[0]); err != nil {
			return nil, err
		}
	}
	for _, n := range m.layers {
		if err := s.node(n); err != nil {
			return nil, fmt.Errorf("%s %q: %w%s", n.class, n.name, err, s.Note())
		}
	}
	return s.network()
}

// impliedInput adds the input layer that Sequential models did not list before Keras 2.4, under hls4ml's
// name.
func (s *scope) impliedInput(n node) error {
	shape := n.config["batch_input_shape"]
	if shape == nil {
		return fmt.Errorf("%s %q: batch_input_shape: got none on the first layer, want a built model",
			n.class, n.name)
	}
	return s.node(node{class: "InputLayer", name: "input1", config: Config{
		"name": "input1", "batch_input_shape": shape, "dtype": n.config["dtype"],
	}})
}

// node reads one layer and, where it has an activation argument, the layer for it.
func (s *scope) node(n node) error {
	inputs, err := s.inputs(n)
	if err != nil {
		return err
	}
	c := s.Call(n.class, n.name, n.config, inputs...)
	c.Wanted = s.wanted[n.name]
	switch {
	case n.inner != nil:
		return s.group(c, n.inner)
	case n.wrapped != nil && n.class == timeDistributed:
		return s.timeDistributed(c, n.wrapped)
	}
	h, _ := s.r.handler(n.class) // there is one: r.unsupported has looked
	if h.Skip {
		s.Bind(build.Ref{Layer: n.name}, inputs[0])
		return nil
	}
	out, err := h.Make(c)
	if err != nil {
		return err
	}
	if err := s.Add(n.name, out); err != nil {
		return err
	}
	if h.OwnActivation || !c.Config.Has("activation") {
		return nil
	}
	return s.activation(n.name, out, c)
}

// inputs finds the tensors that the layer reads.
func (s *scope) inputs(n node) ([]build.Tensor, error) {
	if n.class == "InputLayer" {
		return nil, nil
	}
	if s.model.class == "Sequential" {
		return []build.Tensor{s.Last()}, nil
	}
	if len(n.inbound) == 0 || len(n.inbound[0]) == 0 {
		return nil, fmt.Errorf("inbound_nodes: got none, want the layers it reads")
	}
	var list []build.Tensor
	for _, ref := range n.inbound[0] {
		t, err := s.Tensor(ref)
		if err != nil {
			return nil, fmt.Errorf("input %w", err)
		}
		list = append(list, t)
	}
	return list, nil
}

// activation adds the layer that stands for the activation argument, called after it, such as fc1_relu.
func (s *scope) activation(name string, of *build.Out, c *build.Call) error {
	out, err := s.activationLayer(of, c)
	if err != nil {
		return err
	}
	return s.Add(name, out)
}

func (s *scope) activationLayer(of *build.Out, c *build.Call) (*build.Out, error) {
	act := s.Call("Activation", "", Config{"activation": raw(c)["activation"]}, build.Tensor{
		Name: of.Name, Shape: of.Shape,
	})
	act.Source, act.Implicit = c.Source, true
	switch a := raw(c)["activation"].(type) {
	case string:
		act.Name = c.Name + "_" + a
	case map[string]any:
		class, _ := a["class_name"].(string)
		act.Class, act.Name = "QActivation", c.Name+"_"+class
	}
	h, ok := s.r.handler(act.Class)
	if !ok || h.Read == nil {
		return nil, fmt.Errorf("activation: got no handler of %s, want one", act.Class)
	}
	out, err := h.Make(act)
	if err != nil {
		return nil, fmt.Errorf("activation: %w", err)
	}
	return out, nil
}

// group reads a model inside the model. It stays one layer here; a pass expands it.
func (s *scope) group(c *build.Call, inner *model) error {
	out, err := s.groupLayer(c, inner, s.weights.nested(c.Name))
	if err != nil {
		return err
	}
	return s.Add(c.Name, out)
}

func (s *scope) groupLayer(c *build.Call, inner *model, w *weights) (*build.Out, error) {
	out, err := Layer(c, "LayerGroup", "LayerGroup")
	if err != nil {
		return nil, err
	}
	net, err := s.r.read(inner, w, s.Nested(w))
	if err != nil {
		return nil, err
	}
	a := build.Attrs[group.Attrs](out)
	a.Layers, a.OutputShape = net.layers, net.shape
	a.InputLayers, a.OutputLayers = []string{}, []string{} // of a Sequential hls4ml names none
	if inner.class != "Sequential" {
		a.InputLayers, a.OutputLayers = net.inputs, net.outputs
	}
	out.Shape = net.shape
	return out.Done()
}

// network names the inputs and outputs of the model.
func (s *scope) network() (*network, error) {
	net := &network{layers: s.Layers()}
	if s.model.class == "Sequential" {
		net.inputs = []string{net.layers[0].Name}
		net.outputs = []string{s.Last().Name}
		net.shape = s.Last().Shape
		return net, nil
	}
	if err := s.checkInputs(); err != nil {
		return nil, err
	}
	for _, ref := range s.model.inputs {
		net.inputs = append(net.inputs, ref.Layer)
	}
	for i, ref := range s.model.outputs {
		t, err := s.Tensor(ref)
		if err != nil {
			return nil, fmt.Errorf("output_layers: %w", err)
		}
		if i == 0 {
			net.shape = t.Shape
		}
		net.outputs = append(net.outputs, t.Name)
	}
	return net, nil
}

// checkInputs wants every input layer of a Functional model once in its list of inputs.
func (s *scope) checkInputs() error {
	listed := map[string]bool{}
	for _, n := range s.model.layers {
		if n.class == "InputLayer" {
			listed[n.name] = false
		}
	}
	for _, ref := range s.model.inputs {
		switch twice, ok := listed[ref.Layer]; {
		case !ok:
			return fmt.Errorf("input_layers: got %q, want an input layer of the model", ref.Layer)
		case twice:
			return fmt.Errorf("input_layers: got %q twice, want every input layer once", ref.Layer)
		}
		listed[ref.Layer] = true
	}
	for _, n := range s.model.layers {
		if n.class == "InputLayer" && !listed[n.name] {
			return fmt.Errorf("input_layers: got no %q, want every input layer", n.name)
		}
	}
	return nil
}
