package sim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
	"github.com/hlsgo/hlsgo/sim/vec"
)

// denseOf is a dense layer of given types with 4 inputs and one output.
func denseOf(w []float64, weight, accum, result fixed.Format) nodeSpec {
	return nodeSpec{
		kind: "Dense", shape: []int{1}, result: result, strategy: "latency",
		attrs: map[string]any{"n_in": len(w), "n_out": 1},
		types: map[string]fixed.Format{"accum_t": accum},
		weights: map[string]weightSpec{
			"weight": {weight, w}, "bias": {fixed.Fixed(16, 6), []float64{0.5}},
		},
	}
}

// TestKernels checks which kernel is chosen, and the reason given.
func TestKernels(t *testing.T) {
	w := []float64{1.25, -0.75, 2, 0}
	weight, in := fixed.Fixed(16, 6), fixed.Fixed(16, 6)
	for _, c := range []struct {
		name          string
		w             []float64
		accum, result fixed.Format
		class, lane   string
		why           string
	}{
		{"grown", w, fixed.Fixed(40, 20), fixed.Fixed(16, 6), "exact", "int16 into int32",
			"no sum leaves fixed<40,20>"},
		{"few bits of weight", w, fixed.Fixed(18, 6), fixed.Fixed(16, 6), "ring", "int16 into int32",
			"no product loses bits, the sum wraps to 18 bits"},
		{"cut", []float64{0.3, 0.1, 0.7, 0.2}, fixed.Fixed(24, 14), fixed.Fixed(16, 6), "cut", "int16 into int32",
			"each product is cut from 20 to 10 fractional bits; only the low 16 bits are looked at"},
		{"cut and wrapped", []float64{0.3, 3.1, 0.7, 0.2}, fixed.Fixed(16, 6), fixed.Fixed(16, 6), "cut",
			"int16 into int32", "each product is cut from 20 to 10 fractional bits, the sum wraps to 16 bits"},
		{"saturating, never reached", w, fixed.Fixed(40, 20).With(fixed.TRN, fixed.SAT), fixed.Fixed(16, 6),
			"exact", "int16 into int32", "no sum leaves fixed<40,20,TRN,SAT>"},
		{"saturating", w, fixed.Fixed(16, 6).With(fixed.RND, fixed.SAT), fixed.Fixed(16, 6), "ordered",
			"int16 into int32", "the accumulator fixed<16,6,RND,SAT> may saturate: the order counts"},
		{"low bits", []float64{30, -31, 30, 31}, fixed.Fixed(60, 40), fixed.Fixed(16, 6), "exact",
			"int16 into int32", "no sum leaves fixed<60,40>; only the low 26 bits are looked at"},
		{"all bits", []float64{30, -31, 30, 31}, fixed.Fixed(60, 40), fixed.Fixed(16, 6).With(fixed.TRN, fixed.SAT),
			"exact", "int16 into int64", "no sum leaves fixed<60,40>"},
		{"wide", w, fixed.Fixed(90, 6), fixed.Fixed(16, 6), "plain", "any", "the bias needs more than 64 bits"},
		{"wide, but proved small", w, fixed.Fixed(90, 60), fixed.Fixed(16, 6), "exact", "int16 into int64",
			"no sum leaves fixed<90,60>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := chain(t, ir.Parallel, []int{4}, in, denseOf(c.w, weight, c.accum, c.result))
			p := compareEvaluators(t, g, []float64{1, 2, 3, 4, -1, 30, -30, 5, 31.9, 31.9, 31.9, 31.9})
			note := p.Kernels()[1].Notes[0]
			require.Equal(t, c.class, note.Class.String())
			require.Equal(t, sim.KernelNote{Class: note.Class, Lane: c.lane, Why: c.why, Count: 1}, note)
		})
	}
}

func TestCompileReportsAllProblems(t *testing.T) {
	in := fixed.Fixed(16, 6)
	float := denseOf([]float64{1, 2, 3, 4}, in, fixed.Float(fixed.FloatSingle), in)
	open := nodeSpec{
		kind: "Activation", shape: []int{1}, result: fixed.Auto, attrs: map[string]any{"activation": "relu"},
	}
	odd := nodeSpec{kind: "Activation", shape: []int{1}, result: in, attrs: map[string]any{"activation": "gelu"}}
	strategy := denseOf([]float64{1}, in, in, in)
	strategy.strategy = "compressed"
	ternary := nodeSpec{kind: "TernaryTanh", shape: []int{1}, result: in}
	g := chain(t, ir.Parallel, []int{4}, in, float, open, odd, strategy, ternary)
	_, err := sim.Compile(g, view(t), sim.Options{})
	for _, want := range []string{
		`Dense "n1": accum_t: floating-point types are not simulated: got float, want a fixed-point type`,
		`Activation "n2": result_t: got no type, want one (inference left it open)`,
		`Activation "n3": activation: got "gelu", want one of binary_tanh, `,
		`Dense "n4": the simulator has no kernel for this strategy: got compressed`,
		`TernaryTanh "n5": hls4ml writes no code for a TernaryTanh of its own`,
	} {
		require.ErrorContains(t, err, want)
	}
}

