package passes_test

import (
	"testing"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/quant"
	"github.com/hlsgo/hlsgo/passes"
	"github.com/stretchr/testify/require"
)

// weights makes a quantizer of weights from its text.
func weights(text string) ir.Quantizer {
	c, err := quant.Parse(text)
	if err != nil {
		panic(err)
	}
	q, err := quant.ForWeight(c, true)
	if err != nil {
		panic(err)
	}
	return q
}

// quantizer gives the last layer a quantizer.
func (b *net) quantizer(role string, q ir.Quantizer) *net {
	l := b.Layers[len(b.Layers)-1]
	if l.Data.Quantizers == nil {
		l.Data.Quantizers = map[string]ir.Quantizer{}
	}
	l.Data.Quantizers[role+"_quantizer"] = q
	return b
}

func alphaExamples() []example {
	merge := []ir.Pass{passes.MergeBatchNormQuantizedTanh}
	return []example{
		{
			pass:  passes.QKerasFactorizeAlpha,
			net:   input(4).dense("fc", 4, 2).quantizer("weight", weights("quantized_bits(4,alpha='auto_po2')")),
			other: input(4).dense("fc", 4, 2).quantizer("weight", weights("quantized_bits(4,alpha=1)")),
		},
		{
			pass: passes.XnorPooling, prep: merge,
			net:   input(4, 2).bn("b", 2, 2, -0.3).act("t", "binary_tanh").pool1D("p", 4, 2),
			other: input(4, 2).pool1D("p", 4, 2),
		},
	}
}

// TestFactorizeNumbers wants a number of alpha as one scale per output, in double precision, and what QKeras
// has no scale for refused.
func TestFactorizeNumbers(t *testing.T) {
	cfg := settings(t, "Vivado", "io_parallel", reuse)
	g := input(4).dense("fc", 4, 2).quantizer("weight", weights("quantized_bits(6,1,alpha=0.5)")).graph(t, cfg)
	require.Equal(t, []string{"qkeras_factorize_alpha"}, apply(t, g, passes.QKerasFactorizeAlpha))
	scale := g.Node("fc_alpha").Weight("scale").Data
	require.Equal(t, ir.Float64, scale.DType)
	require.Equal(t, []float64{0.5, 0.5}, scale.Data)
	require.Equal(t, ramp(2).Data, g.Node("fc_alpha").Weight("bias").Data.Data)
	require.Equal(t, "auto", g.Config.HLS.Names[0].Precision[0].Text)
	require.Empty(t, cfg.HLS.Names, "the configuration given is left alone")

	g = input(4).dense("fc", 4, 2).quantizer("bias", weights("quantized_bits(6,1,alpha='auto')")).graph(t, cfg)
	require.ErrorContains(t, try(g, passes.QKerasFactorizeAlpha),
		`Dense "fc": the bias has a quantizer with a scale and the weights have none`)

	b := input(4).dense("fc", 4, 2).quantizer("weight", weights("quantized_bits(4,alpha='auto')"))
	b.Layers[1].Data.Tensors["weight_data"] = fill(0, 4, 2)
	require.ErrorContains(t, try(b.graph(t, cfg), passes.QKerasFactorizeAlpha), "got only zeros in channel 0")
}
