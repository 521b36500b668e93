package config_test

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/frontend/keras"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/builtin"
)

const oracleCases = "../testdata/oracle/cases"

// configEnv knows the built-in kinds and hls4ml's tools, and nothing else of a toolkit.
func configEnv(testing.TB) config.Env {
	env := config.Env{
		Schema:  builtin.Registry(),
		Sources: []string{"KerasModel", "KerasH5", "KerasJson", "OnnxModel", "PytorchModel"},
		Classes: map[string]string{"InputLayer": "Input"},
	}
	for _, b := range hlsgo.Backends() {
		env.Backends = append(env.Backends, config.Backend{Tool: b.Tool})
	}
	return env
}

func readNetwork(t testing.TB, src frontend.Source, env config.Env) *ir.Parsed {
	r, err := keras.New()
	require.NoError(t, err)
	p, err := r.Read(src, env.Schema)
	require.NoError(t, err)
	return p
}

// readGzip decodes a file that testdata/scripts/keras_dumps.py wrote.
func readGzip(t testing.TB, path string, into any) {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	d := json.NewDecoder(z)
	d.UseNumber()
	require.NoError(t, d.Decode(into))
}

// ordered turns {"pairs": [[key, value], ...]} into a tree.
func ordered(v any) any {
	switch v := v.(type) {
	case json.Number:
		if i, err := v.Int64(); err == nil {
			return int(i)
		}
		f, _ := v.Float64()
		return f
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = ordered(e)
		}
		return out
	case map[string]any:
		t := &ir.Tree{}
		for _, pair := range v["pairs"].([]any) {
			pair := pair.([]any)
			t.Keys = append(t.Keys, pair[0].(string))
			t.Values = append(t.Values, ordered(pair[1]))
		}
		return t
	}
	return v
}

