package ir_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/stretchr/testify/require"
)

// unitAttrs are the attributes of the kinds of the test.
type unitAttrs struct {
	Size  int      `hls:"size"`
	Mode  string   `hls:"mode"`
	Limit *float64 `hls:"limit,ignored"`
	Shape []int    `hls:"shape"`
}

// kinds is a schema of two kinds: Input, and Unit that keeps the shape of its first input.
type kinds struct{}

func (kinds) KindNames() []string { return []string{"Input", "Unit"} }

func (kinds) Kind(name string) (*ir.Kind, bool) {
	k := &ir.Kind{Name: name, NewAttrs: func() any { return &unitAttrs{} }, Options: func(ir.Tool) []ir.Option {
		return []ir.Option{
			{Name: "accum_t", Class: ir.TypeOption, Default: fixed.Auto},
			{Name: "table_t", Class: ir.TypeOption, Default: fixed.Fixed(18, 8)},
		}
	}}
	switch name {
	case "Input":
		k.Options = func(ir.Tool) []ir.Option { return nil }
		k.Init = func(n *ir.Node, _ ir.Data) error { return n.AddOutput(ir.Attrs[unitAttrs](n).Shape) }
	case "Unit":
		k.Init = func(n *ir.Node, d ir.Data) error {
			if n.In(0) == nil {
				return n.Errorf("input %q: got no such tensor", n.Inputs[0])
			}
			if w := d.Tensors["weight_data"]; w != nil {
				if err := n.AddWeight(ir.WeightSpec{Role: "weight", Var: "w", Data: w}); err != nil {
					return err
				}
			}
			return n.AddOutput(n.In(0).Shape)
		}
	default:
		return nil, false
	}
	return k, true
}

func config() *ir.Config {
	return &ir.Config{Backend: "Vitis", IOType: "io_parallel", HLS: ir.HLSConfig{Model: &ir.Section{
		Precision: []ir.Precision{{Var: "default", Text: "ap_fixed<16,6>"}},
	}}}
}

// chain is x -> a -> b -> c, with more layers behind.
func chain(more ...*ir.Layer) *ir.Parsed {
	p := &ir.Parsed{Layers: []*ir.Layer{{Name: "x", Kind: "Input", Attrs: &unitAttrs{Shape: []int{2, 3}}}}}
	last := "x"
	for _, name := range []string{"a", "b", "c"} {
		p.Layers = append(p.Layers, &ir.Layer{Name: name, Kind: "Unit", Source: name, Inputs: []string{last}})
		last = name
	}
	p.Layers = append(p.Layers, more...)
	return p
}

func build(t *testing.T, p *ir.Parsed, cfg *ir.Config) *ir.Graph {
	t.Helper()
	g, err := ir.Build(p, cfg, kinds{})
	require.NoError(t, err)
	require.NoError(t, ir.Verify(g, kinds{}))
	return g
}

func names(g *ir.Graph) []string {
	var out []string
	for _, n := range g.Nodes {
		out = append(out, n.Name)
	}
	return out
}

func TestBuild(t *testing.T) {
	g := build(t, chain(), config())
	require.Equal(t, []string{"x"}, g.Inputs)
	require.Equal(t, []string{"c"}, g.Outputs)
	require.Equal(t, []string{"b"}, g.Node("c").Inputs)
	require.Equal(t, 4, g.Node("c").Index)
	require.Equal(t, "layer4_out", g.Node("c").Out().Name)
	require.Equal(t, "result_t", g.Node("c").Out().Type.Name)
	require.Equal(t, "layer3_t", g.Node("b").Out().Type.Name)
	require.Equal(t, "model_default_t", g.Node("b").Type("accum_t").Name)
	require.Equal(t, "b_table_t", g.Node("b").Type("table_t").Name)
	require.Equal(t, "c", g.Producer("c").Name)
}

