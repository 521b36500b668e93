package pool

import (
	"math"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// poolRef is the float reference: padding takes no part in a maximum.
var poolRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	g, op := gridOf(n), average
	if commonOf(n).PoolOp == "Max" {
		op = maximum
	}
	return func(in [][]float64, out []float64) {
		for i := range out {
			out[i] = op(in[0], g.window(i))
		}
	}, nil
}

func maximum(x []float64, w window) float64 {
	y := math.Inf(-1)
	for _, at := range w.at {
		y = max(y, x[at])
	}
	return y
}

func average(x []float64, w window) float64 {
	y := 0.0
	for _, at := range w.at {
		y += x[at]
	}
	return y / float64(w.count)
}
