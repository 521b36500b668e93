package conformance_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
)

// A network is a random dense network with a random configuration.
type network struct {
	seed   uint64
	parsed *ir.Parsed
	config *ir.Config
}

// builder draws a network; everything comes from its seed.
type builder struct {
	*rand.Rand
	schema ir.Schema
	out    network
	shape  []int
	err    error
}

var (
	roundings = []string{"TRN", "TRN_ZERO", "RND", "RND_ZERO", "RND_INF", "RND_MIN_INF", "RND_CONV"}
	overflows = []string{"WRAP", "WRAP", "SAT", "SAT_ZERO", "SAT_SYM"}
	functions = []string{"relu", "tanh", "sigmoid", "softplus", "softsign", "selu", "linear"}
)

// randomNetwork draws the network number seed.
func randomNetwork(schema ir.Schema, seed uint64) (*network, error) {
	b := &builder{Rand: rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15)), schema: schema}
	b.out.seed = seed
	b.out.parsed = &ir.Parsed{Inputs: []string{"inp"}}
	b.layers()
	b.configure()
	return &b.out, b.err
}

func pick[T any](b *builder, items []T) T { return items[b.IntN(len(items))] }

func (b *builder) chance(p float64) bool { return b.Float64() < p }

// precision draws a type: mostly everyday formats, now and then an odd one.
func (b *builder) precision(signed bool, low, high int) string {
	w := low + b.IntN(high-low+1)
	i := 1 + b.IntN(w)
	if b.chance(0.15) {
		i = b.IntN(w+5) - 2
	}
	var s strings.Builder
	if !signed {
		s.WriteString("u")
	}
	fmt.Fprintf(&s, "fixed<%d,%d", w, i)
	if b.chance(0.4) {
		overflow := pick(b, overflows)
		fmt.Fprintf(&s, ",%s,%s", pick(b, roundings), overflow)
		if overflow == "WRAP" && b.chance(0.3) {
			fmt.Fprintf(&s, ",%d", b.IntN(min(w, 4)))
		}
	}
	return s.String() + ">"
}

func (b *builder) layers() {
	rank := 1
	if b.chance(0.2) {
		rank = 2 + b.IntN(2)
	}
	for range rank - 1 {
		b.shape = append(b.shape, 1+b.IntN(4))
	}
	b.shape = append(b.shape, 1+b.IntN(16))
	b.add("Input", "InputLayer", "inp", map[string]any{"input_shape": append([]int(nil), b.shape...)})
	for k := range 1 + b.IntN(3) {
		b.dense(k)
		if b.chance(0.3) {
			b.batchNorm(k)
		}
		if b.chance(0.7) {
			b.activation(k)
		}
		if k == 0 && len(b.shape) > 1 && b.chance(0.6) {
			b.reshape(k)
		}
	}
	last := b.out.parsed.Layers[len(b.out.parsed.Layers)-1]
	b.out.parsed.Outputs = []string{last.Name}
}

// add appends a layer behind the last one.
func (b *builder) add(kind, class, name string, attrs map[string]any) *ir.Layer {
	k, ok := b.schema.Kind(kind)
	if !ok {
		b.fail(fmt.Errorf("kind %q: got none, want it registered", kind))
		return &ir.Layer{Data: ir.Data{Tensors: map[string]*ir.Tensor{}}}
	}
	l := &ir.Layer{
		Name: name, Kind: kind, ClassName: class, Attrs: k.NewAttrs(), Source: name,
		Data: ir.Data{Tensors: map[string]*ir.Tensor{}},
	}
	attrs["data_format"] = "channels_last"
	for key, v := range attrs {
		if _, err := ir.SetAttr(l.Attrs, key, v); err != nil {
			b.fail(err)
		}
	}
	b.out.parsed.Layers = append(b.out.parsed.Layers, l)
	return l
}

func (b *builder) fail(err error) {
	if b.err == nil {
		b.err = err
	}
}

// tensor draws float32 values.
func (b *builder) tensor(draw func() float64, shape ...int) *ir.Tensor {
	t := ir.NewTensor(ir.Float32, shape...)
	for i := range t.Data {
		t.Data[i] = float64(float32(draw()))
	}
	return t
}

func (b *builder) channels() int { return b.shape[len(b.shape)-1] }

func (b *builder) dense(k int) {
	in, out := b.channels(), 1+b.IntN(13)
	l := b.add("Dense", "Dense", fmt.Sprintf("fc%d", k), map[string]any{"n_in": in, "n_out": out})
	zeros := pick(b, []float64{0, 0, 0.5})
	l.Data.Tensors["weight_data"] = b.tensor(func() float64 {
		if b.chance(zeros) {
			return 0
		}
		return 0.6 * b.NormFloat64()
	}, in, out)
	use := b.chance(0.8)
	if use {
		l.Data.Tensors["bias_data"] = b.tensor(func() float64 { return 0.6 * b.NormFloat64() }, out)
	}
	b.shape = append(append([]int(nil), b.shape[:len(b.shape)-1]...), out)
	b.add("Activation", "Activation", l.Name+"_linear", map[string]any{"activation": "linear"}).Implicit = true
}