func TestBuildErrors(t *testing.T) {
	for _, c := range []struct {
		want string
		p    *ir.Parsed
	}{
		{"model: got no layers, want at least an input", &ir.Parsed{}},
		{
			"layer \"d\": unknown kind: got Foo, want one of Input, Unit\n" +
				"layer \"e\": unknown kind: got Bar, want one of Input, Unit",
			chain(&ir.Layer{Name: "d", Kind: "Foo"}, &ir.Layer{Name: "e", Kind: "Bar"}),
		},
		{
			`layer "a": the name is not unique: got it twice, want it once`,
			chain(&ir.Layer{Name: "a", Kind: "Unit"}),
		},
		{
			`layer "input": the name is reserved: got input, want another name in the model`,
			chain(&ir.Layer{Name: "input", Kind: "Unit"}),
		},
		{
			`Unit "d": input "nowhere": got no such tensor`,
			chain(&ir.Layer{Name: "d", Kind: "Unit", Inputs: []string{"nowhere"}}),
		},
		{
			`Unit "d": inputs: got none, want the tensors that it reads`,
			chain(&ir.Layer{Name: "d", Kind: "Unit"}),
		},
		{
			`model: output layer "q": got no layer of that name`,
			&ir.Parsed{Layers: chain().Layers, Outputs: []string{"q"}},
		},
		{
			`model: input layer "a": got no input layer of that name`,
			&ir.Parsed{Layers: chain().Layers, Inputs: []string{"a"}},
		},
	} {
		_, err := ir.Build(c.p, config(), kinds{})
		require.EqualError(t, err, c.want)
	}
}

// TestBuildKeepsParsed wants passes free to change what a graph holds.
func TestBuildKeepsParsed(t *testing.T) {
	p := chain()
	p.Layers[1].Attrs = &unitAttrs{Size: 3}
	g := build(t, p, config())
	_, err := ir.SetAttr(g.Node("a").Attrs, "size", 5)
	require.NoError(t, err)
	require.Equal(t, 3, p.Layers[1].Attrs.(*unitAttrs).Size)
}

func TestConfigurationOfNodes(t *testing.T) {
	cfg := config()
	cfg.HLS.Types = []*ir.Section{{
		Name: "Unit", Keys: []ir.Key{{Name: "Size", Value: 4}, {Name: "ReuseFactor", Value: 3}},
	}}
	cfg.HLS.Names = []*ir.Section{{
		Name: "a", Precision: []ir.Precision{{Var: "result", Text: "fixed<9,3>"}},
		Keys: []ir.Key{
			{Name: "Size", Value: 7}, {Name: "table_t", Value: "ufixed<8,1>"}, {Name: "Trace", Value: true},
			{Name: "Strategy", Value: "Resource"}, {Name: "Unheard", Value: 1},
		},
	}}
	g := build(t, chain(), cfg)
	a, b := g.Node("a"), g.Node("b")
	require.Equal(t, 7, a.Attrs.(*unitAttrs).Size)
	require.Equal(t, 4, b.Attrs.(*unitAttrs).Size)
	require.Equal(t, 3, a.ReuseFactor)
	require.Equal(t, ir.Strategy("Resource"), a.Strategy)
	require.True(t, a.Trace)
	require.Equal(t, fixed.Fixed(9, 3), a.Format("result_t"))
	require.Equal(t, fixed.UFixed(8, 1), a.Format("table_t"))
	require.Equal(t, fixed.Fixed(18, 8), b.Format("table_t"))
	for value, want := range map[any]string{
		"x": `Unit "a": size: got x (string), want int`,
		0.5: `Unit "a": size: got 0.5 (float64), want int`,
	} {
		cfg.HLS.Names[0].Keys = []ir.Key{{Name: "Size", Value: value}}
		_, err := ir.Build(chain(), cfg, kinds{})
		require.EqualError(t, err, want)
	}
	cfg.HLS.Names[0].Keys = []ir.Key{{Name: "ReuseFactor", Value: 0}}
	_, err := ir.Build(chain(), cfg, kinds{})
	require.EqualError(t, err, `Unit "a": ReuseFactor: got 0, want a positive whole number`)
}

func newUnit(t *testing.T, g *ir.Graph, name string, inputs ...string) *ir.Node {
	t.Helper()
	n, err := g.NewNode(ir.NodeSpec{Kind: "Unit", Name: name, Inputs: inputs})
	require.NoError(t, err)
	return n
}

