package cmd_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/cmd"
)

// run runs a command line in memory.
func run(ctx context.Context, args []string, plugins ...hlsgo.Plugin) (code int, out, err string) {
	var stdout, stderr bytes.Buffer
	code = cmd.Streams{Out: &stdout, Err: &stderr}.Run(ctx, args, plugins...)
	return code, stdout.String(), stderr.String()
}

// unpack puts the built-in example into a folder of the test.
func unpack(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "digits")
	code, _, stderr := run(t.Context(), []string{"example", "digits", "-o", dir})
	require.Zero(t, code, stderr)
	return dir
}

// cancelWriter ends the work as soon as the first answers arrive.
type cancelWriter struct{ cancel func() }

func (w cancelWriter) Write(p []byte) (int, error) {
	w.cancel()
	return len(p), nil
}

func TestInterruptLeavesNoFiles(t *testing.T) {
	dir := unpack(t)
	config, many := filepath.Join(dir, "digits.yml"), filepath.Join(dir, "many.npy")
	repeat(t, filepath.Join(dir, "digits_X.npy"), many)
	before := list(t, dir)

	ctx, cancel := context.WithCancel(t.Context())
	var stderr bytes.Buffer
	args := []string{"predict", config, "-i", many, "--trace", filepath.Join(dir, "trace.npz")}
	code := cmd.Streams{Out: cancelWriter{cancel}, Err: &stderr}.Run(ctx, args)
	require.Equal(t, cmd.ExitInterrupted, code)
	require.Equal(t, "hlsgo: interrupted\n", stderr.String())
	require.Equal(t, before, list(t, dir))

	for _, args := range [][]string{
		{"predict", config, "-o", filepath.Join(dir, "y.npy")},
		{"convert", config},
	} {
		code, _, message := run(ctx, args)
		require.Equal(t, cmd.ExitInterrupted, code, args)
		require.Equal(t, "hlsgo: interrupted\n", message, args)
		require.Empty(t, files(t, filepath.Join(dir, "digits-project")))
	}
}

// repeat writes a file with the 360 samples of another a hundred times.
func repeat(t *testing.T, from, to string) {
	t.Helper()
	x, err := os.ReadFile(from)
	require.NoError(t, err)
	const header = 128
	head := strings.Replace(string(x[:header]), "(360, 64), }  ", "(36000, 64), }", 1)
	require.NotEqual(t, string(x[:header]), head)
	data := append([]byte(head), bytes.Repeat(x[header:], 100)...)
	require.NoError(t, os.WriteFile(to, data, 0o600))
}

// list returns the names in a folder.
func list(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// files returns the regular files below a folder that may not exist.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			names = append(names, path)
		}
		return nil
	})
	return names
}

func TestPluginsEnter(t *testing.T) {
	called := false
	plugin := hlsgo.Plugin{Name: "mine", Setup: func(*hlsgo.Registry) error { called = true; return nil }}
	code, out, _ := run(t.Context(), []string{"backends"}, plugin)
	require.Zero(t, code)
	require.Contains(t, out, "Vitis")
	require.True(t, called)

	code, _, message := run(t.Context(), []string{"backends"}, hlsgo.Plugin{Name: "broken"})
	require.Equal(t, cmd.ExitFailed, code)
	require.Equal(t, "hlsgo: plugin \"broken\": got no Setup, want a function\n", message)
}

// TestStrict wants exit code 3, and the answers, when values wrapped.
func TestStrict(t *testing.T) {
	dir := unpack(t)
	config, y := filepath.Join(dir, "digits.yml"), filepath.Join(dir, "y.npy")
	code, _, stderr := run(t.Context(), []string{"predict", config, "-o", y, "--strict"})
	require.Equal(t, cmd.ExitDone, code, stderr)
	args := []string{"predict", config, "-o", y, "--strict", "--precision", "fixed<10,3>"}
	code, _, stderr = run(t.Context(), args)
	require.Equal(t, cmd.ExitStrict, code, stderr)
	require.FileExists(t, y)
}
