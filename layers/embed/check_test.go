package embed_test

import (
	"math/rand/v2"
	"testing"

	"github.com/hlsgo/hlsgo/layers/embed"
	"github.com/hlsgo/hlsgo/layerstest"
)

// TestFamily runs the test that every family runs.
func TestFamily(t *testing.T) {
	row := func(r *rand.Rand, _ int) float64 { return float64(r.IntN(4)) }
	layerstest.Check(t, layerstest.Family{Defs: embed.Defs(), Samples: []layerstest.Sample{
		{Kind: "Embedding", Build: embedding, Near: layerstest.Near{Value: row}},
	}})
}

func embedding(n *layerstest.Net) {
	words, rows, size := n.Between(1, 4), n.Between(4, 7), n.Between(1, 4)
	n.Layer("Embedding", layerstest.Attrs{"n_in": words, "n_out": size, "vocab_size": rows},
		layerstest.Tensors{"embeddings_data": n.Tensor(rows, size)}, n.Input(words))
}
