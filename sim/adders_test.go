package sim_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// addersOf is a dense layer of adders, whose types of weights and sums would hold none of its numbers.
func addersOf(w []float64, bias float64, result fixed.Format) nodeSpec {
	s := denseOf(w, fixed.Fixed(2, 2), fixed.Fixed(2, 1), result)
	s.strategy, s.reuse = ir.DistributedArithmetic, 1
	s.weights["bias"] = weightSpec{fixed.UInt(1), []float64{bias}}
	return s
}

// TestAdders holds sums of stored weights against numbers of any length, and the fast kernels
// against the plain evaluator.
func TestAdders(t *testing.T) {
	in := fixed.Fixed(12, 5)
	x := []float64{1, 2, 3, 4, -1, 15.9921875, -16, 5, 0.0078125, -0.0078125, 7.5, -3.25}
	for _, c := range []struct {
		name  string
		w     []float64
		bias  float64
		class string
	}{
		{"grid", []float64{1.25, -0.75, 2, 0}, 0.5, "exact"},
		{"zeros", []float64{0, 0, 0, 0}, 0, "exact"},
		{"large", []float64{4096, -8192, 0, 12288}, 1 << 20, "exact"},
		{
			"full mantissas", []float64{float64(float32(0.1)), float64(float32(-0.3)), 1, 0},
			float64(float32(0.7)), "exact",
		},
		{"far apart", []float64{1 << 50, -1, math.Ldexp(1, -20), 0}, 0, "plain"},
		{"further than a word", []float64{math.Ldexp(1, 100), -1, math.Ldexp(1, -100), 0}, 0, "plain"},
	} {
		for _, result := range []fixed.Format{
			fixed.Fixed(14, 7), fixed.Fixed(9, 4).With(fixed.RND, fixed.SAT),
			fixed.Fixed(9, 4).With(fixed.TRNZero, fixed.SATSym),
		} {
			t.Run(c.name+" "+result.String(), func(t *testing.T) {
				g := chain(t, ir.Parallel, []int{4}, in, addersOf(c.w, c.bias, result))
				p := compareEvaluators(t, g, x)
				require.Equal(t, c.class, p.Kernels()[1].Notes[0].Class.String())
				y, err := p.Predict64([][]float64{x})
				require.NoError(t, err)
				for i, got := range y[0] {
					sum := exactly(c.bias)
					for k, w := range c.w {
						sum.Add(sum, new(big.Float).Mul(exactly(w), exactly(x[i*4+k])))
					}
					full := fixed.Fixed(1000, 500)
					raw, accuracy := sum.SetMantExp(sum, full.F()).Int(nil)
					require.Equal(t, big.Exact, accuracy)
					require.Equal(t, fixed.ToFloat64Big(fixed.CastBig(new(big.Int), raw, full, result), result), got)
				}
			})
		}
	}
}

// exactly is v as a number whose sums and products with others here are exact.
func exactly(v float64) *big.Float { return new(big.Float).SetPrec(1000).SetFloat64(v) }

// TestAddersInput refuses inputs that hls4ml refuses.
func TestAddersInput(t *testing.T) {
	g := chain(t, ir.Parallel, []int{1}, fixed.Int(8), addersOf([]float64{1}, 0, fixed.Fixed(8, 4)))
	_, err := sim.Compile(g, view(t), sim.Options{})
	require.EqualError(t, err, `Dense "n1": Strategy distributed_arithmetic: type of the input: got int<8>, `+
		`want a fixed-point type, as hls4ml does`)
}
