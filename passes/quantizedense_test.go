package passes_test

import (
	"testing"

	"github.com/hlsgo/hlsgo/backend/xilinx"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/conv"
	"github.com/hlsgo/hlsgo/layers/dense"
	"github.com/hlsgo/hlsgo/passes"
	"github.com/stretchr/testify/require"
)

// TestBiasAddWantsAMatrixBefore refuses a bias that no layer can take over.
func TestBiasAddWantsAMatrixBefore(t *testing.T) {
	b := input(4).dense("d", 4, 3).act("r", "relu")
	b.add("BiasAdd", "b", &dense.BiasAttrs{}, map[string]*ir.Tensor{"bias_data": ramp(3)})
	cfg := settings(t, "Vitis", "io_parallel", reuse)
	flow := xilinx.VitisFlow()
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

// TestDepthwiseIsTakenForOneFilter: sums of a depthwise convolution get the bits of one over all channels.
func TestDepthwiseIsTakenForOneFilter(t *testing.T) {
	b := input(5, 2).fixedPoint("q", "TRN", "WRAP", 2)
	a := &conv.Conv1DAttrs{
		Common:  conv.Common{DataFormat: "channels_last", NChan: 2, NFilt: 2, ParallelizationFactor: 1},
		InWidth: 5, OutWidth: 3, FiltWidth: 3, StrideWidth: 1, DilationWidth: 1,
	}
	b.add("DepthwiseConv1D", "c", a, map[string]*ir.Tensor{
		"depthwise_data": fill(1, 3, 2, 1), "bias_data": fill(0, 2),
	})
	g := b.graph(t, settings(t, "Vitis", "io_parallel", reuse))
	apply(t, g, passes.BitExact)
	require.Equal(t, "fixed<7,5>", g.Node("c").Format("result_t").String()) // six terms of fixed<4,2>
}

// TestBitExactWantsQuantizers refuses an input whose bits nothing limits, and kinds without a rule.
func TestBitExactWantsQuantizers(t *testing.T) {
	flow := xilinx.VitisFlow()
	exact := reuse + "    BitExact: true\n"
	g := input(4).dense("d", 4, 3).graph(t, settings(t, "Vitis", "io_parallel", exact))
	require.EqualError(t, flow.Run(g, nil),
		`Input "x": BitExact: got Dense "d" behind it, want a quantizer: its type is not known`)
}
