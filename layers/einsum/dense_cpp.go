package einsum

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/codegen/xilinx/spell"
	"github.com/hlsgo/hlsgo/ir"
)

// emitDense writes the configurations of both permutations, of the product of one row, and of the layer, and
// a call of nnet::einsum_dense.
func emitDense(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	if env.Stream() {
		return nil, env.Unsupported(n, "tensors as streams")
	}
	kernel, err := spell.DenseKernel(env, n, n.State.(*DenseState).Terms)
	if err != nil {
		return nil, err
	}
	a, s := ir.Attrs[DenseAttrs](n), n.State.(*DenseState)
	name := codegen.ConfigName(n)
	c := env.Config(n, "")
	c.Type("tpose_inp_conf", name+"_tpose_inp")
	c.Type("tpose_out_conf", name+"_tpose_out")
	c.Type("accum_t", n.Type("accum_t").Name)
	c.Type("bias_t", n.Type("bias_t").Name)
	c.Type("dense_conf", name+"_dense")
	c.Uint("n_free_data", s.Rows)
	c.Uint("n_free_kernel", s.Cols)
	c.Uint("n_contract", s.Terms)
	c.Uint("n_inplace", s.Blocks)
	c.Expr("io_type", env.IOEnum())
	c.Expr("strategy", codegen.StrategyEnum(n.Strategy))
	c.Uint("reuse_factor", n.ReuseFactor)
	c.Uint("parallelization_factor", parallel(a, s))
	return &codegen.Fragment{
		Configs: []*codegen.Config{
			transposition(name+"_tpose_inp", a.InpShape, s.InpTranspose),
			transposition(name+"_tpose_out", s.Between, s.OutTranspose),
			rowConfig(name+"_dense", n, s, kernel), c,
		},
		Call:     env.Call(n, "nnet::einsum_dense", name, n.Weight("weight").Var, n.Weight("bias").Var),
		Includes: []string{"nnet_einsum_dense.h", "nnet_dense.h"},
	}, nil
}

// parallel is how many rows are computed at once; hls4ml writes the number of blocks where all are.
func parallel(a *DenseAttrs, s *DenseState) int {
	switch pf := a.ParallelizationFactor; {
	case pf == nil:
		return s.Rows
	case *pf < 0:
		return s.Blocks
	default:
		return *pf
	}
}

// transposition is the configuration of a permutation; a single value has an axis, since C++ has no arrays of
// no values.
func transposition(name string, shape, perm []int) *codegen.Config {
	if len(shape) == 0 {
		shape, perm = []int{1}, []int{0}
	}
	c := codegen.NewConfig(name, "")
	spell.Transpose(c, shape, perm)
	return c
}

// rowConfig is the configuration of the dense product of one row. Zeros are counted where all rows have the
// same matrix, since n_zeros saves multipliers.
func rowConfig(name string, n *ir.Node, s *DenseState, kernel string) *codegen.Config {
	w, zeros := n.Weight("weight"), -1
	if s.Blocks == 1 {
		zeros = w.Count().Zeros
	}
	c := codegen.NewConfig(name, "nnet::dense_config")
	c.Uint("n_in", s.Terms)
	c.Uint("n_out", s.Cols)
	c.Uint("reuse_factor", n.ReuseFactor)
	c.Expr("strategy", codegen.StrategyEnum(n.Strategy))
	c.Uint("n_zeros", zeros)
	c.Expr("multiplier_limit", "DIV_ROUNDUP(n_in * n_out, reuse_factor) - n_zeros / reuse_factor")
	c.Type("accum_t", n.Type("accum_t").Name)
	c.Type("bias_t", n.Type("bias_t").Name)
	c.Type("weight_t", w.Type.Name)
	c.Kernel(kernel)
	c.Product(n.In(0).Type.Format, w.Type.Format)
	return c
}
