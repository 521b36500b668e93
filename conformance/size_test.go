package conformance_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/ir"
)

// millionWeights is a picture network of 1,026,154 weights and biases, most of them in its dense layer.
func millionWeights() kindCase {
	return kindCase{"million", []int{11, 11, 64}, func(b *builder) {
		b.convolution("Conv2D", filter{h: 3, w: 3, strideH: 1, strideW: 1, out: 128})
		b.layers[len(b.layers)-1].Name = "first"
		b.add("Activation", "Activation", "relu", map[string]any{"activation": "relu"})
		b.convolution("Conv2D", filter{h: 3, w: 3, strideH: 2, strideW: 2, out: 256})
		b.reshape()
		b.matrix(ir.Size(b.shape), 160)
		b.matrix(160, 10)
	}, nil}
}

// TestMillionWeights converts, predicts and writes a network of a million weights in a process of its own,
// whose memory stays below a gigabyte.
func TestMillionWeights(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the peak of a process' memory is read from /proc")
	}
	self, err := os.Executable()
	require.NoError(t, err)
	c := exec.Command(self, "-test.run", "^TestMillionWeightsChild$", "-test.v")
	c.Env = append(os.Environ(), "HLSGO_SIZE_FOLDER="+t.TempDir())
	out, err := c.CombinedOutput()
	require.NoError(t, err, "%s", out)
	m := regexp.MustCompile(`peak: (\d+) kB, weights: (\d+)`).FindSubmatch(out)
	require.NotNil(t, m, "%s", out)
	peak, err := strconv.Atoi(string(m[1]))
	require.NoError(t, err)
	weights, err := strconv.Atoi(string(m[2]))
	require.NoError(t, err)
	t.Logf("%d weights: %d MB", weights, peak>>10)
	require.Greater(t, weights, 1_000_000)
	require.Less(t, peak, 1_000_000, "kB at the peak")
}

// TestMillionWeightsChild is the process that TestMillionWeights starts.
func TestMillionWeightsChild(t *testing.T) {
	folder := os.Getenv("HLSGO_SIZE_FOLDER")
	if folder == "" {
		t.Skip("TestMillionWeights starts it")
	}
	s := on("Vitis", array, "", 1)
	s.precision = "fixed<16,6>"
	n := millionWeights().network(t, s)
	m, err := toolkit(t).NewModel(n.parsed, n.config)
	require.NoError(t, err)
	_, err = m.Predict(context.Background(), n.samples(100)...)
	require.NoError(t, err)
	require.NoError(t, m.Write(context.Background(), filepath.Join(folder, "project")))
	g, err := m.Graph()
	require.NoError(t, err)
	weights := 0
	for _, n := range g.Nodes {
		for _, w := range n.Weights {
			weights += len(w.Data.Data)
		}
	}
	status, err := os.ReadFile("/proc/self/status")
	require.NoError(t, err)
	peak := regexp.MustCompile(`VmHWM:\s*(\d+) kB`).FindSubmatch(status)
	require.NotNil(t, peak)
	fmt.Printf("peak: %s kB, weights: %d\n", peak[1], weights)
}
