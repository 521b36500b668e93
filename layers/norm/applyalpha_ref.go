package norm

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

var applyAlphaRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	return scaleRef(n, &ir.Attrs[AlphaAttrs](n).Attrs)
}
