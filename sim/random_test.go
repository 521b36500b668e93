package sim_test

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/internal/drawtest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/builtin"
	"github.com/hlsgo/hlsgo/sim"
	"github.com/hlsgo/hlsgo/sim/vec"
)

// nodeSpec is one node of a chain.
type nodeSpec struct {
	kind     string
	shape    []int // of the result
	result   fixed.Format
	attrs    map[string]any
	types    map[string]fixed.Format
	weights  map[string]weightSpec
	strategy ir.Strategy
	reuse    int
}

type weightSpec struct {
	format fixed.Format
	data   []float64
}

// chain is a graph of an input and nodes behind it, one after the other.
func chain(t require.TestingT, ioType ir.IOType, shape []int, in fixed.Format, nodes ...nodeSpec) *ir.Graph {
	reg := builtin.Registry()
	schema := &finalSchema{reg: reg}
	g := ir.NewGraph(&ir.Config{Dialect: codegen.Xilinx, IOType: ioType}, schema)
	g.Inputs = []string{"x"}
	prev := "input"
	all := append([]nodeSpec{{kind: "Input", shape: shape, result: in}}, nodes...)
	for i, s := range all {
		name := fmt.Sprintf("n%d", i)
		if i == 0 {
			name = "x"
		}
		schema.init = func(n *ir.Node) error { return s.fill(n, name) }
		n, err := g.NewNode(ir.NodeSpec{Kind: s.kind, Name: name, Inputs: []string{prev}})
		require.NoError(t, err)
		g.Nodes = append(g.Nodes, n)
		prev = name
	}
	g.Outputs = []string{prev}
	return g
}

func (s *nodeSpec) fill(n *ir.Node, name string) error {
	n.AddOutputOf(s.shape, name+"_out", name+"_t", s.result)
	n.Strategy, n.ReuseFactor = s.strategy, max(s.reuse, 1)
	for k, v := range s.attrs {
		if ok, err := n.Set(k, v); !ok || err != nil {
			return fmt.Errorf("attribute %s: %v %w", k, ok, err)
		}
	}
	for role, w := range s.weights {
		data := &ir.Tensor{Shape: []int{len(w.data)}, DType: ir.Float64, Data: w.data}
		n.SetWeight(&ir.Weight{Role: role, Type: &ir.Type{Format: w.format}, Data: data, Unquantized: data})
	}
	for role, f := range s.types {
		n.SetType(role, &ir.Type{Name: role, Format: f})
	}
	return nil
}

// drawFormat draws a fixed-point or integer format of at most maxW bits.
func drawFormat(t *rapid.T, maxW int, name string) fixed.Format {
	w := rapid.IntRange(2, maxW).Draw(t, name+" W")
	f := fixed.Format{
		W: w, I: rapid.IntRange(-3, w+3).Draw(t, name+" I"), Signed: rapid.Bool().Draw(t, name+" signed"),
	}
	if rapid.IntRange(0, 9).Draw(t, name+" kind") == 0 {
		f.I, f.Kind = f.W, fixed.KindInt
		return f
	}
	if rapid.Bool().Draw(t, name+" plain") {
		return f
	}
	f.Q = fixed.Q(rapid.IntRange(0, int(fixed.RNDConv)).Draw(t, name+" Q"))
	f.O = rapid.SampledFrom([]fixed.O{fixed.WRAP, fixed.SAT, fixed.SATZero, fixed.SATSym}).Draw(t, name+" O")
	if f.O == fixed.WRAP && rapid.IntRange(0, 3).Draw(t, name+" sat bits") == 0 {
		f.N = rapid.IntRange(0, 2).Draw(t, name+" N")
	}
	return f
}

// drawValues draws n numbers that a format can hold, some of them beyond it.
func drawValues(t *rapid.T, n int, f fixed.Format, name string) []float64 {
	out := make([]float64, n)
	lo, hi := f.MinRaw(), f.MaxRaw()
	for i := range out {
		x := rapid.Int64Range(lo, hi).Draw(t, name)
		out[i] = math.Ldexp(float64(x), -f.F())
		switch rapid.IntRange(0, 15).Draw(t, name+" kind") {
		case 0:
			out[i] *= 3.7
		case 1:
			out[i] = math.Ldexp(float64(lo), -f.F())
		case 2:
			out[i] = math.Ldexp(float64(hi), -f.F())
		case 3, 4:
			out[i] = 0
		}
	}
	return out
}

