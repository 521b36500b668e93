package oracletest

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/stretchr/testify/require"
)

// Model is the part of ir.json that a graph is made of.
type Model struct {
	Inputs        []string         `json:"inputs"`
	Outputs       []string         `json:"outputs"`
	PipelineStyle ir.PipelineStyle `json:"pipeline_style"`
	Layers        []Layer          `json:"layers"`
}

// Layer is one node of ir.json.
type Layer struct {
	Name       string                     `json:"name"`
	Class      string                     `json:"class"`
	Index      int                        `json:"index"`
	Inputs     []string                   `json:"inputs"`
	Outputs    []Output                   `json:"outputs"`
	Types      map[string]Type            `json:"types"`
	Weights    map[string]Weight          `json:"weights"`
	Attributes map[string]json.RawMessage `json:"attributes"`
}

// Output is an output tensor of a node.
type Output struct {
	Name  string `json:"name"`
	Var   string `json:"var"`
	Shape []int  `json:"shape"`
	Type  Type   `json:"type"`
}

// Weight is a weight of a node; Shape is that of its creation.
type Weight struct {
	Var          string `json:"var"`
	Shape        []int  `json:"shape"`
	Type         Type   `json:"type"`
	NZeros       int    `json:"nzeros"`
	PrecisionFmt string `json:"precision_fmt"`
}

// Type is a named type.
type Type struct {
	Name      string `json:"name"`
	Precision string `json:"precision"`
	Kind      string `json:"kind"` // hls4ml's class of the precision
	Width     int    `json:"width"`
	Signed    bool   `json:"signed"`
	Packed    *struct {
		NElem int `json:"n_elem"`
	} `json:"packed"`
}

// Graph builds the final graph of the case from hls4ml's own dump of it, without front end or passes. The
// schema gives each kind its attributes.
func (c *Case) Graph(t testing.TB, schema ir.Schema) *ir.Graph {
	t.Helper()
	cfg := &ir.Config{
		ProjectName: "myproject", Backend: c.Backend, Dialect: "xilinx",
		IOType: c.IOType, Version: "1.0.0", ClockPeriod: 5,
		Part:   "xcvu13p-flga2577-2-e",
		Writer: ir.WriterConfig{WriteWeightsTxt: true, TBOutputStream: "both"},
		HLS:    ir.HLSConfig{Model: &ir.Section{}},
	}
	b := &builder{t: t, c: c, schema: schema}
	g := ir.NewGraph(cfg, b)
	g.Inputs, g.PipelineStyle = c.Model.Inputs, c.Model.PipelineStyle
	for _, name := range c.Model.Outputs {
		g.Outputs = append(g.Outputs, b.tensorOf(name))
	}
	for i := range c.Model.Layers {
		b.node(g, &c.Model.Layers[i])
	}
	if g.PipelineStyle == "pipeline" && slices.ContainsFunc(g.Nodes, func(n *ir.Node) bool {
		return n.Strategy == ir.ResourceUnrolled
	}) {
		ii := 0
		for _, n := range g.Nodes {
			ii = max(ii, n.ReuseFactor)
		}
		g.PipelineII = &ii
	}
	return g
}

// builder is a schema whose kinds take their nodes' content from the dump.
type builder struct {
	t      testing.TB
	c      *Case
	schema ir.Schema
	layer  *Layer
}

// Kind implements ir.Schema.
func (b *builder) Kind(name string) (*ir.Kind, bool) {
	k, ok := b.schema.Kind(name)
	if !ok {
		return nil, false
	}
	return &ir.Kind{
		Name: k.Name, NewAttrs: k.NewAttrs, NewState: k.NewState,
		Options: func(ir.Tool) []ir.Option { return nil }, Init: b.fill,
	}, true
}

// KindNames implements ir.Schema.
func (b *builder) KindNames() []string { return b.schema.KindNames() }

// tensorOf is the tensor behind a C++ variable of the dump.
func (b *builder) tensorOf(variable string) string {
	for _, l := range b.c.Model.Layers {
		for _, o := range l.Outputs {
			if o.Var == variable {
				return o.Name
			}
		}
	}
	b.t.Fatalf("%s: no variable %s", b.c.Name, variable)
	return ""
}

