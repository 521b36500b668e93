package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/ir"
)

// TestNamesOfTypes sets types by all names that they have, and wants one place for each.
func TestNamesOfTypes(t *testing.T) {
	const text = "KerasH5: m.h5\nHLSConfig:\n  Model: {Precision: 'fixed<16,6>'}\n  LayerName:\n" +
		"    a: {Precision: {result: 'fixed<8,1>'}}\n    b.c: {ReuseFactor: 2}\n" +
		"    s: {accum_t: 'fixed<8,2>', exp_table_t: 'fixed<8,3>'}\n"
	for _, c := range []struct {
		path string
		want []string // keys on the way
	}{
		{"LayerName.a.Precision.result", []string{"a", "Precision", "result"}},
		{"LayerName.a.Precision.result_t", []string{"a", "Precision", "result"}},
		{"HLSConfig.LayerName.a.result_t", []string{"a", "Precision", "result"}},
		{"LayerName.a.result", []string{"a", "Precision", "result"}},
		{"a.result_t", []string{"a", "Precision", "result"}},
		{"a.result", []string{"a", "Precision", "result"}},
		{"a.input", []string{"a", "Precision", "result"}},
		{"a.product", []string{"a", "Precision", "accum"}},
		{"a.weight_t", []string{"a", "Precision", "weight"}},
		{"a.accum_t", []string{"a", "Precision", "accum"}},
		{"s.accum", []string{"s", "accum_t"}}, // the file's own way
		{"s.Precision.exp_table", []string{"s", "exp_table_t"}},
		{"s.exp_table_t", []string{"s", "exp_table_t"}},
		{"s.Precision.inp_norm_t", []string{"s", "inp_norm_t"}},
		{"b.c.result_t", []string{"b.c", "Precision", "result"}},
		{"new.layer.table", []string{"new.layer", "table_t"}},
		{`"new.layer".TableSize`, []string{"new.layer", "TableSize"}},
		{"a.ReuseFactor", []string{"a", "ReuseFactor"}},
	} {
		d, err := config.NewDocument("c.yml", []byte(text))
		require.NoError(t, err)
		require.NoError(t, d.Set(config.Setting{Path: c.path, Value: "fixed<3,3>"}), c.path)
		v, _ := d.Tree().Get("HLSConfig")
		for _, key := range append([]string{"LayerName"}, c.want...) {
			tree, ok := v.(*ir.Tree)
			require.True(t, ok, c.path)
			v, _ = tree.Get(key)
		}
		assert.Equal(t, "fixed<3,3>", v, c.path)
	}
	for _, path := range []string{
		"Part", "WriterConfig.Namespace", "Modl.Strategy.x", "HLSConfg.Model.Precision",
	} {
		d, err := config.NewDocument("c.yml", []byte(text))
		require.NoError(t, err)
		require.NoError(t, d.Set(config.Setting{Path: path, Value: "x"}), path)
		v, _ := d.Tree().Get("HLSConfig")
		require.Len(t, v.(*ir.Tree).Keys, 2, path)
		names, _ := v.(*ir.Tree).Get("LayerName")
		require.Len(t, names.(*ir.Tree).Keys, 3, "%s is no layer", path)
	}
}

// TestPrintedNamesInFiles takes types under Precision by the names that commands print, and says so.
func TestPrintedNamesInFiles(t *testing.T) {
	text := layerA("Precision: {result_t: 'fixed<9,3>', weight_t: 'fixed<9,2>', weight: 'fixed<9,1>'}")
	cfg, warnings, err := check(t, text, config.Overrides{})
	require.NoError(t, err)
	got, _, _ := cfg.Precision("a", "Dense", "result")
	require.Equal(t, "fixed<9,3>", got)
	got, _, _ = cfg.Precision("a", "Dense", "weight")
	require.Equal(t, "fixed<9,1>", got, "hls4ml's own name wins")
	require.Equal(t, []string{
		"c.yml:6: LayerName.a.Precision.result_t: hls4ml 1.3.0 reads result instead; taken as that",
		`c.yml:6: LayerName.a.Precision.weight_t: unknown key, without effect, did you mean "weight"?`,
	}, warnings)
	_, _, err = check(t, text, config.Overrides{StrictConfig: true})
	require.ErrorContains(t, err, "LayerName.a.Precision.result_t: unknown key")
}
