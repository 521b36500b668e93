package merge_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/layers/merge"
	"github.com/hlsgo/hlsgo/sim"
)

// TestPickedFraction converts the smaller of a whole number and a fraction to an integer. The firmware rounds
// negative fractions of a type without integer bits down, and other numbers toward zero; so it matters which
// of both types the number picked has.
func TestPickedFraction(t *testing.T) {
	input := func(name string) *ir.Layer {
		return &ir.Layer{Name: name, Kind: "Input", ClassName: "InputLayer", Attrs: &io.Attrs{InputShape: []int{1}}}
	}
	network := &ir.Parsed{
		Layers: []*ir.Layer{input("a"), input("b"), {
			Name: "m", Kind: "Merge", ClassName: "Minimum", Inputs: []string{"a", "b"},
			Attrs: &merge.Attrs{Op: "minimum"},
		}},
		Inputs: []string{"a", "b"}, Outputs: []string{"m"},
	}
	typed := func(layer, text string) *ir.Section {
		return &ir.Section{Name: layer, Precision: []ir.Precision{{Var: "result", Text: text}}}
	}
	tk, err := hlsgo.New()
	require.NoError(t, err)
	m, err := tk.NewModel(network, &ir.Config{
		ProjectName: "p", Backend: "Vitis", IOType: ir.Parallel, ClockPeriod: 5,
		HLS: ir.HLSConfig{
			Model: &ir.Section{
				Precision: []ir.Precision{{Var: "default", Text: "fixed<16,6>"}},
				Keys:      []ir.Key{{Name: "ReuseFactor", Value: 1}},
			},
			Names: []*ir.Section{typed("a", "fixed<11,11>"), typed("b", "fixed<7,0>"), typed("m", "int<7>")},
		},
	})
	require.NoError(t, err)
	for _, plain := range []bool{false, true} {
		p, err := m.Compile(sim.Options{Plain: plain})
		require.NoError(t, err)
		y, err := p.Predict32([][]float32{{3, -1, 0}, {-0.25, 0.25, 0.25}})
		require.NoError(t, err)
		require.Equal(t, [][]float32{{-1, -1, 0}}, y, "plain evaluators: %t", plain)
	}
}
