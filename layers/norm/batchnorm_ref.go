package norm

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

var batchNormRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	return scaleRef(n, ir.Attrs[Attrs](n))
}

func scaleRef(n *ir.Node, a *Attrs) (func(in [][]float64, out []float64), error) {
	scale, bias := n.Weight("scale").Unquantized.Data, n.Weight("bias").Unquantized.Data
	index := (&scaling{nFilt: a.NFilt}).index
	return func(in [][]float64, out []float64) {
		for i, x := range in[0] {
			k := index(i)
			out[i] = x*scale[k] + bias[k]
		}
	}, nil
}
