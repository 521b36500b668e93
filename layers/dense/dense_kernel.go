package dense

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/sim"
)

var denseKernel = sim.Kernel{Lower: lowerDense, Eval: evalDense}

// matrix reads the strategy, types and weights of the node later; here are the sizes alone. Resource
// strategies store the weights by output, which is one of hls4ml's passes and changes the index, not the
// number.
func matrix(n *ir.Node) sim.Matrix {
	a := ir.Attrs[Attrs](n)
	return sim.Matrix{NIn: a.NIn, NOut: a.NOut, Transposed: layers.Transposed(n), Data: layers.AdderData(n)}
}

// lowerDense makes one sum per output over all inputs: bias, then cast products in the order of the
// strategy.
func lowerDense(lo *sim.Lowering, n *ir.Node) error {
	x := layers.AdderTensor(lo, n)
	s, err := matrix(n).Sum(n, x.Format, [][]sim.Plane{x.Planes})
	if err != nil {
		return err
	}
	lo.SetOut(n, 0, lo.Sum(s))
	return nil
}

// evalDense mirrors nnet::dense in nnet_dense.h and nnet_dense_stream.h.
func evalDense(_ *sim.Env, n *ir.Node) (sim.Evaluator, error) {
	dense, err := matrix(n).Eval(n)
	if err != nil {
		return nil, err
	}
	values := layers.AdderValues(n)
	return func(in, out [][]sim.Num) { dense(values(in[0]), out[0]) }, nil
}