// text shows a tree with its order, for comparison.
func text(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

type generatedConfig struct {
	Granularity string
	Backend     *string
	Args        struct {
		Precision string `json:"default_precision"`
		Reuse     int    `json:"default_reuse_factor"`
		Max       string `json:"max_precision"`
	}
	Config any
}

// networkSource finds the files of a recorded network: a model of frontend/keras/testdata or a case.
func networkSource(name string) frontend.Source {
	if strings.HasSuffix(name, ".h5") {
		return frontend.Source{Files: map[string]string{"KerasH5": filepath.Join("..", name)}}
	}
	dir := filepath.Join(oracleCases, name)
	if _, err := os.Stat(filepath.Join(dir, "model.json")); err == nil {
		return frontend.Source{Files: map[string]string{
			"KerasJson": filepath.Join(dir, "model.json"), "KerasH5": filepath.Join(dir, "weights.h5"),
		}}
	}
	return frontend.Source{Files: map[string]string{"KerasH5": filepath.Join(dir, "model.h5")}}
}

// TestGenerateConfig compares key by key and in order with hls4ml's config_from_keras_model.
func TestGenerateConfig(t *testing.T) {
	env := configEnv(t)
	var all struct{ Configs map[string][]generatedConfig }
	readGzip(t, "../testdata/config_from_keras.json.gz", &all)
	require.Greater(t, len(all.Configs), 300)
	rows := tabletest.New(t)
	for name, configs := range all.Configs {
		rows.Run(filepath.Base(name), func(t *tabletest.T) {
			p := readNetwork(t, networkSource(name), env)
			for _, c := range configs {
				o := config.GenerateOptions{
					Granularity: c.Granularity, Precision: c.Args.Precision, ReuseFactor: c.Args.Reuse,
					MaxPrecision: c.Args.Max,
				}
				if c.Backend != nil {
					o.Tool = toolNamed(t, *c.Backend)
				}
				got, err := config.Generate(p, env.Schema, o)
				require.NoError(t, err)
				require.Equal(t, text(ordered(c.Config)), text(got), "%s, backend %q", o.Granularity, o.Tool.Name)
			}
		})
	}
}

// toolNamed finds one of hls4ml's tools, without regard to case.
func toolNamed(t testing.TB, name string) ir.Tool {
	for _, b := range hlsgo.Backends() {
		if strings.EqualFold(b.Name, name) {
			return b.Tool
		}
	}
	t.Fatalf("no backend %q", name)
	return ir.Tool{}
}

func TestGenerateGranularity(t *testing.T) {
	o := config.GenerateOptions{Granularity: "layer"}
	_, err := config.Generate(&ir.Parsed{}, configEnv(t).Schema, o)
	require.EqualError(t, err, `granularity: got "layer", want model, type or name`)
}

// TestStartConfig compares the outermost keys with hls4ml's create_config.
func TestStartConfig(t *testing.T) {
	var all struct {
		Start []any `json:"create_config"`
	}
	readGzip(t, "../testdata/config_from_keras.json.gz", &all)
	require.Len(t, all.Start, 6)
	for _, s := range all.Start {
		want := ordered(s).(*ir.Tree)
		backend, _ := want.Get("Backend")
		got, err := hlsgo.StartConfig(strings.ToLower(backend.(string)), config.StartOptions{}, &ir.Tree{})
		require.NoError(t, err)
		require.Equal(t, text(want), text(got))
	}
	got, err := hlsgo.StartConfig("", config.StartOptions{
		OutputDir: "out", ProjectName: "net", Part: "xcu250", IOType: "io_stream", ClockPeriod: 2.5,
	}, &ir.Tree{}, "KerasH5", "model.h5")
	require.NoError(t, err)
	require.Equal(t, []string{
		"OutputDir", "ProjectName", "Backend", "Version", "Part", "ClockPeriod", "ClockUncertainty", "IOType",
		"HLSConfig", "WriterConfig", "KerasH5",
	}, got.Keys)
	period, _ := got.Get("ClockPeriod")
	require.Equal(t, 2.5, period)
	_, err = hlsgo.StartConfig("Verilog", config.StartOptions{}, nil)
	require.ErrorContains(t, err, `backend "Verilog": got no keys to start from`)
}

type yamlText struct {
	Text, Dump string
	Value      any
}

// TestYAML reads and writes what PyYAML reads and writes, the configurations of all cases among it.
func TestYAML(t *testing.T) {
	var all []yamlText
	readGzip(t, "../testdata/pyyaml.json.gz", &all)
	require.Greater(t, len(all), 140)
	for _, c := range all {
		got, err := config.ParseYAML("x.yml", []byte(c.Text))
		require.NoError(t, err, c.Text)
		if _, special := c.Value.(string); !special { // JSON has no infinities
			require.Equal(t, text(ordered(c.Value)), text(got), c.Text)
		}
		require.Equal(t, c.Dump, string(config.WriteYAML(got)), c.Text)
	}
}

// caseWarnings are the settings of the cases that have no effect in hls4ml 1.3.0, by case.
var caseWarnings = map[string][]string{
	"keras2_act_sigmoid_table512_8_2_vitis_parallel":         {"Precision.table: "},
	"keras2_act_tanh_table4096_20_3_vivado_parallel":         {"Precision.table: "},
	"keras2_act_softmax_stable_in20_8_tables_vitis_parallel": {"Precision.inv_table: "},
	"qkeras_dense_bits6_2_softmax_vitis_parallel":            {"Precision.exp_table: ", "Precision.inv_table: "},
	"keras2_dense_mixed_per_layer_vitis_parallel":            {"Precision.exp_table: ", "Precision.inv_table: "},
	"keras2_dense_pruned_unrolled_vitis_parallel":            {"Model.Strategy: Unrolled "},
	"keras2_conv2d_unrolled_rf3_vitis_parallel":              {"Model.Strategy: Unrolled "},
	"keras2_dense_unrolled_rf2_vitis_parallel":               {"Model.Strategy: Unrolled "},
	"keras2_dense_unrolled_rf6_vivado_stream":                {"Model.Strategy: Unrolled "},
}

// TestOracleConfigs reads the configuration of every case, and warns of nothing that has an effect.
func TestOracleConfigs(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	env := tk.ConfigEnv()
	rows := tabletest.New(t)
	for _, name := range oracletest.Names(t) {
		rows.Run(name, func(t *tabletest.T) {
			path := filepath.Join(oracleCases, name, "hls4ml_config.yml")
			cfg, warnings, err := config.ReadFile(path, config.Overrides{}, env)
			require.NoError(t, err)
			_, notes, err := hlsgo.ConfigSource(cfg, filepath.Dir(path))
			require.NoError(t, err)
			require.Empty(t, notes)
			m, err := tk.Load(path, hlsgo.Overrides{})
			require.NoError(t, err)
			more, err := config.Check(path, cfg, m.Parsed(), env)
			require.NoError(t, err)
			warnings = append(warnings, more...)
			require.Len(t, warnings, len(caseWarnings[name]))
			for i, want := range caseWarnings[name] {
				require.Contains(t, warnings[i], want+"has no effect in hls4ml 1.3.0")
			}
		})
	}
}
