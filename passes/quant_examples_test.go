package passes_test

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/dense"
	"github.com/hlsgo/hlsgo/layers/quant"
	"github.com/hlsgo/hlsgo/passes"
)

func (b *net) biasAdd(name string, n int) *net {
	return b.add("BiasAdd", name, &dense.BiasAttrs{}, map[string]*ir.Tensor{"bias_data": ramp(n)})
}

// binary is a binary dense layer.
func (b *net) binary(name string, nIn, nOut int) *net {
	b.dense(name, nIn, nOut)
	l, q := b.Layers[len(b.Layers)-1], quant.Binary{Bits: 2}
	l.Data.Quantizers = map[string]ir.Quantizer{"weight_quantizer": q, "bias_quantizer": q}
	return b
}

func quantExamples() []example {
	return []example{
		{
			pass: passes.FuseBiasAdd, net: input(4).dense("fc", 4, 3).biasAdd("b", 3).act("a", "relu"),
			other: input(4).act("a", "relu").biasAdd("b", 4),
		},
		{
			pass: passes.QuantizeDenseOutput, prep: []ir.Pass{passes.MergeBatchNormQuantizedTanh}, more: once,
			net: input(4).bn("b0", 4, 2, -0.3).act("t0", "binary_tanh").binary("fc", 4, 3).bn("b1", 3, 2, 1.1).
				act("t1", "binary_tanh"),
			other: input(4).binary("fc", 4, 3).bn("b1", 3, 2, 1.1).act("t1", "binary_tanh"),
		},
	}
}
