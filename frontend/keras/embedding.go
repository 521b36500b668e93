package keras

import (
	"fmt"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/layers/embed"
)

var embeddingHandlers = []build.Handler{{
	Classes: []string{"Embedding"}, Variables: variables("embeddings"), Read: readEmbedding,
}}

// readEmbedding mirrors parse_embedding_layer of hls4ml's converters/keras/core.py.
func readEmbedding(c *build.Call) (*build.Out, error) {
	if len(c.Shape()) != 1 {
		return nil, fmt.Errorf("input: got shape %v, want one axis of indices", c.Shape())
	}
	vocab, err := c.Config.Int("input_dim", 0)
	if err != nil {
		return nil, err
	}
	size, err := c.Config.Int("output_dim", 0)
	if err != nil {
		return nil, err
	}
	table, err := c.Weight("embeddings", vocab, size)
	if err != nil {
		return nil, err
	}
	out, err := Layer(c, "Embedding", "Embedding")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[embed.Attrs](out)
	a.NIn, a.NOut, a.VocabSize = c.Shape()[0], size, vocab
	out.Tensor("embeddings_data", table)
	out.Shape = []int{c.Shape()[0], size}
	return out.Done()
}