type noKernels struct{}

func (noKernels) Kernel(string) (sim.Kernel, bool) { return sim.Kernel{}, false }

func TestNoKernel(t *testing.T) {
	g := chain(t, ir.Parallel, []int{4}, fixed.Fixed(16, 6))
	_, err := sim.Compile(g, noKernels{}, sim.Options{})
	require.EqualError(t, err, `Input "x": the simulator has no kernel of this kind`)
}

// TestReuseFactor refuses what the C++ asserts.
func TestReuseFactor(t *testing.T) {
	in := fixed.Fixed(16, 6)
	d := denseOf([]float64{1, 2, 3, 4}, in, in, in)
	d.strategy, d.reuse, d.attrs["_weights_transposed"] = "resource", 3, true
	_, err := sim.Compile(chain(t, ir.Parallel, []int{4}, in, d), view(t), sim.Options{})
	require.EqualError(t, err, `Dense "n1": reuse_factor: got 3, want a divisor or a multiple of 4`)
}

// TestProducts draws binary, ternary and power-of-two weights: the fast kernels that exist, and the plain
// evaluators of all.
func TestProducts(t *testing.T) {
	bits, accum := fixed.Xnor(), fixed.Fixed(24, 14)
	for _, c := range []struct {
		name   string
		x, w   fixed.Format
		weight []float64
		accum  fixed.Format
		in     []float64
		want   int64
	}{
		{"both binary", bits, bits, []float64{1, 0, 1, 0}, fixed.Int(8), []float64{1, 1, 0, 0}, 0},
		{"weight binary", fixed.Fixed(8, 4), bits, []float64{1, 0, 1, 0}, accum, []float64{1, 2, 3, 4}, -2 << 10},
		{"data binary", bits, fixed.Fixed(8, 4), []float64{1, 2, 3, 4}, accum, []float64{1, 0, 0, 1}, 0},
		{"ternary", fixed.Fixed(8, 4), fixed.Int(2), []float64{1, 0, -1, -2}, accum,
			[]float64{1, 2, 3, 4}, 2 << 10},
		{"power of two", fixed.Fixed(8, 4), fixed.Exponent(4, true), []float64{2, -0.5, 1, 4}, accum,
			[]float64{1, 2, 3, 4}, 20 << 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := denseOf(c.weight, c.w, c.accum, c.accum)
			d.weights["bias"] = weightSpec{fixed.UInt(1), []float64{0}}
			g := chain(t, ir.Parallel, []int{4}, c.x, d)
			p := compareEvaluators(t, g, c.in)
			require.Equal(t, c.want, rawTrace(t, p, c.in)[0].Narrow[0])
			require.Equal(t, "exact", p.Kernels()[1].Notes[0].Class.String())
		})
	}
}

// TestOrderCounts saturates on the way: the resource kernels add in another order than latency.
func TestOrderCounts(t *testing.T) {
	in, sat := fixed.Fixed(8, 8), fixed.Fixed(8, 8).With(fixed.TRN, fixed.SAT)
	x := []float64{100, 100, 100, 100}
	for _, c := range []struct {
		strategy ir.Strategy
		reuse    int
		want     int64
	}{
		{"latency", 1, -73},  // 100, 127, 27, -73
		{"resource", 2, 0},   // 100, 0, 100, 0
		{"resource", 1, -73}, // 100, 127, 27, -73
		{"resource", 4, -73},
		{"resource_unrolled", 2, 0},
	} {
		d := denseOf([]float64{1, 1, -1, -1}, in, sat, sat)
		d.weights["bias"] = weightSpec{fixed.UInt(1), []float64{0}}
		d.strategy, d.reuse = c.strategy, c.reuse
		if c.strategy != "latency" {
			d.attrs["_weights_transposed"] = true
		}
		p := compareEvaluators(t, chain(t, ir.Parallel, []int{4}, in, d), x)
		require.Equal(t, c.want, rawTrace(t, p, x)[0].Narrow[0], "%s, reuse factor %d", c.strategy, c.reuse)
	}
}

