package hlsgo_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/internal/oracletest"
)

// caseModel loads a recorded case.
func caseModel(t *testing.T, name string, o hlsgo.Overrides) (*hlsgo.Model, []*hlsgo.Array) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	dir := filepath.Join("testdata/oracle/cases", name)
	m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), o)
	require.NoError(t, err)
	return m, oracletest.Arrays[hlsgo.Array](t, dir, "X")
}

// everySecond is each second sample of x, from the one at first on.
func everySecond(x *hlsgo.Array, first int) *hlsgo.Array {
	n, size := x.Samples(), x.Len()/x.Samples()
	out := &hlsgo.Array{}
	row := make([]float64, size)
	for s := first; s < n; s += 2 {
		x.Row(row, s)
		out.F64 = append(out.F64, row...)
	}
	out.Shape = []int{len(out.F64) / size, size}
	return out
}

// agreement is the share of samples for which the model's choice is the float model's.
func agreement(t *testing.T, m *hlsgo.Model, x *hlsgo.Array) float64 {
	float, err := m.Reference(t.Context(), x)
	require.NoError(t, err)
	fixed, err := m.Predict(t.Context(), x)
	require.NoError(t, err)
	width := float[0].Len() / x.Samples()
	same := 0
	y, f := make([]float64, width), make([]float64, width)
	for s := range x.Samples() {
		fixed[0].Row(y, s)
		float[0].Row(f, s)
		if largest(y) == largest(f) {
			same++
		}
	}
	return float64(same) / float64(x.Samples())
}

func largest(x []float64) (at int) {
	for i, v := range x {
		if v > x[at] {
			at = i
		}
	}
	return at
}

// TestCureOfSeveralFaults: a trained tagger whose types are all too narrow, or so wide that a table's places
// are far apart. Settings found on half of the samples, written and read again, are right on the other half,
// and the network that is read is the one that was measured.
func TestCureOfSeveralFaults(t *testing.T) {
	const name = "doc_keras_3layer_json_yaml_vivado_parallel"
	for _, precision := range []string{"fixed<16,6>", "fixed<12,4>", "fixed<24,14>", "fixed<8,3>"} {
		m, in := caseModel(t, name, hlsgo.Overrides{Precision: precision})
		seen, unseen := everySecond(in[0], 0), everySecond(in[0], 1)
		r, err := m.Cure(t.Context(), hlsgo.CureOptions{}, seen)
		require.NoError(t, err)
		require.True(t, r.Cured, precision)
		require.False(t, r.Sound)
		require.Greater(t, r.After.Agreement, r.Before.Agreement)
		text, err := m.CureText(hlsgo.ConfigOptions{}, r)
		require.NoError(t, err)
		file := filepath.Join(t.TempDir(), "tuned.yml")
		require.NoError(t, os.WriteFile(file, text, 0o600))
		tk, err := hlsgo.New()
		require.NoError(t, err)
		tuned, err := tk.Load(file, hlsgo.Overrides{})
		require.NoError(t, err)
		require.GreaterOrEqual(t, agreement(t, tuned, unseen), 0.98, precision)
		want, err := m.Cured(r).GraphText("", hlsgo.GraphLines)
		require.NoError(t, err)
		got, err := tuned.GraphText("", hlsgo.GraphLines)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got))
		again, err := tuned.Cure(t.Context(), hlsgo.CureOptions{}, seen)
		require.NoError(t, err)
		require.True(t, again.Sound, "what is cured stays as it is")
		require.Empty(t, again.Changes)
	}
}

