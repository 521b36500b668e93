package hlsgo_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/internal/tabletest"
)

const onnxModels = "frontend/onnx/testdata/models"

// onnxAnswer is what ONNX Runtime answered; see frontend/onnx/testdata/models.py.
type onnxAnswer struct {
	Shapes  [][]int // of the inputs, with a batch of one
	Samples int
	X, Y    [][]float64
	YShapes [][]int
}

func readOnnxAnswer(t testing.TB, name string) onnxAnswer {
	var a onnxAnswer
	raw, err := os.ReadFile(filepath.Join(onnxModels, name+".json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &a))
	return a
}

// inputs are the samples for the model: where its note says so, with channels last.
func (a onnxAnswer) inputs(t testing.TB, m *hlsgo.Model) []*hlsgo.Array {
	var in []*hlsgo.Array
	for i, shape := range a.Shapes {
		values, dims := a.X[i], append([]int{a.Samples}, shape[1:]...)
		if i == 0 && strings.Contains(strings.Join(m.Warnings(), "\n"), "channels come last") {
			values, dims = channelsLast(values, dims)
		}
		x, err := hlsgo.NewArray(values, dims...)
		require.NoError(t, err)
		in = append(in, x)
	}
	return in
}

// channelsLast moves the axis behind that of the samples to the end.
func channelsLast(values []float64, dims []int) ([]float64, []int) {
	n, c := dims[0], dims[1]
	pixels := len(values) / n / c
	out := make([]float64, len(values))
	for s := range n {
		for k := range c {
			for p := range pixels {
				out[(s*pixels+p)*c+k] = values[(s*c+k)*pixels+p]
			}
		}
	}
	return out, append(append([]int{n}, dims[2:]...), c)
}

// answerOf takes out the answer that has as many values as y.
func (a *onnxAnswer) answerOf(t testing.TB, y *hlsgo.Array) []float64 {
	for k, answer := range a.Y {
		if len(answer) == len(y.F64) {
			a.Y = append(a.Y[:k:k], a.Y[k+1:]...)
			return answer
		}
	}
	t.Fatalf("got an output of %d values, want one of the others", len(y.F64))
	return nil
}

func onnxNames(t testing.TB) []string {
	files, err := filepath.Glob(filepath.Join(onnxModels, "*.onnx"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(f), ".onnx"))
	}
	return names
}

// refused are networks with operators that are not read.
var refused = regexp.MustCompile(`_(gelu|lstm|bilstm|gru|rnn_last)$`)

// TestOnnxFloat wants the float reference to answer as ONNX Runtime does, on files as exporters write them.
func TestOnnxFloat(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	rows := tabletest.New(t)
	for _, name := range onnxNames(t) {
		rows.Run(name, func(t *tabletest.T) {
			m, err := tk.Load(filepath.Join(onnxModels, name+".onnx"), hlsgo.Overrides{})
			if refused.MatchString(name) {
				require.ErrorContains(t, err, "cannot be converted")
				return
			}
			require.NoError(t, err)
			a := readOnnxAnswer(t, name)
			out, err := m.Reference(t.Context(), a.inputs(t, m)...)
			require.NoError(t, err)
			require.Len(t, out, len(a.Y))
			for k, y := range out {
				answer := a.answerOf(t, y) // hls4ml has outputs in the order of nodes
				for i, v := range y.F64 {
					want := answer[i]
					require.InDelta(t, want, v, 1e-5*max(1, math.Abs(want)), "output %d, value %d", k, i)
				}
			}
		})
	}
}

// TestOnnxBeforeCleaning wants the recorded answers from the files that qonnx had not prepared yet, by the
// same configurations: the clean-up gives the same layers the same names.
func TestOnnxBeforeCleaning(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	list, err := os.ReadFile("testdata/oracle/onnx.txt")
	require.NoError(t, err)
	rows := tabletest.New(t)
	for _, name := range strings.Fields(string(list)) {
		if strings.HasPrefix(name, "qonnx_") {
			continue
		}
		rows.Run(name, func(t *tabletest.T) {
			dir := filepath.Join("testdata/oracle/cases", name)
			text, err := os.ReadFile(filepath.Join(dir, "hls4ml_config.yml"))
			require.NoError(t, err)
			raw, err := filepath.Abs(filepath.Join("frontend/onnx/testdata/raw", name+".onnx"))
			require.NoError(t, err)
			other := strings.Replace(string(text), "OnnxModel: model.onnx", "OnnxModel: "+raw, 1)
			require.NotEqual(t, string(text), other)
			m, err := tk.LoadStream(strings.NewReader(other), name, dir, hlsgo.Overrides{})
			require.NoError(t, err)
			if name == onnxPooledWrong {
				return // hls4ml takes rows for channels there: TestOnnxFloat has such networks
			}
			comparePrediction(t, m, dir, "X", "y")
		})
	}
}

const onnxPooledWrong = "onnx_conv2d_gap_vivado_parallel"
