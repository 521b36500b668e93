package dense

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// denseRef multiplies by the framework's weights of shape (n_in, n_out). Order does not matter in a
// reference, whose errors are far below a step of any format in use.
var denseRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	a := ir.Attrs[Attrs](n)
	weights, err := n.FrameworkWeights("weight", "bias")
	if err != nil {
		return nil, err
	}
	w, b := weights[0], weights[1]
	return func(in [][]float64, out []float64) {
		for row := 0; row < len(in[0]); row += a.NIn { // more than one where the input has several axes
			sums := out[row/a.NIn*a.NOut:][:a.NOut]
			copy(sums, b)
			for i, x := range in[0][row : row+a.NIn] {
				for j := range sums {
					sums[j] += x * w[i*a.NOut+j]
				}
			}
		}
	}, nil
}
