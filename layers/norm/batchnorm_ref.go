package norm

import (
	"maps"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

var batchNormRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	a := ir.Attrs[Attrs](n)
	scale, bias, err := quantizedFold(n, a)
	if err != nil {
		return nil, err
	}
	return scaleBy(a, scale.Data, bias.Data), nil
}

// quantizedFold is fold with the quantizers of the four vectors, which the framework applies and hls4ml does
// not.
func quantizedFold(n *ir.Node, a *Attrs) (scale, bias *ir.Tensor, err error) {
	data := ir.Data{Tensors: maps.Clone(n.Data.Tensors)}
	for _, name := range []string{"mean", "variance", "beta", "gamma"} {
		t, q := data.Tensors[name+"_data"], n.Quantizer(name)
		if q == nil || t == nil || len(t.Shape) == 0 { // a number stands for a vector that is switched off
			continue
		}
		if data.Tensors[name+"_data"], err = q.Quantize(t); err != nil {
			return nil, nil, n.Errorf("%s: %w", name, err)
		}
	}
	return fold(n, a, data)
}

func scaleRef(n *ir.Node, a *Attrs) (func(in [][]float64, out []float64), error) {
	weights, err := n.FrameworkWeights("scale", "bias")
	if err != nil {
		return nil, err
	}
	return scaleBy(a, weights[0], weights[1]), nil
}

func scaleBy(a *Attrs, scale, bias []float64) func(in [][]float64, out []float64) {
	index := (&scaling{nFilt: a.NFilt}).index
	return func(in [][]float64, out []float64) {
		for i, x := range in[0] {
			k := index(i)
			out[i] = x*scale[k] + bias[k]
		}
	}
}
