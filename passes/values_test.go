package passes_test

import (
	"math"
	"testing"

	"github.com/hlsgo/hlsgo/backend/xilinx"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/builtin"
	"github.com/hlsgo/hlsgo/layers/conv"
	"github.com/hlsgo/hlsgo/layers/group"
	"github.com/hlsgo/hlsgo/passes"
	"github.com/stretchr/testify/require"
)

// f32 rounds to the precision of the framework's weights.
func f32(v float64) float64 { return float64(float32(v)) }

// TestFuseRoundsAsNumpy wants every operation of a fold rounded to float32, and to float64 once a bias that
// never was one takes part.
func TestFuseRoundsAsNumpy(t *testing.T) {
	b := input(2).dense("fc", 2, 2).bn("b", 2, f32(0.1), f32(0.7))
	b.Layers[1].Data.Tensors["weight_data"] = fill(f32(0.3), 2, 2)
	delete(b.Layers[1].Data.Tensors, "bias_data")
	g := b.graph(t, settings(t, "Vivado", "io_parallel", reuse))
	require.Equal(t, fixed.UInt(1), g.Node("fc").Format("bias_t"))
	apply(t, g, passes.FuseBatchNormalization)
	fc := g.Node("fc")
	require.Equal(t, f32(f32(0.1)*f32(0.3)), fc.Weight("weight").Data.Data[0])
	require.Equal(t, ir.Float32, fc.Weight("weight").Data.DType)
	require.Equal(t, f32(0.7), fc.Weight("bias").Data.Data[0])
	require.Equal(t, ir.Float64, fc.Weight("bias").Data.DType)
	require.Equal(t, fixed.Fixed(16, 6), fc.Format("bias_t"))
}

func TestFuseConsecutiveValues(t *testing.T) {
	g := input(4).bn("b1", 4, 2, 1).bn("b2", 4, 3, -1).graph(t, settings(t, "Vivado", "io_parallel", reuse))
	apply(t, g, passes.FuseConsecutiveBatchNormalization)
	require.Equal(t, fill(6, 4), g.Node("b2").Weight("scale").Data)
	require.Equal(t, fill(2, 4), g.Node("b2").Weight("bias").Data)
}

// TestFuseWantsOneReader keeps the layer as it is where somebody else reads what it gives.
func TestFuseWantsOneReader(t *testing.T) {
	b := input(4).dense("fc", 4, 3).bn("b", 3, 2, 1).act("a", "relu", "fc").outputs("b", "a")
	g := b.graph(t, settings(t, "Vivado", "io_parallel", reuse))
	before := text(t, g)
	apply(t, g, passes.FuseBatchNormalization)
	require.Equal(t, before, text(t, g))
}

// TestDenseOverAxesLosesFold keeps a bug of hls4ml 1.3.0: the convolution starts from the weights as read.
func TestDenseOverAxesLosesFold(t *testing.T) {
	b := input(5, 4).dense("fc", 4, 3).add("BatchNormalization", "b", nil, nil)
	bn := input(3).bn("b", 3, 2, 1).Layers[1]
	bn.Inputs = []string{"fc"}
	b.Layers[2] = bn
	g := b.graph(t, settings(t, "Vivado", "io_parallel", reuse))
	apply(t, g, passes.FuseBatchNormalization, passes.ReplaceMultidimensionalDenseWithConv)
	require.Nil(t, g.Node("b"))
	require.Equal(t, ramp(1, 4, 3), g.Node("fc").Weight("weight").Data)
}

func TestFoldTransposeValues(t *testing.T) {
	b := input(2, 3).transpose("t", 1, 0).reshape("f", 6).dense("fc", 6, 1)
	g := b.graph(t, settings(t, "Vivado", "io_parallel", reuse))
	apply(t, g, passes.RemoveTransposeBeforeFlatten)
	got := g.Node("fc").Weight("weight").Data
	// Row p of the transposed tensor (3,2) held element (p/2, p%2), which is (p%2, p/2) of the input (2,3).
	for p := range 6 {
		require.Equal(t, float64(p+1)/8, got.Data[p%2*3+p/2])
	}
}

func TestResourceStrategyValues(t *testing.T) {
	cfg := settings(t, "Vivado", "io_parallel", reuse+"    Strategy: resource\n")
	g := input(4).dense("fc", 4, 3).graph(t, cfg)
	apply(t, g, append(initialized, xilinx.ApplyResourceStrategy)...)
	w := g.Node("fc").Weight("weight")
	require.Equal(t, ramp(4, 3).Transpose(1, 0), w.Data)
	require.Equal(t, []int{4, 3}, w.Shape)
	require.NotContains(t, apply(t, g, xilinx.ApplyResourceStrategy), xilinx.ApplyResourceStrategy.Name)
}

