package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// GenerateOptions are the arguments of hls4ml's config_from_keras_model.
type GenerateOptions struct {
	Granularity  string // "model", "type" or "name"; empty: "model"
	Backend      string // whose attributes layers have; empty: none
	Precision    string // the model's default; empty: fixed<16,6>
	MaxPrecision string // the largest that inference may choose; empty: no limit
	ReuseFactor  int    // 0: 1
}

// defaultPrecision is the model's type where nothing else is asked for.
const defaultPrecision = "fixed<16,6>"

// Generate returns the HLSConfig section to start from for a network. Key by key and in its order it is
// what hls4ml's config_from_keras_model returns (utils/config.py).
func Generate(p *ir.Parsed, schema ir.Schema, o GenerateOptions) (*ir.Tree, error) {
	if o.Precision == "" {
		o.Precision = defaultPrecision
	}
	if o.ReuseFactor == 0 {
		o.ReuseFactor = 1
	}
	precision := tree("default", o.Precision)
	if o.MaxPrecision != "" {
		precision.Set("maximum", o.MaxPrecision)
	}
	out := tree("Model", tree(
		"Precision", precision, "ReuseFactor", o.ReuseFactor, "Strategy", "Latency",
		"BramFactor", 1_000_000_000, "TraceOutput", false,
	))
	var section string
	var key func(*ir.Layer) string
	switch strings.ToLower(o.Granularity) {
	case "", "model":
		return out, nil
	case "type":
		section, key = "LayerType", func(l *ir.Layer) string { return l.ClassName }
	case "name":
		section, key = "LayerName", func(l *ir.Layer) string { return l.Name }
	default:
		return nil, fmt.Errorf("granularity: got %q, want model, type or name", o.Granularity)
	}
	layers := &ir.Tree{}
	for _, l := range p.Layers {
		if _, seen := layers.Get(key(l)); seen {
			continue
		}
		c, err := layerConfig(l, schema, o)
		if err != nil {
			return nil, err
		}
		layers.Set(key(l), c)
	}
	out.Set(section, layers)
	return out, nil
}

// tree makes a tree of keys and values in turn.
func tree(pairs ...any) *ir.Tree {
	t := &ir.Tree{}
	for i := 0; i < len(pairs); i += 2 {
		t.Set(pairs[i].(string), pairs[i+1])
	}
	return t
}

// layerConfig lists what the user may set of a layer: its types under Precision, then the rest.
func layerConfig(l *ir.Layer, schema ir.Schema, o GenerateOptions) (*ir.Tree, error) {
	k, ok := schema.Kind(l.Kind)
	if !ok {
		return nil, fmt.Errorf("layer %q: unknown kind: got %s", l.Name, l.Kind)
	}
	c := &ir.Tree{}
	for _, opt := range k.Options(o.Backend) {
		switch {
		case opt.NotConfigurable || opt.Class == ir.Plain || opt.Class == ir.WeightOption:
		case opt.Class == ir.TypeOption:
			precisionOf(c).Set(strings.TrimSuffix(opt.Name, typeSuffix), typeText(opt))
		case opt.Name == "reuse_factor":
			c.Set("ReuseFactor", o.ReuseFactor)
		case opt.Default != nil:
			c.Set(ir.PascalCase(opt.Name), opt.Default)
		}
	}
	quantizerTypes(c, l.Data.Quantizers)
	if k.Types != nil {
		t, err := k.Types(l, o.ReuseFactor)
		if err != nil {
			return nil, fmt.Errorf("layer %q: %w", l.Name, err)
		}
		c.Set("Precision", t)
	}
	return c, nil
}

func precisionOf(c *ir.Tree) *ir.Tree {
	if v, ok := c.Get("Precision"); ok {
		return v.(*ir.Tree)
	}
	t := &ir.Tree{}
	c.Set("Precision", t)
	return t
}

// typeText is the default of a type in hls4ml's long form, or auto.
func typeText(o ir.Option) string {
	f, ok := o.DefaultFormat()
	if !ok || f == fixed.Auto {
		return "auto"
	}
	return f.Long()
}

// quantizerOrder is the order in which hls4ml's front ends store quantizers, where it shows: types that the
// layer does not declare come behind those it does.
var quantizerOrder = []string{"mean", "variance", "beta", "gamma"}

// quantizerTypes overwrites the types that quantizers of the model fix.
func quantizerTypes(c *ir.Tree, quantizers map[string]ir.Quantizer) {
	names := make([]string, 0, len(quantizers))
	for name := range quantizers {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		place := func(s string) int { return slices.Index(quantizerOrder, strings.TrimSuffix(s, "_quantizer")) }
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b))
	})
	for _, name := range names {
		variable, _, named := strings.Cut(strings.ToLower(name), "_quantizer")
		if !named { // the gates' activation of a recurrent layer, which has no type of its own
			continue
		}
		if variable == "activation" {
			variable = "result"
		}
		precisionOf(c).Set(variable, quantizers[name].Format().Long())
	}
}

