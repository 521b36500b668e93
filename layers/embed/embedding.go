// Package embed holds layers that look values up in a table of weights.
package embed

import (
	"fmt"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Defs returns the kinds of the family, values of the caller's own.
func Defs() []layers.Def {
	return layers.Fresh(embeddingDef)
}

// Attrs are the attributes of Embedding.
type Attrs struct {
	DataFormat string `hls:"data_format"`
	NIn        int    `hls:"n_in"` // indices of one sample
	NOut       int    `hls:"n_out"`
	VocabSize  int    `hls:"vocab_size"`
}

var embeddingDef = layers.Def{
	Kind:  "Embedding",
	Doc:   "a row of a table for every index",
	Attrs: func() any { return &Attrs{DataFormat: "channels_last"} },
	Options: []ir.Option{
		{Name: "n_in"}, {Name: "n_out"}, {Name: "vocab_size"},
		{Name: "embeddings", Class: ir.WeightOption},
		layers.TypeRole("embeddings_t"),
		layers.ReuseFactorOption(),
	},
	Init:  initEmbedding,
	Infer: inferEmbedding,
	Ref:   embeddingRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {Kernel: embeddingKernel, Emit: codegen.Emitter{Emit: emitEmbedding}},
	},
}

// maxEntries bounds the table: the firmware counts in an int.
const maxEntries = 1 << 30

// initEmbedding mirrors Embedding.initialize.
func initEmbedding(n *ir.Node, data ir.Data) error {
	a, in := ir.Attrs[Attrs](n), n.In(0)
	switch {
	case in == nil:
		return n.Errorf("input %q: got no such tensor", n.Inputs[0])
	case len(in.Shape) != 1 || in.Shape[0] != a.NIn:
		return n.Errorf("input: got shape %v, want one axis of %d indices", in.Shape, a.NIn)
	case a.NOut < 1 || a.VocabSize < 1 || a.NOut > maxEntries/a.VocabSize:
		return n.Errorf("n_out, vocab_size: got %d, %d, want both positive and at most %d values",
			a.NOut, a.VocabSize, maxEntries)
	}
	table, err := layers.CheckTensor(n, data, "embeddings", []int{a.VocabSize, a.NOut})
	if err != nil {
		return err
	}
	if err := n.AddOutput([]int{a.NIn, a.NOut}); err != nil {
		return err
	}
	return n.AddWeight(ir.WeightSpec{
		Role: "embeddings", Var: fmt.Sprintf("e%d", n.Index), Data: table,
		Quantizer: data.Quantizers["embeddings_quantizer"],
	})
}

// inferEmbedding mirrors _infer_embedding_precision. hls4ml takes the default for the result and not the
// table's type, so that a wide table is cut by it.
func inferEmbedding(n *ir.Node, env layers.InferEnv) error {
	layers.ResolveQuiet(n, "embeddings_t", env.Default)
	layers.Resolve(n, "result_t", env.Default)
	return nil
}

var embeddingRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	a, table := ir.Attrs[Attrs](n), n.Weight("embeddings").Unquantized.Data
	return func(in [][]float64, out []float64) {
		for i, x := range in[0] {
			// Clamped like the firmware's index: frameworks refuse such an index, or answer zeros,
			// depending on the device.
			row := int(min(max(x, 0), float64(a.VocabSize-1)))
			copy(out[i*a.NOut:][:a.NOut], table[row*a.NOut:])
		}
	}, nil
}

// emitEmbedding writes a configuration derived from nnet::embed_config and a call of nnet::embedding.
func emitEmbedding(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	a, w := ir.Attrs[Attrs](n), n.Weight("embeddings")
	c := env.Config(n, "nnet::embed_config")
	c.Uint("n_in", a.NIn)
	c.Uint("n_out", a.NOut)
	c.Uint("vocab_size", a.VocabSize)
	c.Expr("io_type", env.IOEnum())
	c.Uint("reuse_factor", n.ReuseFactor)
	c.Type("embeddings_t", w.Type.Name)
	return &codegen.Fragment{
		Configs:  []*codegen.Config{c},
		Call:     env.Call(n, "nnet::embedding", c.Name, w.Var),
		Includes: []string{"nnet_embed.h", "nnet_embed_stream.h"},
	}, nil
}
