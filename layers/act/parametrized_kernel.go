package act

import (
	"math"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

var parametrizedKernel = kernel(func(env *sim.Env, n *ir.Node) (function, error) {
	a := ir.Attrs[ParametrizedAttrs](n)
	f := formatsOf(env, n, &a.Base)
	param := sim.FromFloat64(a.ActivParam, n.Format("param_t"))
	switch name := a.Function(); name {
	case "leaky_relu":
		return leakyRelu(f, param), nil
	case "thresholded_relu":
		return thresholdedRelu(f, param), nil
	case "elu":
		return elu(f, param), nil
	default:
		return function{}, n.Errorf("activation: got %q, want leaky_relu, thresholded_relu or elu", name)
	}
})

// leakyRelu mirrors nnet::leaky_relu in nnet_activation.h.
func leakyRelu(f formats, alpha sim.Num) function {
	return function{
		Key: f.key("leaky_relu", alpha.X, alpha.T),
		Eval: func(x sim.Num) sim.Num {
			if x.Cmp(sim.CInt(0)) > 0 {
				return x.Cast(f.out)
			}
			return alpha.Mul(x).Cast(f.out)
		},
		Lower: func(lo *sim.Lowering, x sim.Plane) sim.Plane { return slopes(lo, f, x, alpha) },
	}
}

// slopes is x above zero and alpha*x below.
func slopes(lo *sim.Lowering, f formats, x sim.Plane, alpha sim.Num) sim.Plane {
	low := lo.Clamp(x, math.MinInt64, 0)
	return lo.Select(x, 0, lo.Cast(positive(lo, x), f.in, f.out), scaled(lo, low, f.in, alpha, f.out))
}

// thresholdedRelu mirrors nnet::thresholded_relu in nnet_activation.h.
func thresholdedRelu(f formats, theta sim.Num) function {
	return function{
		Key: f.key("thresholded_relu", theta.X, theta.T),
		Eval: func(x sim.Num) sim.Num {
			if x.Cmp(theta) > 0 {
				return x.Cast(f.out)
			}
			return sim.CInt(0).Cast(f.out)
		},
		Lower: func(lo *sim.Lowering, x sim.Plane) sim.Plane {
			return exceeds(lo, x, f.in, theta, lo.Cast(x, f.in, f.out), constant(lo, 0, f.out))
		},
	}
}