// compareEvaluators runs a graph with plane operations and with the plain evaluators, and compares the raw
// integers of every layer, the counts of a health report, and the outputs of a run without trace.
func compareEvaluators(t require.TestingT, g *ir.Graph, in []float64) *sim.Program {
	lookup := view(t)
	plain, err := sim.Compile(g, lookup, sim.Options{Plain: true})
	require.NoError(t, err)
	want := rawTrace(t, plain, in)
	answers, err := plain.Predict64([][]float64{in})
	require.NoError(t, err)
	var fast *sim.Program
	for _, o := range []sim.Options{ // with vector code last
		{Loops: &vec.Set{}, Grid: sim.GridAlways}, {Grid: sim.GridAlways}, {Loops: &vec.Set{}}, {},
	} {
		fast, err = sim.Compile(g, lookup, o)
		require.NoError(t, err)
		got := rawTrace(t, fast, in)
		for i, port := range fast.Traced {
			if err := sim.FirstRawDiff(port, got[i], want[i]); err != nil {
				require.NoError(t, err, "%s\n%s\n%s", describe(g), notes(fast), wayOf(o))
			}
		}
		y, err := fast.Predict64([][]float64{in})
		require.NoError(t, err)
		for i, port := range fast.Outputs {
			if err := sim.FirstDiff(port, y[i], answers[i]); err != nil {
				require.NoError(t, err, "outputs: %s\n%s\n%s", describe(g), notes(fast), wayOf(o))
			}
		}
	}
	compareHealth(t, g, [][]float64{in})
	return fast
}

// wayOf names the way that a program runs.
func wayOf(o sim.Options) string {
	return fmt.Sprintf("plain Go: %v, grids: %v", o.Loops != nil, o.Grid == sim.GridAlways)
}

func describe(g *ir.Graph) string {
	var b strings.Builder
	for _, n := range g.Nodes {
		b.WriteString(describeNode(n))
	}
	return b.String()
}

// describeNode is a line about a node: its types, the first of its weights, its attributes.
func describeNode(n *ir.Node) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s -> %s", n.Name, n.Kind, n.Out().Type.Format.Long())
	for _, ty := range n.Types {
		fmt.Fprintf(&b, ", %s %s", ty.Key, ty.Type.Format.Long())
	}
	for _, w := range n.Weights {
		const shown = 6 // of a recorded case there may be thousands
		first := w.Data.Data[:min(len(w.Data.Data), shown)]
		fmt.Fprintf(&b, ", %s %s %v of %d", w.Role, w.Type.Format.Long(), first, len(w.Data.Data))
	}
	fmt.Fprintf(&b, ", %+v\n", n.Attrs)
	return b.String()
}

func notes(p *sim.Program) string {
	var b strings.Builder
	for _, k := range p.Kernels() {
		for _, n := range k.Notes {
			fmt.Fprintf(&b, "%s: %d %s, %s: %s\n", k.Node, n.Count, n.Class, n.Lane, n.Why)
		}
	}
	return b.String()
}

// rawCollect keeps raw integers.
type rawCollect struct{ data []sim.Raw }

func (c *rawCollect) WriteRaw(_ int, tensors []sim.Raw) error {
	if c.data == nil {
		c.data = make([]sim.Raw, len(tensors))
	}
	for i, r := range tensors {
		c.data[i].Narrow = append(c.data[i].Narrow, r.Narrow...)
		for k := range r.Wide {
			c.data[i].Wide = append(c.data[i].Wide, *new(big.Int).Set(&r.Wide[k]))
		}
	}
	return nil
}

func rawTrace(t require.TestingT, p *sim.Program, in []float64) []sim.Raw {
	src, err := sim.NewSlices(p, [][]float64{in})
	require.NoError(t, err)
	c := &rawCollect{}
	_, err = sim.Run(context.Background(), p, sim.Job[float64]{Source: src, Raw: c, Workers: 1})
	require.NoError(t, err)
	return c.data
}

