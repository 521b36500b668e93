package keras

import (
	"fmt"
	"slices"

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
	wanted  map[build.Ref][]int // call -> its outputs that the model reads
	// given holds what a model is given whose layers stand in its place; nil: its inputs are layers.
	given []build.Tensor
	// renames says that names which are taken get a number behind.
	renames bool
	used    *int // the calls read so far, those of models inside included
}

// maxUses bounds the calls of layers: models inside each other that are called twice double them.
const maxUses = 50_000

// network is a model after reading.
type network struct {
	layers          []*ir.Layer
	inputs, outputs []build.Tensor
}

func (n *network) parsed() *ir.Parsed {
	return &ir.Parsed{Layers: n.layers, Inputs: namesOf(n.inputs), Outputs: namesOf(n.outputs)}
}

func namesOf(tensors []build.Tensor) []string {
	list := make([]string, len(tensors))
	for i, t := range tensors {
		list[i] = t.Name
	}
	return list
}

// outermost reads a whole model. hls4ml's Keras 3 converter renames what finds its name taken, and for it the
// letters of "input" are names taken from the start.
func (r *Reader) outermost(m *model, w *weights, schema ir.Schema, stream bool) (*network, error) {
	s := &scope{
		Scope: build.NewScope(schema, stream, w), r: r, model: m, weights: w, renames: m.keras3, used: new(int),
	}
	if m.keras3 {
		s.Reserve("i", "n", "p", "u", "t")
	}
	return s.read()
}

// inside is the scope of a model in the place of a layer.
func (s *scope) inside(m *model, w *weights) *scope {
	return &scope{Scope: s.Nested(w), r: s.r, model: m, weights: w, renames: s.renames, used: s.used}
}

// read reads the model of the scope. It mirrors parse_keras_model of hls4ml's converters/keras_v2_to_hls.py.
func (s *scope) read() (*network, error) {
	s.wanted = s.model.wanted()
	if s.model.class == "Sequential" && s.model.layers[0].class != "InputLayer" && s.given == nil {
		if err := s.impliedInput(); err != nil {
			return nil, err
		}
	}
	uses, err := s.model.schedule()
	if err != nil {
		return nil, err
	}
	if *s.used += len(uses); *s.used > maxUses {
		return nil, fmt.Errorf("layers: got more than %d calls, those of models inside included", maxUses)
	}
	for _, u := range uses {
		if err := s.use(u); err != nil {
			return nil, fmt.Errorf("%s %q: %w%s", u.class, u.name, err, s.Note())
		}
	}
	return s.network()
}

// impliedInput adds the input layer that Sequential models did not list before Keras 2.4, under hls4ml's
// name.
func (s *scope) impliedInput() error {
	n := s.model.layers[0]
	shape := n.config["batch_input_shape"]
	if shape == nil {
		return fmt.Errorf("%s %q: batch_input_shape: got none on the first layer, want a built model",
			n.class, n.name)
	}
	s.model.layers = slices.Insert(s.model.layers, 0, node{class: "InputLayer", name: "input1", config: Config{
		"name": "input1", "batch_input_shape": shape, "dtype": n.config["dtype"],
	}})
	return nil
}

// use reads one call of a layer and, where it has an activation argument, the layer for it.
func (s *scope) use(u use) error {
	inputs, err := s.inputs(u)
	if err != nil {
		return err
	}
	if u.class == "InputLayer" && s.given != nil {
		return s.entry(u)
	}
	c := s.Call(u.class, u.name, u.config, inputs...)
	c.Wanted, c.Keywords = s.wanted[u.at()], u.keywords()
	if u.inbound != nil && u.class != "InputLayer" {
		c.Args = s.arguments(u.inbound[u.k].args)
	}
	if u.k > 0 && !s.renames {
		repeated := *s
		repeated.renames = true
		s = &repeated
	}
	switch {
	case u.inner != nil && s.asGroup(u.inner):
		return s.group(c, u)
	case u.inner != nil:
		return s.splice(u, inputs)
	}
	h, _ := s.r.handler(u.class) // there is one: r.unsupported has looked
	if h.Skip {
		s.Bind(u.at(), inputs[0])
		return nil
	}
	c.Name = s.name(u.name)
	if u.wrapped != nil && u.class == timeDistributed {
		return s.timeDistributed(c, u)
	}
	out, err := h.Make(c)
	if err != nil {
		return err
	}
	return s.add(u, h, c, out)
}

// name is that of a layer of the IR.
func (s *scope) name(name string) string {
	if s.renames {
		return s.Unique(name)
	}
	return name
}

// add appends what a handler made, and what belongs to it.
func (s *scope) add(u use, h build.Handler, c *build.Call, out *build.Out) error {
	if err := s.AddAt(u.at(), out); err != nil {
		return err
	}
	if !h.OwnActivation && c.Config.Has("activation") {
		act, err := s.activationLayer(out, c, u.name)
		if err != nil {
			return err
		}
		if act == nil {
			return s.behind(u, out)
		}
		if err := s.AddAt(u.at(), act); err != nil {
			return err
		}
	}
	return s.behind(u, out)
}

// behind appends the layers behind a layer that belong to it.
func (s *scope) behind(u use, out *build.Out) error {
	for _, after := range out.After {
		after.Inputs = []string{s.Last().Name}
		if err := s.AddAt(u.at(), after); err != nil {
			return err
		}
	}
	return nil
}

