package act

import (
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

var hardKernel = kernel(func(env *sim.Env, n *ir.Node) (function, error) {
	a := ir.Attrs[HardAttrs](n)
	slope := sim.FromFloat64(a.Slope, n.Format("slope_t"))
	shift := sim.FromFloat64(a.Shift, n.Format("shift_t"))
	f := formatsOf(env, n, &a.Base)
	switch strings.ToLower(a.Activation) {
	case "hard_sigmoid":
		return hard(f, slope, shift, false), nil
	case "hard_tanh":
		return hard(f, slope, shift, true), nil
	}
	return function{}, n.Errorf("activation: got %q, want hard_sigmoid or hard_tanh", a.Activation)
})

// hard mirrors nnet::hard_sigmoid and nnet::hard_tanh in nnet_activation.h.
func hard(f formats, slope, shift sim.Num, tanh bool) function {
	product := fixed.Mul(slope.T, f.in)
	sum := fixed.Add(product, shift.T)
	return function{
		Key: f.key("hard", tanh, slope.X, slope.T, shift.X, shift.T),
		Eval: func(x sim.Num) sim.Num {
			datareg := slope.Mul(x).Add(shift)
			if datareg.Cmp(sim.CInt(1)) > 0 {
				datareg = sim.CInt(1).Cast(datareg.T)
			} else if datareg.Cmp(sim.CInt(0)) < 0 {
				datareg = sim.CInt(0).Cast(datareg.T)
			}
			if tanh {
				return sim.CInt(2).Mul(datareg).Sub(sim.CInt(1)).Cast(f.out)
			}
			return datareg.Cast(f.out)
		},
		Lower: func(lo *sim.Lowering, x sim.Plane) sim.Plane {
			frac := sum.F()
			if frac < 0 || frac > 40 || sum.I < 2 || !slope.X.IsInt64() || !shift.X.IsInt64() {
				lo.NeedEval("the sum of slope and shift has an unusual format")
				return x
			}
			y := lo.Scale(x, slope.X.Int64()<<(frac-product.F()), shift.X.Int64()<<(frac-shift.T.F()))
			y = lo.Clamp(y, 0, 1<<frac)
			if !tanh {
				return lo.Cast(y, sum, f.out)
			}
			full := fixed.Sub(fixed.Mul(fixed.Int(32), sum), fixed.Int(32))
			return lo.Cast(lo.Scale(y, 2, -1<<frac), full, f.out)
		},
	}
}
