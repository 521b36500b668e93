package keras

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
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
	layers  []node
	inputs  []build.Ref // Functional only
	outputs []build.Ref
}

// A node is one entry of a model's layers.
type node struct {
	class  string
	name   string
	config Config
	// inbound holds the tensors that each call of the layer reads; nil in a Sequential.
	inbound [][]build.Ref
	// inner is the nested model when the entry is one.
	inner *model
	// wrapped is the layer inside when the entry is a wrapper.
	wrapped *node
}

// wanted lists, for every layer of a Functional model, which of its outputs others read or the model gives.
func (m *model) wanted() map[string][]int {
	out := map[string][]int{}
	refs := slices.Clone(m.outputs)
	for _, n := range m.layers {
		for _, call := range n.inbound {
			refs = append(refs, call...)
		}
	}
	for _, r := range refs {
		if !slices.Contains(out[r.Layer], r.Output) {
			out[r.Layer] = append(out[r.Layer], r.Output)
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
	// Registered is the name of the class with that of its package, which .keras files have apart.
	Registered string `json:"registered_name"`
}

// class is the name by which handlers know the class.
func (raw rawLayer) class() string {
	if strings.Contains(raw.Registered, ">") {
		return raw.Registered
	}
	return raw.ClassName
}

type rawModel struct {
	Name         string          `json:"name"`
	Layers       []rawLayer      `json:"layers"`
	InputLayers  json.RawMessage `json:"input_layers"`
	OutputLayers json.RawMessage `json:"output_layers"`
}

// decodeModel reads the JSON that Model.to_json writes and that whole models carry as model_config.
func decodeModel(text []byte) (*model, error) {
	var raw rawLayer
	if err := unmarshal(text, &raw); err != nil {
		return nil, fmt.Errorf("architecture: %w", err)
	}
	if !isModel(raw.ClassName) {
		return nil, fmt.Errorf("architecture: class_name: got %q, want Sequential or Functional", raw.ClassName)
	}
	return raw.model(0)
}

func (raw rawLayer) model(depth int) (*model, error) {
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
	m := &model{class: raw.ClassName, name: body.Name}
	if len(body.Layers) == 0 {
		return nil, fmt.Errorf("model %q: got no layers, want at least one", m.name)
	}
	for i, l := range body.Layers {
		n, err := l.node(depth, m.class != "Sequential")
		if err != nil {
			return nil, fmt.Errorf("model %q: layer %d: %w", m.name, i, err)
		}
		m.layers = append(m.layers, n)
	}
	if m.class == "Sequential" {
		return m, nil
	}
	m.class = "Functional"
	var err error
	if m.inputs, err = references(body.InputLayers); err != nil {
		return nil, fmt.Errorf("model %q: input_layers: %w", m.name, err)
	}
	if m.outputs, err = references(body.OutputLayers); err != nil {
		return nil, fmt.Errorf("model %q: output_layers: %w", m.name, err)
	}
	if len(m.inputs) == 0 || len(m.outputs) == 0 {
		return nil, fmt.Errorf("model %q: got %d inputs and %d outputs, want one of each at least",
			m.name, len(m.inputs), len(m.outputs))
	}
	return m, nil
}

func (raw rawLayer) node(depth int, functional bool) (node, error) {
	n := node{class: raw.class(), name: raw.Name}
	if raw.ClassName == "" {
		return n, fmt.Errorf("class_name: got none")
	}
	if isModel(raw.ClassName) {
		inner, err := raw.model(depth + 1)
		if err != nil {
			return n, err
		}
		n.inner, n.config = inner, Config{}
		n.name = first(raw.Name, inner.name)
	} else {
		if err := unmarshal(raw.Config, &n.config); err != nil {
			return n, fmt.Errorf("%s: config: %w", raw.ClassName, err)
		}
		if raw.ClassName == timeDistributed {
			var err error
			if n.wrapped, err = wrappedNode(raw.Config, depth); err != nil {
				return n, fmt.Errorf("%s: %w", raw.ClassName, err)
			}
		}
		name, _ := n.config["name"].(string)
		n.name = first(name, raw.Name)
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

// inboundNodes reads [[["fc1", 0, 0, {}], ...], ...]: one list per call, one entry per tensor.
func inboundNodes(text json.RawMessage) ([][]build.Ref, error) {
	calls := [][]build.Ref{}
	if len(text) == 0 {
		return calls, nil
	}
	var raw []json.RawMessage
	if err := unmarshal(text, &raw); err != nil {
		return nil, err
	}
	for _, c := range raw {
		if !isList(c) {
			return nil, fmt.Errorf("got the form of Keras 3, want a model saved by Keras 2")
		}
		refs, err := references(c)
		if err != nil {
			return nil, err
		}
		calls = append(calls, refs)
	}
	return calls, nil
}

// references reads [["a", 0, 0], ["b", 0, 0]], or ["a", 0, 0] for one tensor alone.
func references(text json.RawMessage) ([]build.Ref, error) {
	if len(text) == 0 {
		return nil, nil
	}
	var raw []any
	if err := unmarshal(text, &raw); err != nil {
		return nil, err
	}
	if len(raw) > 0 {
		if _, alone := raw[0].(string); alone {
			raw = []any{raw}
		}
	}
	var refs []build.Ref
	for _, r := range raw {
		list, ok := r.([]any)
		if !ok || len(list) < 3 {
			return nil, fmt.Errorf("got %v, want [layer, call, output]", r)
		}
		name, ok := list[0].(string)
		_, okCall := asInt(list[1])
		output, okOutput := asInt(list[2])
		if !ok || !okCall || !okOutput {
			return nil, fmt.Errorf("got %v, want [layer, call, output]", list[:3])
		}
		if len(list) > 3 {
			if args, _ := list[3].(map[string]any); args["initial_state"] != nil {
				return nil, fmt.Errorf("initial_state: got numbers, want tensors of the model, such as those of an input")
			}
		}
		refs = append(refs, build.Ref{Layer: name, Output: output})
	}
	return refs, nil
}

// unmarshal decodes exactly one JSON value and keeps numbers as they are written.
func unmarshal(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		if err == io.EOF {
			return fmt.Errorf("got nothing, want JSON")
		}
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("got more text behind the JSON value")
	}
	return nil
}

func isList(text json.RawMessage) bool {
	text = bytes.TrimSpace(text)
	return len(text) > 0 && text[0] == '['
}

func first(names ...string) string {
	for _, n := range names {
		if n != "" {
			return n
		}
	}
	return ""
}