func TestInsertRemoveReplace(t *testing.T) {
	g := build(t, chain(&ir.Layer{Name: "d", Kind: "Unit", Inputs: []string{"a"}}), config())
	require.NoError(t, g.Insert(newUnit(t, g, "n", "a"), nil, 0))
	require.Equal(t, []string{"x", "a", "n", "b", "c", "d"}, names(g))
	require.Equal(t, []string{"n"}, g.Node("b").Inputs)
	require.Equal(t, []string{"a"}, g.Node("d").Inputs)

	require.NoError(t, g.Insert(newUnit(t, g, "m", "a"), g.Node("d"), 0))
	require.Equal(t, []string{"m"}, g.Node("d").Inputs)

	require.NoError(t, g.Insert(newUnit(t, g, "end", "d"), nil, 0))
	require.Equal(t, []string{"end"}, g.Outputs)
	require.NoError(t, ir.Verify(g, kinds{}))

	require.NoError(t, g.Remove(g.Node("n")))
	require.Equal(t, []string{"a"}, g.Node("b").Inputs)
	require.NoError(t, g.Remove(g.Node("end")))
	require.Equal(t, []string{"d"}, g.Outputs)
	require.Nil(t, g.Var("end"))

	require.NoError(t, g.Replace(g.Node("a"), newUnit(t, g, "a2", "x")))
	require.Equal(t, []string{"a2"}, g.Node("b").Inputs)
	require.Equal(t, []string{"x", "a2", "m", "b", "c", "d"}, names(g))
	require.NoError(t, g.Replace(g.Node("b"), newUnit(t, g, "p", "a2"), newUnit(t, g, "q", "p")))
	require.Equal(t, []string{"q"}, g.Node("c").Inputs)
	require.NoError(t, ir.Verify(g, kinds{}))
}

func TestInsertBeforeLaterInput(t *testing.T) {
	g := build(t, chain(&ir.Layer{Name: "d", Kind: "Unit", Inputs: []string{"c", "a"}}), config())
	require.NoError(t, g.Insert(newUnit(t, g, "n", "a"), g.Node("d"), 1))
	require.Equal(t, []string{"c", "n"}, g.Node("d").Inputs)
	require.EqualError(t, g.Insert(&ir.Node{Name: "m", Kind: "Unit", Inputs: []string{"a", "b"}}, nil, 0),
		`Unit "m": insert: got inputs [a b], want one tensor of the graph`)
}

func TestRemoveErrors(t *testing.T) {
	g := build(t, &ir.Parsed{Layers: chain().Layers, Outputs: []string{"b", "c"}}, config())
	require.EqualError(t, g.Remove(g.Node("c")),
		`Unit "c": remove: its input "b" would be an output of the model twice`)
	g.Node("b").Inputs = []string{"x", "a"}
	require.EqualError(t, g.Remove(g.Node("b")), `Unit "b": remove: got 2 inputs and 1 outputs, want one each`)
	g.Node("a").Out().Shape = []int{7}
	require.EqualError(t, g.Remove(g.Node("a")),
		`Unit "a": remove: got an input and an output of different sizes, want the same`)
}

func TestRecast(t *testing.T) {
	cfg := config()
	g := build(t, chain(), cfg)
	b := g.Node("b")
	b.ReuseFactor = 9
	m, err := g.Recast(b, "Unit")
	require.NoError(t, err)
	require.NoError(t, g.Replace(b, m))
	require.NoError(t, ir.Verify(g, kinds{}))
	require.Equal(t, 5, m.Index)
	require.Equal(t, "layer3_out", m.Out().Name)
	require.Equal(t, 9, m.ReuseFactor)
	_, err = g.Recast(m, "Foo")
	require.ErrorContains(t, err, "unknown kind")
}

