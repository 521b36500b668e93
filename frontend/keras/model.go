package keras

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
)

// maxNesting bounds models inside models.
const maxNesting = 32

// A model is the architecture of a Sequential or Functional model as its JSON has it.
type model struct {
	class   string // "Sequential" or "Functional"
	name    string
	keras3  bool // written by Keras 3: classes, names and defaults are its own
	layers  []node
	inputs  []build.Ref // Functional only
	outputs []build.Ref
	// keyed says that the model takes its inputs by name.
	keyed bool
}

// A node is one entry of a model's layers.
type node struct {
	class  string
	name   string
	config Config
	// inbound holds what each call of the layer is given; nil in a Sequential.
	inbound []call
	// inner is the nested model when the entry is one.
	inner *model
	// wrapped is the layer inside when the entry is a wrapper.
	wrapped *node
}

// wanted lists, for every call of a layer of a Functional model, which of its outputs others read or the
// model gives.
func (m *model) wanted() map[build.Ref][]int {
	out := map[build.Ref][]int{}
	want := func(refs []build.Ref) {
		for _, r := range refs {
			at := build.Ref{Layer: r.Layer, Call: r.Call}
			if !slices.Contains(out[at], r.Output) {
				out[at] = append(out[at], r.Output)
			}
		}
	}
	want(m.outputs)
	for _, n := range m.layers {
		for _, c := range n.inbound {
			want(c.refs)
		}
	}
	for _, outputs := range out {
		slices.Sort(outputs)
	}
	return out
}

func isModel(class string) bool {
	return class == "Sequential" || class == "Functional" || class == "Model"
}

// The shapes of the JSON, before they are checked.
type rawLayer struct {
	ClassName string          `json:"class_name"`
	Name      string          `json:"name"`
	Config    json.RawMessage `json:"config"`
	Inbound   json.RawMessage `json:"inbound_nodes"`
	// Registered is the name of the class with that of its package, which .keras files have apart, and Module
	// that of the Python module of the class.
	Registered string `json:"registered_name"`
	Module     string `json:"module"`
}

// operations is the module of the functions of Keras 3 that models may call in the place of layers, and the
// prefix by which handlers know them: keras.ops.Add is not the layer Add.
const (
	operations      = "keras.src.ops."
	operationPrefix = "keras.ops."
)

// class is the name by which handlers know the class.
func (raw rawLayer) class() string {
	switch {
	case strings.Contains(raw.Registered, ">"):
		return raw.Registered
	case strings.HasPrefix(raw.Module, operations):
		return operationPrefix + raw.ClassName
	}
	return raw.ClassName
}

type rawModel struct {
	Name         string          `json:"name"`
	Layers       []rawLayer      `json:"layers"`
	InputLayers  json.RawMessage `json:"input_layers"`
	OutputLayers json.RawMessage `json:"output_layers"`
	BuildShape   json.RawMessage `json:"build_input_shape"`
}

// decoder reads architectures of one generation of Keras.
type decoder struct{ keras3 bool }

// decodeModel reads the JSON that Model.to_json writes and that whole models carry as model_config. keras3
// says that Keras 3 wrote it.
func decodeModel(text []byte, keras3 bool) (*model, error) {
	text = strictJSON(text)
	var raw rawLayer
	if err := unmarshal(text, &raw); err != nil {
		return nil, fmt.Errorf("architecture: %w", err)
	}
	if !isModel(raw.ClassName) {
		return nil, fmt.Errorf("architecture: class_name: got %q, want Sequential or Functional", raw.ClassName)
	}
	return decoder{keras3}.model(raw, 0)
}

func (d decoder) model(raw rawLayer, depth int) (*model, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("model %q: got more than %d models inside each other", raw.Name, maxNesting)
	}
	var body rawModel
	if isList(raw.Config) { // Keras before 2.2.3 wrote the layers of a Sequential as the config itself
		if err := unmarshal(raw.Config, &body.Layers); err != nil {
			return nil, fmt.Errorf("model %q: layers: %w", raw.Name, err)
		}
	} else if err := unmarshal(raw.Config, &body); err != nil {
		return nil, fmt.Errorf("model %q: config: %w", raw.Name, err)
	}
	m := &model{class: raw.ClassName, name: body.Name, keras3: d.keras3}
	if len(body.Layers) == 0 {
		return nil, fmt.Errorf("model %q: got no layers, want at least one", m.name)
	}
	for i, l := range body.Layers {
		n, err := d.node(l, depth, m.class != "Sequential")
		if err != nil {
			return nil, fmt.Errorf("model %q: layer %d: %w", m.name, i, err)
		}
		m.layers = append(m.layers, n)
	}
	if m.class == "Sequential" {
		m.built(body.BuildShape)
		return m, nil
	}
	m.class = "Functional"
	if err := m.ends(body); err != nil {
		return nil, err
	}
	m.renumber()
	return m, nil
}

