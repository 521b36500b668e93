package config_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// TestExplain looks at the graph before any pass, where every type is as asked for.
func TestExplain(t *testing.T) {
	cfg, _, err := check(t, `
Part: xcu250
HLSConfig:
  Model: {Precision: 'fixed<16,6>', ReuseFactor: 2}
  LayerType:
    Dense: {Precision: {weight: 'fixed<9,3>'}}
  LayerName:
    a: {Precision: {weight: 'fixed<8,2>', accum: auto}, ReuseFactor: 4}
    a_tanh: {table_t: 'fixed<12,4>', TableSize: 512}
`, config.Overrides{Set: []string{"LayerName.b.ReuseFactor=3"}})
	require.NoError(t, err)
	env := configEnv(t)
	p := readNetwork(t, networkSource("frontend/keras/testdata/models/sequential_dropout.h5"), env)
	g, err := ir.Build(p, cfg, env.Schema)
	require.NoError(t, err)
	g.Node("a").ReuseFactor = 5 // as the initializers do when 4 is no valid factor
	g.Node("b").ReuseFactor = 3
	g.Node("a").SetType("accum_t", &ir.Type{Format: cfgFormat(t, "fixed<20,10>")})
	rows := map[string][2]string{}
	for _, r := range config.Explain("c.yml", g) {
		rows[r.Path] = [2]string{r.Value, r.Origin}
	}
	for path, want := range map[string][2]string{
		"Part":               {"xcu250", "c.yml"},
		"Backend":            {"Vivado", "hls4ml default"},
		"a.Precision.weight": {"fixed<8,2>", "c.yml:8"},
		"a.Precision.accum":  {"fixed<20,10>", "inferred, auto at c.yml:8"},
		"a.Precision.bias":   {"fixed<16,6>", "c.yml:4 (Model)"},
		"a.ReuseFactor":      {"5", "adjusted, asked for 4 at c.yml:8"},
		"b.Precision.weight": {"fixed<9,3>", "c.yml:6 (LayerType Dense)"},
		"b.ReuseFactor":      {"3", "flag or default"},
		"a_tanh.table_t":     {"fixed<12,4>", "c.yml:9"},
		"a_tanh.TableSize":   {"512", "c.yml:9"},
		"b_linear.table_t":   {"fixed<18,8>", "hls4ml default"},
		"b_linear.TableSize": {"1024", "hls4ml default"},
	} {
		require.Equal(t, want, rows[path], path)
	}
}

func cfgFormat(t *testing.T, text string) fixed.Format {
	f, err := fixed.Parse(text)
	require.NoError(t, err)
	return f
}
