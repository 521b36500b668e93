package hlsgo_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/ir"
)

// runeReader reads networks of a framework of its own.
type runeReader struct{ frontend.Reader }

func (runeReader) Name() string                  { return "rune" }
func (runeReader) Keys() []string                { return []string{"RuneModel"} }
func (runeReader) Extensions() map[string]string { return nil }

// TestPluginReaderKeys makes the keys of a plugin's front end known keys, with hints when they are misspelt.
func TestPluginReaderKeys(t *testing.T) {
	tk, err := hlsgo.New(hlsgo.Plugin{Name: "rune", Setup: func(r *hlsgo.Registry) error {
		return r.AddReader(runeReader{})
	}})
	require.NoError(t, err)
	const rest = "\nHLSConfig: {Model: {Precision: 'fixed<16,6>'}}\n"
	cfg, _, err := config.Read("c.yml", []byte("RuneModel: m.rune"+rest), config.Overrides{}, tk.ConfigEnv())
	require.NoError(t, err)
	require.Equal(t, map[string]string{"RuneModel": "m.rune"}, cfg.Source)
	o := config.Overrides{StrictConfig: true}
	_, _, err = config.Read("c.yml", []byte("RuneMode: m.rune"+rest), o, tk.ConfigEnv())
	require.EqualError(t, err, `c.yml:1: RuneMode: unknown key, did you mean "RuneModel"?`)
}

// TestKeysOfOtherBackends lets the keys of one tool's configuration pass when another tool is asked for.
func TestKeysOfOtherBackends(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	text := "Backend: Quartus\nTechnology: fpga\nHyperoptHandshake: no\nHLSConfig: {Model: {}}\n"
	cfg, _, err := config.Read("c.yml", []byte(text), config.Overrides{Backend: "vitis"}, tk.ConfigEnv())
	require.NoError(t, err)
	require.Equal(t, "Vitis", cfg.Backend)
	require.Equal(t, fixed.AP, cfg.Family)
	cfg, _, err = hlsgo.ReadConfig("c.yml", []byte(text), config.Overrides{}, tk.ConfigEnv())
	require.Nil(t, cfg)
	require.EqualError(t, err, `c.yml:1: Backend: got "Quartus", want one of Vivado, Vitis, VivadoAccelerator: `+
		`--backend puts one of these in its place`)
	cfg, _, err = hlsgo.ReadConfig("c.yml", []byte(text), config.Overrides{}, hlsgo.ConfigEnv{
		Schema: tk.ConfigEnv().Schema,
	})
	require.NoError(t, err)
	f, err := cfg.Format("ap_fixed<8,3>")
	require.NoError(t, err)
	require.Equal(t, fixed.Fixed(8, 3).In(fixed.AC), f)
	_, err = tk.NewModel(&ir.Parsed{}, cfg)
	require.EqualError(t, err, `Backend "Quartus": it cannot generate yet: no layer has kernels and C++ for `+
		`its number types yet: got it, want one of Vivado, Vitis`)
}
