package passes_test

import (
	"testing"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/dense"
	"github.com/hlsgo/hlsgo/passes"
	"github.com/stretchr/testify/require"
)

// TestBiasAddWantsAMatrixBefore refuses a bias that no layer can take over.
func TestBiasAddWantsAMatrixBefore(t *testing.T) {
	b := input(4).dense("d", 4, 3).act("r", "relu")
	b.add("BiasAdd", "b", &dense.BiasAttrs{}, map[string]*ir.Tensor{"bias_data": ramp(3)})
	cfg := settings(t, "Vitis", "io_parallel", reuse)
	flow, err := passes.For("Vitis")
	require.NoError(t, err)
	require.EqualError(t, flow.Run(b.graph(t, cfg), nil), `BiasAdd "b": input "r": got a bias behind another `+
		`layer than Dense or a convolution, which has no firmware: want it in a BatchNormalization`)
}

// TestBiasAddKeepsTheTypeOfTheBias: a dense layer without bias has one of uint<1>, and hls4ml puts the new
// data into it.
func TestBiasAddKeepsTheTypeOfTheBias(t *testing.T) {
	b := input(4)
	b.add("Dense", "d", &dense.Attrs{NIn: 4, NOut: 3}, map[string]*ir.Tensor{"weight_data": ramp(4, 3)})
	b.add("BiasAdd", "b", &dense.BiasAttrs{}, map[string]*ir.Tensor{"bias_data": ramp(3)})
	g := b.graph(t, settings(t, "Vitis", "io_parallel", reuse))
	run(t, g)
	require.Len(t, g.Nodes, 2)
	bias := g.Node("d").Weight("bias")
	require.Equal(t, ramp(3).Data, bias.Data.Data)
	require.Equal(t, "uint<1>", bias.Type.Format.String())
	require.Equal(t, ir.Count{Zeros: 3}, bias.Count())
}
