package config_test

import (
	"cmp"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// hls puts settings below HLSConfig, each line indented by two more.
func hls(lines ...string) string {
	return "KerasH5: m.h5\nHLSConfig:\n  " + strings.Join(lines, "\n  ") + "\n"
}

func model(lines ...string) string {
	return hls(append([]string{"Model:"}, indent(lines)...)...)
}

func indent(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = "  " + l
	}
	return out
}

// layerA is a configuration with settings of one layer of the network in sequential_dropout.h5.
func layerA(lines ...string) string {
	head := []string{"Model: {Precision: 'fixed<16,6>'}", "LayerName:", "  a:"}
	return hls(append(head, indent(indent(lines))...)...)
}

// check reads a configuration for the network of two Dense layers, a with tanh and b.
func check(t testing.TB, text string, o config.Overrides) (*ir.Config, []string, error) {
	env := configEnv(t)
	cfg, warnings, err := config.Read("c.yml", []byte(text), o, env)
	if err != nil {
		return nil, warnings, err
	}
	p := readNetwork(t, networkSource("frontend/keras/testdata/models/sequential_dropout.h5"), env)
	more, err := config.Check("c.yml", cfg, p, env)
	return cfg, append(warnings, more...), err
}

// TestConfigErrors pins one line per mistake, with its place.
func TestConfigErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "c.yml: got nothing, want a configuration"},
		{"- a\n", "c.yml:1: got a list, want a mapping of keys"},
		{"a: [1\n", "c.yml: yaml: line 1: did not find expected ',' or ']'"},
		{
			"KerasH5: m.h5\nHLSConfig: 5\n",
			"c.yml:2: HLSConfig: got 5, want a mapping with the settings of the model",
		},
		{
			model("Precision: fixed<16,6>") + "Backnd: Vitis\n",
			`c.yml:5: Backnd: unknown key, did you mean "Backend"?`,
		},
		{
			model() + "Backend: Vivdo\n",
			`c.yml:4: Backend: got "Vivdo", want one of Vivado, Vitis, VivadoAccelerator, Quartus, oneAPI, ` +
				`Catapult, Libero, SymbolicExpression, did you mean "Vivado"?`,
		},
		{
			model() + "IOType: io_paralel\n",
			`c.yml:4: IOType: got "io_paralel", want one of io_parallel, io_stream, did`,
		},
		{model() + "ClockPeriod: 0\n", "c.yml:4: ClockPeriod: got 0, want a number of ns above 0"},
		{
			model() + "ClockPeriod: 1e1\n",
			`got "1e1", want a number of ns above 0: YAML reads a number with an exponent`,
		},
		{model() + "ProjectName: my-net\n", `c.yml:4: ProjectName: got "my-net", want a name of C++`},
		{model() + "ProjectName: on\n", `c.yml:4: ProjectName: got true, want a text (in quotes)`},
		{model() + "WriterConfig: {WriteTar: maybe}\n", `c.yml:4: WriteTar: got "maybe", want true or false`},
		{
			model() + "WriterConfig: {Namspace: a}\n",
			`WriterConfig.Namspace: unknown key, did you mean "Namespace"?`,
		},
		{hls("Modell: {}"), `c.yml:3: HLSConfig.Modell: unknown key, did you mean "Model"?`},
		{model("ReuseFactor: 0"), "c.yml:4: Model.ReuseFactor: got 0, want a whole number from 1"},
		{model("ReuseFactor: 1.5"), "c.yml:4: Model.ReuseFactor: got 1.5, want a whole number from 1"},
		{model("ReuseFactors: 1"), `c.yml:4: Model.ReuseFactors: unknown key, did you mean "ReuseFactor"?`},
		{
			model("Strategy: Resourc"),
			`c.yml:4: Model.Strategy: got "Resourc", want one of Latency, Resource, Resource_Unrolled, ` +
				`distributed_arithmetic, did you ` +
				`mean "Resource"?`,
		},
		{model("Precision: fixd<16,6>"), `c.yml:4: Model.Precision: precision "fixd<16,6>": unknown type`},
		{model("Precision: auto"), "c.yml:4: Model.Precision: got auto, want an explicit type for the model"},
		{model("Precision: {maximum: float}"), `c.yml:4: Model.Precision.maximum: got "float", want a fixed or`},
		{model("Precision: {wieght: 'fixed<8,2>'}"), `Model.Precision.wieght: unknown key, did you mean "weight"?`},
		{model("BramFactor: 1e9"), `c.yml:4: Model.BramFactor: got "1e9", want a number from 0: YAML reads`},
		{layerA("TabelSize: 5"), `c.yml:6: LayerName.a.TabelSize: unknown key, did you mean "TableSize"?`},
		{layerA("Precision: 5"), "c.yml:6: LayerName.a.Precision: got 5, want a type such as fixed<16,6>"},
		{layerA("table_t: fixed<1>"), `c.yml:6: LayerName.a.table_t: precision "fixed<1>"`},
		{
			strings.Replace(layerA("Trace: true"), "    a:", "    a_tan:", 1),
			`c.yml:5: LayerName.a_tan: the model has no such layer, did you mean "a_tanh"?`,
		},
		{
			hls("LayerType:", "  Dens:", "    ReuseFactor: 2"),
			`c.yml:4: LayerType.Dens: unknown layer type, did you mean "Dense"?`,
		},
		{
			hls("LayerType:", "  Softmax:", "    Implementation: Stable"),
			`c.yml:5: LayerType.Softmax.Implementation: got "Stable", want one of latency, stable, argmax, legacy, ` +
				`did you mean "stable"?`,
		},
		{layerA("Precision: {weight: null}"), "LayerName.a.Precision.weight: got null, want a type such as"},
		{hls("LayerType:", "  Dense:", "    n_in: {a: 1}"), `LayerType.Dense.n_in: got a mapping, want one value`},
		{hls("LayerType:", "  Softmax:", "    TableSize: big"), `c.yml:5: LayerType.Softmax.TableSize: got "big"`},
	} {
		_, _, err := check(t, c.text, config.Overrides{StrictConfig: true})
		require.ErrorContains(t, err, c.want, c.text)
		require.NotContains(t, err.Error(), "\n", c.text)
	}
}

