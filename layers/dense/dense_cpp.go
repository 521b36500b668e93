package dense

import (
	"fmt"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/codegen/xilinx/spell"
	"github.com/hlsgo/hlsgo/ir"
)

// denseEmit writes a configuration derived from nnet::dense_config and a call of nnet::dense.
var denseEmit = codegen.Emitter{Emit: emitDense}

func emitDense(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	if n.Strategy == ir.DistributedArithmetic {
		return emitAdders(env, n)
	}
	a := ir.Attrs[Attrs](n)
	kernel, err := spell.DenseKernel(env, n, a.NIn)
	if err != nil {
		return nil, err
	}
	c := denseConfig(env, n, a, kernel)
	f := &codegen.Fragment{
		Configs:  []*codegen.Config{c},
		Call:     env.Call(n, "nnet::dense", c.Name, n.Weight("weight").Var, n.Weight("bias").Var),
		Includes: []string{"nnet_dense.h", "nnet_dense_compressed.h", "nnet_dense_stream.h"},
	}
	if n.Strategy == ir.ResourceUnrolled {
		// The multiplications are written out with the weights known, so that zeros cost nothing. That
		// makes binary weights of -1, stored as 0, count as none: hls4ml's quirk, which the simulator
		// follows.
		f.Code, err = spell.UnrolledDense(env, n, fmt.Sprint(n.Index), a.NIn, a.NOut, n.Weight("weight").Data)
	}
	return f, err
}

// denseConfig writes the members in hls4ml's order. index_t is for compressed weights alone but is written
// always, as by hls4ml; accum_t, the kernel and the product decide the numbers.
func denseConfig(env *codegen.Env, n *ir.Node, a *Attrs, kernel string) *codegen.Config {
	w := n.Weight("weight")
	count := w.Count()
	c := env.Config(n, "nnet::dense_config")
	c.Uint("n_in", a.NIn)
	c.Uint("n_out", a.NOut)
	c.Expr("io_type", env.IOEnum())
	c.Expr("strategy", codegen.StrategyEnum(n.Strategy))
	c.Uint("reuse_factor", n.ReuseFactor)
	c.Uint("n_zeros", count.Zeros)
	c.Uint("n_nonzeros", count.Nonzeros)
	c.Expr("multiplier_limit", "DIV_ROUNDUP(n_in * n_out, reuse_factor) - n_zeros / reuse_factor")
	c.Bool("store_weights_in_bram", false)
	c.Type("accum_t", n.Type("accum_t").Name)
	c.Type("bias_t", n.Type("bias_t").Name)
	c.Type("weight_t", w.Type.Name)
	c.Type("index_t", n.Type("index_t").Name)
	c.Kernel(kernel)
	c.Product(n.In(0).Type.Format, w.Type.Format)
	return c
}
