package hlsgo_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/profiling/tune"
)

// within is the first samples whose values all lie within -limit..limit.
func within(x *hlsgo.Array, limit float64) *hlsgo.Array {
	const most = 60
	out := &hlsgo.Array{}
	row := make([]float64, x.Len()/x.Samples())
	for s := range x.Samples() {
		x.Row(row, s)
		if len(out.F64) < most*len(row) && slices.Max(row) <= limit && slices.Min(row) >= -limit {
			out.F64 = append(out.F64, row...)
		}
	}
	out.Shape = []int{len(out.F64) / len(row), len(row)}
	return out
}

// TestHealthOfTables: how many places of a function's table the values reach, how far apart these are, and
// where the table ends.
func TestHealthOfTables(t *testing.T) {
	type table struct {
		places    int
		low, high float64
		open      bool
	}
	for name, want := range map[string]table{
		"keras2_act_sigmoid_vitis_parallel":         {1024, -8, 8, false},
		"keras2_act_tanh_vivado_stream":             {1024, -4, 4, false},
		"keras2_act_softplus_vitis_parallel":        {1024, -8, 8, true},
		"keras2_act_elu_vitis_parallel":             {1024, -8, 0, false},
		"keras2_act_softmax_latency_vitis_parallel": {1024, -32, 32, false},
		"keras2_act_softmax_legacy_vitis_parallel":  {1024, 0, 64, true}, // the coarser of its two
		"keras2_layernorm_vitis_parallel":           {4096, 0, 1, true},
		"keras2_rnn_lstm_vitis_parallel":            {1024, -8, 8, false},
		"keras2_embedding_vitis_parallel":           {65, 0, 13, true},
	} {
		m, in := caseModel(t, name, hlsgo.Overrides{})
		h, err := m.Health(t.Context(), in...)
		require.NoError(t, err)
		found := false
		for _, r := range h.Tensors {
			if r.Role != "index" || r.Key != "" {
				continue
			}
			found = true
			require.Equal(t, want, table{r.Places, r.TableLow, r.TableHigh, r.Open}, name)
			require.InDelta(t, (want.high-want.low)/float64(want.places), r.Step, 1e-12, name)
			require.Positive(t, r.Reached, name)
			require.LessOrEqual(t, r.Reached, want.places, name)
		}
		require.True(t, found, name)
	}
}

// TestCompareFindsTables: with tables of few places types are not to blame, and a larger table cures.
func TestCompareFindsTables(t *testing.T) {
	for name, layer := range map[string]string{
		"keras2_act_sigmoid_vitis_parallel": "act",
		"keras2_act_tanh_vivado_stream":     "act",
		"keras2_act_elu_vitis_parallel":     "act",
		"keras2_rnn_lstm_vitis_parallel":    "rnn",
		"keras2_rnn_gru_vitis_parallel":     "rnn",
	} {
		set := "LayerName." + layer + ".TableSize="
		m, in := caseModel(t, name, hlsgo.Overrides{Set: []string{set + "16"}})
		x := within(in[0], 5)
		c, err := m.Compare(t.Context(), hlsgo.CompareOptions{}, x)
		require.NoError(t, err)
		at := slices.IndexFunc(c.Suspects, func(s hlsgo.Suspect) bool { return s.Key == "TableSize" })
		require.GreaterOrEqual(t, at, 0, name)
		s := c.Suspects[at]
		require.Equal(t, []any{layer, 16}, []any{s.Layer, s.Places}, name)
		require.Contains(t, s.Text, "16 places in steps of", name)
		require.True(t, s.Cure.Cures, s.Text)
		require.Less(t, s.Cure.Answers, s.Cure.Before/2, name)
		// The name printed is a name accepted, and does what was said.
		cured, _ := caseModel(t, name, hlsgo.Overrides{Set: []string{set + s.Cure.Type}})
		after, err := cured.Compare(t.Context(), hlsgo.CompareOptions{}, x)
		require.NoError(t, err)
		last := after.Layers[len(after.Layers)-1]
		require.InDelta(t, s.Cure.Answers, last.Dist.Mean, 1e-9, name)
		require.Less(t, after.Layers[0].Dist.Mean, 0.01, "the inputs fit")
	}
}