// TestAllConfigErrors reports every mistake of a file, in its order.
func TestAllConfigErrors(t *testing.T) {
	text := model("ReuseFactor: -1", "Strategy: None") + "IOType: x\nBackend: y\n"
	_, _, err := check(t, text, config.Overrides{})
	require.Error(t, err)
	lines := strings.Split(err.Error(), "\n")
	require.Len(t, lines, 4)
	for i, want := range []string{"c.yml:4: ", "c.yml:5: ", "c.yml:6: ", "c.yml:7: "} {
		require.True(t, strings.HasPrefix(lines[i], want), lines[i])
	}
}

// TestConfigWarnings pins the settings that hls4ml accepts and that have no effect.
func TestConfigWarnings(t *testing.T) {
	tanh := func(lines ...string) string {
		return strings.Replace(layerA(lines...), "    a:", "    a_tanh:", 1)
	}
	for _, c := range []struct {
		text string
		want []string
	}{
		{
			tanh("Precision: {table: 'fixed<12,2>'}"),
			[]string{"c.yml:6: LayerName.a_tanh.Precision.table: has no effect in hls4ml 1.3.0; " +
				"set table_t of the layer"},
		},
		{tanh("Precision: {table: 'fixed<18,8,TRN,WRAP,0>'}"), nil},
		{tanh("table_t: fixed<12,2>", "TableSize: 512"), nil},
		{
			layerA("TableSize: 512"),
			[]string{"c.yml:6: LayerName.a.TableSize: has no effect on layers of kind Dense"},
		},
		{
			layerA("Precision: {param: 'fixed<8,2>'}"),
			[]string{"c.yml:6: LayerName.a.Precision.param: has no effect on layers of kind Dense"},
		},
		{model("PipelineStyle: flow"), nil}, // the pass that chooses a style warns
		{
			model("PipelineStyle: 5"),
			[]string{"c.yml:4: Model.PipelineStyle: got 5, want auto, pipeline or dataflow: using auto"},
		},
		{model("Strategy: LATENCY", "ReuseFactor: 2.0"), nil},
		{
			model("Strategy: RESOURCE"),
			[]string{"c.yml:4: Model.Strategy: RESOURCE means Latency in hls4ml 1.3.0; " +
				"write resource for an effect"},
		},
		{
			layerA("Precision: {dw_output: 'fixed<8,2>'}"),
			[]string{"c.yml:6: LayerName.a.Precision.dw_output: has no effect in hls4ml 1.3.0; " +
				"set Precision.depthwise_result of the layer"},
		},
		{
			layerA("Strategy: Stable"),
			[]string{"c.yml:6: LayerName.a.Strategy: Stable has no effect in hls4ml 1.3.0 and means Latency; " +
				"set Implementation: stable"},
		},
		{
			hls("LayerType: {InputLayer: {Precision: {result: 'fixed<8,2>'}}}"),
			[]string{"c.yml:3: LayerType.InputLayer: has no effect in hls4ml 1.3.0; set LayerType.Input"},
		},
		{hls("LayerType: {InputLayer: {Trace: false, Precision: {result: auto}}}"), nil},
		{
			hls("Optimizers: [a]", "Model: {TraceOutput: yes}"),
			[]string{
				"c.yml:3: HLSConfig.Optimizers: has no effect in hls4ml 1.3.0; set Flows instead",
				"c.yml:4: Model.TraceOutput: has no effect in hls4ml 1.3.0; " +
					"set TraceOutput at the top, or Trace of layers",
			},
		},
		{
			model("Precision: {default: 'fixed<16,6>', inv_table: 'fixed<9,3>'}"),
			[]string{"c.yml:4: Model.Precision.inv_table: has no effect in hls4ml 1.3.0; " +
				"set inv_table_t of the layer"},
		},
		{
			model("TableSize: 512"),
			[]string{"c.yml:4: Model.TableSize: has no effect in hls4ml 1.3.0; " +
				"set it under LayerType or LayerName"},
		},
		{
			model() + "XilinxPart: xcu250\n",
			[]string{"c.yml:4: XilinxPart: hls4ml 1.3.0 reads Part instead; taken as Part"},
		},
		{model() + "Part: a\nPart: b\n", []string{"c.yml:5: Part: got it a second time, this one counts"}},
	} {
		_, warnings, err := check(t, c.text, config.Overrides{})
		require.NoError(t, err, c.text)
		require.Equal(t, c.want, warnings, c.text)
	}
}

