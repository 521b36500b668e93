package conformance_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/builtin"
)

// kindCase is a small network round one layer kind. It is compiled for every tool and io type, and, where it
// multiplies by weights, under every strategy.
type kindCase struct {
	name       string
	shape      []int
	build      func(b *builder)
	strategies []strategy // none: the kind has no strategy
}

type strategy struct {
	name  string
	reuse int
}

// everyStrategy holds each strategy with reuse factors on both sides of the number of inputs, 6.
var everyStrategy = []strategy{
	{"Latency", 1}, {"Latency", 3}, {"Resource", 1}, {"Resource", 3}, {"Resource", 12},
	{"Resource_Unrolled", 2}, {"Resource_Unrolled", 12},
}

// withAdders are these and the graphs of adders that some kinds have besides.
var withAdders = append(slices.Clone(everyStrategy), adderStrategy)

var adderStrategy = strategy{"distributed_arithmetic", 1}

func kindCases() []kindCase {
	cases := []kindCase{
		{"Dense", []int{6}, func(b *builder) { b.matrix(6, 4) }, withAdders},
		{"BinaryWeights", []int{6}, (*builder).binaryMatrix, everyStrategy},
		{"BinaryDataAndWeights", []int{6}, func(b *builder) {
			quantizedTanh("Activation", "binary_tanh")(b)
			b.binaryMatrix()
		}, everyStrategy},
		{"PointwiseConv1D", []int{3, 6}, func(b *builder) { b.matrix(6, 4) }, withAdders},
		{"PointwiseConv2D", []int{2, 2, 6}, func(b *builder) { b.matrix(6, 4) }, withAdders},
		{"BatchNormalization", []int{6}, (*builder).norm, nil},
		{"BatchNormalization3D", []int{2, 2, 3}, (*builder).norm, nil},
		{"ApplyAlpha", []int{6}, (*builder).alpha, nil},
		{"PReLU", []int{6}, func(b *builder) {
			b.add("PReLU", "PReLU", "act", map[string]any{"activation": "PReLU"}).Data.Tensors["param_data"] =
				b.tensor(b.NormFloat64, 6)
		}, nil},
		{"HardSigmoid", []int{6}, simple("HardActivation", "hard_sigmoid"), nil},
		{"HardTanh", []int{6}, simple("HardActivation", "hard_tanh"), nil},
		{"BatchNormalizationBinaryTanh", []int{6}, quantizedTanh("Activation", "binary_tanh"), nil},
		{"BatchNormalizationTernaryTanh", []int{6}, quantizedTanh("Activation", "ternary_tanh"), nil},
		{"BatchNormalizationTernaryTanhWords", []int{3, 2}, quantizedTanh("TernaryTanh", "ternary_tanh"), nil},
		{"Transpose2D", []int{3, 4}, permutation(1, 0), nil},
		{"Transpose3D", []int{2, 3, 4}, permutation(2, 0, 1), nil},
		{"Reshape", []int{2, 3, 4}, func(b *builder) { b.reshape(); b.matrix(24, 2) }, nil},
		{"ReshapeOddWords", []int{2, 3}, func(b *builder) {
			b.shape = []int{3, 2}
			b.add("Reshape", "Reshape", "form", map[string]any{"target_shape": b.copyShape()})
			simple("Activation", "relu")(b)
		}, nil},
		{"FlattenNorm", []int{3, 4}, func(b *builder) { b.reshape(); b.norm() }, nil},
		{"FlattenTwice", []int{3, 4}, func(b *builder) { b.norm(); b.reshape(); b.twoReaders() }, nil},
		{"Clone", []int{6}, func(b *builder) { b.matrix(6, 3); b.twoReaders() }, nil},
	}
	for _, f := range []string{"relu", "tanh", "sigmoid", "softplus", "softsign", "selu", "binary_tanh"} {
		cases = append(cases, kindCase{"Activation_" + f, []int{6}, simple("Activation", f), nil})
	}
	for _, f := range []string{"LeakyReLU", "ELU", "ThresholdedReLU"} {
		cases = append(cases, kindCase{f, []int{6}, parametrized(f), nil})
	}
	for _, f := range []string{"stable", "latency", "legacy", "argmax"} {
		cases = append(cases, kindCase{"Softmax_" + f, []int{6}, softmax(f), nil})
	}
	cases = append(cases, kindCase{"Softmax3D", []int{2, 2, 3}, softmax("stable"), nil})
	return slices.Concat(cases, convCases(), poolCases(), stepCases(), rnnCases())
}