// TestVerifyFindsBreaches breaks one thing at a time.
func TestVerifyFindsBreaches(t *testing.T) {
	for want, damage := range map[string]func(*ir.Graph){
		`Unit "b": reads "z", which no node before it makes`:  func(g *ir.Graph) { g.Node("b").Inputs[0] = "z" },
		`Unit "a": reads "b", which no node before it makes`:  func(g *ir.Graph) { g.Node("a").Inputs[0] = "b" },
		`Unit "b": unknown kind Foo`:                          func(g *ir.Graph) { g.Node("b").Kind = "Foo" },
		`Unit "b": the name is not unique`:                    func(g *ir.Graph) { g.Node("c").Name = "b" },
		`Unit "b": its variable of "b" is not the graph's`:    func(g *ir.Graph) { g.Bind("b", g.Var("c")) },
		`Unit "c": shape of "c": got [0], want positive axes`: func(g *ir.Graph) { g.Var("c").Shape = []int{0} },
		`Unit "c": got 0 variables for 1 outputs`:             func(g *ir.Graph) { g.Node("c").Vars = nil },
		`graph: output "z": got no node that makes it`:        func(g *ir.Graph) { g.Outputs = []string{"z"} },
		`graph: got no outputs, want at least one`:            func(g *ir.Graph) { g.Outputs = nil },
		`graph: input "a": got no Input node that makes it`:   func(g *ir.Graph) { g.Inputs = []string{"a"} },
		`"c" stands in place of layer2_out, which differs in size`: func(g *ir.Graph) {
			g.Var("c").Alias, g.Var("a").Shape = g.Var("a"), []int{5}
		},
		`Unit "a": weight weight: got 6 values, declared [5], stored as [6]`: func(g *ir.Graph) {
			g.Node("a").SetWeight(&ir.Weight{
				Role: "weight", Shape: []int{5}, Type: &ir.Type{},
				Data: ir.NewTensor(ir.Float32, 6), Unquantized: ir.NewTensor(ir.Float32, 6),
			})
		},
	} {
		g := build(t, chain(), config())
		damage(g)
		err := ir.Verify(g, kinds{})
		if want == `Unit "b": unknown kind Foo` {
			want = `Foo "b": unknown kind Foo`
		}
		require.ErrorContains(t, err, want)
	}
}

func TestVerifyResolved(t *testing.T) {
	cfg := config()
	cfg.HLS.Names = []*ir.Section{{Name: "a", Precision: []ir.Precision{{Var: "accum", Text: "auto"}}}}
	g := build(t, chain(), cfg)
	require.Equal(t, []string{"accum_t"}, g.Node("a").AutoRoles())
	require.EqualError(t, ir.VerifyResolved(g), `Unit "a": type accum_t: got auto, want a resolved type`)
	g.Node("a").Type("accum_t").Format = fixed.Int(3)
	require.NoError(t, ir.VerifyResolved(g))

	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		p := chain()
		w := ir.NewTensor(ir.Float32, 2, 1)
		w.Data[1] = bad
		p.Layers[1].Data.Tensors = map[string]*ir.Tensor{"weight_data": w}
		require.EqualError(t, ir.VerifyResolved(build(t, p, config())),
			fmt.Sprintf(`Unit "a": weight "weight": got %v at flat index 1, want finite numbers`, bad))
	}
}

// TestTextIsALineANode whatever the names and texts are.
func TestTextIsALineANode(t *testing.T) {
	g := build(t, chain(), config())
	n := g.Node("a")
	n.Name, n.Out().Name = "a\n  9 forged = Unit(x)", "a b"
	a := ir.Attrs[unitAttrs](n)
	a.Mode, a.Shape = "\x1b[1m"+strings.Repeat("m", 5000), make([]int, 5000)
	g.Outputs = []string{"c\n"}
	var text bytes.Buffer
	require.NoError(t, g.WriteText(&text))
	lines := strings.Split(text.String(), "\n")
	require.Len(t, lines, 6)
	require.Equal(t, `graph x -> "c\n" pipeline=auto`, lines[0])
	require.Contains(t, lines[2], `  2 "a\n  9 forged = Unit(x)" = Unit(x) -> a "a b"[2 3] layer2_t`)
	require.Contains(t, lines[2], ` mode="\x1b[1mmmmmm`)
	require.Contains(t, lines[2], `m"... shape=[0 0`)
	require.Contains(t, lines[2], ` 0 0]... (5000)`)
	require.Less(t, len(lines[2]), 500)
}

