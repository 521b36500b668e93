package hlsgo_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
)

// TestAccepted predicts with configurations and files as people have them, and wants hls4ml's answers in
// every bit.
func TestAccepted(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	note := func(config, path, using string) []string {
		return []string{fmt.Sprintf("%s: KerasModel: got %q, which is not there: using %q", config, path, using)}
	}
	const yml, model = "hls4ml_config.yml", "prj/keras_model"
	for _, row := range []struct {
		name     string // of the case
		from     string // working folder, from the case's
		file     string // from there
		options  hlsgo.Overrides
		answer   string
		warnings []string
	}{
		{name: "moved", file: "prj/" + yml},
		{name: "moved", from: "prj", file: yml, warnings: note(yml, model+".h5", "keras_model.h5")},
		{
			name: "moved", from: "..", file: "moved/prj/" + yml,
			warnings: note("moved/prj/"+yml, model+".h5", "moved/prj/keras_model.h5"),
		},
		{name: "archive", file: "prj/" + yml},
		{name: "archive", from: "prj", file: yml, warnings: note(yml, model+".keras", "keras_model.keras")},
		{name: "old_json", file: yml, warnings: []string{
			yml + ":13: LayerName.dense_input: the model has no such layer, without effect, " +
				`the model's input is "input1"`,
		}},
		{name: "old_json", file: "with_input1.yml", answer: "y_with_input1.npy"},
		{name: "functional", file: yml},
		{name: "no_effect", file: yml, warnings: []string{
			yml + ":11: LayerName.fc1.force_dsp: unknown key, without effect",
			yml + ":16: Model.ClockPeriod: has no effect in hls4ml 1.3.0; set it at the top",
			yml + ":17: Model.IOType: has no effect in hls4ml 1.3.0; set it at the top",
		}},
		{name: "parts", file: "model.json", options: hlsgo.Overrides{Backend: "Vivado"}, warnings: []string{
			`model.json: weights: using "model_weights.h5", which lies beside it`,
		}},
		{
			name: "parts", from: "..", file: "parts/model.json",
			options: hlsgo.Overrides{Backend: "Vivado", Weights: "parts/model_weights.h5"},
		},
		{name: "separable", file: "without.yml"},
		{name: "separable", file: yml, warnings: []string{
			yml + ":18: LayerName.sep.Precision.dw_output: has no effect in hls4ml 1.3.0; set " +
				"Precision.depthwise_result of the layer",
		}},
	} {
		t.Run(row.name+"/"+row.file, func(t *testing.T) {
			folder, err := filepath.Abs(filepath.Join("testdata/accept", row.name))
			require.NoError(t, err)
			t.Chdir(filepath.Join(folder, row.from))
			m, err := tk.Load(row.file, row.options)
			require.NoError(t, err)
			sameAnswer(t, m, filepath.Join(folder, "X.npy"), filepath.Join(folder, cmp.Or(row.answer, "y.npy")))
			require.Equal(t, row.warnings, m.Warnings())
		})
	}
}

// sameAnswer wants the recorded answer to the samples, byte for byte.
func sameAnswer(t *testing.T, m *hlsgo.Model, samples, answer string) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "y.npy")
	_, err := m.PredictFiles(context.Background(), hlsgo.PredictJob{
		Inputs: []string{samples}, Outputs: []string{out},
	})
	require.NoError(t, err)
	got, err := os.ReadFile(out)
	require.NoError(t, err)
	want, err := os.ReadFile(answer)
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// TestPipelineStyles takes a style that does not suit the network, and one that is none, as hls4ml does:
// with a warning.
func TestPipelineStyles(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	for _, row := range []struct {
		strategy, style string
		got             ir.PipelineStyle
		pragma          string
		warnings        []string
	}{
		{"latency", "pipeline", ir.Pipeline, "PIPELINE", []string{
			`Conv2D "conv": Convolution with PipelineStyle pipeline: got it, want dataflow`,
		}},
		{"latency", "wrong", ir.Dataflow, "DATAFLOW", []string{
			`Model: PipelineStyle: got "wrong", want auto, pipeline or dataflow. Using "auto"`,
		}},
		{"resource", "pipeline", ir.Pipeline, "PIPELINE", []string{
			`Conv2D "conv": Strategy: got Resource with PipelineStyle pipeline: expect bad QoR`,
			`Conv2D "conv": Convolution with PipelineStyle pipeline: got it, want dataflow`,
			`Dense "fc": Strategy: got Resource with PipelineStyle pipeline: expect bad QoR`,
		}},
		{"latency", "auto", ir.Dataflow, "DATAFLOW", nil},
	} {
		t.Run(row.strategy+"/"+row.style, func(t *testing.T) {
			m, err := tk.Load(standIns["cnn"], hlsgo.Overrides{
				Backend: "Vivado", Strategy: row.strategy,
				Set: []string{"HLSConfig.Model.PipelineStyle=" + row.style},
			})
			require.NoError(t, err)
			g, err := m.Graph()
			require.NoError(t, err)
			require.Equal(t, row.got, g.PipelineStyle)
			require.Equal(t, row.warnings, g.Warnings)
			p, err := m.Project()
			require.NoError(t, err)
			text, ok := p.Read("firmware/myproject.cpp")
			require.True(t, ok)
			require.Contains(t, string(text), "#pragma HLS "+row.pragma+"\n")
		})
	}
}