// TestTablesThatEnd: where a function goes on beyond the ends of its table no type and no size can help.
func TestTablesThatEnd(t *testing.T) {
	const name = "keras2_act_softplus_vitis_parallel"
	m, in := caseModel(t, name, hlsgo.Overrides{Set: []string{"LayerName.inp.Precision.result=fixed<30,14>"}})
	const text = "of the arguments lie beyond its table of -8 to 8, and its function goes on there: no setting"
	c, err := m.Compare(t.Context(), hlsgo.CompareOptions{}, in...)
	require.NoError(t, err)
	at := slices.IndexFunc(c.Suspects, func(s hlsgo.Suspect) bool { return strings.Contains(s.Text, text) })
	require.GreaterOrEqual(t, at, 0)
	require.Nil(t, c.Suspects[at].Cure)
	r, err := m.Cure(t.Context(), hlsgo.CureOptions{}, in[0])
	require.NoError(t, err)
	require.False(t, r.Cured)
	require.Contains(t, strings.Join(r.Lines, "\n"), text)
	// A sigmoid is flat where its table ends: its larger arguments are no cause.
	m, in = caseModel(t, "keras2_act_sigmoid_vitis_parallel", hlsgo.Overrides{
		Set: []string{"LayerName.inp.Precision.result=fixed<30,14>"},
	})
	c, err = m.Compare(t.Context(), hlsgo.CompareOptions{}, in...)
	require.NoError(t, err)
	for _, s := range c.Suspects {
		require.NotContains(t, s.Text, "beyond")
	}
}

// TestCureSaturates: where the float model saturates, a type that does so too takes no bits for what lies
// beyond.
func TestCureSaturates(t *testing.T) {
	for name, set := range map[string]string{
		"keras2_act_sigmoid_vitis_parallel": "LayerName.act.Precision.result=ufixed<8,0>",
		"keras2_act_tanh_vitis_parallel":    "LayerName.act.Precision.result=fixed<9,1>",
	} {
		m, in := caseModel(t, name, hlsgo.Overrides{
			Set: []string{set, "LayerName.inp.Precision.result=fixed<30,14>"},
		})
		r, err := m.Cure(t.Context(), hlsgo.CureOptions{}, in[0])
		require.NoError(t, err)
		require.True(t, r.Cured, name)
		path, _, _ := strings.Cut(set, "=")
		at := slices.IndexFunc(r.Changes, func(c tune.Change) bool { return c.Path() == path })
		require.GreaterOrEqual(t, at, 0, name)
		require.Contains(t, r.Changes[at].Value, "SAT", name)
		before, _, _ := strings.Cut(strings.Split(set, ",")[1], ">")
		require.Contains(t, r.Changes[at].Value, ","+before+",", "no integer bit more")
	}
	// The float model of relu does not saturate: its larger values have to fit.
	m, in := caseModel(t, "keras2_act_relu_vitis_parallel", hlsgo.Overrides{
		Set: []string{"LayerName.act.Precision.result=ufixed<10,2>"},
	})
	r, err := m.Cure(t.Context(), hlsgo.CureOptions{}, within(in[0], 30))
	require.NoError(t, err)
	require.True(t, r.Cured)
	for _, c := range r.Changes {
		require.NotContains(t, c.Value, "SAT")
	}
}

// TestCureTriesOtherWays: where a strategy or implementation is the cause, the one that helps has been run.
func TestCureTriesOtherWays(t *testing.T) {
	for name, want := range map[string]string{
		"keras2_act_softmax_legacy_vitis_parallel": "its Implementation is the cause: try Implementation: stable",
		"qkeras_conv2dbn_resource_vivado_parallel": "its Strategy is the cause: try Strategy: latency",
	} {
		m, in := caseModel(t, name, hlsgo.Overrides{})
		r, err := m.Cure(t.Context(), hlsgo.CureOptions{}, in[0])
		require.NoError(t, err)
		require.False(t, r.Cured, name)
		require.Contains(t, strings.Join(r.Lines, "\n"), want)
	}
}

// TestReferenceOfMixedWeights: what a tool does to the weights of a layer is nothing of the float model's.
func TestReferenceOfMixedWeights(t *testing.T) {
	const name = "qkeras_conv2dbn_resource_vivado_parallel"
	mixed, in := caseModel(t, name, hlsgo.Overrides{})
	plain, _ := caseModel(t, name, hlsgo.Overrides{Strategy: "Latency"})
	got, err := mixed.Reference(t.Context(), in[0])
	require.NoError(t, err)
	want, err := plain.Reference(t.Context(), in[0])
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// TestCureDoubtsTheFloatModel: what the float model has wrong is told, and no type is blamed for it.
func TestCureDoubtsTheFloatModel(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	m, d, err := tk.LoadExample("digits", hlsgo.Overrides{})
	require.NoError(t, err)
	labels := slices.Clone(d.Labels)
	for i := range labels {
		labels[i] = min(labels[i]+1, 9)
	}
	const text = "in 87.8% it answers one less than the label"
	r, err := m.Cure(t.Context(), hlsgo.CureOptions{Labels: labels}, d.X)
	require.NoError(t, err)
	require.True(t, r.Sound)
	require.Contains(t, strings.Join(r.Lines, "\n"), text)
	require.Less(t, r.FloatAccuracy, 0.12)
	c, err := m.Compare(t.Context(), hlsgo.CompareOptions{Labels: labels}, d.X)
	require.NoError(t, err)
	require.Contains(t, c.Doubt, text)
	c, err = m.Compare(t.Context(), hlsgo.CompareOptions{Labels: d.Labels}, d.X)
	require.NoError(t, err)
	require.Empty(t, c.Doubt)
}
