package act

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

var preluKernel = sim.Kernel{Lower: lowerPReLU, Grid: gridPReLU, Eval: evalPReLU}

func lowerPReLU(lo *sim.Lowering, n *ir.Node) error {
	f := formatsOf(lo.Env(), n, &ir.Attrs[PReLUAttrs](n).Base)
	alpha := sim.WeightNums(n.Weight("param"))
	x := lo.In(n, 0)
	out := make([]sim.Plane, len(x.Planes))
	for i, p := range x.Planes {
		out[i] = slopes(lo, f, p, alpha[i])
	}
	lo.SetOut(n, 0, out)
	return nil
}

// gridPReLU is lowerPReLU where all positions have the same slopes.
func gridPReLU(lo *sim.Lowering, n *ir.Node) (bool, error) {
	slopes, channels := n.Weight("param").Data.Data, len(lo.In(n, 0).Planes)
	for i, a := range slopes {
		if a != slopes[i%channels] {
			return false, nil
		}
	}
	return sim.EachPosition(lowerPReLU)(lo, n)
}

// evalPReLU mirrors nnet::prelu in nnet_activation.h.
func evalPReLU(env *sim.Env, n *ir.Node) (sim.Evaluator, error) {
	f := formatsOf(env, n, &ir.Attrs[PReLUAttrs](n).Base)
	alpha := sim.WeightNums(n.Weight("param"))
	return func(in, out [][]sim.Num) {
		for i, x := range in[0] {
			out[0][i] = leakyRelu(f, alpha[i]).Eval(x)
		}
	}, nil
}
