package conformance_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/sim"
)

// TestRandomShapes draws networks of merges, steps, enlarged pictures and rows, of any precision, and wants
// the fast kernels, the plain evaluators and the compiled firmware to agree in every raw integer.
func TestRandomShapes(t *testing.T) {
	count, seed := setting(t, "HLSGO_RANDOM_SHAPES", 12), setting(t, "HLSGO_RANDOM_SEED", 1)
	s := &survey{t: t, toolkit: toolkit(t), schema: schema(t), refused: map[string]int{}}
	var group []trial
	for i := range count {
		r := rand.New(rand.NewPCG(uint64(seed+i), 9))
		n := shapeCase(r).network(t, shapeSetup(r))
		m, err := s.toolkit.NewModel(n.parsed, n.config)
		require.NoError(t, err, "seed %d", seed+i)
		_, err = m.Compile(sim.Options{})
		require.NoError(t, err, "seed %d", seed+i)
		c := trial{fmt.Sprintf("seed%d", seed+i), m, n.samples(samplesPerNetwork)}
		s.plain(c)
		group = append(group, c)
	}
	verifyAll(t, group, hlsgo.FirmwareOptions{})
}

// choose draws one of several.
func choose[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// shapeSetup draws tool, io type and precision.
func shapeSetup(r *rand.Rand) setup {
	w := 4 + r.IntN(24)
	i := r.IntN(w+4) - 1
	precision := fmt.Sprintf("%sfixed<%d,%d,%s,%s>", choose(r, "", "", "u"), w, i,
		choose(r, "TRN", "TRN_ZERO", "RND", "RND_CONV", "RND_MIN_INF"),
		choose(r, "WRAP", "WRAP", "SAT", "SAT_ZERO"))
	precision = choose(r, precision, precision, precision, everyday, "fixed<16,6>", "int<9>", "fixed<60,25>",
		"fixed<90,40,RND,SAT>")
	s := on(choose(r, "Vivado", "Vitis"), choose(r, array, stream), "", 1)
	s.precision = precision
	return s
}

var shapeActivations = []string{"relu", "tanh", "sigmoid", "softsign", "softplus", "binary_tanh"}

// shapeCase draws a network.
func shapeCase(r *rand.Rand) kindCase {
	h, w, c := 1+r.IntN(4), 1+r.IntN(4), 1+r.IntN(4)
	more := append([]string(nil), shapeActivations[2:2+r.IntN(5)]...)
	switch r.IntN(7) {
	case 0:
		op := choose(r, "add", "multiply", "average", "maximum", "minimum")
		return kindCase{"merge", []int{h, w, c},
			branches("Merge", []int{h, w, c}, map[string]any{"op": op}, more...), nil}
	case 1:
		axis := r.IntN(3)
		out := []int{h, w, c}
		out[axis] *= 2 + len(more)
		return kindCase{"concatenate", []int{h, w, c},
			branches("Concatenate", out, map[string]any{"axis": axis + 1}, more...), nil}
	case 2:
		out := []int{h * (1 + r.IntN(4)), w * (1 + r.IntN(4)), c}
		return kindCase{"bilinear", []int{h, w, c}, picture("Resize", out, map[string]any{
			"algorithm": "bilinear"}), nil}
	case 3:
		return kindCase{"dot", []int{c}, branches("Dot", []int{1}, map[string]any{}), nil}
	case 4:
		return kindCase{"layernorm", []int{h, 1 + c}, func(b *builder) {
			l := b.add("LayerNormalization", "LayerNormalization", "norm", map[string]any{
				"n_in": h * (1 + c), "seq_len": h, "axis": 2, "epsilon_power_of_10": 1 + r.IntN(4), "epsilon": 1e-3,
			})
			l.Data.Tensors["gamma_data"] = b.tensor(b.NormFloat64, 1+c)
			l.Data.Tensors["beta_data"] = b.tensor(b.NormFloat64, 1+c)
		}, nil}
	case 5:
		return kindCase{"broadcast", []int{h, w, c}, choose(r, smaller(1, 1, c), smaller(h, w, 1)), nil}
	}
	inside := func(b *builder) {
		if r.IntN(2) == 0 {
			b.convolution("Conv2D", filter{
				h: 1 + r.IntN(h), w: 1 + r.IntN(w), strideH: 1, strideW: 1, out: 1 + r.IntN(3),
			})
		}
		b.norm()
		b.add("Activation", "Activation", "act", map[string]any{"activation": choose(r, shapeActivations...)})
	}
	return kindCase{"steps", []int{1 + r.IntN(4), h, w, c}, repeated(model(inside)), nil}
}