// TestSymmetricSaturation: a sum that lands on the lowest raw becomes the one above it, without ever leaving
// the format.
func TestSymmetricSaturation(t *testing.T) {
	in, sym := fixed.Fixed(7, 7), fixed.Fixed(8, 8).With(fixed.TRN, fixed.SATSym)
	d := denseOf([]float64{1, 1}, fixed.Fixed(2, 2), sym, fixed.Fixed(8, 8))
	d.weights["bias"] = weightSpec{fixed.UInt(1), []float64{0}}
	x := []float64{-64, -64}
	p := compareEvaluators(t, chain(t, ir.Parallel, []int{2}, in, d), x)
	require.EqualValues(t, -127, rawTrace(t, p, x)[0].Narrow[0])
}

// TestTraceOfUnusedNode: values that no later node reads are still there when the trace looks.
func TestTraceOfUnusedNode(t *testing.T) {
	in := fixed.Fixed(16, 6)
	linear := func(result fixed.Format) nodeSpec {
		return nodeSpec{
			kind: "Activation", shape: []int{6}, result: result, attrs: map[string]any{"activation": "linear"},
		}
	}
	g := chain(t, ir.Parallel, []int{6}, in, linear(fixed.Fixed(12, 6)), linear(fixed.Fixed(9, 6)))
	g.Outputs = []string{"n1"}
	compareEvaluators(t, g, []float64{1, 2, 3, 4, 5, 6})
}

// TestOrderedLoops: accumulators that round to even or fall to zero have vector code too.
func TestOrderedLoops(t *testing.T) {
	in := fixed.Fixed(16, 6)
	x := []float64{1, 2, 3, 4, -1, 30, -30, 5, 31.9, 31.9, 31.9, 31.9, -32, 3, -31.5, 0.3}
	for _, c := range []struct {
		accum fixed.Format
		loop  string
	}{
		{fixed.Fixed(16, 6).With(fixed.RNDConv, fixed.SATZero), "scalar ordered32"},
		{fixed.Fixed(14, 7).With(fixed.RNDConv, fixed.SAT), "scalar ordered32"},
		{fixed.Fixed(20, 6).With(fixed.TRNZero, fixed.SATSym), "scalar ordered32"},
		{fixed.Fixed(40, 6).With(fixed.RNDMinInf, fixed.SATZero), "scalar ordered64"},
		{fixed.Fixed(16, 6).With(fixed.RNDConv, fixed.WRAP), "scalar ordered32"},
		{fixed.Fixed(30, 20).With(fixed.TRNZero, fixed.WRAP), "scalar ordered32"},
	} {
		g := chain(t, ir.Parallel, []int{4}, in, denseOf([]float64{1.3, -7.75, 2, 30}, in, c.accum, in))
		compareEvaluators(t, g, x)
		scalar := vec.Sets()[0]
		p, err := sim.Compile(g, view(t), sim.Options{Loops: &scalar})
		require.NoError(t, err)
		require.Equal(t, []string{c.loop}, p.Kernels()[1].Loops, "%s", c.accum)
	}
}

// TestSaturatedSumsKeepTheirLanes: two values of an accumulator may need a bit more than one of them has, and
// lanes of its width do not have it where it has no sign.
func TestSaturatedSumsKeepTheirLanes(t *testing.T) {
	x := []float64{3, 3, 3, 1, 2, 0, 0, 0}
	accum := fixed.UFixed(31, 0).With(fixed.TRN, fixed.SAT)
	whole := denseOf([]float64{1, 1}, fixed.UInt(1), accum, fixed.UFixed(2, 0))
	compareEvaluators(t, chain(t, ir.Parallel, []int{2}, fixed.UInt(2), whole), x)

	// Products on the accumulator's grid, the largest just below one.
	data, weight := fixed.UFixed(15, 0), fixed.UFixed(16, 0)
	fine := denseOf([]float64{0.99999, 0.99999}, weight, accum, fixed.UFixed(4, 0))
	x = []float64{0.999, 0.999, 0.9, 0.2, 0.1, 0.3}
	compareEvaluators(t, chain(t, ir.Parallel, []int{2}, data, fine), x)
}

// TestWeightsBehindTheResult: products of which the result looks at no bit at all.
func TestWeightsBehindTheResult(t *testing.T) {
	in, accum := fixed.Fixed(8, 8), fixed.Fixed(40, -2)
	d := denseOf([]float64{1, 2}, in, accum, fixed.Fixed(16, -20))
	compareEvaluators(t, chain(t, ir.Parallel, []int{2}, in, d), []float64{1, 2, 3, -4, 5, 6})
}
