package einsum

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// denseRef multiplies by the framework's weights, in its own shape, and adds the bias where it spreads to.
var denseRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	a := ir.Attrs[DenseAttrs](n)
	w, err := n.Weight("weight").Framework()
	if err != nil {
		return nil, n.Errorf("weight: %w", err)
	}
	b, err := n.Weight("bias").Framework()
	if err != nil {
		return nil, n.Errorf("bias: %w", err)
	}
	r, err := Parse(a.Equation, a.InpShape, w.Shape)
	if err != nil {
		return nil, n.Errorf("%w", err)
	}
	if b, err = spread(b, a.OutShape); err != nil {
		return nil, n.Errorf("bias: %w", err)
	}
	multiply := r.reference(a.InpShape, w.Shape)
	return func(in [][]float64, out []float64) {
		multiply(in[0], w.Data, out)
		for i, v := range b.Data {
			out[i] += v
		}
	}, nil
}

var einsumRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	a := ir.Attrs[Attrs](n)
	r, err := a.recipe(n)
	if err != nil {
		return nil, err
	}
	multiply := r.reference(a.Inp0Shape, a.Inp1Shape)
	return func(in [][]float64, out []float64) { multiply(in[0], in[1], out) }, nil
}

// reference is the product of two tensors of the shapes in floating point.
func (r Recipe) reference(left, right []int) func(x, y, out []float64) {
	fromX, fromY, to := ir.Permuted(left, r.Left), ir.Permuted(right, r.Right), r.results()
	return func(x, y, out []float64) {
		for row := range r.Blocks * r.Rows {
			for col := range r.Cols {
				sum := 0.0
				for t := range r.Terms {
					sum += x[fromX[row*r.Terms+t]] * y[fromY[(row/r.Rows*r.Cols+col)*r.Terms+t]]
				}
				out[to[row*r.Cols+col]] = sum
			}
		}
	}
}

// results says where in the output each product stands, in the order of the blocks.
func (r Recipe) results() []int { return inverse(ir.Permuted(r.Between, r.Out)) }