func (b *builder) node(g *ir.Graph, l *Layer) {
	b.layer = l
	outputs := make([]string, len(l.Outputs))
	for i, o := range l.Outputs {
		outputs[i] = o.Name
	}
	n, err := g.NewNode(ir.NodeSpec{
		Kind: l.Class, Name: l.Name, ClassName: l.text("class_name"), Inputs: l.Inputs, Outputs: outputs,
	})
	require.NoError(b.t, err)
	n.Index = l.Index
	for i, o := range l.Outputs {
		n.Vars[i].Type.Name = o.Type.Name // NewNode renames the last one
	}
	g.Nodes = append(g.Nodes, n)
}

// fill gives a new node the variables, types, weights and attributes of the dump.
func (b *builder) fill(n *ir.Node, _ ir.Data) error {
	for _, o := range b.layer.Outputs {
		v := b.variable(n, o)
		n.Vars = append(n.Vars, v)
	}
	for _, key := range typeOrder(b.layer) {
		n.SetType(key, b.namedType(b.layer.Types[key]))
	}
	for _, role := range weightOrder(b.layer) {
		w := b.layer.Weights[role]
		data := b.c.Weights[n.Name+"/"+role]
		require.NotNil(b.t, data, "%s: weights of %s/%s", b.c.Name, n.Name, role)
		n.SetWeight(&ir.Weight{
			Role: role, Var: w.Var, Type: b.namedType(w.Type), Shape: w.Shape,
			Data: data, Unquantized: data, Storage: "register",
		})
	}
	return b.attributes(n)
}

func (b *builder) variable(n *ir.Node, o Output) *ir.Variable {
	v := &ir.Variable{Name: o.Var, Shape: o.Shape, Type: b.namedType(o.Type), Pragma: "partition"}
	switch {
	case b.c.IOType == ir.Stream:
		v.Pragma, v.Pack = "stream", o.Type.Packed.NElem
		v.Depth = ir.Size(o.Shape) / o.Shape[len(o.Shape)-1]
	case slices.Contains(b.c.Model.Inputs, o.Name):
		v.Pragma = "reshape"
	}
	if b.layer.Class == "Reshape" {
		v.Alias, v.Pragma = n.In(0), ""
	}
	return v
}

func (b *builder) namedType(t Type) *ir.Type {
	f, err := fixed.Parse(t.Precision)
	require.NoError(b.t, err)
	switch t.Kind {
	case "XnorPrecisionType":
		f = fixed.Xnor()
	case "ExponentPrecisionType":
		f = fixed.Exponent(t.Width, t.Signed)
	}
	return &ir.Type{Name: t.Name, Format: f}
}

// typeOrder lists the roles that are neither the result nor a weight's.
func typeOrder(l *Layer) []string {
	var keys []string
	for key := range l.Types {
		_, ofWeight := l.Weights[strings.TrimSuffix(key, "_t")]
		if key != "result_t" && !ofWeight {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// weightOrder is the order in which kinds create weights: the bias comes last.
func weightOrder(l *Layer) []string {
	var roles []string
	for role := range l.Weights {
		roles = append(roles, role)
	}
	slices.SortFunc(roles, func(a, b string) int {
		if (a == "bias") != (b == "bias") {
			if a == "bias" {
				return 1
			}
			return -1
		}
		return strings.Compare(a, b)
	})
	return roles
}

// attributes copies the scalars of the dump; those that live in the node itself go there.
func (b *builder) attributes(n *ir.Node) error {
	n.ReuseFactor = 1
	for name, raw := range b.layer.Attributes {
		switch name {
		case "reuse_factor":
			require.NoError(b.t, json.Unmarshal(raw, &n.ReuseFactor))
			continue
		case "strategy":
			n.Strategy = ir.Strategy(b.layer.text(name))
			continue
		}
		if _, err := n.Set(name, value(b.t, raw)); err != nil {
			return n.Errorf("%w", err)
		}
	}
	return nil
}

// value decodes JSON into the types of attribute structs.
func value(t testing.TB, raw json.RawMessage) any {
	var ints []int
	if json.Unmarshal(raw, &ints) == nil && ints != nil {
		return ints
	}
	var v any
	require.NoError(t, json.Unmarshal(raw, &v))
	if text, ok := v.(string); ok {
		if n, err := strconv.Atoi(text); err == nil {
			return n // fix_softmax_table_size leaves its number as text
		}
	}
	return v
}

func (l *Layer) text(name string) string {
	var s string
	if raw, ok := l.Attributes[name]; ok {
		_ = json.Unmarshal(raw, &s)
	}
	return s
}
