package act

import (
	"math"

	"github.com/hlsgo/hlsgo/fixed"
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
		key: f.key("leaky_relu", alpha.X, alpha.T),
		eval: func(x sim.Num) sim.Num {
			if x.Cmp(sim.CInt(0)) > 0 {
				return x.Cast(f.out)
			}
			return alpha.Mul(x).Cast(f.out)
		},
		lower: func(lo *sim.Lowering, x sim.Plane) sim.Plane { return slopes(lo, f, x, alpha) },
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
		key: f.key("thresholded_relu", theta.X, theta.T),
		eval: func(x sim.Num) sim.Num {
			if x.Cmp(theta) > 0 {
				return x.Cast(f.out)
			}
			return sim.CInt(0).Cast(f.out)
		},
		lower: func(lo *sim.Lowering, x sim.Plane) sim.Plane {
			t, ok := threshold(theta, f.in)
			if !ok {
				lo.NeedEval("the headers compare these two types in an unusual way")
				return x
			}
			return lo.Select(x, t, lo.Cast(x, f.in, f.out), lo.Const(0))
		},
	}
}

// threshold is the raw t of format in for which x > t says x > theta; ok is false where the comparison of the
// C++ headers is not that of the numbers, see fixed.Cmp.
func threshold(theta sim.Num, in fixed.Format) (t int64, ok bool) {
	if !theta.X.IsInt64() ||
		in.Signed && theta.X.Sign() >= 0 && sim.NewNum(-1, in).Cmp(theta) > 0 ||
		!in.Signed && theta.X.Sign() < 0 && sim.NewNum(0, in).Cmp(theta) < 0 {
		return 0, false
	}
	s := in.F() - theta.T.F()
	x := theta.X.Int64()
	if s <= 0 {
		return x >> min(-s, 63), true
	}
	return x << s, s < 63 && x<<s>>s == x
}
