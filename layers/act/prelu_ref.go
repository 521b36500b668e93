package act

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

var preluRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	alpha := n.Weight("param").Unquantized.Data
	return func(in [][]float64, out []float64) {
		for i, x := range in[0] {
			out[i] = leaky(x, alpha[i])
		}
	}, nil
}
