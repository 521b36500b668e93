package conformance_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
)

var update = flag.Bool("update", false, "write testdata/random/index.txt anew; read the difference")

// TestRandomIndex: the networks of testdata/random are called by seed and number; the index says what each of
// them holds.
func TestRandomIndex(t *testing.T) {
	const file = "../testdata/random/index.txt"
	folders, err := filepath.Glob("../testdata/random/*/hls4ml_config.yml")
	require.NoError(t, err)
	tk := toolkit(t)
	var got strings.Builder
	for _, config := range folders {
		got.WriteString(indexLine(t, tk, config) + "\n")
	}
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got.String()), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got.String(), "run this test with -update and read the difference")
}

// indexLine says of a network its place, its answer if it has one, and its layers, with the number of each
// where that is not one.
func indexLine(t *testing.T, tk *hlsgo.Toolkit, config string) string {
	t.Helper()
	dir := filepath.Dir(config)
	m, err := tk.Load(config, hlsgo.Overrides{})
	require.NoError(t, err, config)
	counts := map[string]int{}
	for _, l := range m.Parsed().Layers {
		counts[l.ClassName]++
	}
	var classes []string
	for _, class := range slices.Sorted(maps.Keys(counts)) {
		switch n := counts[class]; {
		case class == "InputLayer" && n == 1:
		case n == 1:
			classes = append(classes, class)
		default:
			classes = append(classes, fmt.Sprintf("%s x%d", class, n))
		}
	}
	answer := "y"
	if len(answers(t, dir)) == 0 {
		answer = "-" // hls4ml has no defined one
	}
	cfg := m.Config()
	return fmt.Sprintf("%s %s %s %s: %s", filepath.Base(dir), cfg.Backend, cfg.IOType, answer,
		strings.Join(classes, ", "))
}
