package ir

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
)

// Parsed is a network as a front end read it, before any pass: what the float reference runs.
type Parsed struct {
	Layers []*Layer
	Inputs []string // names of the input layers, in the model's order
	// Outputs names the tensors that leave the network, in the model's order; a layer's name stands for all of
	// its tensors.
	Outputs []string
	// ChannelsFirst says that tensors have the axis of channels before those of pixels.
	ChannelsFirst bool
	// Warnings tell of what the front end could not read as the framework has it.
	Warnings []string
}

// Layer is one layer of a Parsed network.
type Layer struct {
	Name      string
	Kind      string // hls4ml's IR class
	ClassName string // class_name of hls4ml's layer list: "InputLayer", "Dense", "QDense", "LeakyReLU", ...
	// Inputs names the tensors read. An Input has none, nor has a layer of a kind that is Constant.
	Inputs  []string
	Outputs []string // empty: one tensor called Name
	Attrs   any
	Data    Data
	// Implicit marks layers that the front end added, such as fc1_linear for the activation of fc1.
	Implicit bool
	// Source is the layer of the framework's model that this one comes from: several layers may be made of one.
	Source string
}

// Graph is a network on its way to firmware.
type Graph struct {
	Config  *Config
	Schema  Schema
	Nodes   []*Node // in topological order
	Inputs  []string
	Outputs []string // names of output tensors
	Parsed  *Parsed

	PipelineStyle PipelineStyle // AutoStyle until the backend decides
	PipelineII    *int
	Applied       []AppliedFlow
	Warnings      []string

	vars  map[string]*Variable
	index int

	ix      *index          // nil: the nodes are walked
	warned  map[string]bool // the texts of Warnings
	shared  *sharedTypes    // what ShareTypes has seen, while one pass goes over the nodes
	watched bool            // a flow wants to know what edits touch
	touched []*Node
	step    int // how often a pass that is Near worked on a node
}

// NewGraph makes an empty graph; see Build.
func NewGraph(cfg *Config, schema Schema) *Graph {
	g := &Graph{
		Config: cfg.own(), Schema: schema, PipelineStyle: cfg.PipelineStyle(), PipelineII: cfg.PipelineInterval(),
		vars: map[string]*Variable{},
	}
	g.Reindex()
	return g
}