func TestForms(t *testing.T) {
	p := chain()
	limit := 6.0
	p.Layers[1].Attrs = &unitAttrs{Size: 2, Mode: "fast", Limit: &limit, Shape: []int{4}}
	p.Layers[1].Data.Tensors = map[string]*ir.Tensor{"weight_data": ir.NewTensor(ir.Float32, 2, 1)}
	g := build(t, p, config())
	var text bytes.Buffer
	require.NoError(t, g.WriteText(&text))
	require.Equal(t, `graph x -> c pipeline=auto
  1 x = Input(input) -> x layer1_out[2 3] layer1_t:fixed<16,6> shape=[2 3]
  2 a = Unit(x) -> a layer2_out[2 3] layer2_t:fixed<16,6> accum_t=fixed<16,6> table_t=fixed<18,8> `+
		`weight=w[2 1]:fixed<16,6> size=2 mode=fast shape=[4]
  3 b = Unit(a) -> b layer3_out[2 3] layer3_t:fixed<16,6> accum_t=fixed<16,6> table_t=fixed<18,8>
  4 c = Unit(b) -> c layer4_out[2 3] result_t:fixed<16,6> accum_t=fixed<16,6> table_t=fixed<18,8>
`, text.String())

	var doc bytes.Buffer
	require.NoError(t, g.WriteJSON(&doc))
	var got struct {
		Layers []struct {
			Name       string
			Types      map[string]struct{ Precision, CPP string }
			Weights    map[string]struct{ NZeros int }
			Attributes map[string]any
		}
	}
	require.NoError(t, json.Unmarshal(doc.Bytes(), &got))
	a := got.Layers[1]
	require.Equal(t, "ap_fixed<16,6>", a.Types["weight_t"].CPP)
	require.Equal(t, "fixed<18,8,TRN,WRAP,0>", a.Types["table_t"].Precision)
	require.Equal(t, 2, a.Weights["weight"].NZeros)
	require.Equal(t, "fast", a.Attributes["mode"])
	require.NotContains(t, a.Attributes, "limit")
}

// TestFlowRestarts wants hls4ml's rule: after a change the flow begins again at its first pass, and each
// node's turn comes in order.
func TestFlowRestarts(t *testing.T) {
	g := build(t, chain(), config())
	var log []string
	see := ir.Pass{
		Name:  "see",
		Match: func(*ir.Node) bool { return true },
		Apply: func(n *ir.Node) (bool, error) { log = append(log, n.Name); return false, nil },
	}
	drop := ir.Pass{
		Name:  "drop",
		Match: func(n *ir.Node) bool { return n.Name == "a" || n.Name == "b" },
		Apply: func(n *ir.Node) (bool, error) { return true, g.Remove(n) },
	}
	never := ir.Pass{Name: "never", Match: func(*ir.Node) bool { return false }}
	once := ir.Pass{Name: "once", Whole: func(*ir.Graph) (bool, error) {
		log = append(log, "once")
		return true, nil
	}}
	first := &ir.Flow{Name: "first", Passes: []ir.Pass{once, see, drop, never}}
	second := &ir.Flow{Name: "second", Requires: []*ir.Flow{first}}
	checked := 0
	require.NoError(t, second.Run(g, func(*ir.Graph, ir.Pass) error { checked++; return nil }))
	require.Equal(t, []string{"once", "x", "a", "b", "c", "x", "b", "c", "x", "c"}, log)
	want := []ir.AppliedFlow{{Flow: "first", Passes: []string{"once", "see", "drop"}}, {Flow: "second"}}
	require.Equal(t, want, g.Applied)
	require.Equal(t, 1+4+1+3+1+2, checked)
	require.NoError(t, second.Run(g, nil))
	require.Len(t, g.Applied, 2)
}

func TestQuantizersOfNodes(t *testing.T) {
	g := build(t, chain(), config())
	n := g.Node("a")
	require.Nil(t, n.Quantizer("weight"))
	n.SetQuantizer("weight_quantizer", nil)
	require.Nil(t, n.Quantizer("weight"))
}

func TestConsumersCountUses(t *testing.T) {
	g := build(t, chain(&ir.Layer{Name: "d", Kind: "Unit", Inputs: []string{"a", "a"}}), config())
	users := g.Consumers("a")
	require.Len(t, users, 3)
	require.True(t, slices.Contains(users, g.Node("d")))
}
