package einsum

import (
	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// denseBits sums the products of each result, by the weights that it has, as Dense does.
var denseBits = layers.Bits{
	Make: layers.MakeBits(func(n *ir.Node, in []kif.Tensor) (kif.Tensor, error) {
		a, w := ir.Attrs[DenseAttrs](n), n.Weight("weight").Data
		r, err := Parse(a.Equation, a.InpShape, w.Shape)
		if err != nil {
			return kif.Tensor{}, err
		}
		sums, err := r.intervals(in[0].Reshaped(a.InpShape).Interval(), a.OutShape,
			func(block int, row kif.Interval) (kif.Interval, error) {
				return row.Matmul([]int{r.Terms, r.Cols}, r.matrix(w, block))
			})
		if err != nil {
			return kif.Tensor{}, err
		}
		return layers.BiasedBits(sums, n.Weight("bias"))
	}),
}

// einsumBits sums the products of the ranges of both operands.
var einsumBits = layers.Bits{
	Make: layers.MakeBits(func(n *ir.Node, in []kif.Tensor) (kif.Tensor, error) {
		a := ir.Attrs[Attrs](n)
		r, err := a.recipe(n)
		if err != nil {
			return kif.Tensor{}, err
		}
		right := in[1].Reshaped(a.Inp1Shape).Interval().Permuted(r.Right)
		sums, err := r.intervals(in[0].Reshaped(a.Inp0Shape).Interval(), a.OutShape,
			func(block int, row kif.Interval) (kif.Interval, error) {
				size := r.Cols * r.Terms
				return right.Slice(block*size, []int{r.Cols, r.Terms}).Matvec(row)
			})
		if err != nil {
			return kif.Tensor{}, err
		}
		return sums.Bits()
	}),
}

// intervals multiplies every row of the left operand, by block, and puts the results where they belong.
// Mirrors einsum of hls4ml's utils/qinterval.py, row by row, since what is off the grid moves its whole row.
func (r Recipe) intervals(
	left kif.Interval, shape []int, product func(block int, row kif.Interval) (kif.Interval, error),
) (kif.Interval, error) {
	left = left.Permuted(r.Left)
	var all []kif.Interval
	for row := range r.Blocks * r.Rows {
		p, err := product(row/r.Rows, left.Slice(row*r.Terms, []int{r.Terms}))
		if err != nil {
			return p, err
		}
		all = append(all, p)
	}
	out := kif.Concat(r.Between, all).Permuted(r.Out)
	out.Shape = shape
	return out, nil
}

// matrix is the one of a block, (terms, columns), out of weights as the framework has them.
func (r Recipe) matrix(w *ir.Tensor, block int) []float64 {
	from := ir.Permuted(w.Shape, r.Right)[block*r.Cols*r.Terms:]
	out := make([]float64, r.Terms*r.Cols)
	for c := range r.Cols {
		for t := range r.Terms {
			out[t*r.Cols+c] = w.Data[from[c*r.Terms+t]]
		}
	}
	return out
}