// TestPassedOver pins the names and keys that hls4ml takes without a word: warnings, and errors when strict.
func TestPassedOver(t *testing.T) {
	const unset = "has no effect in hls4ml 1.3.0; set it "
	for _, c := range []struct{ text, want, strict string }{ // strict "": as want
		{
			model("Precision: fixed<16,6>") + "Backnd: Vitis\n",
			`c.yml:5: Backnd: unknown key, without effect, did you mean "Backend"?`,
			`c.yml:5: Backnd: unknown key, did you mean "Backend"?`,
		},
		{model("IOType: io_stream"), "c.yml:4: Model.IOType: " + unset + "at the top", ""},
		{model("ClockPeriod: 5"), "c.yml:4: Model.ClockPeriod: " + unset + "at the top", ""},
		{model() + "ReuseFactor: 5\n", "c.yml:4: ReuseFactor: " + unset + "under HLSConfig.Model", ""},
		{model("TableSize: 512"), "c.yml:4: Model.TableSize: " + unset + "under LayerType or LayerName", ""},
		{layerA("BramFactor: 5"), "c.yml:6: LayerName.a.BramFactor: " + unset + "under HLSConfig.Model", ""},
		{
			model("FIFO_opt: 1"),
			"c.yml:4: Model.FIFO_opt: unknown key, without effect", "c.yml:4: Model.FIFO_opt: unknown key",
		},
		{
			layerA("MergedRelu: 1"), "c.yml:6: LayerName.a.MergedRelu: unknown key, without effect",
			"c.yml:6: LayerName.a.MergedRelu: unknown key",
		},
		{
			layerA("Precision: {wieght: 'fixed<8,2>'}"),
			`c.yml:6: LayerName.a.Precision.wieght: unknown key, without effect, did you mean "weight"?`,
			`c.yml:6: LayerName.a.Precision.wieght: unknown key, did you mean "weight"?`,
		},
		{
			hls("LayerName: {a_tan: {Trace: true}}"),
			`c.yml:3: LayerName.a_tan: the model has no such layer, without effect, did you mean "a_tanh"?`,
			`c.yml:3: LayerName.a_tan: the model has no such layer, did you mean "a_tanh"?`,
		},
		{
			hls("LayerName: {b_input: {Trace: true}}"),
			`c.yml:3: LayerName.b_input: the model has no such layer, without effect, the model's input is "a_input"`,
			`c.yml:3: LayerName.b_input: the model has no such layer, the model's input is "a_input"`,
		},
		{
			hls("LayerType: {Dens: {Trace: true}}"),
			`c.yml:3: LayerType.Dens: unknown layer type, without effect, did you mean "Dense"?`,
			`c.yml:3: LayerType.Dens: unknown layer type, did you mean "Dense"?`,
		},
	} {
		_, warnings, err := check(t, c.text, config.Overrides{})
		require.NoError(t, err, c.text)
		require.Equal(t, []string{c.want}, warnings, c.text)
		_, warnings, err = check(t, c.text, config.Overrides{StrictConfig: true})
		require.EqualError(t, err, cmp.Or(c.strict, c.want), c.text)
		require.Empty(t, warnings)
	}
}

