package passes_test

import (
	"math"
	"testing"

	"github.com/hlsgo/hlsgo/backend/xilinx"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/passes"
	"github.com/stretchr/testify/require"
)

// roundTo rounds weights to whole numbers of its format.
type roundTo struct{ f fixed.Format }

func (q roundTo) Format() fixed.Format { return q.f }
func (q roundTo) String() string       { return "round" }
func (q roundTo) Quantize(t *ir.Tensor) (*ir.Tensor, error) {
	return t.Map(math.Round), nil
}

// quantize gives a layer of the network a quantizer.
func (b *net) quantize(layer, role string) *net {
	for _, l := range b.Layers {
		if l.Name == layer {
			if l.Data.Quantizers == nil {
				l.Data.Quantizers = map[string]ir.Quantizer{}
			}
			l.Data.Quantizers[role+"_quantizer"] = roundTo{fixed.Int(5)}
		}
	}
	return b
}

// TestFuseQuantizedWeights wants a fold only where one factor is neutral, and the quantizer applied to what
// it gives.
func TestFuseQuantizedWeights(t *testing.T) {
	cfg := settings(t, "Vivado", "io_parallel", reuse)
	g := input(4).dense("fc", 4, 3).quantize("fc", "weight").bn("b", 3, 2, 1).graph(t, cfg)
	require.Equal(t, "int<5>", g.Node("fc").Format("weight_t").String())
	require.Empty(t, apply(t, g, passes.FuseBatchNormalization))

	g = input(4).dense("fc", 4, 3).quantize("fc", "weight").bn("b", 3, 1, 1).graph(t, cfg)
	require.NotEmpty(t, apply(t, g, passes.FuseBatchNormalization))
	fc := g.Node("fc")
	require.Equal(t, ramp(4, 3).Map(math.Round), fc.Weight("weight").Data)
	require.Equal(t, fixed.Int(5), fc.Format("weight_t"))
	require.Equal(t, 1.125, fc.Weight("bias").Data.Data[0])
}

// TestFuseQuantizedScale wants a quantized scale folded only into weights that are all one.
func TestFuseQuantizedScale(t *testing.T) {
	cfg := settings(t, "Vivado", "io_parallel", reuse)
	g := input(4).dense("fc", 4, 3).bn("b", 3, 2, 1).quantize("b", "scale").graph(t, cfg)
	require.Empty(t, apply(t, g, passes.FuseBatchNormalization))

	b := input(4).dense("fc", 4, 3).bn("b", 3, 2, 1).quantize("b", "scale")
	b.Layers[1].Data.Tensors["weight_data"] = fill(1, 4, 3)
	g = b.graph(t, cfg)
	require.NotEmpty(t, apply(t, g, passes.FuseBatchNormalization))
	require.Equal(t, fill(2, 4, 3), g.Node("fc").Weight("weight").Data)
	require.Equal(t, fixed.Int(5), g.Node("fc").Format("weight_t"))
}

// TestFuseKeepsFromOtherTypes leaves weights of the binary kind alone.
func TestFuseKeepsFromOtherTypes(t *testing.T) {
	cfg := settings(t, "Vivado", "io_parallel", reuse)
	for f, matches := range map[fixed.Format]bool{fixed.Xnor(): false, fixed.Exponent(4, true): true} {
		g := input(4).dense("fc", 4, 3).bn("b", 3, 2, 1).graph(t, cfg)
		g.Node("fc").Type("weight_t").Format = f
		require.Equal(t, matches, len(apply(t, g, passes.FuseBatchNormalization)) > 0)
		require.NotNil(t, g.Node("b"))
	}
}

// TestMergeLinearTakesQuantizer gives the producer the type of the activation's quantizer.
func TestMergeLinearTakesQuantizer(t *testing.T) {
	b := input(4).dense("fc", 4, 3).act("q", "linear")
	b.Layers[2].Data.Quantizers = map[string]ir.Quantizer{"quantizer": roundTo{fixed.Int(7)}}
	g := b.graph(t, settings(t, "Vivado", "io_parallel", reuse+named+"    q:\n      Precision: fixed<8,3>\n"))
	apply(t, g, passes.MergeLinearActivation)
	require.Equal(t, fixed.Int(7), g.Node("fc").Format("result_t"))
}

