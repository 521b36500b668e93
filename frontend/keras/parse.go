package keras

import (
	"fmt"

	"github.com/hlsgo/hlsgo/ir"
)

// parser turns an architecture into a list of layers.
type parser struct {
	r      *Reader
	schema ir.Schema
	stream bool            // tensors will travel as streams
	names  map[string]bool // of every layer, those of nested models included
}

// scope is one model being read: the outermost or a nested one.
type scope struct {
	*parser
	model   *model
	weights *weights
	layers  []*ir.Layer
	shapes  map[string][]int          // of the tensor behind a Keras layer, without the batch axis
	renamed map[string]string         // Keras layer -> the layer that makes its tensor, where they differ
	more    map[string]map[int]Tensor // Keras layer -> its outputs behind the first
	wanted  map[string][]int          // Keras layer -> its outputs that the model reads
	last    []int                     // shape behind the last layer, for Sequential models
	note    string                    // why shapes are not the framework's
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

// model reads one model. It mirrors parse_keras_model of hls4ml's converters/keras_v2_to_hls.py.
func (p *parser) model(m *model, w *weights) (*network, error) {
	s := &scope{
		parser: p, model: m, weights: w, shapes: map[string][]int{}, renamed: map[string]string{},
		more: map[string]map[int]Tensor{}, wanted: m.wanted(),
	}
	if m.class == "Sequential" && m.layers[0].class != "InputLayer" {
		if err := s.impliedInput(m.layers[0]); err != nil {
			return nil, err
		}
	}
	for _, n := range m.layers {
		if err := s.node(n); err != nil {
			return nil, fmt.Errorf("%s %q: %w%s", n.class, n.name, err, s.note)
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
	c := &Call{
		Class: n.class, Name: n.name, Config: n.config, Wanted: s.wanted[n.name],
		source: n.name, schema: s.schema, stream: s.stream, weights: s.weights,
	}
	if err := s.connect(c, n); err != nil {
		return err
	}
	switch {
	case n.inner != nil:
		return s.group(c, n.inner)
	case n.wrapped != nil && n.class == timeDistributed:
		return s.timeDistributed(c, n.wrapped)
	}
	h := s.r.handlers[n.class]
	if h.Skip {
		s.shapes[n.name] = c.Shape()
		if len(c.Inputs) > 0 {
			s.renamed[n.name] = c.Inputs[0]
		}
		return nil
	}
	out, err := h.Read(c)
	if err != nil {
		return err
	}
	if err := s.add(n.name, out); err != nil {
		return err
	}
	if h.OwnActivation || !c.Config.Has("activation") {
		return nil
	}
	return s.activation(n.name, out, c)
}

// connect fills in the tensors that the layer reads.
func (s *scope) connect(c *Call, n node) error {
	if n.class == "InputLayer" {
		return nil
	}
	if s.model.class == "Sequential" {
		c.Shapes = [][]int{s.last}
		return nil
	}
	if len(n.inbound) == 0 || len(n.inbound[0]) == 0 {
		return fmt.Errorf("inbound_nodes: got none, want the layers it reads")
	}
	for _, ref := range n.inbound[0] {
		t, err := s.tensor(ref)
		if err != nil {
			return fmt.Errorf("input %w", err)
		}
		c.Inputs = append(c.Inputs, t.Name)
		c.Shapes = append(c.Shapes, t.Shape)
	}
	return nil
}

// tensor finds an output of a layer that has been read.
func (s *scope) tensor(ref reference) (Tensor, error) {
	shape, ok := s.shapes[ref.layer]
	if !ok {
		return Tensor{}, fmt.Errorf("%q: got no layer of that name before, want one", ref.layer)
	}
	if ref.output == 0 {
		return Tensor{first(s.renamed[ref.layer], ref.layer), shape}, nil
	}
	t, ok := s.more[ref.layer][ref.output]
	if !ok {
		return t, fmt.Errorf("%q: got its output %d, want one that the layer has", ref.layer, ref.output)
	}
	return t, nil
}

// add appends a layer; name is the Keras layer whose tensor it makes.
func (s *scope) add(name string, out *Out) error {
	if s.names[out.Name] {
		return fmt.Errorf("name: got %q a second time, want every layer's name once, nested models, and the "+
			"layers made of activations included", out.Name)
	}
	if err := checkSize(out.Shape, maxValues); err != nil {
		return err
	}
	s.names[out.Name] = true
	for _, t := range out.More {
		if s.names[t.Name] {
			return fmt.Errorf("name: got %q a second time, of a layer and of a state: rename the layer", t.Name)
		}
		s.names[t.Name] = true
	}
	s.more[name] = out.More
	s.note = first(s.note, out.note)
	s.layers = append(s.layers, out.Layer)
	s.shapes[name], s.last = out.Shape, out.Shape
	if out.Name != name {
		s.renamed[name] = out.Name
	}
	return nil
}

// activation adds the layer that stands for the activation argument, called after it, such as fc1_relu.
func (s *scope) activation(name string, of *Out, c *Call) error {
	out, err := s.activationLayer(of, c)
	if err != nil {
		return err
	}
	return s.add(name, out)
}

func (s *scope) activationLayer(of *Out, c *Call) (*Out, error) {
	act := &Call{
		Class: "Activation", Shapes: [][]int{of.Shape}, Config: Config{"activation": c.Config["activation"]},
		source: c.source, implicit: true, schema: s.schema, weights: s.weights,
	}
	switch a := c.Config["activation"].(type) {
	case string:
		act.Name = c.Name + "_" + a
	case map[string]any:
		class, _ := a["class_name"].(string)
		act.Class, act.Name = "QActivation", c.Name+"_"+class
	}
	h, ok := s.r.handlers[act.Class]
	if !ok || h.Read == nil {
		return nil, fmt.Errorf("activation: got no handler of %s, want one", act.Class)
	}
	out, err := h.Read(act)
	if err != nil {
		return nil, fmt.Errorf("activation: %w", err)
	}
	return out, nil
}

// group reads a model inside the model. It stays one layer here; a pass expands it.
func (s *scope) group(c *Call, inner *model) error {
	out, err := s.groupLayer(c, inner, s.weights.nested(c.Name))
	if err != nil {
		return err
	}
	return s.add(c.Name, out)
}

func (s *scope) groupLayer(c *Call, inner *model, w *weights) (*Out, error) {
	out, err := c.Layer("LayerGroup", "LayerGroup")
	if err != nil {
		return nil, err
	}
	net, err := s.parser.model(inner, w)
	if err != nil {
		return nil, err
	}
	out.Set("layer_list", net.layers)
	inputs, outputs := net.inputs, net.outputs
	if inner.class == "Sequential" {
		inputs, outputs = []string{}, []string{} // hls4ml leaves them empty: first and last layer
	}
	out.Set("input_layers", inputs)
	out.Set("output_layers", outputs)
	out.Set("output_shape", net.shape)
	out.Shape = net.shape
	return out.Done()
}

// network names the inputs and outputs of the model.
func (s *scope) network() (*network, error) {
	net := &network{layers: s.layers}
	if s.model.class == "Sequential" {
		net.inputs = []string{s.layers[0].Name}
		net.outputs = []string{s.layers[len(s.layers)-1].Name}
		net.shape = s.last
		return net, nil
	}
	if err := s.checkInputs(); err != nil {
		return nil, err
	}
	for _, ref := range s.model.inputs {
		net.inputs = append(net.inputs, ref.layer)
	}
	for i, ref := range s.model.outputs {
		t, err := s.tensor(ref)
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
		switch twice, ok := listed[ref.layer]; {
		case !ok:
			return fmt.Errorf("input_layers: got %q, want an input layer of the model", ref.layer)
		case twice:
			return fmt.Errorf("input_layers: got %q twice, want every input layer once", ref.layer)
		}
		listed[ref.layer] = true
	}
	for _, n := range s.model.layers {
		if n.class == "InputLayer" && !listed[n.name] {
			return fmt.Errorf("input_layers: got no %q, want every input layer", n.name)
		}
	}
	return nil
}
