package sim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// operations are the plane operations of each node of a prediction.
func operations(p *sim.Program) []int {
	var out []int
	for _, k := range p.Kernels() {
		out = append(out, k.Operations)
	}
	return out
}

func activation(name string, result fixed.Format) nodeSpec {
	return nodeSpec{
		kind: "Activation", shape: []int{1}, result: result, attrs: map[string]any{"activation": name},
		types: map[string]fixed.Format{"table_t": fixed.Fixed(18, 8)},
	}
}

// TestOptimized counts what is left to do of small networks, whose answers are those of the plain evaluators.
func TestOptimized(t *testing.T) {
	in, wide := fixed.Fixed(16, 6), fixed.Fixed(40, 20)
	x := []float64{1, 2, -3, 4, -1, 30, -30, 5, 31.9, 31.9, 31.9, 31.9}
	dense := func(w ...float64) nodeSpec { return denseOf(w, in, wide, wide) }
	positive := dense(1, 2, 0.5, 0.25)
	positive.weights["bias"] = weightSpec{in, []float64{7}}
	second := denseOf([]float64{-1}, in, wide, in)
	for _, c := range []struct {
		name  string
		nodes []nodeSpec
		want  []int // operations per node, the input first
	}{
		{"conversions run within the sum", []nodeSpec{
			dense(1, 2, 3, 4), activation("relu", fixed.UFixed(8, 4).With(fixed.RND, fixed.SAT)),
		}, []int{0, 1, 0}},
		{"several of them", []nodeSpec{
			dense(1, 2, 3, 4), activation("linear", fixed.Fixed(20, 10)), activation("relu", fixed.Fixed(18, 9)),
			activation("linear", fixed.Fixed(9, 3).With(fixed.RNDConv, fixed.SATSym)),
		}, []int{0, 1, 0, 0, 0}},
		{"a constant needs no sum", []nodeSpec{dense(0, 0, 0, 0), activation("tanh", in)}, []int{0, 0, 0}},
		{"what no weight reads is not computed", []nodeSpec{
			positive, activation("relu", in), denseOf([]float64{0}, in, wide, in),
		}, []int{0, 0, 0, 0}},
		{"a channel that is never positive is zero", []nodeSpec{
			activation("relu", in), dense(-1), activation("relu", in), second,
		}, []int{0, 0, 0, 0, 0}},
		{"conversions that change nothing vanish", []nodeSpec{
			activation("linear", fixed.Fixed(18, 7)), activation("linear", fixed.Fixed(20, 8)),
			activation("linear", fixed.Fixed(22, 9)),
		}, []int{0, 0, 0, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := 4
			if c.nodes[0].kind == "Activation" {
				n = 1
			}
			d := c.nodes[1]
			if c.name == "a channel that is never positive is zero" {
				d.weights["bias"] = weightSpec{in, []float64{-0.5}}
			}
			g := chain(t, ir.Parallel, []int{n}, in, c.nodes...)
			p := compareEvaluators(t, g, x)
			require.Equal(t, c.want, operations(p))
		})
	}
}