func (b *builder) batchNorm(k int) {
	n := b.channels()
	filters := -1
	if len(b.shape) > 1 {
		filters = n
	}
	l := b.add("BatchNormalization", "BatchNormalization", fmt.Sprintf("bn%d", k), map[string]any{
		"n_in": ir.Size(b.shape), "n_filt": filters, "epsilon": 1e-3, "use_gamma": true, "use_beta": true,
	})
	l.Data.Tensors["gamma_data"] = b.tensor(func() float64 { return 1 + 0.4*b.NormFloat64() }, n)
	l.Data.Tensors["beta_data"] = b.tensor(b.NormFloat64, n)
	l.Data.Tensors["mean_data"] = b.tensor(b.NormFloat64, n)
	l.Data.Tensors["variance_data"] = b.tensor(func() float64 { return 0.3 + math.Abs(b.NormFloat64()) }, n)
}

func (b *builder) activation(k int) {
	name := fmt.Sprintf("act%d", k)
	switch b.IntN(8) {
	case 0:
		b.add("ParametrizedActivation", "LeakyReLU", name,
			map[string]any{"activation": "LeakyReLU", "activ_param": math.Round(1000*b.Float64()) / 1000})
	case 1:
		b.add("ParametrizedActivation", "ELU", name,
			map[string]any{"activation": "ELU", "activ_param": 0.1 + math.Round(100*b.Float64())/100})
	case 2:
		b.add("ParametrizedActivation", "ThresholdedReLU", name,
			map[string]any{"activation": "ThresholdedReLU", "activ_param": 0.1 + math.Round(100*b.Float64())/100})
	case 3:
		l := b.add("PReLU", "PReLU", name, map[string]any{"activation": "PReLU"})
		l.Data.Tensors["param_data"] = b.tensor(func() float64 { return 0.5 * b.NormFloat64() }, b.shape...)
	case 4:
		b.add("HardActivation", "HardActivation", name, map[string]any{"activation": "hard_sigmoid"})
	case 5:
		b.add("Softmax", "Softmax", name, map[string]any{"activation": "softmax", "axis": -1})
	default:
		b.add("Activation", "Activation", name, map[string]any{"activation": pick(b, functions)})
	}
}

func (b *builder) reshape(k int) {
	b.shape = []int{ir.Size(b.shape)}
	b.add("Reshape", "Reshape", fmt.Sprintf("flat%d", k), map[string]any{"target_shape": append([]int(nil), b.shape...)})
}

func (b *builder) configure() {
	model := &ir.Section{
		Precision: []ir.Precision{{Var: "default", Text: b.precision(true, 8, 20)}},
		Keys: []ir.Key{
			{Name: "ReuseFactor", Value: 1 + b.IntN(8)},
			{Name: "Strategy", Value: pick(b, []string{"Latency", "Latency", "Resource", "Resource_Unrolled"})},
		},
	}
	b.out.config = &ir.Config{
		ProjectName: "myproject", OutputDir: "prj", Version: "1.0.0", ClockPeriod: 5,
		Part:    "xcvu13p-flga2577-2-e",
		Backend: pick(b, []string{"Vitis", "Vivado"}),
		IOType:  pick(b, []string{"io_parallel", "io_stream"}),
		Writer:  ir.WriterConfig{WriteWeightsTxt: b.chance(0.5), TBOutputStream: "both"},
		HLS:     ir.HLSConfig{Model: model},
	}
	if b.chance(0.25) {
		return // one setting for all
	}
	for _, l := range b.out.parsed.Layers {
		b.out.config.HLS.Names = append(b.out.config.HLS.Names, b.layerSection(l))
	}
}

// layerSection draws the settings of one layer, as a configuration by name holds them.
func (b *builder) layerSection(l *ir.Layer) *ir.Section {
	s := &ir.Section{Name: l.Name}
	kind, ok := b.schema.Kind(l.Kind)
	if !ok {
		return s
	}
	for _, o := range kind.Options(b.out.config.Backend) {
		role := strings.TrimSuffix(o.Name, "_t")
		if o.Class != ir.TypeOption || strings.Contains(role, "table") || role == "inv_inp" {
			continue
		}
		text := "auto"
		if b.chance(0.5) {
			positive := role == "result" && l.Kind != "Input" && b.chance(0.2)
			text = b.precision(!positive, 4, 20)
		}
		s.Precision = append(s.Precision, ir.Precision{Var: role, Text: text})
	}
	switch {
	case l.Kind == "Softmax":
		s.Keys = append(s.Keys, ir.Key{Name: "Implementation", Value: pick(b, []string{"stable", "latency", "legacy", "argmax"})})
	case b.chance(0.2) && strings.Contains(l.Kind, "Activation"):
		s.Keys = append(s.Keys, ir.Key{Name: "TableSize", Value: 1 << (4 + b.IntN(8))})
	case b.chance(0.2) && strings.Contains(l.Kind, "Activation"):
		s.Keys = append(s.Keys, ir.Key{Name: "table_t", Value: b.precision(true, 8, 20)})
	}
	return s
}

// samples draws inputs: zeros, halves of a step, everyday values, and some far out of range.
func (n *network) samples(count int) []float32 {
	r := rand.New(rand.NewPCG(n.seed, 77))
	shape, _ := ir.GetAttr(n.parsed.Layers[0].Attrs, "input_shape")
	size := ir.Size(shape.([]int))
	x := make([]float32, count*size)
	for i := range x {
		v := 1.5 * r.NormFloat64()
		switch s := i / size; {
		case s == 0:
			v = 0
		case s == 1:
			v = math.Round(v*1024)/1024 + 1.0/2048
		case s >= count-2:
			v *= 40
		}
		x[i] = float32(v)
	}
	return x
}