// TestManyPassedOver tells of some and counts the rest.
func TestManyPassedOver(t *testing.T) {
	var b strings.Builder
	b.WriteString(model())
	for i := range 40_000 {
		fmt.Fprintf(&b, "k%d: 1\n", i)
	}
	_, warnings, err := check(t, b.String(), config.Overrides{})
	require.NoError(t, err)
	require.Len(t, warnings, 21)
	require.Equal(t, "c.yml: 39980 more names and keys are without effect", warnings[20])
	_, _, err = check(t, b.String(), config.Overrides{StrictConfig: true})
	require.Error(t, err)
	require.True(t, strings.HasSuffix(err.Error(), "\nc.yml: 39980 more unknown names and keys"))
}

// TestWholeNumbers keeps 2.0 as 2, so that nothing behind must know both.
func TestWholeNumbers(t *testing.T) {
	cfg, _, err := check(t, model("ReuseFactor: 2.0"), config.Overrides{})
	require.NoError(t, err)
	reuse, _ := cfg.Setting("a", "Dense", "ReuseFactor")
	require.Equal(t, 2, reuse)
}

func TestOneWarningPerKey(t *testing.T) {
	text := hls("LayerName:", "  a_tanh: {Precision: {table: 'fixed<12,2>'}}",
		"  b_linear: {Precision: {table: 'fixed<12,2>'}}")
	_, warnings, err := check(t, text, config.Overrides{})
	require.NoError(t, err)
	require.Equal(t, []string{"c.yml:4: LayerName.a_tanh.Precision.table: has no effect in hls4ml 1.3.0; " +
		"set table_t of the layer (here and in other layers)"}, warnings)
}