// Build turns a parsed network into a graph of nodes with shapes, types and weights, before any pass. It
// mirrors ModelGraph._make_graph of hls4ml's model/graph.py. Layers that cannot be are reported together, but
// for those that read one of them.
func Build(p *Parsed, cfg *Config, schema Schema) (*Graph, error) {
	if err := p.check(schema); err != nil {
		return nil, err
	}
	g := NewGraph(cfg, schema)
	g.Parsed = p
	if err := g.setEnds(p); err != nil {
		return nil, err
	}
	var errs []error
	bad := map[string]bool{} // tensors that there should be and are not
	for _, l := range p.Layers {
		inputs := slices.Clone(l.Inputs)
		if l.Kind == "Input" {
			inputs = []string{"input"} // hls4ml's name for what comes from outside; no layer may have it
		}
		if slices.ContainsFunc(inputs, func(in string) bool { return bad[in] }) {
			l.eachTensor(func(name string) { bad[name] = true })
			continue
		}
		n, err := g.NewNode(NodeSpec{
			Kind: l.Kind, Name: l.Name, ClassName: l.ClassName, Attrs: CloneAttrs(l.Attrs), Data: l.Data,
			Inputs: inputs, Outputs: l.TensorNames(), Origin: []string{l.Source},
		})
		if err != nil {
			errs = append(errs, err)
			l.eachTensor(func(name string) { bad[name] = true })
			continue
		}
		g.Append(n)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return g, nil
}

// eachTensor visits the names of the tensors that the layer makes.
func (l *Layer) eachTensor(visit func(name string)) {
	for _, name := range l.TensorNames() {
		visit(name)
	}
}

// check wants known kinds and unique names.
func (p *Parsed) check(schema Schema) error {
	if len(p.Layers) == 0 {
		return errors.New("model: got no layers, want at least an input")
	}
	var errs []error
	seen := map[string]bool{}
	for _, l := range p.Layers {
		if _, ok := schema.Kind(l.Kind); !ok {
			errs = append(errs, unknownKind(schema, l.Name, l.Kind))
		}
		if seen[l.Name] {
			errs = append(errs, fmt.Errorf("layer %q: the name is not unique: got it twice, want it once", l.Name))
		}
		seen[l.Name] = true
		l.eachTensor(func(name string) {
			if err := CheckName(name); err != nil {
				errs = append(errs, fmt.Errorf("layer: %w", err))
			}
		})
	}
	return errors.Join(errs...)
}

func unknownKind(schema Schema, name, kind string) error {
	return fmt.Errorf("layer %q: unknown kind: got %s, want one of %s",
		name, kind, strings.Join(schema.KindNames(), ", "))
}

// setEnds names the tensors that enter and leave the graph; a network that names none begins at its first
// layer and ends at its last.
func (g *Graph) setEnds(p *Parsed) error {
	ins, outs := p.Inputs, p.Outputs
	if len(ins) == 0 {
		ins = []string{p.Layers[0].Name}
	}
	if len(outs) == 0 {
		outs = []string{p.Layers[len(p.Layers)-1].Name}
	}
	g.Inputs = slices.Clone(ins)
	layers, tensors := p.byName()
	for _, name := range ins {
		if l := layers[name]; l == nil || l.Kind != "Input" {
			return fmt.Errorf("model: input layer %q: got no input layer of that name", name)
		}
	}
	for _, name := range outs {
		l := layers[name]
		switch {
		case tensors[name]:
			g.Outputs = append(g.Outputs, name)
		case l != nil:
			g.Outputs = append(g.Outputs, l.TensorNames()...)
		default:
			return fmt.Errorf("model: output layer %q: got no layer of that name", name)
		}
	}
	return nil
}

// byName maps names to layers, and says which tensors there are. Names are unique, as check has seen.
func (p *Parsed) byName() (layers map[string]*Layer, tensors map[string]bool) {
	layers, tensors = make(map[string]*Layer, len(p.Layers)), make(map[string]bool, len(p.Layers))
	for _, l := range p.Layers {
		layers[l.Name] = l
		l.eachTensor(func(name string) { tensors[name] = true })
	}
	return layers, tensors
}

// TensorNames lists the tensors that the layer makes.
func (l *Layer) TensorNames() []string {
	if len(l.Outputs) > 0 {
		return slices.Clone(l.Outputs)
	}
	return []string{l.Name}
}

// NodeSpec is what a new node is made from.
type NodeSpec struct {
	Kind, Name, ClassName string
	Attrs                 any // nil: the kind's defaults
	Data                  Data
	Inputs, Outputs       []string // no Outputs: one tensor called Name
	Origin                []string
}

// NewNode makes a node that is not yet part of the graph: it takes the next index, applies the
// configuration of its layer, and lets the kind fill in shapes, types and weights. It mirrors
// ModelGraph.make_node and Layer.__init__.
func (g *Graph) NewNode(s NodeSpec) (*Node, error) {
	kind, ok := g.Schema.Kind(s.Kind)
	if !ok {
		return nil, unknownKind(g.Schema, s.Name, s.Kind)
	}
	if s.Name == "input" {
		return nil, fmt.Errorf(`layer "input": the name is reserved: got input, want another name in the model`)
	}
	if len(s.Inputs) == 0 && !kind.Constant {
		return nil, fmt.Errorf("%s %q: inputs: got none, want the tensors that it reads", s.Kind, s.Name)
	}
	g.index++
	n := &Node{
		Name: s.Name, Kind: s.Kind, ClassName: s.ClassName, Index: g.index, ReuseFactor: 1, graph: g,
		Inputs: s.Inputs, Outputs: s.Outputs, Attrs: s.Attrs, Origin: s.Origin,
		Data: Data{
			Tensors: s.Data.Tensors, Quantizers: maps.Clone(s.Data.Quantizers), OutputFirst: s.Data.OutputFirst,
		},
	}
	if n.Attrs == nil {
		n.Attrs = kind.NewAttrs()
	}
	n.State = kind.newState(g.Config.Tool())
	if len(n.Outputs) == 0 {
		n.Outputs = []string{n.Name}
	}
	n.Vars = make([]*Variable, 0, len(n.Outputs))
	if err := g.configure(n, kind); err != nil {
		return nil, err
	}
	if err := kind.Init(n, s.Data); err != nil {
		return nil, err
	}
	if err := g.defaults(n, kind); err != nil {
		return nil, err
	}
	if len(n.Vars) != len(n.Outputs) {
		return nil, n.Errorf("BUG: Init made %d output variables, want %d", len(n.Vars), len(n.Outputs))
	}
	g.register(n)
	return n, nil
}

// register makes the variables of n those of its tensors. The type of a model's only output is called
// result_t.
func (g *Graph) register(n *Node) {
	for i, o := range n.Outputs {
		g.vars[o] = n.Vars[i]
		g.NameOutput(o)
	}
}

// NameOutput calls the type of the tensor result_t when it is the model's only output.
func (g *Graph) NameOutput(tensor string) {
	if len(g.Outputs) == 1 && g.Outputs[0] == tensor {
		g.vars[tensor].Type.Name = "result_t"
	}
}

// configure applies the settings of LayerType and LayerName to the node before its kind initializes it.
func (g *Graph) configure(n *Node, kind *Kind) error {
	options := kind.Options(g.Config.Tool())
	for _, o := range options {
		if o.Name == "accum_t" && o.Class == TypeOption && n.Type("accum_t") == nil {
			t, err := g.LookupType(n, "accum")
			if err != nil {
				return err
			}
			n.SetType("accum_t", t)
			break
		}
	}
	for _, s := range []*Section{exact(g.Config.HLS.Types, n.Kind), g.Config.Layer(n.Name)} {
		if s == nil {
			continue
		}
		for _, k := range s.Keys {
			if err := applyKey(n, k); err != nil {
				return err
			}
		}
	}
	return nil
}

// applyKey stores one setting in the node: a type, one of the settings that every node has, or an attribute
// of its kind. Other keys are not the node's.
func applyKey(n *Node, k Key) error {
	name := SnakeCase(k.Name)
	text, isText := k.Value.(string)
	switch {
	case k.Value == nil || name == "result_t": // the result's type comes from Precision alone
		return nil
	case strings.HasSuffix(name, "_t") && isText:
		f, err := n.graph.Config.Format(text)
		if err != nil {
			return n.Errorf("%s: %w", k.Name, err)
		}
		n.SetType(name, &Type{Name: n.Name + "_" + name, Format: f})
		return nil
	case name == "trace":
		n.Trace = truth(k.Value)
		return nil
	case name == "strategy":
		n.Strategy = Strategy(text)
		return nil
	case name == "reuse_factor":
		rf, ok := whole(k.Value)
		if !ok || rf < 1 {
			return n.Errorf("ReuseFactor: got %v, want a positive whole number", k.Value)
		}
		n.ReuseFactor = rf
		return nil
	}
	if _, err := n.Set(name, k.Value); err != nil {
		return n.Errorf("%w", err)
	}
	return nil
}

// defaults gives the types that neither the configuration nor Init set their declared default. It mirrors
// Layer._validate_attributes.
func (g *Graph) defaults(n *Node, kind *Kind) error {
	for _, o := range kind.Options(g.Config.Tool()) {
		if o.Class != TypeOption || o.Optional || n.Type(o.Name) != nil {
			continue
		}
		f, ok := o.DefaultFormat()
		if !ok {
			return n.Errorf("type %s: got no setting, want one (the kind has no default)", o.Name)
		}
		n.SetType(o.Name, &Type{Name: n.Name + "_" + o.Name, Format: f})
	}
	return nil
}

// LookupType makes a type for the role from the configuration, named as hls4ml names it.
func (g *Graph) LookupType(n *Node, role string) (*Type, error) {
	text, name, ok := g.Config.Precision(n.Name, n.Kind, role)
	if !ok {
		return nil, n.Errorf("precision of %s: got none and no default, want Model: Precision", role)
	}
	f, err := g.Config.Format(text)
	if err != nil {
		return nil, n.Errorf("precision of %s: %w", role, err)
	}
	return &Type{Name: name, Format: f}, nil
}

// AddOutput adds the next output variable of n, called layer<index>_out, with the configured result type.
func (n *Node) AddOutput(shape []int) error {
	t, err := n.graph.LookupType(n, "result")
	if err != nil {
		return err
	}
	n.AddOutputOf(shape, fmt.Sprintf("layer%d_out", n.Index), fmt.Sprintf("layer%d_t", n.Index), t.Format)
	return nil
}

// AddOutputOf adds the next output variable of n with a given name, type name and format.
func (n *Node) AddOutputOf(shape []int, name, typeName string, f fixed.Format) {
	n.Vars = append(n.Vars, &Variable{
		Name: name, Shape: slices.Clone(shape), Type: &Type{Name: typeName, Format: f},
	})
}

// WeightSpec describes a weight for AddWeight. An empty Type.Name takes hls4ml's rule.
type WeightSpec struct {
	Role, Var string
	Data      *Tensor
	Quantizer Quantizer
	// Precision overrides the configured type when HasPrecision is set.
	Precision    fixed.Format
	HasPrecision bool
	TypeName     string
}

// AddWeight adds a weight with the type that quantizer, spec or configuration give it, in that order. It
// mirrors Layer.add_weights_variable.
func (n *Node) AddWeight(s WeightSpec) error {
	w := &Weight{
		Role: s.Role, Var: s.Var, Shape: slices.Clone(s.Data.Shape), Data: s.Data, Unquantized: s.Data,
		Quantizer: s.Quantizer, Storage: "register",
	}
	own := fmt.Sprintf("%s%d_t", s.Role, n.Index)
	switch {
	case s.Quantizer != nil:
		data, err := s.Quantizer.Quantize(s.Data)
		if err != nil {
			return n.Errorf("%s: %w", s.Role, err)
		}
		w.Data, w.Type = data, &Type{Name: own, Format: s.Quantizer.Format()}
		if w.Type.Format.Kind == fixed.KindExponent { // hls4ml leaves the last axis out
			w.Type.Name = "exponent_" + own
			w.Shape = w.Shape[:len(w.Shape)-1]
		}
	case s.HasPrecision:
		w.Type = &Type{Name: own, Format: s.Precision}
		if s.TypeName != "" {
			w.Type.Name = s.TypeName
		}
	default:
		t, err := n.graph.LookupType(n, s.Role)
		if err != nil {
			return err
		}
		w.Type = t
	}
	n.SetWeight(w)
	return nil
}

// Var returns the variable of a tensor name, or nil.
func (g *Graph) Var(tensor string) *Variable { return g.vars[tensor] }

// Bind makes v the variable of the tensor; passes that move an output from node to node use it.
func (g *Graph) Bind(tensor string, v *Variable) { g.vars[tensor] = v }

// Warnf records one warning for the user; the same text is kept once.
func (g *Graph) Warnf(format string, args ...any) {
	if g.warned == nil || len(g.warned) != len(g.Warnings) { // none so far, or a list from elsewhere
		g.warned = map[string]bool{}
		for _, w := range g.Warnings {
			g.warned[w] = true
		}
	}
	w := fmt.Sprintf(format, args...)
	if !g.warned[w] {
		g.warned[w] = true
		g.Warnings = append(g.Warnings, w)
	}
}
