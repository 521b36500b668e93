package shape

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

var transposeRef = moveRef(transposeSource)

// moveRef is the float reference of kinds that only move values.
func moveRef(source func(n *ir.Node) ([]int, error)) layers.RefFunc {
	return func(n *ir.Node) (func(in [][]float64, out []float64), error) {
		from, err := source(n)
		return func(in [][]float64, out []float64) {
			for i, s := range from {
				out[i] = 0
				if s >= 0 {
					out[i] = in[0][s]
				}
			}
		}, err
	}
}
