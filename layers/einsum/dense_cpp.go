package einsum

import (
	"fmt"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/codegen/xilinx/spell"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// emitDense writes the configurations of both permutations, of the product of one row, and of the layer, and
// a call of nnet::einsum_dense.
func emitDense(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	if env.Stream() {
		return nil, env.Unsupported(n, "tensors as streams")
	}
	a, s := ir.Attrs[DenseAttrs](n), n.State.(*DenseState)
	name := codegen.ConfigName(n)
	f := &codegen.Fragment{Includes: []string{"nnet_einsum_dense.h", "nnet_dense.h"}}
	f.Configs = []*codegen.Config{
		transposition(name+"_tpose_inp", a.InpShape, s.InpTranspose),
		transposition(name+"_tpose_out", s.Between, s.OutTranspose),
	}
	weights := []string{n.Weight("weight").Var, n.Weight("bias").Var}
	if n.Strategy == ir.DistributedArithmetic {
		weights = weights[1:]
		var err error
		if f.Code, err = adderCode(env, n, s); err != nil {
			return nil, err
		}
	} else {
		kernel, err := spell.DenseKernel(env, n, s.Terms)
		if err != nil {
			return nil, err
		}
		f.Configs = append(f.Configs, rowConfig(name+"_dense", n, s, kernel))
	}
	f.Configs = append(f.Configs, layerConfig(env, n, a, s))
	f.Call = env.Call(n, "nnet::einsum_dense", name, weights...)
	return f, nil
}

// layerConfig is the configuration of the layer itself.
func layerConfig(env *codegen.Env, n *ir.Node, a *DenseAttrs, s *DenseState) *codegen.Config {
	name := codegen.ConfigName(n)
	c := env.Config(n, "")
	c.Type("tpose_inp_conf", name+"_tpose_inp")
	c.Type("tpose_out_conf", name+"_tpose_out")
	c.Type("accum_t", n.Type("accum_t").Name)
	c.Type("bias_t", n.Type("bias_t").Name)
	if n.Strategy == ir.DistributedArithmetic {
		c.Auto("da_kernel", fmt.Sprintf("%s::%s<%s, accum_t>", env.Owner(), adderKernel(n), n.In(0).Type.Name))
	} else {
		c.Type("dense_conf", name+"_dense")
	}
	c.Uint("n_free_data", s.Rows)
	c.Uint("n_free_kernel", s.Cols)
	c.Uint("n_contract", s.Terms)
	c.Uint("n_inplace", s.Blocks)
	c.Expr("io_type", env.IOEnum())
	c.Expr("strategy", codegen.StrategyEnum(n.Strategy))
	c.Uint("reuse_factor", n.ReuseFactor)
	c.Uint("parallelization_factor", parallel(a, s))
	return c
}

func adderKernel(n *ir.Node) string { return fmt.Sprintf("einsum_dense%d_da_kernel", n.Index) }

// adderCode writes a graph of adders for each block, and the function that runs them on one row of each. The
// graphs have no bias: that of the layer differs from row to row.
func adderCode(env *codegen.Env, n *ir.Node, s *DenseState) (string, error) {
	var w codegen.Writer
	size, weight := s.Terms*s.Cols, n.Weight("weight").Data.Data
	names, code := make([]string, s.Blocks), ""
	for block := range names {
		names[block] = fmt.Sprintf("einsum_%d_da_%d_of_%d", n.Index, block, s.Blocks)
		one, err := spell.AdderFunction(env, n, spell.Adders{
			Name: names[block], Inputs: layers.AdderInputs(n, s.Terms), Outs: s.Cols,
			Weight: weight[block*size:][:size],
		})
		if err != nil {
			return "", err
		}
		code += one
	}
	w.Line("template <class inp_t, class out_t>")
	w.Open("void %s(inp_t inp_tpose[%d], out_t out_tpose[%d], int l0) {",
		adderKernel(n), s.Blocks*s.Rows*s.Terms, s.Blocks*s.Rows*s.Cols)
	for block, name := range names {
		row := fmt.Sprintf("(%d + l0)", block*s.Rows)
		w.Line("%s<inp_t, out_t>(&inp_tpose[%s * %d], &out_tpose[%s * %d]);", name, row, s.Terms, row, s.Cols)
	}
	w.Close("}")
	return code + w.String(), nil
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