// StartOptions are the outermost keys of a configuration to start from; empty ones take hls4ml's defaults.
type StartOptions struct {
	Backend     string
	OutputDir   string
	ProjectName string
	Part        string
	IOType      string
	ClockPeriod float64
}

// Start returns a whole configuration to start from: the keys of hls4ml's create_config for the
// backend, with hls in the place of HLSConfig, and behind them the keys of source, each before its file.
func Start(o StartOptions, hls *ir.Tree, source ...string) (*ir.Tree, error) {
	backend := or(o.Backend, "Vivado")
	keys, ok := backendKeys[strings.ToLower(backend)]
	if !ok {
		return nil, fmt.Errorf("backend %q: got no keys to start from, want one of %s", backend,
			strings.Join(hls4mlBackends, ", "))
	}
	t := tree("OutputDir", or(o.OutputDir, "my-hls-test"), "ProjectName", or(o.ProjectName, "myproject"),
		"Backend", keys.name, "Version", "1.0.0")
	for i := 0; i < len(keys.pairs); i += 2 {
		t.Set(keys.pairs[i].(string), fresh(keys.pairs[i+1]))
	}
	if o.Part != "" {
		t.Set("Part", o.Part)
	}
	if o.IOType != "" {
		t.Set("IOType", o.IOType)
	}
	if o.ClockPeriod != 0 {
		t.Set("ClockPeriod", wholeOr(o.ClockPeriod))
	}
	t.Set("HLSConfig", hls)
	for i := 0; i+1 < len(source); i += 2 {
		t.Set(source[i], source[i+1])
	}
	return t, nil
}

func or(s, def string) string {
	if s == "" {
		return def
	}
	return s
}

// wholeOr writes 5 rather than 5.0.
func wholeOr(f float64) any {
	if i := int(f); float64(i) == f {
		return i
	}
	return f
}

// fresh copies a tree of a table, so that callers may change what they get.
func fresh(v any) any {
	t, ok := v.(*ir.Tree)
	if !ok {
		return v
	}
	c := &ir.Tree{}
	for i, k := range t.Keys {
		c.Set(k, fresh(t.Values[i]))
	}
	return c
}

// startKeys are the keys of one backend's create_initial_config, in order, with their defaults.
type startKeys struct {
	name  string
	pairs []any
}

const xilinxPart = "xcvu13p-flga2577-2-e"

// backendKeys is indexed by the name in lower case.
var backendKeys = map[string]startKeys{
	"vivado": {"Vivado", []any{
		"Part", xilinxPart, "ClockPeriod", 5, "ClockUncertainty", "12.5%", "IOType", "io_parallel",
		"HLSConfig", nil, "WriterConfig", vivadoWriter(),
	}},
	"vitis": {"Vitis", []any{
		"Part", xilinxPart, "ClockPeriod", 5, "ClockUncertainty", "27%", "IOType", "io_parallel",
		"HLSConfig", nil, "WriterConfig", vitisWriter(),
	}},
	"vivadoaccelerator": {"VivadoAccelerator", []any{
		"Part", xilinxPart, "ClockPeriod", 5, "ClockUncertainty", "12.5%", "IOType", "io_parallel",
		"HLSConfig", nil, "WriterConfig", vivadoWriter(), "AcceleratorConfig", tree(
			"Board", "pynq-z2", "Interface", "axi_stream", "Driver", "python",
			"Precision", tree("Input", "float", "Output", "float"),
		),
	}},
	"quartus": {"Quartus", []any{
		"Part", "Arria10", "ClockPeriod", 5, "IOType", "io_parallel", "HLSConfig", nil,
		"WriterConfig", tree("WriteTar", false),
	}},
	"oneapi": {"oneAPI", []any{
		"Part", "Agilex7", "ClockPeriod", 5, "HyperoptHandshake", false, "IOType", "io_parallel",
		"HLSConfig", nil, "WriterConfig", tree("WriteTar", false),
	}},
	"catapult": {"Catapult", []any{
		"Technology", "fpga", "Part", "xcku115-flvb2104-2-i", "ClockPeriod", 5, "FIFO", nil,
		"IOType", "io_parallel", "HLSConfig", nil,
	}},
	"libero": {"Libero", []any{
		"FPGAFamily", "PolarFire", "Part", "MPF300", "Board", "hw_only", "ClockPeriod", 5,
		"IOType", "io_parallel", "SmartHLSPath", nil, "HLSConfig", nil,
		"WriterConfig", tree("Namespace", nil, "WriteWeightsTxt", true, "WriteTar", false),
	}},
	"symbolicexpression": {"SymbolicExpression", []any{
		"Part", "xcvu9p-flga2577-2-e", "ClockPeriod", 5, "ClockUncertainty", "12.5%", "IOType", "io_parallel",
		"Compiler", "vivado_hls", "HLSIncludePath", nil, "HLSLibsPath", nil, "HLSConfig", nil,
	}},
}

func vivadoWriter() *ir.Tree {
	return tree("Namespace", nil, "WriteWeightsTxt", true, "WriteTar", false, "TBOutputStream", "both")
}

func vitisWriter() *ir.Tree {
	t := vivadoWriter()
	t.Set("WriteEmulationConstants", false)
	return t
}
