package ir_test

import (
	"math"
	"testing"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/stretchr/testify/require"
)

func TestNamesOfKeys(t *testing.T) {
	for pascal, snake := range map[string]string{
		"TableSize": "table_size", "ReuseFactor": "reuse_factor", "table_t": "table_t",
		"Resource_Unrolled": "resource_unrolled", "ExpTableT": "exp_table_t", "Trace": "trace",
	} {
		require.Equal(t, snake, ir.SnakeCase(pascal))
	}
	require.Equal(t, "TableRangePower2", ir.PascalCase("table_range_power2"))
}

func section(name string, prec map[string]string, keys ...ir.Key) *ir.Section {
	s := &ir.Section{Name: name, Keys: keys}
	for _, v := range []string{"default", "result", "accum", "maximum"} {
		if text, ok := prec[v]; ok {
			s.Precision = append(s.Precision, ir.Precision{Var: v, Text: text})
		}
	}
	return s
}

// TestPrecisionLookup follows the order name, type, model, each with its default, and the names of the types.
func TestPrecisionLookup(t *testing.T) {
	c := &ir.Config{HLS: ir.HLSConfig{
		Model: section("", map[string]string{"default": "fixed<16,6>", "accum": "fixed<20,8>"}),
		Types: []*ir.Section{
			section("Dense", map[string]string{"result": "fixed<12,4>"}),
			section("Act", map[string]string{"default": "int<4>"}),
		},
		Names: []*ir.Section{
			section("FC1", map[string]string{"accum": "auto"}),
			section("fc2", map[string]string{"default": "int<7>"}),
		},
	}}
	for _, q := range []struct{ layer, kind, v, text, name string }{
		{"fc1", "Dense", "accum", "auto", "fc1_accum_t"},
		{"fc1", "Dense", "result", "fixed<12,4>", "Dense_result_t"},
		{"fc1", "Dense", "weight", "fixed<16,6>", "model_default_t"},
		{"fc2", "Dense", "result", "int<7>", "fc2_result_t"},
		{"a", "act", "weight", "int<4>", "act_default_t"},
		{"z", "Other", "accum", "fixed<20,8>", "accum_default_t"},
	} {
		text, name, ok := c.Precision(q.layer, q.kind, q.v)
		require.True(t, ok)
		require.Equal(t, q.text, text)
		require.Equal(t, q.name, name)
	}
	_, _, ok := (&ir.Config{}).Precision("a", "b", "c")
	require.False(t, ok)
}

func TestFamilyIsTheConfigurations(t *testing.T) {
	for _, want := range []fixed.Family{fixed.AP, fixed.AC} {
		c := &ir.Config{Family: want}
		for _, text := range []string{"ap_fixed<8,3>", "ac_fixed<8,3>", "fixed<8,3>"} {
			f, err := c.Format(text)
			require.NoError(t, err)
			require.Equal(t, fixed.Fixed(8, 3).In(want), f)
		}
		f, err := c.Format("auto")
		require.NoError(t, err)
		require.Equal(t, fixed.Auto, f)
	}
}

func TestDefaultAndMaximum(t *testing.T) {
	model := section("", map[string]string{"default": "auto", "maximum": "float"})
	c := &ir.Config{HLS: ir.HLSConfig{Model: model}}
	_, err := c.Default()
	require.EqualError(t, err, "model precision: got auto, want an explicit type")
	_, _, err = c.Maximum()
	require.EqualError(t, err, "model precision: maximum: got float, want a fixed-point or integer type")
	c.HLS.Model = section("", nil)
	_, err = c.Default()
	require.EqualError(t, err, "model precision: got none, want a default type")
	_, ok, err := c.Maximum()
	require.NoError(t, err)
	require.False(t, ok)
}

func TestSettings(t *testing.T) {
	c := &ir.Config{HLS: ir.HLSConfig{
		Model: section("", nil, ir.Key{Name: "ReuseFactor", Value: 2}, ir.Key{Name: "Strategy", Value: "Latency"}),
		Types: []*ir.Section{section("Dense", nil, ir.Key{Name: "Strategy", Value: "Resource_Unrolled"},
			ir.Key{Name: "TargetCycles", Value: 50}, ir.Key{Name: "ConvImplementation", Value: "Encoded"})},
		Names: []*ir.Section{section("fc", nil, ir.Key{Name: "ReuseFactor", Value: 8.0},
			ir.Key{Name: "TargetCycles", Value: 30}, ir.Key{Name: "Compression", Value: 1}),
			section("bad", nil, ir.Key{Name: "ReuseFactor", Value: 1.5})},
	}}
	require.Equal(t, ir.ResourceUnrolled, c.Strategy("z", "dense"))
	require.Equal(t, ir.Latency, c.Strategy("z", "Conv1D"))
	rf, ok := c.ReuseFactor("FC", "Dense")
	require.Equal(t, 8, rf)
	require.True(t, ok)
	_, ok = c.ReuseFactor("bad", "Dense")
	require.False(t, ok)
	require.Equal(t, 30, *c.TargetCycles("fc"))
	require.Nil(t, c.TargetCycles("z"))
	require.True(t, c.Compression("fc", "Dense"))
	require.False(t, c.Compression("z", "Dense"))
	require.Equal(t, ir.LineBuffer, c.ConvImplementation("z"))
	require.True(t, math.IsInf(c.BramFactor(), 1))
	require.Equal(t, ir.AutoStyle, c.PipelineStyle())
	require.Nil(t, c.PipelineInterval())
	v, ok := c.LayerValue("bad", "Dense", "Strategy")
	require.False(t, ok)
	require.Nil(t, v)
}