// TestAccelerator predicts what comes out of a design for a board, where no project of it can be written yet.
func TestAccelerator(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	const folder = "testdata/accept/accelerator"
	for _, bus := range []string{"float", "double"} {
		m, err := tk.Load(filepath.Join(folder, bus+".yml"), hlsgo.Overrides{})
		require.NoError(t, err)
		sameAnswer(t, m, filepath.Join(folder, "X_"+bus+".npy"), filepath.Join(folder, "y_"+bus+".npy"))
		require.Equal(t, []string{
			`Backend "VivadoAccelerator": it predicts, and cannot generate yet: the designs and drivers of its ` +
				`boards are not written yet`,
		}, m.Warnings())
		_, err = m.Project()
		require.ErrorContains(t, err, `Backend "VivadoAccelerator": it cannot generate yet: `)
	}
	m, err := tk.Load(filepath.Join(folder, "float.yml"), hlsgo.Overrides{})
	require.NoError(t, err)
	samples := filepath.Join(folder, "X_double.npy")
	const rounds = `got float64, want float32, to which the bus of backend VivadoAccelerator rounds`
	ctx := context.Background()
	_, err = m.PredictFiles(ctx, hlsgo.PredictJob{Inputs: []string{samples}})
	require.EqualError(t, err, fmt.Sprintf("data %q: %s", samples, rounds))
	_, err = m.Predict(ctx, &hlsgo.Array{Shape: []int{1, 5}, F64: make([]float64, 5)})
	require.EqualError(t, err, "samples: "+rounds)
	_, err = m.Reference(ctx, &hlsgo.Array{Shape: []int{1, 5}, F64: make([]float64, 5)})
	require.NoError(t, err)
}

// TestAddersAccepted predicts with Strategy distributed_arithmetic, and writes its C++.
func TestAddersAccepted(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	for _, name := range []string{"rows_parallel", "rows_stream", "picture_parallel", "picture_stream"} {
		t.Run(name, func(t *testing.T) {
			folder := "testdata/accept/adders"
			m, err := tk.Load(filepath.Join(folder, name+".yml"), hlsgo.Overrides{})
			require.NoError(t, err)
			network, _, _ := strings.Cut(name, "_")
			samples := filepath.Join(folder, "X_"+network+".npy")
			sameAnswer(t, m, samples, filepath.Join(folder, "y_"+name+".npy"))
			require.Empty(t, m.Warnings())
			p, err := m.Project()
			require.NoError(t, err)
			code, ok := p.Read("firmware/nnet_utils/nnet_code_gen.h")
			require.True(t, ok)
			require.Contains(t, string(code), "dense_da_")
		})
	}
}

// TestNumberedWeights reads layers whose weights have numbers for names in .keras files, and wants what is
// read from the .h5 files that Keras wrote of the same models.
func TestNumberedWeights(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	for _, name := range []string{"plain", "embedded", "recurrent", "nested", "quantized"} {
		t.Run(name, func(t *testing.T) {
			var texts [2][]byte
			for i, end := range []string{".keras", ".h5"} {
				m, err := tk.Load(filepath.Join("testdata/accept/numbered", name+end), hlsgo.Overrides{})
				require.NoError(t, err)
				texts[i], err = m.GraphText("", hlsgo.GraphJSONValues)
				require.NoError(t, err)
			}
			require.Contains(t, string(texts[1]), `"data": [`)
			require.True(t, bytes.Equal(texts[0], texts[1]))
		})
	}
}
