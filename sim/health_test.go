package sim_test

import (
	"context"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
	"github.com/hlsgo/hlsgo/sim/vec"
)

// healthOf runs a graph with a health report, and wants the raw integers of every layer to be those of a run
// without.
func healthOf[T sim.Float](t require.TestingT, g *ir.Graph, in [][]T, o sim.Options) *sim.Health {
	_, want := runRaw(t, g, in, o)
	o.Health = true
	report, got := runRaw(t, g, in, o)
	require.True(t, slices.EqualFunc(want, got, sameRaws), "raw integers differ: %s", describe(g))
	return report.Health
}

// sameRaws compares numbers, and not how they are kept: a program that counts may need wider planes.
func sameRaws(a, b sim.Raw) bool {
	same := func(x, y big.Int) bool { return x.Cmp(&y) == 0 }
	return slices.EqualFunc(wideRaws(a), wideRaws(b), same)
}

func wideRaws(r sim.Raw) []big.Int {
	out := slices.Clone(r.Wide)
	for _, x := range r.Narrow {
		out = append(out, *big.NewInt(x))
	}
	return out
}

func runRaw[T sim.Float](t require.TestingT, g *ir.Graph, in [][]T, o sim.Options) (sim.Report, []sim.Raw) {
	p, err := sim.Compile(g, view(t), o)
	require.NoError(t, err)
	src, err := sim.NewSlices(p, in)
	require.NoError(t, err)
	c := &rawCollect{}
	report, err := sim.Run(context.Background(), p, sim.Job[T]{Source: src, Raw: c})
	require.NoError(t, err)
	return report, c.data
}

// compareHealth wants the counts of the plane operations, with and without vector code, to equal those of the
// plain evaluators.
func compareHealth[T sim.Float](t require.TestingT, g *ir.Graph, in [][]T) *sim.Health {
	want := healthOf(t, g, in, sim.Options{Plain: true})
	for _, loops := range []*vec.Set{nil, {}} {
		got := healthOf(t, g, in, sim.Options{Loops: loops, Block: 64})
		compareTensors(t, g, want, got, loops != nil)
		got = healthOf(t, g, in, sim.Options{Loops: loops, Grid: sim.GridAlways})
		compareTensors(t, g, want, got, loops != nil)
	}
	compareTensors(t, g, times(want, 64), countOnly(t, g, repeat(in, 64)), false)
	return want
}

// repeat is the samples of each input, over and over: all blocks are full then, for which there is vector
// code.
func repeat[T sim.Float](in [][]T, n int) [][]T {
	out := make([][]T, len(in))
	for i, x := range in {
		out[i] = slices.Repeat(x, n)
	}
	return out
}

// times is the report of the same samples n times over.
func times(h *sim.Health, n int) *sim.Health {
	out := &sim.Health{Samples: n * h.Samples, Tensors: slices.Clone(h.Tensors)}
	for i := range out.Tensors {
		if t := &out.Tensors[i]; !t.Static {
			for _, c := range []*int64{&t.Values, &t.Wrapped, &t.Saturated, &t.Vanished, &t.Outside} {
				*c *= int64(n)
			}
		}
	}
	return out
}

func countOnly[T sim.Float](t require.TestingT, g *ir.Graph, in [][]T) *sim.Health {
	p, err := sim.Compile(g, view(t), sim.Options{Health: true, Block: 64})
	require.NoError(t, err)
	for _, k := range p.Kernels() { // which take too long
		if slices.ContainsFunc(k.Notes, func(n sim.KernelNote) bool { return n.Class == sim.ClassPlain }) {
			return nil
		}
	}
	src, err := sim.NewSlices(p, in)
	require.NoError(t, err)
	report, err := sim.Run(context.Background(), p, sim.Job[T]{Source: src})
	require.NoError(t, err)
	return report.Health
}

func compareTensors(t require.TestingT, g *ir.Graph, want, got *sim.Health, plainGo bool) {
	if got == nil {
		return
	}
	require.Equal(t, want.Samples, got.Samples)
	require.Equal(t, len(want.Tensors), len(got.Tensors), "%s\nwant %+v\ngot %+v", describe(g), want, got)
	for i, w := range want.Tensors {
		if got.Tensors[i] != w { // describing is slow
			require.Fail(t, countsPart(got.Tensors[i], w),
				"plain Go: %v\n%s", plainGo, describeNode(g.Node(w.Layer)))
		}
	}
}

// countsPart says in which fields the counts of plane operations and of the plain evaluators part.
func countsPart(got, want sim.TensorHealth) string {
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	var fields []string
	for i := range g.NumField() {
		if a, b := g.Field(i).Interface(), w.Field(i).Interface(); a != b {
			fields = append(fields, fmt.Sprintf("%s: got %v, want %v", g.Type().Field(i).Name, a, b))
		}
	}
	tensor := fmt.Sprintf("%s %q, %s %s", want.Kind, want.Layer, want.Role, want.Type)
	return tensor + ": " + strings.Join(fields, "; ")
}

