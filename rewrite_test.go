package hlsgo_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
)

// TestConfigText writes the configuration of every case again, with overrides and settings, into another
// folder, and wants what is read from there to be the model with these settings: every setting that counts,
// and the network.
func TestConfigText(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	rows := tabletest.New(t)
	for i, name := range oracletest.Names(t) {
		rows.Run(name, func(t *tabletest.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(uint64(i), 2))
			path := filepath.Join("testdata/oracle/cases", name, "hls4ml_config.yml")
			o := hlsgo.Overrides{OutputDir: "elsewhere", Set: []string{"WriterConfig.WriteTar=true"}}
			m, err := tk.Load(path, o)
			require.NoError(t, err)
			var settings []string
			for _, l := range m.Parsed().Layers {
				if rng.IntN(3) == 0 {
					key := config.Join("LayerName", l.Name, "Precision", "result")
					set := key + "=fixed<24,9,RND,SAT>"
					// What has no effect is refused.
					if _, err := tk.Load(path, hlsgo.Overrides{Set: append(settings, set)}); err == nil {
						settings = append(settings, set)
					}
				}
			}
			text, err := m.ConfigText(hlsgo.ConfigOptions{}, settings...)
			require.NoError(t, err)
			file := filepath.Join(t.TempDir(), "tuned.yml")
			require.NoError(t, os.WriteFile(file, text, 0o600))
			got, err := tk.Load(file, hlsgo.Overrides{})
			require.NoError(t, err)
			o.Set = append(o.Set, settings...)
			want, err := tk.Load(path, o)
			require.NoError(t, err)
			require.Equal(t, effective(t, want), effective(t, got))
			for key, path := range got.Config().Source {
				require.True(t, filepath.IsAbs(path), "%s: %s", key, path)
			}
			again, err := got.ConfigText(hlsgo.ConfigOptions{})
			require.NoError(t, err)
			require.Equal(t, string(text), string(again), "what is complete stays as it is")
		})
	}
}

// effective lists what counts, without where it came from.
func effective(t testing.TB, m *hlsgo.Model) map[string]string {
	rows, err := m.Explain()
	if err != nil { // a type that is set may keep a layer from being merged into another
		return map[string]string{"error": err.Error()}
	}
	values := map[string]string{}
	for _, r := range rows {
		// A configuration without a part gets that of hls4ml's starting configurations.
		if r.Key != "Part" {
			values[r.Path] = r.Value
		}
	}
	return values
}

// TestConfigTextOfModel writes what `hlsgo config` writes when there is no configuration.
func TestConfigTextOfModel(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	const model = "examples/digits/digits.h5"
	o := hlsgo.Overrides{Precision: "fixed<18,8>", Backend: "Vivado", ClockPeriod: 4}
	m, err := tk.Load(model, o)
	require.NoError(t, err)
	want, _, err := tk.GenerateConfig(model, "model", ".", o)
	require.NoError(t, err)
	got, err := m.ConfigText(hlsgo.ConfigOptions{Dir: "."})
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
	got, err = m.ConfigText(hlsgo.ConfigOptions{}, "fc1.result_t=fixed<9,3>")
	require.NoError(t, err)
	abs, err := filepath.Abs(model)
	require.NoError(t, err)
	require.Contains(t, string(got), ": "+abs+"\n")
	require.Contains(t, string(got), "  LayerName:\n    fc1:\n      Precision:\n        result: fixed<9,3>\n")
}