// inputs finds the tensors that a call reads.
func (s *scope) inputs(u use) ([]build.Tensor, error) {
	switch {
	case u.class == "InputLayer":
		return nil, nil
	case s.model.class == "Sequential" && u.before == "":
		return s.given, nil
	case s.model.class == "Sequential":
		t, err := s.Tensor(build.Ref{Layer: u.before})
		return []build.Tensor{t}, err
	}
	var list []build.Tensor
	for _, ref := range u.inbound[u.k].refs {
		t, err := s.Tensor(ref)
		if err != nil {
			return nil, fmt.Errorf("input %w", err)
		}
		list = append(list, t)
	}
	return list, nil
}

// arguments puts tensors of the network in the places of references.
func (s *scope) arguments(args []any) []any {
	list := make([]any, len(args))
	for i, a := range args {
		list[i] = a
		switch a := a.(type) {
		case build.Ref:
			list[i], _ = s.Tensor(a) // inputs has looked
		case []any:
			list[i] = s.arguments(a)
		}
	}
	return list
}

// activationLayer makes the layer that stands for the activation argument of one that is called name, such as
// fc1_relu; nil where Keras 3 counts the function for none.
func (s *scope) activationLayer(of *build.Out, c *build.Call, name string) (*build.Out, error) {
	if s.model.keras3 && raw(c)["activation"] == "linear" {
		return nil, nil
	}
	act := s.Call("Activation", "", Config{"activation": raw(c)["activation"]}, build.Tensor{
		Name: of.Name, Shape: of.Shape,
	})
	act.Source, act.Implicit = c.Source, true
	switch a := raw(c)["activation"].(type) {
	case string:
		act.Name = s.name(name + "_" + a)
	case map[string]any:
		class, _ := a["class_name"].(string)
		act.Class, act.Name = "QActivation", s.name(name+"_"+class)
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

// asGroup says whether a model inside stays one layer, which a pass expands as hls4ml's does: it has those of
// Keras 2 with one input and one output.
func (s *scope) asGroup(inner *model) bool {
	return !s.renames && len(inner.inputs) <= 1 && len(inner.outputs) <= 1
}

// group reads a model inside the model as one layer.
func (s *scope) group(c *build.Call, u use) error {
	out, err := s.groupLayer(c, u.inner, s.weights.nested(u.name))
	if err != nil {
		return err
	}
	return s.AddAt(u.at(), out)
}

func (s *scope) groupLayer(c *build.Call, inner *model, w *weights) (*build.Out, error) {
	out, err := Layer(c, "LayerGroup", "LayerGroup")
	if err != nil {
		return nil, err
	}
	net, err := s.inside(inner, w).read()
	if err != nil {
		return nil, err
	}
	a := build.Attrs[group.Attrs](out)
	a.Layers, a.OutputShape = net.layers, net.outputs[0].Shape
	a.InputLayers, a.OutputLayers = []string{}, []string{} // of a Sequential hls4ml names none
	if inner.class != "Sequential" {
		a.InputLayers, a.OutputLayers = namesOf(net.inputs), namesOf(net.outputs)
	}
	out.Shape = net.outputs[0].Shape
	return out.Done()
}

// splice puts the layers of a model in its place.
func (s *scope) splice(u use, inputs []build.Tensor) error {
	in := s.inside(u.inner, s.weights.nested(u.name))
	in.given, in.renames = inputs, true
	if want := max(len(u.inner.inputs), 1); len(inputs) != want {
		return fmt.Errorf("inputs: got %d, want the %d of the model", len(inputs), want)
	}
	net, err := in.read()
	if err != nil {
		return err
	}
	s.Splice(in.Scope, u.at(), net.outputs)
	return nil
}

// entry binds an input of a model inside to what the model is given.
func (s *scope) entry(u use) error {
	given := s.given[0]
	for i, ref := range s.model.inputs {
		if ref.Layer == u.name && i < len(s.given) {
			given = s.given[i]
		}
	}
	want, err := u.config.BatchShape("batch_input_shape")
	if err == nil && !slices.Equal(want, given.Shape) {
		return fmt.Errorf("input: got shape %v, want %v", given.Shape, want)
	}
	s.Bind(u.at(), given)
	return nil
}

// network names the inputs and outputs of the model.
func (s *scope) network() (*network, error) {
	net := &network{layers: s.Layers()}
	inputs, outputs := s.model.inputs, s.model.outputs
	if s.model.class == "Sequential" {
		list := s.model.layers
		outputs = []build.Ref{{Layer: list[len(list)-1].name}}
		if list[0].class == "InputLayer" {
			inputs = []build.Ref{{Layer: list[0].name}}
		}
	} else if err := s.checkInputs(); err != nil {
		return nil, err
	}
	var err error
	if net.inputs, err = s.tensors(inputs); err != nil {
		return nil, fmt.Errorf("input_layers: %w", err)
	}
	if net.outputs, err = s.tensors(outputs); err != nil {
		return nil, fmt.Errorf("output_layers: %w", err)
	}
	return net, nil
}

func (s *scope) tensors(refs []build.Ref) ([]build.Tensor, error) {
	list := make([]build.Tensor, len(refs))
	for i, ref := range refs {
		var err error
		if list[i], err = s.Tensor(ref); err != nil {
			return nil, err
		}
	}
	return list, nil
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