// TestHealthOfOracleCases compares the counts of plane operations with those of the plain evaluators, on all
// cases: their first samples, or with HLSGO_FULL all.
func TestHealthOfOracleCases(t *testing.T) {
	full := os.Getenv("HLSGO_FULL") != ""
	rows := tabletest.New(t)
	for _, name := range caseNames(t) {
		rows.Run(name, func(t *tabletest.T) {
			t.Parallel()
			dir := filepath.Join(oracle, "cases", name)
			for _, x := range []string{"X", "X2"} {
				if _, err := os.Stat(filepath.Join(dir, x+".npy")); x == "X2" && (err != nil || !full) {
					continue
				}
				in := oracletest.Arrays[array](t, dir, x)
				g := loadGraph(t, dir)
				var h *sim.Health
				if in[0].F64 != nil {
					h = compareHealth(t, g, some(t, g, doubles(in), full))
				} else {
					h = compareHealth(t, g, some(t, g, singles(in), full))
				}
				require.NotEmpty(t, h.Tensors)
			}
		})
	}
}

// some is the first samples of each input; all of them when asked for.
func some[T sim.Float](t testing.TB, g *ir.Graph, in [][]T, all bool) [][]T {
	const samples = 20
	p, err := sim.Compile(g, view(t), sim.Options{})
	require.NoError(t, err)
	out := slices.Clone(in)
	for i, port := range p.Inputs {
		if !all && len(in[i]) > samples*port.Size() {
			out[i] = in[i][:samples*port.Size()]
		}
	}
	return out
}

// TestHealthOfChoiceWithTwoRoundings: an integer type takes the floor of values of a type without integer
// bits, and rounds those of others toward zero. A choice between two conversions may have both.
func TestHealthOfChoiceWithTwoRoundings(t *testing.T) {
	g := chain(t, ir.Parallel, []int{3}, fixed.Fixed(2, 2), nodeSpec{
		kind: "ParametrizedActivation", shape: []int{3}, result: fixed.UInt(2),
		attrs: map[string]any{"activation": "LeakyReLU", "table_size": 1, "activ_param": 1.0},
		types: map[string]fixed.Format{
			"table_t": fixed.UFixed(2, 0),
			"param_t": fixed.UFixed(2, -2).With(fixed.TRN, fixed.SAT),
		},
	})
	compareEvaluators(t, g, []float64{-1, 0, 1, -2, 1, 0})
}

// TestHealthOfSumsBeyondFloat64: a bias of 2^54 steps is one step beyond an accumulator of 55 bits, which
// float64 cannot tell from its largest number.
func TestHealthOfSumsBeyondFloat64(t *testing.T) {
	weight := fixed.UFixed(2, -1).With(fixed.TRN, fixed.SAT)
	g := chain(t, ir.Parallel, []int{1}, fixed.UFixed(2, 0).With(fixed.TRN, fixed.SAT), nodeSpec{
		kind: "Dense", shape: []int{2}, result: fixed.UFixed(4, 0),
		attrs: map[string]any{"n_in": 1, "n_out": 2, "_weights_transposed": true},
		types: map[string]fixed.Format{"accum_t": fixed.Fixed(55, -3).With(fixed.TRN, fixed.SAT)},
		weights: map[string]weightSpec{
			"weight": {weight, []float64{0.125, 0}}, "bias": {fixed.Fixed(2, -2), []float64{0.0625, -0.23125}},
		},
		strategy: "resource", reuse: 1,
	})
	compareEvaluators(t, g, []float64{0, 0, 0, 0.25})
}

// TestHealthOfIntegerSums: an integer accumulator takes the floor of a term without integer bits, and rounds
// the sum of that and zero toward zero. What they differ by is no overflow.
func TestHealthOfIntegerSums(t *testing.T) {
	g := chain(t, ir.Parallel, []int{1, 1, 1}, fixed.Fixed(2, 0), nodeSpec{
		kind: "Pooling2D", shape: []int{1, 1, 1}, result: fixed.UInt(2),
		attrs: map[string]any{
			"n_filt": 1, "pool_op": "Average", "in_height": 1, "in_width": 1, "out_height": 1, "out_width": 1,
			"pool_height": 1, "pool_width": 1, "stride_height": 1, "stride_width": 1, "pad_top": 0,
			"pad_bottom": 0, "pad_left": 0, "pad_right": 0, "data_format": "channels_last", "count_pad": false,
		},
		types: map[string]fixed.Format{"accum_t": fixed.Int(2)},
	})
	compareEvaluators(t, g, []float64{-0.5, -0.25, 0, 0.25})
	for _, tensor := range healthOf(t, g, [][]float64{{-0.5, -0.25}}, sim.Options{}).Tensors {
		require.Zero(t, tensor.Wrapped, tensor.Role)
	}
}

// TestHealthOfChoiceBeyondItsGrid: the positive branch of an input of 58 fractional bits needs more than 62
// bits on the grid of the negative one, which has six more.
func TestHealthOfChoiceBeyondItsGrid(t *testing.T) {
	g := chain(t, ir.Parallel, []int{1}, fixed.Fixed(58, 0).With(fixed.TRN, fixed.SAT), nodeSpec{
		kind: "ParametrizedActivation", shape: []int{1}, result: fixed.UFixed(2, 0).With(fixed.RND, fixed.SAT),
		attrs: map[string]any{"activation": "LeakyReLU", "table_size": 1, "activ_param": 0.015625},
		types: map[string]fixed.Format{"table_t": fixed.UFixed(2, 0), "param_t": fixed.UFixed(3, -3)},
	})
	compareEvaluators(t, g, []float64{-0.5, -1e-17, 1e-17, 0.3})
}
