package config_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/ir"
)

// TestKeysOfTheToolkit makes the keys that backends, front ends and kinds of layers bring known keys.
func TestKeysOfTheToolkit(t *testing.T) {
	env := configEnv(t)
	env.Backends = []config.Backend{{Tool: ir.Tool{Name: "Rune"}, Keys: []string{"RuneBoard"}}}
	env.Sources, env.Keys = []string{"RuneModel"}, []string{"OtherBoard"}
	env.Schema = withGlyph{env.Schema}
	read := func(lines ...string) (*ir.Config, error) {
		text := strings.Join(lines, "\n")
		o := config.Overrides{Backend: "rune", StrictConfig: true}
		cfg, warnings, err := config.Read("c.yml", []byte(text), o, env)
		require.Empty(t, warnings)
		return cfg, err
	}
	cfg, err := read("RuneModel: m", "RuneBoard: b", "OtherBoard: c",
		"HLSConfig: {Model: {}, LayerType: {Glyph: {GlyphDepth: 3, Precision: {ink: auto}}}}")
	require.NoError(t, err)
	require.Equal(t, map[string]string{"RuneModel": "m"}, cfg.Source)
	for key, want := range map[string]string{
		"RuneModl: m": `RuneModl: unknown key, did you mean "RuneModel"?`,
		"RuneBord: b": `RuneBord: unknown key, did you mean "RuneBoard"?`,
		"KerasH5: m":  "KerasH5: unknown key",
	} {
		_, err = read(key, "HLSConfig: {Model: {}}")
		require.EqualError(t, err, "c.yml:1: "+want)
	}
	_, err = read("HLSConfig: {Model: {}, LayerType: {Glyph: {GlyphDept: 3, Precision: {inc: auto}}}}")
	require.EqualError(t, err, strings.Join([]string{
		`c.yml:1: LayerType.Glyph.GlyphDept: unknown key, did you mean "GlyphDepth"?`,
		`c.yml:1: LayerType.Glyph.Precision.inc: unknown key, did you mean "ink"?`,
	}, "\n"))
}

// withGlyph is a schema with a plugin's kind.
type withGlyph struct{ ir.Schema }

func (w withGlyph) KindNames() []string {
	return slices.Concat(w.Schema.KindNames(), []string{"Glyph"})
}

func (w withGlyph) Kind(name string) (*ir.Kind, bool) {
	if name != "Glyph" {
		return w.Schema.Kind(name)
	}
	return &ir.Kind{Name: name, NewAttrs: func() any { return &struct{}{} }, Options: func(ir.Tool) []ir.Option {
		return []ir.Option{
			{Name: "glyph_depth", Class: ir.Configurable, Default: 1}, {Name: "ink_t", Class: ir.TypeOption},
		}
	}}, true
}

// TestManyLayerNames reads and checks a configuration with settings for more layers than any network has.
// Growth with the square of their number would take minutes.
func TestManyLayerNames(t *testing.T) {
	const layers = 60_000
	var b strings.Builder
	b.WriteString("HLSConfig:\n  Model: {Precision: 'fixed<16,6>'}\n  LayerName:\n")
	p := &ir.Parsed{}
	for i := range layers {
		fmt.Fprintf(&b, "    fc%d: {ReuseFactor: 2, Precision: {weight: 'fixed<8,2>'}}\n", i)
		p.Layers = append(p.Layers, &ir.Layer{Name: fmt.Sprintf("fc%d", i), Kind: "Dense"})
	}
	env, start := configEnv(t), time.Now()
	cfg, _, err := config.Read("c.yml", []byte(b.String()), config.Overrides{}, env)
	require.NoError(t, err)
	_, err = config.Check("c.yml", cfg, p, env)
	require.NoError(t, err)
	require.Less(t, time.Since(start), 10*time.Second)
}
