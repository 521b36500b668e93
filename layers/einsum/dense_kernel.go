package einsum

import (
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// denseKernel mirrors nnet::einsum_dense in nnet_einsum_dense.h.
var denseKernel = sim.Kernel{Lower: lowerDense, Eval: evalDense}

// dense is an EinsumDense ready to run: its matrices, and where values stand.
type dense struct {
	*DenseState
	from, to []int // of the transposed input, where it stands; of each product, where it goes
	matrices []sim.MatVec
	adders   []sim.Adders // in their place, under Strategy distributed_arithmetic
	biases   []sim.Num
}

func newDense(n *ir.Node) (*dense, error) {
	s, a := n.State.(*DenseState), ir.Attrs[DenseAttrs](n)
	w, b := n.Weight("weight"), n.Weight("bias")
	size := s.Terms * s.Cols
	if s.Blocks < 1 || len(w.Data.Data) != s.Blocks*size || len(b.Data.Data) != n.Out().Size() {
		return nil, n.Errorf("weights: got shapes %v, %v, want %d matrices of %d by %d, a bias for each result",
			w.Data.Shape, b.Data.Shape, s.Blocks, s.Terms, s.Cols)
	}
	d := &dense{
		DenseState: s, from: ir.Permuted(a.InpShape, s.InpTranspose),
		to: inverse(ir.Permuted(s.Between, s.OutTranspose)), biases: sim.WeightNums(b),
	}
	data, result := n.In(0).Type.Format, n.Out().Type.Format
	for block := range s.Blocks {
		own := &ir.Tensor{
			Shape: []int{s.Terms, s.Cols}, DType: w.Data.DType, Data: w.Data.Data[block*size:][:size],
		}
		if n.Strategy == ir.DistributedArithmetic {
			d.adders = append(d.adders, sim.Adders{
				NIn: s.Terms, NOut: s.Cols, Data: data, Result: n.Format("accum_t"),
				Weight: own, Bias: ir.NewTensor(ir.Float32, s.Cols),
			})
			continue
		}
		d.matrices = append(d.matrices, sim.MatVec{
			NIn: s.Terms, NOut: s.Cols, Data: data, Weight: &ir.Weight{Type: w.Type, Data: own},
			Product: fixed.ProductOf(data, w.Type.Format),
			Accum:   n.Format("accum_t"), Result: result,
		})
	}
	return d, nil
}

// bias is that of the results of a row, counted through all blocks.
func (d *dense) bias(row int) []sim.Num { return d.biases[row*d.Cols:][:d.Cols] }

// lowerDense makes one sum of all rows of a block that have the same bias: filters are then classified once,
// and run through all rows.
func lowerDense(lo *sim.Lowering, n *ir.Node) error {
	d, err := newDense(n)
	if err != nil {
		return err
	}
	lo.Env().Need(sim.TapCost, d.Blocks, d.Rows, d.Terms)
	x := lo.In(n, 0)
	out := make([]sim.Plane, n.Out().Size())
	if d.adders != nil {
		d.lowerAdders(lo, n, x, out)
	}
	for block, m := range d.matrices {
		for _, rows := range d.alike(block * d.Rows) {
			taps := d.taps(x, rows...)
			m.Bias = d.bias(rows[0])
			for i, p := range lo.Sum(m.Sum(taps)) {
				out[d.to[rows[i/d.Cols]*d.Cols+i%d.Cols]] = p
			}
		}
	}
	lo.SetOut(n, 0, out)
	return nil
}

// taps are the planes of rows.
func (d *dense) taps(x sim.Tensor, rows ...int) [][]sim.Plane {
	taps := make([][]sim.Plane, len(rows))
	for k, row := range rows {
		for _, from := range d.from[row*d.Terms:][:d.Terms] {
			taps[k] = append(taps[k], x.Planes[from])
		}
	}
	return taps
}

// lowerAdders takes sums in full to accum_t, adds the bias there, and converts what comes out.
func (d *dense) lowerAdders(lo *sim.Lowering, n *ir.Node, x sim.Tensor, out []sim.Plane) {
	accum, bias := n.Format("accum_t"), n.Format("bias_t")
	for block, a := range d.adders {
		rows := make([]int, d.Rows)
		for k := range rows {
			rows[k] = block*d.Rows + k
		}
		for i, sum := range lo.Sum(a.Sum(d.taps(x, rows...))) {
			at := block*d.Rows*d.Cols + i
			b := lo.Const(d.biases[at].X.Int64())
			sum = lo.CastAs(sim.RoleAccum, lo.Add(sum, accum, b, bias), fixed.Add(accum, bias), accum)
			out[d.to[at]] = lo.Cast(sum, accum, n.Out().Type.Format)
		}
	}
}

// alike groups the rows of a block, which begin with the one given, by their bias.
func (d *dense) alike(first int) [][]int {
	var groups [][]int
	same := func(a, b sim.Num) bool { return a.X.Cmp(b.X) == 0 }
	for row := first; row < first+d.Rows; row++ {
		if k := len(groups) - 1; k >= 0 && slices.EqualFunc(d.bias(groups[k][0]), d.bias(row), same) {
			groups[k] = append(groups[k], row)
		} else {
			groups = append(groups, []int{row})
		}
	}
	return groups
}

func evalDense(_ *sim.Env, n *ir.Node) (sim.Evaluator, error) {
	d, err := newDense(n)
	if err != nil {
		return nil, err
	}
	var products []func(bias, data, res []sim.Num)
	for _, a := range d.adders {
		run := a.Eval()
		products = append(products, func(bias, data, res []sim.Num) {
			run(data, res)
			for i, sum := range res {
				res[i] = sum.Add(bias[i]).CastAs(sim.RoleAccum, n.Format("accum_t")).Cast(n.Out().Type.Format)
			}
		})
	}
	for _, m := range d.matrices {
		products = append(products, m.EvalBiased())
	}
	return func(in, out [][]sim.Num) {
		data, res := make([]sim.Num, d.Terms), make([]sim.Num, d.Cols)
		for row := range d.Blocks * d.Rows {
			for t := range data {
				data[t] = in[0][d.from[row*d.Terms+t]]
			}
			products[row/d.Rows](d.bias(row), data, res)
			for j, v := range res {
				out[0][d.to[row*d.Cols+j]] = v
			}
		}
	}, nil
}