func drawDense(t *rapid.T, nIn int, in fixed.Format, maxAccum int) nodeSpec {
	nOut := rapid.IntRange(1, 5).Draw(t, "n_out")
	w, b := drawFormat(t, 18, "weight"), drawFormat(t, 18, "bias")
	s := nodeSpec{
		kind: "Dense", shape: []int{nOut}, result: drawFormat(t, 30, "result"), strategy: "latency",
		attrs: map[string]any{"n_in": nIn, "n_out": nOut},
		types: map[string]fixed.Format{"accum_t": drawFormat(t, maxAccum, "accum")},
		weights: map[string]weightSpec{
			"weight": {w, drawValues(t, nIn*nOut, w, "w")}, "bias": {b, drawValues(t, nOut, b, "b")},
		},
	}
	if rapid.Bool().Draw(t, "resource") {
		s.strategy, s.attrs["_weights_transposed"] = "resource", true
		s.reuse = rapid.SampledFrom(layers.ValidReuseFactors(nIn, nOut)).Draw(t, "reuse")
	}
	if rapid.IntRange(0, 3).Draw(t, "grown") == 0 { // an accumulator that holds everything
		f := fixed.Add(fixed.Mul(in, w), b)
		f.W, f.I = f.W+5, f.I+5
		if f.W <= 64 {
			s.types["accum_t"] = f
		}
	}
	return s
}

// TestDenseFastEqualsPlain draws dense layers with all kinds of types.
func TestDenseFastEqualsPlain(t *testing.T) {
	classes := map[string]int{}
	drawtest.Check(t, func(t *rapid.T) {
		nIn := rapid.IntRange(1, 9).Draw(t, "n_in")
		in := drawFormat(t, 24, "in")
		d := drawDense(t, nIn, in, rapid.SampledFrom([]int{12, 24, 40, 63}).Draw(t, "max accum"))
		g := chain(t, ir.Parallel, []int{nIn}, in, d)
		p := compareEvaluators(t, g, drawValues(t, nIn*rapid.IntRange(1, 20).Draw(t, "samples"), in, "x"))
		for _, n := range p.Kernels()[1].Notes {
			classes[n.Class.String()]++
		}
	})
	t.Logf("classes drawn: %v", classes)
	for _, c := range []string{"exact", "ring", "cut", "ordered"} {
		require.Positive(t, classes[c], "class %s was not drawn: %v", c, classes)
	}
}

// TestWideDense draws layers whose values exceed 64 bits.
func TestWideDense(t *testing.T) {
	drawtest.Check(t, func(t *rapid.T) {
		in := fixed.Format{W: rapid.IntRange(50, 90).Draw(t, "W"), I: 30, Signed: true}
		w := fixed.Fixed(40, 10)
		accum := fixed.Format{W: rapid.IntRange(60, 140).Draw(t, "accum"), I: 45, Signed: true}
		d := nodeSpec{
			kind: "Dense", shape: []int{2}, result: fixed.Fixed(70, 40), strategy: "latency",
			attrs: map[string]any{"n_in": 2, "n_out": 2}, types: map[string]fixed.Format{"accum_t": accum},
			weights: map[string]weightSpec{
				"weight": {w, drawValues(t, 4, w, "w")}, "bias": {w, drawValues(t, 2, w, "b")},
			},
		}
		f := rapid.SampledFrom([]string{"relu", "sigmoid", "elu", "selu"}).Draw(t, "f")
		act := nodeSpec{
			kind: "Activation", shape: []int{2}, result: fixed.Fixed(20, 8),
			attrs: map[string]any{"activation": f},
			types: map[string]fixed.Format{"table_t": fixed.Fixed(18, 8)},
		}
		g := chain(t, ir.Parallel, []int{2}, in, d, act)
		compareEvaluators(t, g, drawValues(t, 8, fixed.Fixed(54, 30), "x"))
	})
}