// renumber counts the calls of models inside from 0: for Keras 2 they begin with 1, since the model itself
// was built by one.
func (m *model) renumber() {
	all := [][]build.Ref{m.inputs, m.outputs}
	calls := map[string]int{}
	for _, n := range m.layers {
		if n.inner != nil {
			calls[n.name] = len(n.inbound)
		}
		for _, c := range n.inbound {
			all = append(all, c.refs)
		}
	}
	excess := map[string]int{}
	for _, refs := range all {
		for _, r := range refs {
			if n, inside := calls[r.Layer]; inside {
				excess[r.Layer] = max(excess[r.Layer], r.Call-n+1)
			}
		}
	}
	for _, refs := range all {
		for i, r := range refs {
			refs[i].Call = max(r.Call-excess[r.Layer], 0)
		}
	}
}

// ends reads which tensors are the inputs and outputs of a Functional model.
func (m *model) ends(body rawModel) (err error) {
	m.keyed = isObject(body.InputLayers)
	if m.inputs, err = references(body.InputLayers); err != nil {
		return fmt.Errorf("model %q: input_layers: %w", m.name, err)
	}
	if m.outputs, err = references(body.OutputLayers); err != nil {
		return fmt.Errorf("model %q: output_layers: %w", m.name, err)
	}
	if len(m.inputs) == 0 || len(m.outputs) == 0 {
		return fmt.Errorf("model %q: got %d inputs and %d outputs, want one of each at least",
			m.name, len(m.inputs), len(m.outputs))
	}
	return nil
}

// built gives a Sequential model of Keras 3 that lists no input the one that it was built with.
func (m *model) built(shape json.RawMessage) {
	if !m.keras3 || len(shape) == 0 || m.layers[0].class == "InputLayer" || m.layers[0].config == nil {
		return
	}
	var value any
	if unmarshal(shape, &value) == nil && m.layers[0].config["batch_input_shape"] == nil {
		m.layers[0].config["batch_input_shape"] = value
	}
}

func (d decoder) node(raw rawLayer, depth int, functional bool) (node, error) {
	n := node{class: raw.class(), name: raw.Name}
	if raw.ClassName == "" {
		return n, fmt.Errorf("class_name: got none")
	}
	if isModel(raw.ClassName) {
		inner, err := d.model(raw, depth+1)
		if err != nil {
			return n, err
		}
		n.inner, n.config = inner, Config{}
		n.name = first(raw.Name, inner.name)
	} else {
		if err := d.layer(&n, raw, depth); err != nil {
			return n, fmt.Errorf("%s: %w", raw.ClassName, err)
		}
	}
	if n.name == "" {
		return n, fmt.Errorf("%s: name: got none", raw.ClassName)
	}
	if !functional {
		return n, nil
	}
	var err error
	n.inbound, err = inboundNodes(raw.Inbound)
	if err != nil {
		return n, fmt.Errorf("%s %q: inbound_nodes: %w", n.class, n.name, err)
	}
	return n, nil
}

// layer reads what a layer that is no model says of itself.
func (d decoder) layer(n *node, raw rawLayer, depth int) (err error) {
	if err := unmarshal(raw.Config, &n.config); err != nil {
		return fmt.Errorf("config: %w", err)
	}
	if raw.ClassName == timeDistributed {
		if n.wrapped, err = d.wrappedNode(raw.Config, depth); err != nil {
			return err
		}
	}
	name, _ := n.config["name"].(string)
	n.name = first(name, raw.Name)
	if d.keras3 {
		n.ofKeras3(raw.Module)
	}
	return nil
}

// unmarshal decodes exactly one JSON value and keeps numbers as they are written.
func unmarshal(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return jsonError(text, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("got more text behind the JSON value")
	}
	return nil
}

// jsonError says in words of the file, and not of the program, why a text cannot be decoded.
func jsonError(text []byte, err error) error {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case err == io.EOF:
		return errors.New("got nothing, want JSON")
	case err == io.ErrUnexpectedEOF:
		return fmt.Errorf("got JSON that ends after %d bytes in the middle of a value, want the rest", len(text))
	case errors.As(err, &kind):
		return fmt.Errorf("got a JSON %s at byte %d, want %s", kind.Value, kind.Offset, jsonKind(kind.Type))
	case bytes.HasPrefix(text, []byte("\xef\xbb\xbf")), bytes.HasPrefix(text, []byte("\xff\xfe")),
		bytes.HasPrefix(text, []byte("\xfe\xff")):
		return errors.New("got a text that begins with a mark of its byte order, want JSON in UTF-8 without one")
	case errors.As(err, &syntax):
		return fmt.Errorf("got no JSON at byte %d: %w", syntax.Offset, err)
	}
	return err
}

// jsonKind is what JSON calls the values that a type holds.
func jsonKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	}
	return "a number"
}

func isList(text json.RawMessage) bool {
	text = bytes.TrimSpace(text)
	return len(text) > 0 && text[0] == '['
}

func isObject(text json.RawMessage) bool {
	text = bytes.TrimSpace(text)
	return len(text) > 0 && text[0] == '{'
}

func first(names ...string) string {
	for _, n := range names {
		if n != "" {
			return n
		}
	}
	return ""
}
