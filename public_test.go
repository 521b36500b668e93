package hlsgo_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
)

// standIns are models and data in the place of those of public configurations.
var standIns = map[string]string{
	"mlp":     "testdata/accept/moved/prj/keras_model.h5",
	"json":    "testdata/accept/parts/model.json",
	"weights": "testdata/accept/parts/model_weights.h5",
	"keras":   "testdata/accept/archive/prj/keras_model.keras",
	"cnn":     "testdata/oracle/cases/keras2_conv2d_pool_dense_vitis_stream/model.h5",
	"garnet":  "testdata/oracle/cases/garnet_mean_vitis_parallel/model.h5",
	"qkeras":  "testdata/accept/numbered/quantized.h5",
	"rnn":     "testdata/accept/numbered/recurrent.h5",
	"data":    "testdata/accept/parts/X.npy",
}

// publicConfig is one pattern of the configurations that people have put into public repositories, in words
// of our own: where the file lies, what is beside it, and what it says.
type publicConfig struct {
	what    string
	at      string            // the configuration, from the working folder; "": c.yml
	files   map[string]string // path -> stand-in
	text    []string
	options hlsgo.Overrides
	refused string // why not, in the error; "": it loads
}

// The lines that many of them share.
const (
	hlsLine   = "HLSConfig:"
	modelLine = "  Model:"
	ap16      = "    Precision: ap_fixed<16,6>"
	reuse1    = "    ReuseFactor: 1"
	layerLine = "  LayerName:"
)

var plainModel = []string{hlsLine, modelLine, ap16, reuse1}

// textOf joins lines and groups of lines.
func textOf(parts ...any) []string {
	var out []string
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			out = append(out, p)
		case []string:
			out = append(out, p...)
		}
	}
	return out
}

func beside(pairs ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

// TestPublicConfigurations loads each pattern, or says why not.
func TestPublicConfigurations(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	loaded := 0
	for _, row := range slices.Concat(publicScripts, publicProjects, publicSettings, publicRefused) {
		if row.refused == "" && row.options.Backend == "" {
			loaded++
		}
		t.Run(row.what, func(t *testing.T) {
			root, err := os.Getwd()
			require.NoError(t, err)
			dir := t.TempDir()
			for path, kind := range row.files {
				data, err := os.ReadFile(filepath.Join(root, standIns[kind]))
				require.NoError(t, err)
				path = filepath.Join(dir, path)
				require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
				require.NoError(t, os.WriteFile(path, data, 0o600))
			}
			config := filepath.Join(dir, "c.yml")
			if row.at != "" {
				config = filepath.Join(dir, row.at)
			}
			require.NoError(t, os.MkdirAll(filepath.Dir(config), 0o777))
			require.NoError(t, os.WriteFile(config, []byte(strings.Join(row.text, "\n")+"\n"), 0o600))
			t.Chdir(dir)
			m, err := tk.Load(config, row.options)
			if err == nil {
				_, err = m.Graph()
			}
			if row.refused != "" {
				require.ErrorContains(t, err, row.refused)
				require.NotContains(t, err.Error(), "\n")
				return
			}
			require.NoError(t, err)
		})
	}
	require.Equal(t, 60, loaded, "docs/conformance.md has the number, too")
}
