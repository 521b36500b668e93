package softmax

import (
	"math"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// softmaxRef is softmax over the last axis, or over the attribute's where it names another, or what the layer
// was trained as.
var softmaxRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	shape, a := n.In(0).Shape, ir.Attrs[Attrs](n)
	if a.Trained != nil {
		one, slices := a.Trained.reference(a), a.slices()
		return func(in [][]float64, out []float64) {
			for _, places := range slices {
				one(in[0], out, places)
			}
		}, nil
	}
	axis := a.at(shape)
	if axis < 0 || axis >= len(shape) {
		return nil, n.Errorf("axis: got %d, want one of %d axes", a.Axis, len(shape))
	}
	size, inner := shape[axis], ir.Size(shape[axis+1:])
	return func(in [][]float64, out []float64) {
		for start := 0; start < len(out); start += size * inner {
			for k := range inner {
				normalize(in[0][start+k:], out[start+k:], size, inner)
			}
		}
	}, nil
}

// normalize is softmax of size values, step apart.
func normalize(x, y []float64, size, step int) {
	top := math.Inf(-1)
	for j := range size {
		top = max(top, x[j*step])
	}
	sum := 0.0
	for j := range size {
		y[j*step] = math.Exp(x[j*step] - top)
		sum += y[j*step]
	}
	for j := range size {
		y[j*step] /= sum
	}
}
