package cmd_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/cmd"
)

// runFrom is run with something on standard input.
func runFrom(t *testing.T, in []byte, args ...string) (code int, out, err string) {
	var stdout, stderr bytes.Buffer
	s := cmd.Streams{Out: &stdout, Err: &stderr, In: bytes.NewReader(in)}
	return s.Run(t.Context(), args), stdout.String(), stderr.String()
}

// TestModelFromStandardInput gives configurations and models as a stream, and wants what files give.
func TestModelFromStandardInput(t *testing.T) {
	t.Chdir(unpack(t))
	for _, args := range [][]string{
		{"predict", "digits.yml", "-i", "digits_X.npy"},
		{"ir", "digits.yml", "--json"},
		{"ir", "digits.h5", "--set", "fc1.result_t=fixed<12,6>"},
		{"config", "digits.yml", "--explain", "--json"},
		{"predict", "digits.h5", "-i", "digits_X.npy", "--precision", "fixed<18,8>"},
	} {
		_, want, _ := run(t.Context(), args)
		require.NotEmpty(t, want)
		in, err := os.ReadFile(args[1])
		require.NoError(t, err)
		name := args[1]
		args[1] = "-"
		code, got, stderr := runFrom(t, in, args...)
		require.Zero(t, code, "%v: %s", args, stderr)
		require.Equal(t, strings.ReplaceAll(want, name, "standard input"), got, args)
	}
	left, err := os.ReadDir(".")
	require.NoError(t, err)
	require.Len(t, left, 5, "want nothing but the example")

	model, err := os.ReadFile("digits.h5")
	require.NoError(t, err)
	for in, want := range map[string]hlsgo.Problem{
		"":                        {Code: "config", Got: "nothing", Want: "a configuration"},
		"Backend: Vivadoo\n":      {Code: "config", File: "standard input", Line: 1},
		string(model[:100]):       {Code: "model", Got: "100 bytes", Want: "37440"},
		"PK\x03\x04 no zip":       {Code: "model"},
		`{"class_name": "Model"}`: {Code: "model"},
	} {
		code, _, stderr := runFrom(t, []byte(in), "ir", "-", "--json-errors")
		require.Equal(t, cmd.ExitFailed, code)
		got := recordsOf(t, stderr)[0]
		require.Equal(t, want.Code, got.Code, stderr)
		if want.Got != "" {
			require.Equal(t, want.Got, got.Got, stderr)
		}
		if want.File != "" {
			require.Equal(t, want.File, got.File, stderr)
			require.Equal(t, want.Line, got.Line, stderr)
		}
	}
}

// TestSamplesFromStandardInput gives samples and labels as a stream to what reads them several times, and
// wants what files give.
func TestSamplesFromStandardInput(t *testing.T) {
	t.Chdir(unpack(t))
	for _, args := range [][]string{
		{"compare", "digits.yml", "-i", "digits_X.npy"},
		{"compare", "digits.yml", "--cure", "-i", "digits_X.npy"},
		{"compare", "digits.yml", "digits.yml", "--html", "both.html", "-i", "digits_X.npy"},
		{"profile", "digits.yml", "-i", "digits_X.npy"},
		{"profile", "digits.yml", "--html", "page.html", "-i", "digits_X.npy"},
		{"profile", "digits.yml", "--html", "page.html", "-i", "digits_X.npy", "--labels", "digits_labels.npy"},
		{"predict", "digits.yml", "--health", "-i", "digits_X.npy"},
	} {
		in, err := os.ReadFile(args[len(args)-1])
		require.NoError(t, err)
		_, want, _ := run(t.Context(), args)
		require.NotEmpty(t, want)
		args[len(args)-1] = "-"
		stdin(t, in)
		code, got, stderr := runFrom(t, in, args...)
		require.Zero(t, code, "%v: %s", args, stderr)
		require.Equal(t, want, got, args)
	}
	left, err := filepath.Glob(filepath.Join(os.TempDir(), ".hlsgo-stream*"))
	require.NoError(t, err)
	require.Empty(t, left)
	// Standard input ends once.
	code, _, stderr := runFrom(t, nil, "compare", "-", "-i", "-")
	require.Equal(t, cmd.ExitUsage, code)
	require.Contains(t, stderr, "standard input: got it for a CONFIG.yml or MODEL and --input, want it for one")
}

// stdin makes a file the process's own standard input, from which samples are read.
func stdin(t *testing.T, in []byte) {
	name := filepath.Join(t.TempDir(), "in")
	require.NoError(t, os.WriteFile(name, in, 0o600))
	f, err := os.Open(name)
	require.NoError(t, err)
	old := os.Stdin
	os.Stdin = f
	t.Cleanup(func() { os.Stdin = old; f.Close() })
}

// TestConfigFromStandardInput: a configuration goes through `hlsgo config -`, as in a pipe of a shell.
func TestConfigFromStandardInput(t *testing.T) {
	t.Chdir(unpack(t))
	in, err := os.ReadFile("digits.yml")
	require.NoError(t, err)
	_, want, _ := run(t.Context(), []string{"config", "digits.yml", "--set", "fc1.ReuseFactor=2"})
	code, got, stderr := runFrom(t, in, "config", "-", "--set", "fc1.ReuseFactor=2")
	require.Zero(t, code, stderr)
	require.Contains(t, got, "ReuseFactor: 2")
	require.Equal(t, want, got)
	model, err := os.ReadFile("digits.h5")
	require.NoError(t, err)
	code, _, stderr = runFrom(t, model, "config", "-")
	require.Equal(t, cmd.ExitFailed, code)
	require.Contains(t, stderr, "got a model from a stream, want one from a file to name")
}
