package clean_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/frontend/onnx/clean"
	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

// recorded is a graph as qonnx has left it; see testdata/models.py.
type recorded struct {
	Nodes     [][]any
	Constants [][]any
	Inputs    [][]any
	Outputs   [][]any
}

func recordedOf(t testing.TB, g *graph.Graph) recorded {
	var r recorded
	for _, n := range g.Nodes {
		r.Nodes = append(r.Nodes, []any{n.Name, n.Op, n.Domain, n.Inputs, n.Outputs})
	}
	for _, c := range g.Inits {
		data, err := c.Data()
		require.NoError(t, err)
		sum := 0.0
		for i, v := range data {
			sum += v * float64(i+1)
		}
		r.Constants = append(r.Constants, []any{c.Name, c.Dims, sum})
	}
	for _, in := range g.Inputs {
		r.Inputs = append(r.Inputs, []any{in, g.Shape(in)})
	}
	for _, out := range g.Outputs {
		r.Outputs = append(r.Outputs, []any{out, g.Shape(out)})
	}
	return r
}

// text is one line per entry, for comparisons.
func text(list [][]any) string {
	var lines []string
	for _, e := range list {
		row, _ := json.Marshal(e)
		if v, ok := e[len(e)-1].(float64); ok {
			row = fmt.Appendf(row[:0], "%v %v %.5g", e[0], e[1], v)
		}
		lines = append(lines, string(row))
	}
	return strings.ReplaceAll(strings.Join(lines, "\n"), "null", "[]")
}

// beyond are operators that qonnx leaves where they are.
var beyond = []string{
	"AveragePool", "GlobalAveragePool", "Resize", "Pad", "Cast", "GRU", "LSTM", "Slice", "Split", "Gather",
	"ReduceMean", "Abs", "Where",
}

// TestLikeQONNX compares with what qonnx makes of the same files: nodes, constants, their order and names.
func TestLikeQONNX(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(folder(), "*.onnx"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".onnx")
		t.Run(name, func(t *testing.T) {
			var want struct {
				Clean   *recorded
				Refused string
			}
			raw, err := os.ReadFile(filepath.Join(folder(), name+".json"))
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(raw, &want))
			g, shut, err := graph.Open(file)
			require.NoError(t, err)
			defer shut()
			require.NoError(t, clean.Run(g, nil))
			if want.Clean == nil {
				t.Skip(want.Refused)
			}
			if strings.Contains(name, "dilated") {
				t.Skip("zeros in the windows, which hls4ml does not read")
			}
			other := func(n []any) bool { return slices.Contains(beyond, n[1].(string)) }
			if slices.ContainsFunc(want.Clean.Nodes, other) {
				t.Skip("an operator that hls4ml cannot read then: it is cleaned in another way here")
			}
			for _, end := range slices.Concat(want.Clean.Inputs, want.Clean.Outputs) {
				if dims := end[1].([]any); dims[0].(float64) == 0 {
					dims[0] = -1.0 // a batch of any size
				}
			}
			got := recordedOf(t, g)
			require.Equal(t, text(want.Clean.Nodes), text(got.Nodes))
			require.Equal(t, text(want.Clean.Constants), text(got.Constants))
			require.Equal(t, text(want.Clean.Inputs), text(got.Inputs))
			require.Equal(t, text(want.Clean.Outputs), text(got.Outputs))
		})
	}
}

func folder() string { return filepath.Join("..", "testdata", "models") }