func TestThresholdsOfQuantizedTanh(t *testing.T) {
	cfg := settings(t, "Vivado", "io_parallel", "    ReuseFactor: 1\n")
	g := input(4).bn("b", 4, 2, -0.3).ternary("t", 0.5).graph(t, cfg)
	apply(t, g, passes.MergeBatchNormQuantizedTanh)
	n := g.Node("bnbt_b")
	flip := f32(f32(0.3) / 2)
	grid := func(v float64) float64 { return math.Floor(v*1024) / 1024 }
	require.Equal(t, grid(f32(0.25+flip)), n.Weight("threshold_hi").Data.Data[0])
	require.Equal(t, grid(f32(-0.25+flip)), n.Weight("threshold_lo").Data.Data[0])
	require.Equal(t, fixed.Int(2), n.Format("result_t"))
	require.Equal(t, fixed.Fixed(16, 6), n.Format("threshold_hi_t"))
}

// TestTargetCycles follows hls4ml's way from a wanted latency to a reuse factor: six cycles go to moving each
// of the four sums, the rest is shared among them; less than that leaves the reuse factor as configured.
func TestTargetCycles(t *testing.T) {
	factors := map[string]int{"23": 8, "24": 1, "25": 1, "40": 4, "45": 4, "48": 4, "49": 8, "500": 64}
	for cycles, want := range factors {
		more := "    ReuseFactor: 8\n    Strategy: resource\n    TargetCycles: " + cycles + "\n"
		g := input(16).dense("fc", 16, 4).graph(t, settings(t, "Vivado", "io_parallel", more))
		apply(t, g, initialized...)
		require.Equal(t, want, g.Node("fc").ReuseFactor, cycles)
	}
}

// TestChannelsLastWeights converts kernels from (output, input, height, width).
func TestChannelsLastWeights(t *testing.T) {
	a := &conv.Conv2DAttrs{
		Common:   conv.Common{DataFormat: "channels_first", NChan: 2, NFilt: 3},
		InHeight: 5, InWidth: 6, OutHeight: 2, OutWidth: 2, FiltHeight: 4, FiltWidth: 5,
		StrideHeight: 1, StrideWidth: 1,
	}
	data := map[string]*ir.Tensor{"weight_data": ramp(3, 2, 4, 5), "bias_data": ramp(3)}
	b := input(2, 5, 6).add("Conv2D", "c", a, data)
	g := b.graph(t, settings(t, "Vivado", "io_parallel", reuse+"    ChannelsLastConversion: internal\n"))
	require.Equal(t, []int{3, 2, 2}, g.Var("c").Shape)
	apply(t, g, passes.ChannelsLastConverter)
	require.Equal(t, []int{5, 6, 2}, g.Var("x").Shape)
	require.Equal(t, []int{2, 2, 3}, g.Var("c").Shape)
	w := g.Node("c").Weight("weight").Data
	require.Equal(t, []int{4, 5, 2, 3}, w.Shape)
	require.Equal(t, ramp(3, 2, 4, 5).Data[((2*2+1)*4+3)*5+1], w.Data[((3*5+1)*2+1)*3+2])
}

// TestThresholdOfActivation wants one half where the activation has no threshold of its own.
func TestThresholdOfActivation(t *testing.T) {
	g := input(4).bn("b", 4, 1, 0).act("t", "ternary_tanh").graph(t, settings(t, "Vivado", "io_parallel", once))
	apply(t, g, passes.MergeBatchNormQuantizedTanh)
	require.Equal(t, 0.5, g.Node("bnbt_b").Weight("threshold_hi").Data.Data[0])
	require.Equal(t, -0.5, g.Node("bnbt_b").Weight("threshold_lo").Data.Data[0])
}

// TestBramFactorIsTheLargestRegister keeps a weight of exactly that many values in registers.
func TestBramFactorIsTheLargestRegister(t *testing.T) {
	for factor, want := range map[string]string{"11": "bram", "12": "register"} {
		cfg := settings(t, "Vivado", "io_parallel", reuse+"    BramFactor: "+factor+"\n")
		g := input(4).dense("fc", 4, 3).graph(t, cfg)
		apply(t, g, passes.RegisterBramWeights)
		require.Equal(t, want, g.Node("fc").Weight("weight").Storage)
	}
}

// TestPointwiseReadsConfigurationAgain keeps hls4ml's habit of losing the mended reuse factor.
func TestPointwiseReadsConfigurationAgain(t *testing.T) {
	more := reuse + "    Strategy: resource\n" + named +
		"    c:\n      ReuseFactor: 5\n      Strategy: Resource\n"
	g := input(5, 2).conv1D("c", 5, 1, 2, 3).graph(t, settings(t, "Vivado", "io_parallel", more))
	apply(t, g, initialized...)
	require.Equal(t, 6, g.Node("c").ReuseFactor)
	apply(t, g, xilinx.OptimizePointwiseConv)
	n := g.Node("c")
	require.Equal(t, "PointwiseConv1D", n.Kind)
	require.Equal(t, 5, n.ReuseFactor)
	require.Equal(t, ir.Resource, n.Strategy)
	require.Equal(t, 5, conv.StateOf(n).NPartitions)
}

