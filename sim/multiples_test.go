package sim_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/internal/drawtest"
	"github.com/hlsgo/hlsgo/ir"
)

// drawProduct draws formats of data and weights that make one of the products besides the plain one, and
// weights.
func drawProduct(t *rapid.T, n int) (x, w fixed.Format, weights []float64) {
	x, weights = drawFormat(t, 24, "in"), make([]float64, n)
	draw := func(from ...float64) {
		for i := range weights {
			weights[i] = rapid.SampledFrom(from).Draw(t, "w")
		}
	}
	switch rapid.IntRange(0, 4).Draw(t, "product") {
	case 0:
		x, w = fixed.Xnor(), fixed.Xnor()
		draw(0, 1)
	case 1:
		w = fixed.Xnor()
		draw(0, 1)
	case 2:
		w = fixed.Int(2)
		draw(-2, -1, 0, 1)
	case 3:
		x, w = fixed.Xnor(), drawFormat(t, 16, "weight")
		weights = drawValues(t, n, w, "w")
	default:
		w = fixed.Exponent(rapid.IntRange(2, 5).Draw(t, "exponent"), true)
		for i := range weights {
			weights[i] = math.Ldexp(1, rapid.IntRange(-1<<(w.W-1), 1<<(w.W-1)-1).Draw(t, "e"))
			if rapid.Bool().Draw(t, "negative") {
				weights[i] *= -1
			}
		}
	}
	return x, w, weights
}

// TestProductsFastEqualPlain draws dense layers and scales whose products depend on the types of data and
// weights.
func TestProductsFastEqualPlain(t *testing.T) {
	type count struct{ fast, all int }
	counts := map[fixed.Product]*count{}
	drawtest.Check(t, func(t *rapid.T) {
		n, nOut := rapid.IntRange(1, 9).Draw(t, "n_in"), rapid.IntRange(1, 4).Draw(t, "n_out")
		scale := rapid.IntRange(0, 2).Draw(t, "scale") == 0
		if scale {
			nOut = n
		}
		size := n * nOut
		if scale {
			size = n
		}
		x, w, data := drawProduct(t, size)
		b := drawFormat(t, 12, "bias")
		s := nodeSpec{
			kind: "Dense", shape: []int{nOut}, result: drawFormat(t, 30, "result"), strategy: "latency",
			attrs: map[string]any{"n_in": n, "n_out": nOut},
			types: map[string]fixed.Format{"accum_t": drawFormat(t, 40, "accum")},
			weights: map[string]weightSpec{
				"weight": {w, data}, "bias": {b, drawValues(t, nOut, b, "b")},
			},
		}
		if rapid.Bool().Draw(t, "roomy") {
			s.types["accum_t"] = fixed.Fixed(48, 24)
		}
		if scale {
			s.kind, s.attrs, s.types = "BatchNormalization", map[string]any{"n_in": n}, nil
			s.weights = map[string]weightSpec{"scale": {w, data}, "bias": s.weights["bias"]}
		}
		g := chain(t, ir.Parallel, []int{n}, x, s)
		p := compareEvaluators(t, g, drawValues(t, n*rapid.IntRange(1, 20).Draw(t, "samples"), x, "x"))
		c := counts[fixed.ProductOf(x, w)]
		if c == nil {
			c = &count{}
			counts[fixed.ProductOf(x, w)] = c
		}
		c.all++
		if p.Kernels()[1].Notes[0].Class.String() != "plain" {
			c.fast++
		}
	})
	if testing.Short() {
		return // too few draws for every product to be among them
	}
	for _, p := range []fixed.Product{
		fixed.WeightExponential, fixed.BothBinary, fixed.WeightBinary, fixed.DataBinary, fixed.WeightTernary,
	} {
		require.NotNil(t, counts[p], "product %d was not drawn", p)
		t.Logf("product %d: %d of %d in planes", p, counts[p].fast, counts[p].all)
		require.Positive(t, counts[p].fast, "product %d", p)
	}
}
