package hlsgo_test

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
)

// copied are the settings that a page offers to copy, and the word of a shell in which a flag stands.
var (
	copied = regexp.MustCompile(`(?s)<pre [^>]*id="layer-\d+-(flags|yaml)"[^>]*>(.*?)</pre>`)
	flag   = regexp.MustCompile(`--set '([^']*)'`)
)

// TestCopiedSettingsAreThoseThatCount gives the settings that a page offers back to the model, as flags and
// as YAML: every setting is taken, and the model stays as it is.
func TestCopiedSettingsAreThoseThatCount(t *testing.T) {
	dir := t.TempDir()
	tk, err := hlsgo.New()
	require.NoError(t, err)
	_, err = tk.UnpackExample(t.Context(), "digits", dir)
	require.NoError(t, err)
	file := filepath.Join(dir, "digits.yml")
	for _, o := range []hlsgo.Overrides{{}, {IOType: "io_stream", Precision: "fixed<12,5>"}} {
		m, err := tk.Load(file, o)
		require.NoError(t, err)
		page, err := m.Report(hlsgo.ReportData{})
		require.NoError(t, err)
		again := o
		yaml := ""
		for _, part := range copied.FindAllStringSubmatch(string(page), -1) {
			text := html.UnescapeString(part[2])
			if part[1] == "yaml" {
				require.True(t, strings.HasPrefix(text, "HLSConfig:\n  LayerName:\n    "), text)
				yaml += strings.TrimPrefix(text, "HLSConfig:\n  LayerName:\n")
				continue
			}
			for _, f := range flag.FindAllStringSubmatch(text, -1) {
				again.Set = append(again.Set, f[1])
			}
		}
		require.Greater(t, len(again.Set), 20)
		want := values(t, m)
		same, err := tk.Load(file, again)
		require.NoError(t, err)
		require.Equal(t, want, values(t, same), "flags")

		text, err := os.ReadFile(file)
		require.NoError(t, err)
		head, _, ok := strings.Cut(string(text), "  LayerName:\n")
		require.True(t, ok)
		other := filepath.Join(dir, "copied.yml")
		require.NoError(t, os.WriteFile(other, []byte(head+"  LayerName:\n"+yaml), 0o600))
		same, err = tk.Load(other, o)
		require.NoError(t, err)
		require.Equal(t, want, values(t, same), "YAML")
	}
}

// values are the settings of a model without their origins.
func values(t *testing.T, m *hlsgo.Model) (all []string) {
	t.Helper()
	settings, err := m.Explain()
	require.NoError(t, err)
	for _, s := range settings {
		all = append(all, s.Path+"="+s.Value)
	}
	slices.Sort(all) // types of a layer come in the order in which they were set
	return all
}
