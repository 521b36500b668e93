package cmd_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// verbs are those of the program's help, which must list all.
func verbs(t *testing.T) []string {
	t.Helper()
	code, out, _ := run(t.Context(), []string{"--help"})
	require.Zero(t, code)
	_, list, ok := strings.Cut(out, "\nStart:\n")
	require.True(t, ok)
	list, _, ok = strings.Cut(list, "\nEverywhere:\n")
	require.True(t, ok)
	var names []string
	for line := range strings.SplitSeq(list, "\n") {
		entry, ok := strings.CutPrefix(line, "  ") // and no title
		if name, _, _ := strings.Cut(entry, " "); ok && name != "" {
			names = append(names, name)
		}
	}
	return names
}

// TestHelpIsGrouped by what people do, and knows every verb.
func TestHelpIsGrouped(t *testing.T) {
	_, out, _ := run(t.Context(), []string{"--help"})
	at := 0
	for _, title := range []string{"Usage", "Examples", "Start", "Predict", "Understand", "Write", "Extend"} {
		i := strings.Index(out, "\n"+title+":\n")
		require.Greater(t, i, at, title)
		at = i
	}
	// What completion offers is the tree of commands itself.
	_, known, _ := run(t.Context(), []string{"__completeNoDesc", ""})
	for line := range strings.SplitSeq(known, "\n") {
		if line != "" && !strings.HasPrefix(line, ":") && !strings.HasPrefix(line, "Completion") {
			require.Contains(t, verbs(t), line, "a verb that no group has")
		}
	}
	require.Contains(t, known, "compare\n")
}

// TestHelpFits 80 columns, as examples of commands cannot be folded, and says the keys of the configuration
// apart.
func TestHelpFits(t *testing.T) {
	for _, verb := range verbs(t) {
		code, out, _ := run(t.Context(), []string{verb, "--help"})
		require.Zero(t, code)
		require.Contains(t, out, "\nUsage:\n  hlsgo "+verb, verb)
		require.Contains(t, out, "\nExamples:\n", verb)
		require.Contains(t, out, "\nFlags:\n", verb)
		for line := range strings.SplitSeq(out, "\n") {
			require.LessOrEqual(t, len([]rune(line)), 80, "%s: %s", verb, line)
		}
		if strings.Contains(out, "MODEL") {
			own, keys, ok := strings.Cut(out, "\nFlags in place of keys of the configuration:\n")
			require.True(t, ok, verb)
			require.Contains(t, keys, "--backend")
			require.NotContains(t, own, "      --backend")
		}
	}
}
