package merge

import (
	"math/bits"
	"slices"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/sim"
)

// DotAttrs are the attributes of Dot.
type DotAttrs struct {
	DataFormat string `hls:"data_format"`
	Op         string `hls:"op"` // "dot1d"
	// Normalize asks for vectors of length one first; hls4ml reads past it.
	Normalize bool `hls:"normalize,ignored"`
}

var dotDef = layers.Def{
	Kind:    "Dot",
	Doc:     "scalar product of two vectors",
	Attrs:   func() any { return &DotAttrs{DataFormat: "channels_last"} },
	Options: []ir.Option{layers.AccumOption(), layers.ReuseFactorOption()},
	Init:    initDot,
	Infer:   inferDot,
	Bits:    layers.Bits{Make: layers.MakeBits(makeDot)},
	Ref:     dotRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: dotKernel, Emit: codegen.Emitter{Emit: emitDot},
			Limits: []layers.Limit{
				{
					Setting: "inputs of more than one axis",
					Why:     "the firmware has scalar products of vectors alone: flatten before it",
				},
			},
		},
	},
}

// initDot mirrors Dot.initialize.
func initDot(n *ir.Node, _ ir.Data) error {
	a, b, err := twoInputs(n)
	if err != nil {
		return err
	}
	if len(a) != 1 || !slices.Equal(a, b) {
		return n.Errorf("inputs: got shapes %v and %v, want two vectors of one size", a, b)
	}
	ir.Attrs[DotAttrs](n).Op = "dot1d"
	return n.AddOutput([]int{1})
}

// inferDot gives the result, and an accumulator that is auto too, the width of every exact sum. Mirrors
// _infer_dot_precision, which stops where the accumulator is auto.
func inferDot(n *ir.Node, env layers.InferEnv) error {
	a, b, f := n.In(0).Type.Format, n.In(1).Type.Format, env.Default
	if a.IsFixedOrInt() && b.IsFixedOrInt() {
		grow := bits.Len(uint(n.In(0).Size() - 1))
		f = env.Cap(fixed.Format{W: a.W + b.W + grow, I: a.I + b.I + grow, Signed: a.Signed || b.Signed})
	}
	layers.Resolve(n, "accum_t", f)
	layers.Resolve(n, "result_t", f)
	return nil
}

// dotKernel mirrors nnet::dot1d in nnet_merge.h.
var dotKernel = sim.Kernel{
	Lower: func(lo *sim.Lowering, n *ir.Node) error {
		x, y, accum := lo.In(n, 0), lo.In(n, 1), n.Format("accum_t")
		if fixed.ProductOf(x.Format, y.Format) != fixed.Mult {
			lo.NeedEval("the product is not a plain one")
		}
		acc, full := lo.Const(0), fixed.Mul(x.Format, y.Format)
		products := make([]sim.Plane, len(x.Planes))
		for i, p := range x.Planes {
			products[i] = lo.Mul(p, y.Planes[i])
			term := lo.CastAs(sim.RoleProduct, products[i], full, accum)
			acc = lo.Cast(lo.Add(acc, accum, term, accum), fixed.Add(accum, accum), accum)
		}
		lo.WatchSum(sim.RoleAccum, products, full, acc, accum)
		lo.SetOut(n, 0, []sim.Plane{lo.Cast(acc, accum, n.Out().Type.Format)})
		return nil
	},
	Eval: func(_ *sim.Env, n *ir.Node) (sim.Evaluator, error) {
		product := fixed.ProductOf(n.In(0).Type.Format, n.In(1).Type.Format)
		accum, to := n.Format("accum_t"), n.Out().Type.Format
		return func(in, out [][]sim.Num) {
			acc, terms := sim.NewNum(0, accum), make([]sim.Num, len(in[0]))
			for i, x := range in[0] {
				terms[i] = sim.Multiply(product, x, in[1][i])
				acc = acc.Add(terms[i].CastAs(sim.RoleProduct, accum)).Cast(accum)
			}
			sim.NoteSum(sim.RoleAccum, acc, terms...)
			out[0][0] = acc.Cast(to)
		}, nil
	},
}

var dotRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	if ir.Attrs[DotAttrs](n).Normalize {
		return nil, n.Errorf("normalize: got true, want false: the firmware does not normalize")
	}
	return func(in [][]float64, out []float64) {
		out[0] = 0
		for i, x := range in[0] {
			out[0] += x * in[1][i]
		}
	}, nil
}

// emitDot writes a configuration derived from nnet::dot_config and a call of nnet::dot1d.
func emitDot(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	if env.Stream() && (n.In(0).Pack != n.In(0).Size() || n.In(1).Pack != n.In(1).Size()) {
		return nil, n.Errorf("inputs: got streams of words of %d and %d values, want a word for each vector of %d",
			n.In(0).Pack, n.In(1).Pack, n.In(0).Size())
	}
	c := env.Config(n, "nnet::dot_config")
	c.Uint("n_in", n.In(0).Size())
	c.Uint("n_out", 1)
	c.Uint("reuse_factor", n.ReuseFactor)
	c.Expr("multiplier_limit", "DIV_ROUNDUP(n_in, reuse_factor)")
	c.Type("accum_t", n.Type("accum_t").Name)
	c.Product(n.In(0).Type.Format, n.In(1).Type.Format)
	return fragment(n, c, "nnet::dot1d"), nil
}