// TestActivationsFastEqualsPlain draws every activation with all kinds of types, narrow and wide.
func TestActivationsFastEqualsPlain(t *testing.T) {
	drawtest.Check(t, func(t *rapid.T) {
		in := drawFormat(t, rapid.SampledFrom([]int{8, 16, 32, 60}).Draw(t, "max in"), "in")
		s := nodeSpec{shape: []int{3}, result: drawFormat(t, 40, "result"), attrs: map[string]any{}}
		s.types = map[string]fixed.Format{"table_t": drawFormat(t, 24, "table")}
		kinds := []string{"Activation", "HardActivation", "ParametrizedActivation", "PReLU", "BatchNormalization"}
		s.kind = rapid.SampledFrom(kinds).Draw(t, "kind")
		if s.kind != "BatchNormalization" {
			s.attrs["table_size"] = rapid.SampledFrom([]int{1, 5, 16, 100, 1024}).Draw(t, "table_size")
		}
		param := drawFormat(t, 16, "param")
		switch s.kind {
		case "Activation":
			s.attrs["activation"] = rapid.SampledFrom([]string{
				"linear", "relu", "relu1", "relu6", "sigmoid", "tanh", "softplus", "softsign", "elu", "selu",
				"binary_tanh", "ternary_tanh", "ReLU",
			}).Draw(t, "activation")
		case "HardActivation":
			s.attrs["activation"] = rapid.SampledFrom([]string{"hard_sigmoid", "hard_tanh"}).Draw(t, "activation")
			s.types["slope_t"], s.types["shift_t"] = fixed.UFixed(16, 0), fixed.UFixed(2, 0)
			if rapid.Bool().Draw(t, "odd") {
				s.types["slope_t"], s.types["shift_t"] = param, drawFormat(t, 8, "shift")
			}
		case "ParametrizedActivation":
			names := []string{"LeakyReLU", "ThresholdedReLU", "ELU", "elu"}
			s.attrs["activation"] = rapid.SampledFrom(names).Draw(t, "activation")
			s.types["param_t"] = param
			s.attrs["activ_param"] = rapid.Float64Range(-2, 2).Draw(t, "activ_param")
		case "PReLU":
			s.attrs["activation"] = "PReLU"
			s.weights = map[string]weightSpec{"param": {param, drawValues(t, 3, param, "alpha")}}
		case "BatchNormalization":
			b := drawFormat(t, 18, "bias")
			s.weights = map[string]weightSpec{
				"scale": {param, drawValues(t, 3, param, "scale")}, "bias": {b, drawValues(t, 3, b, "bias")},
			}
		}
		ioType := rapid.SampledFrom(ir.IOTypes()).Draw(t, "io")
		compareEvaluators(t, chain(t, ioType, []int{3}, in, s), drawValues(t, 3*17, in, "x"))
	})
}

// TestSoftmaxFastEqualsPlain draws softmax layers of every implementation.
func TestSoftmaxFastEqualsPlain(t *testing.T) {
	drawtest.Check(t, func(t *rapid.T) {
		in := drawFormat(t, rapid.SampledFrom([]int{10, 16, 24}).Draw(t, "max in"), "in")
		n := rapid.IntRange(1, 7).Draw(t, "n")
		outer := rapid.SampledFrom([]int{1, 2}).Draw(t, "outer")
		invInp := drawFormat(t, 18, "inv_inp")
		size := 1 << rapid.IntRange(1, min(10, in.W-1, invInp.W)).Draw(t, "table bits")
		s := nodeSpec{
			kind: "Softmax", shape: []int{outer, n}, result: drawFormat(t, 20, "result"),
			attrs: map[string]any{
				"n_in": n * outer, "n_outer": outer, "n_inner": 1, "axis": -1, "table_size": size,
				"implementation": rapid.SampledFrom([]string{"stable", "latency", "legacy", "argmax"}).Draw(t, "impl"),
			},
			types: map[string]fixed.Format{
				"accum_t": drawFormat(t, 24, "accum"), "exp_table_t": drawFormat(t, 20, "exp"),
				"inv_table_t": drawFormat(t, 20, "inv"), "inv_inp_t": invInp, "table_t": drawFormat(t, 20, "table"),
			},
		}
		ioType := rapid.SampledFrom(ir.IOTypes()).Draw(t, "io")
		g := chain(t, ioType, []int{outer, n}, in, s)
		compareEvaluators(t, g, drawValues(t, n*outer*17, in, "x"))
	})
}