func TestReadConfig(t *testing.T) {
	cfg, warnings, err := check(t, `
OutputDir: prj
ProjectName: net
Backend: vitis
Version: 1.0
Part: xcu250
ClockPeriod: 2.5
ClockUncertainty: 27%
IOType: io_stream
TraceOutput: yes
InputData: x.npy
KerasModel: !keras_model m.h5
HLSConfig:
  Model: {Precision: {default: 'fixed<16,6>', maximum: 'fixed<20,8>'}, ReuseFactor: 2, BitExact: null}
  LayerName:
    a: {Precision: 'fixed<8,2>', ReuseFactor: 4}
WriterConfig: {Namespace: nn, WriteWeightsTxt: off, TBOutputStream: file}
`, config.Overrides{})
	require.NoError(t, err)
	require.Empty(t, warnings)
	require.Equal(t, "Vitis", cfg.Backend)
	require.Equal(t, "1.0", cfg.Version)
	require.Equal(t, 2.5, cfg.ClockPeriod)
	require.True(t, cfg.TraceOutput)
	require.Equal(t, map[string]string{"KerasModel": "m.h5"}, cfg.Source)
	require.Equal(t, ir.WriterConfig{Namespace: "nn", TBOutputStream: "file"}, cfg.Writer)
	precision, _, _ := cfg.Precision("a", "Dense", "weight")
	require.Equal(t, "fixed<8,2>", precision)
	reuse, _ := cfg.Setting("a", "Dense", "ReuseFactor")
	require.Equal(t, 4, reuse)
	require.Equal(t, 16, cfg.HLS.Names[0].Keys[0].Line)
	_, _, err = hlsgo.ConfigSource(cfg, "dir")
	require.EqualError(t, err, `KerasModel: got "m.h5", want a file: there is none at "dir/m.h5", "m.h5"`)
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.Equal(t, "/m.h5", config.RelativeTo("dir", "/m.h5"))
}

func TestOverrides(t *testing.T) {
	text := layerA("ReuseFactor: 3", "Precision: fixed<8,2>")
	cfg, warnings, err := check(t, text, config.Overrides{
		Backend: "quartus", IOType: "io_stream", Precision: "fixed<12,4>", ReuseFactor: 7, Strategy: "Resource",
		Part: "p", ClockPeriod: 4, OutputDir: "o", ProjectName: "n",
		Set: []string{
			"LayerName.a.Precision.weight=fixed<6,1>", "HLSConfig.LayerName.b.ReuseFactor=9",
			"WriterConfig.WriteTar=on", "Model.BramFactor=10",
		},
	})
	require.NoError(t, err)
	require.Equal(t, []string{
		"--reuse-factor: 2 entries of LayerType and LayerName have another ReuseFactor of their own, which wins",
	}, warnings)
	require.Equal(t, "Quartus io_stream p o n", strings.Join(
		[]string{cfg.Backend, string(cfg.IOType), cfg.Part, cfg.OutputDir, cfg.ProjectName}, " "))
	require.Equal(t, fixed.AC, cfg.Family)
	for _, c := range []struct{ layer, variable, want string }{
		{"a", "weight", "fixed<6,1>"}, {"a", "bias", "fixed<8,2>"}, {"b", "bias", "fixed<12,4>"},
	} {
		got, _, _ := cfg.Precision(c.layer, "Dense", c.variable)
		require.Equal(t, c.want, got)
	}
	reuse, _ := cfg.Setting("b", "Dense", "ReuseFactor")
	require.Equal(t, 9, reuse)
	require.True(t, cfg.Writer.WriteTar)
	require.Contains(t, string(config.WriteYAML(cfg.Document)), "Strategy: Resource\n")
}

func TestOverrideErrors(t *testing.T) {
	for _, c := range []struct {
		set, want string
	}{
		{"x", "--set x: got no key or no value, want Key.Path=value"},
		{"Model.ReuseFactor=0", "--set Model.ReuseFactor: Model.ReuseFactor: got 0, want a whole number from 1"},
		{"Model.ReuseFactor=[", `--set Model.ReuseFactor: got "[", want one value of YAML`},
		{"Model.Reuse=1", "--set Model.Reuse: Model.Reuse: unknown key"},
		{"KerasH5.x=1", `--set KerasH5.x: KerasH5: got "m.h5" there, want a mapping`},
	} {
		_, _, err := check(t, model(), config.Overrides{Set: []string{c.set}})
		require.ErrorContains(t, err, c.want)
	}
	_, _, err := check(t, model(), config.Overrides{IOType: "x"})
	require.ErrorContains(t, err, `--io-type: IOType: got "x"`)
}

