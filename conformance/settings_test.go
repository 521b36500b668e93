package conformance_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/quant"
)

// TestCoarseTypes runs every kind in a type whose step is 8: fast kernels and plain evaluators agree in every
// raw integer.
func TestCoarseTypes(t *testing.T) {
	s := newSurvey(t)
	u := on("Vitis", array, "", 1)
	u.precision = "fixed<9,12>"
	for _, c := range kindCases() {
		n := c.network(t, u)
		m, err := s.toolkit.NewModel(n.parsed, n.config)
		require.NoError(t, err, c.name)
		s.plain(trial{c.name + "_" + u.String(), m, n.samples(samplesPerNetwork)})
	}
}

// failure builds the case and returns what is wrong with it.
func (c kindCase) failure(t *testing.T, u setup, settings *ir.Section) (*hlsgo.Model, error) {
	t.Helper()
	n := c.network(t, u)
	if settings != nil {
		n.config.HLS.Names = append(n.config.HLS.Names, settings)
	}
	m, err := toolkit(t).NewModel(n.parsed, n.config)
	if err != nil {
		return nil, err
	}
	return m, prepare(m)
}

// TestTableSizes wants tables no larger than a program can hold, whoever sizes them.
func TestTableSizes(t *testing.T) {
	c := kindCase{"tanh", []int{4}, simple("Activation", "tanh"), nil}
	_, err := c.failure(t, on("Vitis", array, "", 1), &ir.Section{
		Name: "act", Keys: []ir.Key{{Name: "TableSize", Value: 1 << 40}},
	})
	require.ErrorContains(t, err, `Activation "act": table_size: got 1099511627776, want 1 to 1048576`)
	c.build = func(b *builder) { // a table with an entry for each of the quantizer's values
		b.quantizerOf(30, 1)
		simple("Activation", "tanh")(b)
	}
	_, err = c.failure(t, on("Vitis", array, "", 1), nil)
	require.ErrorContains(t, err, `Activation "act": table_size: got 4294967296, want 1 to 1048576`)
}

// quantizerOf appends a quantizer of HGQ with the same bits for all values.
func (b *builder) quantizerOf(bits, integer int) {
	l := b.add("FixedPointQuantizer", "FixedPointQuantizer", fmt.Sprintf("q%d", b.next()), map[string]any{})
	l.Attrs.(*quant.FixedPointAttrs).Mask = quant.Mask{K: []int{1}, B: []int{bits}, I: []int{integer}}
}

// TestQuantizerBehindGlobalPooling wants the type of the quantizer, where hls4ml stops at one axis too many.
func TestQuantizerBehindGlobalPooling(t *testing.T) {
	c := kindCase{"global", []int{2, 3, 2}, func(b *builder) {
		b.quantizerOf(8, 3)
		pooled("GlobalPooling2D", []int{2}, map[string]any{
			"pool_op": "Average", "in_height": 2, "in_width": 3, "n_filt": 2,
		})(b)
		b.quantizerOf(6, 3)
	}, nil}
	m, err := c.failure(t, on("Vitis", array, "", 1), nil)
	require.NoError(t, err)
	g, err := m.Graph()
	require.NoError(t, err)
	require.Equal(t, "fixed<6,3>", g.Nodes[len(g.Nodes)-1].Out().Type.Format.String())
}

// TestSettingsOfRepeatedLayers wants the settings of the layer in a TimeDistributed to count.
func TestSettingsOfRepeatedLayers(t *testing.T) {
	c := kindCase{"steps", []int{3, 6}, repeated(sixToFour), nil}
	m, err := c.failure(t, on("Vitis", array, "Resource", 1), &ir.Section{
		Name: "fc1", Keys: []ir.Key{{Name: "ReuseFactor", Value: 6}},
		Precision: []ir.Precision{{Var: "result", Text: "fixed<7,3>"}},
	})
	require.NoError(t, err)
	g, err := m.Graph()
	require.NoError(t, err)
	require.Equal(t, 6, g.Node("fc1").ReuseFactor)
	require.Equal(t, "fixed<7,3>", g.Node("fc1").Out().Type.Format.String())
	_, err = c.failure(t, on("Vitis", array, "", 1), &ir.Section{
		Name: "steps", Precision: []ir.Precision{{Var: "result", Text: "fixed<9,4>"}},
	})
	require.ErrorContains(t, err, "LayerName.steps: the model has no such layer")
	_, err = c.failure(t, on("Vitis", array, "", 1), &ir.Section{
		Name: "stepsfc1", Precision: []ir.Precision{{Var: "result", Text: "fixed<9,4>"}},
	})
	require.NoError(t, err, "the model's only output and a type of its own")
}

// TestThresholdsBehindReshape compares data of one type with thresholds of another: arrays are reshaped in
// place, in the type of the layer before, and the thresholds were made for the type of the reshape.
func TestThresholdsBehindReshape(t *testing.T) {
	s := newSurvey(t)
	var trials []trial
	for _, sign := range []func(*builder){
		quantizedTanh("Activation", "binary_tanh"), quantizedTanh("TernaryTanh", "ternary_tanh"),
	} {
		for _, result := range []string{"fixed<12,2>", "fixed<9,7>", "ufixed<10,4>"} {
			c := kindCase{"thresholds", []int{2, 3}, func(b *builder) { b.reshape(); sign(b) }, nil}
			u := on("Vitis", array, "", 1)
			u.precision = "fixed<7,3>"
			n := c.network(t, u)
			n.config.HLS.Names = append(n.config.HLS.Names, &ir.Section{
				Name: "flat1", Precision: []ir.Precision{{Var: "result", Text: result}},
			})
			m, err := s.toolkit.NewModel(n.parsed, n.config)
			require.NoError(t, err)
			trials = append(trials, trial{
				fmt.Sprintf("thresholds%d_%s", len(trials), result), m, n.samples(samplesPerNetwork),
			})
			s.plain(trials[len(trials)-1])
		}
	}
	verifyAll(t, trials, hlsgo.FirmwareOptions{})
}