func simple(kind, function string) func(b *builder) {
	return func(b *builder) { b.add(kind, kind, "act", map[string]any{"activation": function}) }
}

func parametrized(function string) func(b *builder) {
	return func(b *builder) {
		b.add("ParametrizedActivation", function, "act", map[string]any{
			"activation": function, "activ_param": 0.375,
		})
	}
}

func softmax(implementation string) func(b *builder) {
	return func(b *builder) {
		b.add("Softmax", "Softmax", "act", map[string]any{
			"activation": "softmax", "axis": -1, "implementation": implementation,
		})
	}
}

func quantizedTanh(kind, function string) func(b *builder) {
	return func(b *builder) { b.norm(); simple(kind, function)(b) }
}

func permutation(perm ...int) func(b *builder) {
	return func(b *builder) { b.add("Transpose", "Permute", "permute", map[string]any{"perm": perm}) }
}

// matrix appends a Dense layer.
func (b *builder) matrix(in, out int) {
	name := fmt.Sprintf("fc%d", b.next())
	l := b.add("Dense", "Dense", name, map[string]any{"n_in": in, "n_out": out})
	l.Data.Tensors["weight_data"] = b.tensor(b.NormFloat64, in, out)
	l.Data.Tensors["bias_data"] = b.tensor(b.NormFloat64, out)
}

// binaryMatrix appends a Dense of six inputs whose weights are -1 and 1.
func (b *builder) binaryMatrix() {
	b.matrix(6, 4)
	b.quantizer(b.layers[len(b.layers)-1], "weight", "binary(alpha=1)")
}

func (b *builder) alpha() {
	n := b.channels()
	l := b.add("ApplyAlpha", "Alpha", "alpha", map[string]any{"n_in": n, "n_filt": -1})
	l.Data.Tensors["scale_data"] = b.tensor(b.NormFloat64, n)
	l.Data.Tensors["bias_data"] = b.tensor(b.NormFloat64, n)
}

// twoReaders gives the last tensor two readers, each an output.
func (b *builder) twoReaders() {
	from := b.last()
	b.out.parsed.Outputs = nil
	for _, name := range []string{"one", "two"} {
		b.add("Activation", "Activation", name, map[string]any{"activation": "relu"}).Inputs = []string{from}
		b.out.parsed.Outputs = append(b.out.parsed.Outputs, name)
	}
}

// A setup is what a case is compiled for.
type setup struct {
	backend, precision string
	io                 ir.IOType
	strategy
}

func (u setup) String() string {
	name := fmt.Sprintf("%s_%s", u.backend, u.io)
	if u.name != "" {
		name += fmt.Sprintf("_%s_rf%d", u.name, u.reuse)
	}
	if u.precision != everyday {
		name += "_" + u.precision
	}
	return name
}

// everyday is the model's type; HLSGO_FULL=1 takes the others too.
const everyday = "fixed<14,5,RND_CONV,SAT>"

func precisions() []string {
	if os.Getenv("HLSGO_FULL") != "1" {
		return []string{everyday}
	}
	return []string{
		everyday, "fixed<16,6>", "fixed<12,4,TRN_ZERO,WRAP,2>", "fixed<18,8,RND_INF,SAT_SYM>",
		"fixed<11,9,RND,SAT_ZERO>", "fixed<70,30,RND_MIN_INF,SAT>", "int<12>",
	}
}

// config is the configuration of a setup.
func (u setup) config() *ir.Config {
	model := &ir.Section{
		Precision: []ir.Precision{{Var: "default", Text: u.precision}},
		Keys:      []ir.Key{{Name: "ReuseFactor", Value: max(u.reuse, 1)}},
	}
	if u.name != "" {
		model.Keys = append(model.Keys, ir.Key{Name: "Strategy", Value: u.name})
	}
	return &ir.Config{
		ProjectName: "myproject", OutputDir: "prj", Version: "1.0.0", ClockPeriod: 5, Part: "xcvu13p-flga2577-2-e",
		Backend: u.backend, IOType: u.io, Writer: ir.WriterConfig{TBOutputStream: "both"},
		HLS: ir.HLSConfig{Model: model},
	}
}

