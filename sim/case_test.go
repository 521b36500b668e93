package sim_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/builtin"
	"github.com/hlsgo/hlsgo/layers/group"
	"github.com/hlsgo/hlsgo/sim"
)

// The tests of this package build their graphs from hls4ml's own account of its final graph (ir.json and
// weights.npz), so that they depend on no front end and no pass.

type caseIR struct {
	Inputs, Outputs []string
	Layers          []caseLayer
}

type caseLayer struct {
	Name, Class string
	Index       int
	Inputs      []string
	Outputs     []struct {
		Name, Var string
		Shape     []int
		Type      caseType
	}
	Types      map[string]caseType
	Weights    caseWeights
	Attributes map[string]any
}

type caseType struct {
	Name, Precision string
	Kind            string // hls4ml's class of the precision
	Width           int
	Signed          bool
}

// caseWeights are weights by role, in the order of the file: that in which a project defines them.
type caseWeights []caseWeight

func (w *caseWeights) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		role, err := d.Token()
		if err != nil {
			return err
		}
		one := caseWeight{role: role.(string)}
		if err := d.Decode(&one); err != nil {
			return err
		}
		*w = append(*w, one)
	}
	return nil
}

type caseWeight struct {
	role  string
	Var   string
	Shape []int
	Type  caseType
}

func view(require.TestingT) sim.Lookup { return builtin.Registry().For(codegen.Xilinx) }

// finalSchema makes nodes whose types, shapes and weights are given from outside.
type finalSchema struct {
	reg  *layers.Registry
	init func(n *ir.Node) error
}

func (s finalSchema) Kind(name string) (*ir.Kind, bool) {
	d, ok := s.reg.Def(name)
	if !ok {
		return nil, false
	}
	return &ir.Kind{
		Name: name, NewAttrs: d.Attrs, NewState: d.NewState,
		Options: func(ir.Tool) []ir.Option { return nil },
		Init:    func(n *ir.Node, _ ir.Data) error { return s.init(n) },
	}, true
}

func (s finalSchema) Def(name string) (*layers.Def, bool) { return s.reg.Def(name) }

func (s finalSchema) KindNames() []string { return s.reg.KindNames() }

// loadGraph builds the final graph of an oracle case.
func loadGraph(t testing.TB, dir string) *ir.Graph {
	text, err := os.ReadFile(filepath.Join(dir, "ir.json"))
	require.NoError(t, err)
	var c caseIR
	require.NoError(t, json.Unmarshal(text, &c))
	weights := oracletest.Npz(t, filepath.Join(dir, "weights.npz"))
	cfg := &ir.Config{Dialect: codegen.Xilinx, IOType: ir.Parallel}
	if strings.HasSuffix(dir, "_stream") {
		cfg.IOType = ir.Stream
	}
	schema := &finalSchema{reg: builtin.Registry()}
	if strings.Contains(dir, "garnet") { // whose types between are in the configuration alone
		own, _, err := hlsgo.ReadConfigFile(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{},
			hlsgo.ConfigEnv{Schema: schema.reg})
		require.NoError(t, err)
		cfg.HLS = own.HLS
	}
	g := ir.NewGraph(cfg, schema)
	g.Inputs = slices.Clone(c.Inputs)
	for _, l := range c.Layers {
		schema.init = func(n *ir.Node) error { return l.fill(t, n, weights) }
		var outputs []string
		for _, o := range l.Outputs {
			outputs = append(outputs, o.Name)
		}
		// Where a constant of ONNX was, hls4ml leaves an empty name.
		inputs := slices.DeleteFunc(slices.Clone(l.Inputs), func(in string) bool { return in == "" })
		n, err := g.NewNode(ir.NodeSpec{Kind: l.Class, Name: l.Name, Inputs: inputs, Outputs: outputs})
		require.NoError(t, err)
		g.Nodes = append(g.Nodes, n)
		g.ShareTypes(n)
	}
	for _, v := range c.Outputs {
		g.Outputs = append(g.Outputs, tensorOf(t, c, v))
	}
	return g
}

// tensorOf finds the tensor behind the C++ variable.
func tensorOf(t testing.TB, c caseIR, variable string) string {
	for _, l := range c.Layers {
		for _, o := range l.Outputs {
			if o.Var == variable || o.Name == variable {
				return o.Name
			}
		}
	}
	require.Fail(t, "no tensor "+variable)
	return ""
}

func (l *caseLayer) fill(t testing.TB, n *ir.Node, weights map[string]*ir.Tensor) error {
	n.Index = l.Index
	for name, v := range l.Attributes {
		if v == nil || slices.Contains([]string{"weight_quantizer", "bias_quantizer", "precision"}, name) {
			continue
		}
		_, err := n.Set(name, plain(v))
		require.NoError(t, err, "%s of %s", name, l.Name)
	}
	if s, ok := l.Attributes["strategy"].(string); ok {
		n.Strategy = ir.Strategy(s)
	}
	if rf, ok := l.Attributes["reuse_factor"].(float64); ok {
		n.ReuseFactor = int(rf)
	}
	for _, o := range l.Outputs {
		n.AddOutputOf(o.Shape, o.Var, o.Type.Name, format(t, o.Type))
	}
	if a, ok := n.Attrs.(*group.TimeDistributedAttrs); ok {
		a.End = strings.HasSuffix(l.Name, "_end")
	}
	if l.Class == "Reshape" {
		n.Out().Alias = n.In(0)
	}
	for _, w := range l.Weights {
		role := w.role
		n.SetWeight(l.weight(t, weights[l.Name+"/"+role], role, w))
	}
	for role, ty := range l.Types {
		if n.Weight(strings.TrimSuffix(role, "_t")) == nil && role != "result_t" {
			n.SetType(role, &ir.Type{Name: ty.Name, Format: format(t, ty)})
		}
	}
	return nil
}

// plain turns what JSON gives into what attributes take.
func plain(v any) any {
	if s, ok := v.(string); ok { // a pass of hls4ml turns table_size into text
		if n, err := strconv.Atoi(s); err == nil {
			return n
		}
	}
	list, ok := v.([]any)
	if !ok {
		return v
	}
	ints := make([]int, len(list))
	for i, x := range list {
		f, ok := x.(float64)
		if !ok {
			return v
		}
		ints[i] = int(f)
	}
	return ints
}

func format(t testing.TB, c caseType) fixed.Format {
	switch c.Kind {
	case "XnorPrecisionType":
		return fixed.Xnor()
	case "ExponentPrecisionType":
		return fixed.Exponent(c.Width, c.Signed)
	}
	f, err := fixed.Parse(c.Precision)
	require.NoError(t, err)
	return f
}

func (l *caseLayer) weight(t testing.TB, data *ir.Tensor, role string, w caseWeight) *ir.Weight {
	require.NotNil(t, data, "%s/%s", l.Name, role)
	return &ir.Weight{
		Role: role, Var: w.Var, Type: &ir.Type{Name: w.Type.Name, Format: format(t, w.Type)},
		Data: data, Unquantized: data,
	}
}
