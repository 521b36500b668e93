package reverse_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/sbinet/npyio"
	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/cmd"
	"github.com/hlsgo/hlsgo/examples/reverse"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layerstest"
)

// TestKind runs the test of built-in families on the plugin's kind.
func TestKind(t *testing.T) {
	layerstest.Check(t, layerstest.Family{
		Defs: []layers.Def{reverse.Def()}, Plugins: []hlsgo.Plugin{reverse.Plugin()},
		Samples: []layerstest.Sample{{Kind: "Reverse", Build: func(n *layerstest.Net) {
			size := n.Between(1, 9)
			n.Layer("Reverse", layerstest.Attrs{"n_in": size}, nil, n.Input(size))
		}}},
	})
}

// run executes a command line of the program with the plugin.
func run(t *testing.T, args ...string) {
	t.Helper()
	var out, messages bytes.Buffer
	code := cmd.Streams{Out: &out, Err: &messages}.Run(t.Context(), args, reverse.Plugin())
	require.Zero(t, code, "%q: %s", args, messages.String())
}

// numbers reads an array.
func numbers(t *testing.T, path string) []float32 {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	var values []float32
	require.NoError(t, npyio.Read(f, &values))
	return values
}

// TestFromFileToFirmware goes the way of a user: a file of Keras, what the firmware will answer, the project,
// and both compared where there is a C++ compiler.
func TestFromFileToFirmware(t *testing.T) {
	dir := t.TempDir()
	y, project := filepath.Join(dir, "y.npy"), filepath.Join(dir, "prj")
	run(t, "predict", "model.h5", "--precision", "fixed<24,8>", "-i", "X.npy", "-o", y)
	// sums of 8 and 6 products with 16 bits behind the point
	require.InDeltaSlice(t, numbers(t, "y_float.npy"), numbers(t, y), 1e-3)

	run(t, "convert", "model.h5", "--output-dir", project)
	require.FileExists(t, filepath.Join(project, "firmware", "nnet_utils", "nnet_reverse.h"))
	top, err := os.ReadFile(filepath.Join(project, "firmware", "myproject.cpp"))
	require.NoError(t, err)
	require.Contains(t, string(top), "nnet::reverse<layer3_t, layer4_t, config4>(layer3_out, layer4_out);")

	if _, err := exec.LookPath("g++"); err != nil && os.Getenv("HLSGO_REQUIRE_CXX") != "1" {
		t.Skip("firmware is not compiled: ", err)
	}
	for _, io := range []string{"io_parallel", "io_stream"} {
		run(t, "verify", "model.h5", "--io-type", io, "-n", "20")
	}
}
