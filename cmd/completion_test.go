package cmd_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// completed asks for the values that go on from the last word.
func completed(t *testing.T, words ...string) string {
	t.Helper()
	code, out, stderr := run(t.Context(), append([]string{"__complete"}, words...))
	require.Zero(t, code, stderr)
	return out
}

// TestCompletionOfValues needs no shell: what the scripts ask is a hidden verb.
func TestCompletionOfValues(t *testing.T) {
	config := filepath.Join(unpack(t), "digits.yml")
	for _, c := range []struct {
		words []string
		want  []string
		not   []string
	}{
		{[]string{"predict", config, "--backend", ""}, []string{"Vivado\t", "Vitis\t"}, []string{"Quartus"}},
		{[]string{"predict", config, "--backend", "Vit"}, []string{"Vitis\t"}, []string{"Vivado"}},
		{[]string{"convert", config, "--strategy", ""}, []string{"Latency\n", "Resource_Unrolled\n"}, nil},
		{[]string{"verify", config, "--io-type", "io_s"}, []string{"io_stream\n"}, nil},
		{[]string{"profile", "--kind", ""}, []string{"box\n", "violin\n", "histogram\n"}, nil},
		{[]string{"profile", "--plot", ""}, []string{":16\n"}, nil},
		{[]string{"ir", config, "--after", "fuse_b"}, []string{"fuse_batch_normalization\tfold", "fuse_bias_add\t"},
			[]string{"infer"}},
		{[]string{"plot", config, "--after", "vivado:"}, []string{"vivado:init_dense\t"}, nil},
		{[]string{"plot", config, "-o", ""}, []string{"svg\n", "png\n", "dot\n", ":8\n"}, nil},
		{[]string{"predict", config, "-o", ""}, []string{"npy\n", "csv\n", ":8\n"}, nil},
		{[]string{"predict", config, "-i", ""}, []string{"npy\n", "dat\n", ":8\n"}, nil},
		{[]string{"predict", config, "--strict="}, []string{"sat\n"}, nil},
		{[]string{"predict", config, "--precision", ""}, []string{":4\n"}, []string{"fixed"}},
		{[]string{"example", ""}, []string{"digits\thandwritten"}, nil},
		{[]string{"example", "digits", ""}, []string{":4\n"}, []string{"digits"}},
		{[]string{"predict", ""}, []string{"yml\n", "h5\n", ":8\n"}, nil},
		{[]string{"predict", config, ""}, []string{":4\n"}, []string{"yml"}},
		{[]string{"config", "model.h5", "-g", ""}, []string{"type\n"}, nil},
		{[]string{"completion", ""}, []string{"bash\n", "zsh\n", "fish\n", "powershell\n"}, nil},
		{[]string{"layers", ""}, []string{":4\n"}, nil},
		{[]string{"pre"}, []string{"predict\tpredict, bit for bit"}, nil},
		// Settings and layers are those of the configuration at hand, or of the example.
		{[]string{"predict", config, "--set", "LayerName.fc2."},
			[]string{"LayerName.fc2.ReuseFactor=\t1\n", "LayerName.fc2.Precision.weight=\tfixed<8,2>\n"},
			[]string{"fc1", "Backend"}},
		{[]string{"predict", "--set", "Clo"}, []string{"ClockPeriod=\t5\n"}, nil},
		{[]string{"predict", "none.yml", "--set", ""}, []string{":38\n"}, []string{"fc1"}},
	} {
		out := completed(t, c.words...)
		for _, w := range c.want {
			require.Contains(t, out, w, strings.Join(c.words, " "))
		}
		for _, w := range c.not {
			require.NotContains(t, out, w, strings.Join(c.words, " "))
		}
	}
}

// TestCompletedSettingsAreSettings that --set takes.
func TestCompletedSettingsAreSettings(t *testing.T) {
	config := filepath.Join(unpack(t), "digits.yml")
	tried := 0
	for line := range strings.SplitSeq(completed(t, "predict", config, "--set", ""), "\n") {
		path, value, ok := strings.Cut(line, "\t")
		if !ok {
			continue
		}
		code, _, stderr := run(t.Context(), []string{"config", config, "--explain", "--set", path + value})
		require.Zero(t, code, "%s%s: %s", path, value, stderr)
		tried++
	}
	require.Greater(t, tried, 40)
}