// TestRepackKeepsItsDeclaredType wants a softmax behind a repacked stream to size its table by the type
// configured for the repacking, as hls4ml does, and not by that of the stream.
func TestRepackKeepsItsDeclaredType(t *testing.T) {
	narrow := "      Precision: fixed<7,2>\n"
	more := "    ReuseFactor: 1\n" + named + "    x:\n" + narrow + "    r:\n" + narrow
	b := input(6).reshape("r", 2, 3)
	b.softmax("s", softmaxAttrs(1<<20))
	g := b.graph(t, settings(t, "Vivado", stream, more))
	run(t, g)
	require.Equal(t, fixed.Fixed(7, 2), g.Node("repack_r").Format("result_t"))
	v, _ := ir.GetAttr(g.Node("s").Attrs, "table_size")
	require.Equal(t, 1<<16, v)
}

// TestGroupWithAnotherReader keeps hls4ml's wiring of a nested model whose input a layer before it reads.
func TestGroupWithAnotherReader(t *testing.T) {
	inner := input(4).act("i", "tanh")
	inner.Layers[0].Name = "nested_x"
	inner.Layers[1].Inputs = []string{"nested_x"}
	b := input(4).act("a", "relu", "x").add("LayerGroup", "g", groupAttrs(inner, 4), nil, "x").outputs("a", "g")
	g := b.graph(t, settings(t, "Vivado", "io_parallel", reuse))
	apply(t, g, passes.ExpandLayerGroup)
	require.Equal(t, []string{"i"}, g.Node("a").Inputs)
	require.Equal(t, []string{"a", "x"}, g.Outputs)
	require.Len(t, g.Warnings, 1)
}

func groupAttrs(inner *net, out ...int) *group.Attrs {
	return &group.Attrs{Layers: inner.Layers, OutputShape: out}
}

func TestErrorsOfPasses(t *testing.T) {
	cases := []struct {
		name, io, more, want string
		net                  *net
	}{
		{
			name: "rank", net: input(2, 2, 2, 4).dense("fc", 4, 2),
			want: `Dense "fc": input: got 4 axes, want at most 3`,
		},
		{
			name: "reuse", net: input(4).dense("fc", 4, 2), more: "      result: auto\n",
			want: `Input "x": ReuseFactor: got none for the layer or the model, want a positive whole number` + "\n" +
				`Dense "fc": ReuseFactor: got none for the layer or the model, want a positive whole number`,
		},
		{
			name: "da", net: input(4).dense("fc", 4, 2), more: "    ReuseFactor: 2\n    Strategy: da\n",
			want: `Dense "fc": Strategy distributed_arithmetic: got ReuseFactor 2, want 1`,
		},
		{
			name: "unrolled", net: input(1).dense("fc", 1, 1),
			more: "    ReuseFactor: 2\n    Strategy: resource_unrolled\n",
			want: `Dense "fc": Strategy resource_unrolled: got one multiplication, want more than one`,
		},
		{
			name: "unrolled pointwise", io: stream, net: input(5, 2).conv1D("c", 5, 1, 2, 3),
			more: "    ReuseFactor: 2\n    Strategy: resource_unrolled\n" + named + "    c:\n      ReuseFactor: 5\n",
			want: `PointwiseConv1D "c": Strategy resource_unrolled: got ReuseFactor 5, want one of [1 2 6]`,
		},
		{
			name: "unrolled remainder", io: stream, net: input(5, 5).conv1D("c", 5, 1, 5, 2),
			more: "    ReuseFactor: 5\n    Strategy: resource_unrolled\n" + named + "    c:\n      ReuseFactor: 3\n",
			want: `PointwiseConv1D "c": Strategy resource_unrolled: got ReuseFactor 3, want one of [1 5 10]`,
		},
		{
			name: "compression", net: input(4).dense("fc", 4, 2), more: "    ReuseFactor: 1\n    Compression: true\n",
			want: `Dense "fc": Compression: got true, which hls4ml 1.3.0 cannot build either, want false`,
		},
		{
			name: "clones", io: stream, net: manyReaders(8),
			want: `Input "x": output "x": got 8 readers, want at most 7`,
		},
		{
			name: "threshold", net: input(4).ternary("t", 0),
			want: `TernaryTanh "t": threshold: got 0, want another number`,
		},
		{
			name: "group", net: input(4).act("d0", "tanh").group("g", input(4).act("d0", "relu"), 4),
			want: `LayerGroup "g": layer "x" of the nested model: the name is not unique in the model`,
		},
		{
			name: "final reshape", net: input(2, 2).act("a", "relu").reshape("f", 4).outputs("a", "f"),
			want: `Reshape "f": remove: its input "a" would be an output of the model twice`,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.io == "" {
				c.io = "io_parallel"
			}
			if c.more == "" {
				c.more = reuse
			}
			g, err := ir.Build(&c.net.Parsed, settings(t, "Vivado", c.io, c.more), builtin.Registry())
			if err == nil {
				err = xilinx.VivadoFlow().Run(g, nil)
			}
			require.EqualError(t, err, c.want)
		})
	}
}

func manyReaders(k int) *net {
	b := input(4)
	names := make([]string, k)
	for i := range names {
		names[i] = string(rune('a' + i))
		b.act(names[i], "relu", "x")
	}
	return b.outputs(names...)
}