// network builds the case for a setup.
func (c kindCase) network(t testing.TB, u setup) *network {
	t.Helper()
	b := &builder{Rand: rand.New(rand.NewPCG(3, 5)), schema: builtin.Registry(), shapes: map[string][]int{}}
	b.out.seed, b.out.parsed = 11, &ir.Parsed{Inputs: []string{"inp"}}
	b.shape = c.shape
	b.add("Input", "InputLayer", "inp", map[string]any{"input_shape": b.copyShape()})
	c.build(b)
	require.NoError(t, b.err, c.name)
	b.out.parsed.Layers = b.layers
	if b.out.parsed.Outputs == nil {
		b.out.parsed.Outputs = []string{b.last()}
	}
	b.out.config = u.config()
	return &b.out
}

// setups lists every tool, io type, precision and strategy of the case.
func (c kindCase) setups() []setup {
	strategies := c.strategies
	if strategies == nil {
		strategies = []strategy{{}}
	}
	var out []setup
	for _, backend := range []string{"Vivado", "Vitis"} {
		for _, io := range ir.IOTypes() {
			for _, p := range precisions() {
				for _, s := range strategies {
					out = append(out, setup{backend, p, io, s})
				}
			}
		}
	}
	return out
}

// kindTrials builds every case for all its setups.
func kindTrials(t *testing.T) []trial {
	t.Helper()
	tk := toolkit(t)
	var out []trial
	cases, everywhere := append(kindCases(), arrayCases()...), len(kindCases())
	for i, c := range cases {
		for _, u := range c.setups() {
			if i >= everywhere && u.io == stream {
				continue
			}
			n := c.network(t, u)
			m, err := tk.NewModel(n.parsed, n.config)
			require.NoError(t, err, "%s %s", c.name, u)
			out = append(out, trial{c.name + "_" + u.String(), m, n.samples(samplesPerNetwork)})
		}
	}
	return out
}

// TestFirmwareOfEveryKind is step 3 of the ladder for every layer kind, tool, io type and strategy.
func TestFirmwareOfEveryKind(t *testing.T) {
	verifyAll(t, kindTrials(t), hlsgo.FirmwareOptions{})
}

// TestEveryKindIsCompiled wants every kind that becomes C++ in a network that the tests above compile.
func TestEveryKindIsCompiled(t *testing.T) {
	seen := []string{
		"TernaryTanh", // has C++ only after a pass has made thresholds of it
	}
	for _, c := range append(kindTrials(t), oracleTrials(t)...) {
		g, err := c.model.Graph()
		require.NoError(t, err, c.name)
		for _, n := range g.Nodes {
			seen = append(seen, n.Kind)
		}
	}
	for _, k := range toolkit(t).Layers() {
		if slices.Contains(k.Dialects, string(codegen.Xilinx)) && !slices.Contains(seen, k.Kind) {
			t.Errorf("layer kind %s: no test compiles it", k.Kind)
		}
	}
}

// TestFirmwareWithVendorTypes is step 4 of the ladder: every kind once, and 20 cases of hls4ml drawn by
// HLSGO_RANDOM_SEED, with the vendor's number types in place of ours.
func TestFirmwareWithVendorTypes(t *testing.T) {
	o := vendorTypes(t)
	seed := uint64(setting(t, "HLSGO_RANDOM_SEED", 1))
	t.Logf("HLSGO_RANDOM_SEED=%d draws the same cases", seed)
	r := rand.New(rand.NewPCG(seed, 4))
	kinds, oracle := kindTrials(t), oracleTrials(t)
	r.Shuffle(len(kinds), func(i, k int) { kinds[i], kinds[k] = kinds[k], kinds[i] })
	r.Shuffle(len(oracle), func(i, k int) { oracle[i], oracle[k] = oracle[k], oracle[i] })
	verifyAll(t, append(oncePerKind(t, kinds), oracle[:20]...), o)
}

// oncePerKind keeps the trials that bring a kind not seen before.
func oncePerKind(t *testing.T, trials []trial) []trial {
	t.Helper()
	seen := map[string]bool{}
	var out []trial
	for _, c := range trials {
		g, err := c.model.Graph()
		require.NoError(t, err, c.name)
		fresh := false
		for _, n := range g.Nodes {
			fresh = fresh || !seen[n.Kind]
			seen[n.Kind] = true
		}
		if fresh {
			out = append(out, c)
		}
	}
	return out
}