// TestOverridesAreText refuses bytes that would be another text in the configuration that is written.
func TestOverridesAreText(t *testing.T) {
	for want, o := range map[string]config.Overrides{
		`: got "LayerName.\x9f=1", want UTF-8`:    {Set: []string{"LayerName.\x9f=1"}},
		`--set Part: got "Part=\xff", want UTF-8`: {Set: []string{"Part=\xff"}},
		`--output-dir: got "\xe4", want UTF-8`:    {OutputDir: "\xe4"},
	} {
		_, _, err := config.Read("c.yml", []byte(layerA("ReuseFactor: 3")), o, configEnv(t))
		require.ErrorContains(t, err, want)
	}
}

// TestYAMLBounds keeps a short text from standing for a huge value.
func TestYAMLBounds(t *testing.T) {
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 8 {
		bomb += fmt.Sprintf("a%d: &a%d [*a%d, *a%[3]d, *a%[3]d, *a%[3]d, *a%[3]d]\n", i+1, i+1, i)
	}
	_, err := config.ParseYAML("c.yml", []byte(bomb))
	require.ErrorContains(t, err, "want fewer")
	_, err = config.ParseYAML("c.yml", []byte("a: "+strings.Repeat("[", 100)+strings.Repeat("]", 100)))
	require.ErrorContains(t, err, "c.yml:1: got more than 64 levels")
	_, err = config.ParseYAML("c.yml", []byte("? [a]\n: b\n"))
	require.EqualError(t, err, "c.yml:1: key: got a mapping or list, want a text")
}

// fuzzEnv knows some of the kinds only: most of the time of a reading goes into listing what all of them
// declare.
func fuzzEnv(t testing.TB) config.Env {
	env := configEnv(t)
	env.Schema = someKinds{env.Schema}
	return env
}

type someKinds struct{ ir.Schema }

// KindNames implements ir.Schema.
func (someKinds) KindNames() []string {
	return []string{"Activation", "Conv2D", "Dense", "LSTM", "Softmax"}
}

// FuzzReadConfig feeds arbitrary text.
func FuzzReadConfig(f *testing.F) {
	f.Add([]byte(layerA("ReuseFactor: 3", "Precision: {weight: 'fixed<8,2>'}", "table_t: fixed<18,8>")))
	f.Add([]byte("a: &x {b: *x}\n"))
	f.Add([]byte("a: &a [1, 2]\nb: &b [*a, *a]\nc: [*b, *b]\n<<: {d: 1}\n"))
	f.Add([]byte(model("Precision: 1e3") + "WriterConfig: {Namespace: on}\n"))
	env := fuzzEnv(f)
	f.Fuzz(func(_ *testing.T, text []byte) {
		cfg, _, err := config.Read("c.yml", text, config.Overrides{Set: []string{"Model.ReuseFactor=2"}}, env)
		if err == nil {
			_ = config.WriteYAML(cfg.Document)
		}
	})
}

// FuzzSet gives arbitrary text to --set: what is accepted is there when the configuration is written and read
// again.
func FuzzSet(f *testing.F) {
	for _, s := range []string{
		"Model.ReuseFactor=2", "LayerName.a.Precision={weight: 'fixed<8,2>'}", "Model.Precision=fixed<8,2>",
		"LayerName.a.ReuseFactor=[1, 2]", "Backend=Vitis", "=", "a.b.c=", "Model=1", "Model.Precision=: x",
		"LayerName.\x9f=",
	} {
		f.Add(s)
	}
	env, text := fuzzEnv(f), []byte(layerA("ReuseFactor: 3"))
	f.Fuzz(func(t *testing.T, s string) {
		cfg, _, err := config.Read("c.yml", text, config.Overrides{Set: []string{s}}, env)
		if err != nil {
			return
		}
		again, _, err := config.Read("d.yml", config.WriteYAML(cfg.Document), config.Overrides{}, env)
		require.NoError(t, err, "%q", s)
		require.Equal(t, cfg.Document, again.Document, "%q", s)
	})
}