// TestLinearComparesTypesAsHLS4ML removes a linear activation between types that hls4ml holds equal.
func TestLinearComparesTypesAsHLS4ML(t *testing.T) {
	for _, c := range []struct {
		in, out fixed.Format
		removed bool
	}{
		{fixed.Fixed(16, 6), fixed.Fixed(16, 6), true},
		{fixed.Fixed(16, 6), fixed.Fixed(16, 6).With(fixed.RND, fixed.WRAP), false},
		{fixed.Fixed(8, 8), fixed.Int(8), false},
		{fixed.Xnor(), fixed.UInt(1), true},
		{fixed.UInt(1), fixed.Xnor(), false},
		{fixed.Auto, fixed.Auto, true},
		{fixed.Auto, fixed.Fixed(16, 6), false},
	} {
		g := input(4).act("a", "relu").act("l", "linear").graph(t, settings(t, "Vivado", "io_parallel", reuse))
		g.Node("a").Out().Type.Format, g.Node("l").Out().Type.Format = c.in, c.out
		apply(t, g, passes.EliminateLinearActivation)
		require.Equal(t, c.removed, g.Node("l") == nil, "%s to %s", c.in, c.out)
	}
}

// TestWarningsOfValidation runs the passes that only speak.
func TestWarningsOfValidation(t *testing.T) {
	slow := "      result: auto\n    ReuseFactor: 2\n    Strategy: resource_unrolled\n"
	g := input(4).dense("fc", 4, 3).graph(t, settings(t, "Vitis", "io_parallel", slow))
	apply(t, g, append(initialized, xilinx.ValidateResourceUnrolledStrategy, xilinx.ValidateStdCppTypes)...)
	require.Equal(t, []string{
		`Dense "fc": Strategy resource_unrolled: Vitis may miss the interval: check the report`,
	}, g.Warnings)

	half := "    ReuseFactor: 1\n    Strategy: Resource\n" + named + "    fc:\n      Precision: half\n"
	g = input(4).dense("fc", 4, 3).graph(t, settings(t, "Vitis", "io_parallel", half))
	apply(t, g, xilinx.ValidateStdCppTypes)
	require.Equal(t, []string{
		`Dense "fc": got C++ types that Vitis cannot synthesize: only for tests`,
	}, g.Warnings)

	g = input(4).dense("fc", 4, 6).graph(t, settings(t, "Vitis", "io_parallel", half))
	g.Node("fc").ReuseFactor = 6
	apply(t, g, xilinx.ValidateResourceStrategy)
	require.Equal(t, []string{
		`Dense "fc": ReuseFactor: got 6, no multiple of 4: Vitis HLS up to 2022.1 needs a divider`,
	}, g.Warnings)
}

// TestScalesAreNoted wants one line that tells the worst of the scales and the type that would hold it.
func TestScalesAreNoted(t *testing.T) {
	b := weightNet().quantNode("q", "w", 0, 0.3).matMul("m", "x", "q").quantNode("r", "m", 0, 0.011)
	g := b.graph(t, settings(t, "Vivado", "io_parallel", reuse))
	require.NoError(t, xilinx.VivadoFlow().Run(g, nil))
	require.Equal(t, []string{`scales of quantizers that are no powers of two: their types do not hold those ` +
		`of 2 layers; the worst is "r_rescale": 0.011 is held as 0.0107422 in fixed<16,6>, 2.3% off; ` +
		`ufixed<21,-6> would hold it`}, g.Warnings)

	b = weightNet().quantNode("q", "w", 0, 0.25).matMul("m", "x", "q")
	g = b.graph(t, settings(t, "Vivado", "io_parallel", reuse))
	require.NoError(t, xilinx.VivadoFlow().Run(g, nil))
	require.Empty(t, g.Warnings)
}