// TestCureKeeps: layers and types that must stay do, and what can be cured without them is.
func TestCureKeeps(t *testing.T) {
	const name = "doc_keras_3layer_json_yaml_vivado_parallel"
	m, in := caseModel(t, name, hlsgo.Overrides{Precision: "fixed<12,4>"})
	keep := []string{"fc1_relu.bias_t", "output_softmax.Precision.bias"}
	r, err := m.Cure(t.Context(), hlsgo.CureOptions{Keep: keep}, in[0])
	require.NoError(t, err)
	require.NotEmpty(t, r.Changes)
	for _, c := range r.Changes {
		require.NotContains(t, []string{
			"LayerName.fc1_relu.Precision.bias", "LayerName.output_softmax.Precision.bias",
		}, c.Path())
	}
	r, err = m.Cure(t.Context(), hlsgo.CureOptions{Keep: []string{"fc2_relu"}}, in[0])
	require.NoError(t, err)
	require.False(t, r.Cured)
	text := strings.Join(r.Lines, "\n")
	require.Contains(t, text, "fc2_relu accum: fixed<12,4> wraps in")
	require.Contains(t, text, "it has types that were to stay (--keep)")
}

// TestCureLeavesQuantizersAlone: no type that a trained quantizer fixed is changed, whatever else is wrong.
func TestCureLeavesQuantizersAlone(t *testing.T) {
	m, in := caseModel(t, "qkeras_dense_bits4_relu_vitis_parallel", hlsgo.Overrides{
		Set: []string{"LayerName.inp.Precision.result=fixed<10,2>"},
	})
	r, err := m.Cure(t.Context(), hlsgo.CureOptions{}, in[0])
	require.NoError(t, err)
	require.Len(t, r.Changes, 1)
	require.Equal(t, "LayerName.inp.Precision.result", r.Changes[0].Path())
	require.True(t, r.Cured)
}

// TestCureKeepsRecurrentTypesEqual: C++ takes one type for input, sums and states of an LSTM.
func TestCureKeepsRecurrentTypesEqual(t *testing.T) {
	m, in := caseModel(t, "keras2_rnn_lstm_vitis_parallel", hlsgo.Overrides{Precision: "fixed<10,3>"})
	r, err := m.Cure(t.Context(), hlsgo.CureOptions{}, in[0])
	require.NoError(t, err)
	g, err := m.Cured(r).Graph()
	require.NoError(t, err)
	lstm := g.Node("rnn")
	require.NotEqual(t, "fixed<10,3>", lstm.Format("result_t").String())
	require.Equal(t, lstm.Format("result_t"), lstm.Format("accum_t"))
	require.Equal(t, lstm.Format("result_t"), lstm.In(0).Type.Format)
}

// TestCureSaysWhatTypesCannot: the tables of the legacy softmax have ranges of their own.
func TestCureSaysWhatTypesCannot(t *testing.T) {
	m, in := caseModel(t, "keras2_act_softmax_legacy_vitis_parallel", hlsgo.Overrides{})
	r, err := m.Cure(t.Context(), hlsgo.CureOptions{}, in[0])
	require.NoError(t, err)
	require.False(t, r.Cured)
	text := strings.Join(r.Lines, "\n")
	require.Contains(t, text, "no type can help")
	require.Contains(t, text, "try Implementation: stable")
}

// TestCompareSeesCoarseTables: wide types make a softmax's table useless, with no overflow anywhere.
func TestCompareSeesCoarseTables(t *testing.T) {
	const name = "doc_keras_3layer_json_yaml_vivado_parallel"
	m, in := caseModel(t, name, hlsgo.Overrides{Precision: "fixed<24,14>"})
	c, err := m.Compare(t.Context(), hlsgo.CompareOptions{}, in...)
	require.NoError(t, err)
	for _, s := range c.Suspects {
		if s.Layer == "output_softmax_softmax" && s.Key == "inp_norm_t" {
			require.Equal(t, []any{8.0, 1024}, []any{s.Step, s.Places})
			require.Less(t, s.Reached, 200)
			require.True(t, s.Cure.Cures, s.Text)
			require.Less(t, s.Cure.Answers, s.Cure.Before/2)
			return
		}
	}
	t.Fatalf("no suspect addresses a table: %+v", c.Suspects)
}
