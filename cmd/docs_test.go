package cmd_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/cmd"
)

// update writes what commands print into the pages of docs.
var update = flag.Bool("update", false, "renew the output of commands in docs/diagnosis.md")

// console is a block of a page with command lines and what they print.
var console = regexp.MustCompile("(?ms)^```console\n(.*?)^```$")

// TestExamplesOfDocs runs the command lines of docs/diagnosis.md, one process for a page, and wants to see
// what the page shows. `| grep -E` is understood, and what depends on the machine's speed left out.
func TestExamplesOfDocs(t *testing.T) {
	page, err := filepath.Abs("../docs/diagnosis.md")
	require.NoError(t, err)
	cases, err := filepath.Abs("../testdata/oracle/cases")
	require.NoError(t, err)
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	for folder, name := range map[string]string{
		"qkeras": "qkeras_dense_bits4_relu_vitis_parallel", "tanh": "keras2_act_tanh_vitis_parallel",
		"folded": "qkeras_conv2dbn_resource_vivado_parallel", "sigmoid": "keras2_act_sigmoid_vitis_parallel",
	} {
		copyCase(t, filepath.Join(cases, name), folder)
	}
	runLine(t, "hlsgo example digits -o .")
	labels, err := hlsgo.ReadArray("digits_labels.npy")
	require.NoError(t, err)
	for i, l := range labels.F32 {
		labels.F32[i] = min(l+1, 9)
	}
	require.NoError(t, labels.WriteFile("moved.npy"))
	blocks := 0
	got := console.ReplaceAllStringFunc(string(text), func(block string) string {
		blocks++
		var b strings.Builder
		b.WriteString("```console\n")
		for _, line := range strings.Split(block, "\n") {
			if command, ok := strings.CutPrefix(line, "$ "); ok {
				b.WriteString(line + "\n" + runLine(t, command))
			}
		}
		return b.String() + "```"
	})
	require.Greater(t, blocks, 9)
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(got), 0o644))
		return
	}
	require.Equal(t, string(text), got, "go test ./cmd -run ExamplesOfDocs -update renews the page")
}

// copyCase copies the files of a recorded case, of which some are links to those of others.
func copyCase(t *testing.T, from, to string) {
	require.NoError(t, os.Mkdir(to, 0o777))
	for _, name := range []string{"hls4ml_config.yml", "model.h5", "X.npy"} {
		data, err := os.ReadFile(filepath.Join(from, name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(to, name), data, 0o666))
	}
}

// timed are lines that differ from run to run.
var timed = regexp.MustCompile(`^predicted .* in [0-9.e-]+ s$`)

// runLine runs a command line and returns the lines of both streams that are the same everywhere.
func runLine(t *testing.T, line string) string {
	t.Helper()
	line, filter, _ := strings.Cut(line, " | grep -E ")
	words := shellWords(t, line)
	require.Equal(t, "hlsgo", words[0], line)
	keep := regexp.MustCompile(strings.Trim(filter, "'"))
	var out bytes.Buffer
	cmd.Streams{Out: &out, Err: &out}.Run(context.Background(), words[1:])
	var b strings.Builder
	for _, l := range strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n") {
		if l = strings.TrimRight(l, " "); keep.MatchString(l) && !timed.MatchString(l) && l != "" {
			b.WriteString(l + "\n")
		}
	}
	return b.String()
}

// shellWords splits a line at spaces outside of single quotes.
func shellWords(t *testing.T, line string) []string {
	parts := strings.Split(line, "'")
	require.Equal(t, 1, len(parts)%2, "%s: a quote is open", line)
	for i := 1; i < len(parts); i += 2 {
		parts[i] = strings.ReplaceAll(parts[i], " ", "\x00")
	}
	words := strings.Fields(strings.Join(parts, ""))
	for i := range words {
		words[i] = strings.ReplaceAll(words[i], "\x00", " ")
	}
	return words
}
