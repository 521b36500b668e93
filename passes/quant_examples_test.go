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

// fixedPoint is a fixed-point quantizer of four bits; entries are those of its mask.
func (b *net) fixedPoint(name, rnd, sat string, entries ...int) *net {
	m := quant.Mask{K: make([]int, len(entries)), B: make([]int, len(entries)), I: entries}
	for i := range entries {
		m.K[i], m.B[i] = 1, 4
	}
	if len(entries) > 1 {
		m.Shape = []int{len(entries)}
	}
	a := &quant.FixedPointAttrs{RND: rnd, SAT: sat, Mask: m}
	a.Overrides = map[string]map[string]any{"fc": {"parallelization_factor": 2, "result_t": "fixed<3,1>"}}
	return b.add("FixedPointQuantizer", name, a, nil)
}

var exactPasses = []ir.Pass{passes.BitExact}

func quantExamples() []example {
	return []example{
		{
			pass:  passes.EnforceProxyModelEmbeddedConfig,
			net:   input(4).dense("fc", 4, 3).act("fc_linear", "linear").fixedPoint("q", "TRN", "WRAP", 2),
			other: input(4).dense("fc", 4, 3),
		},
		{
			pass: passes.BitExact,
			net: input(4).fixedPoint("q", "RND", "SAT", 2, 1, 3, 0).dense("fc", 4, 3).act("a", "relu").
				fixedPoint("r", "TRN", "WRAP", 2),
			other: input(4).dense("fc", 4, 3),
		},
		{
			pass: passes.FuseFixedPointQuantizer, prep: exactPasses,
			net:   input(2, 2).reshape("f", 4).fixedPoint("q", "RND", "SAT", 2).dense("fc", 4, 3),
			other: input(4).fixedPoint("q", "RND", "SAT", 2, 3, 2, 2).dense("fc", 4, 3),
		},
		{
			pass: passes.FixInputPrecision, prep: exactPasses,
			net:   input(2, 2).reshape("f", 4).fixedPoint("q", "RND", "SAT", 2, 1, 3, 0),
			other: input(4).dense("fc", 4, 3),
		},
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
