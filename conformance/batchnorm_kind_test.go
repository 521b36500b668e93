package conformance_test

import (
	"math"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/quant"
)

// foldedCase is a convolution with a batch normalization inside, whose weights are quantized behind it.
func foldedCase() kindCase {
	return kindCase{"Conv2DBatchnorm", []int{4, 5, 1}, func(b *builder) {
		b.convolution("Conv2DBatchnorm", filter{h: 2, w: 3, strideH: 1, strideW: 1, out: 4})
		l := b.layers[len(b.layers)-1]
		c, err := quant.Parse("quantized_bits(6, 2, alpha=1)")
		if err != nil {
			b.fail(err)
			return
		}
		q, err := quant.ForWeight(c, true)
		if err != nil {
			b.fail(err)
			return
		}
		l.Data.Quantizers = map[string]ir.Quantizer{"weight_quantizer": q}
		for _, name := range []string{"gamma_data", "beta_data", "mean_data"} {
			l.Data.Tensors[name] = b.tensor(b.NormFloat64, 4)
		}
		l.Data.Tensors["variance_data"] = b.tensor(func() float64 { return 0.3 + math.Abs(b.NormFloat64()) }, 4)
	}, withAdders}
}
