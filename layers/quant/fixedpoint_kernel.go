package quant

import (
	"math/big"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// fixedPointKernel converts every value to the type of its place and then to the result's. mirrors the
// functions that hls4ml generates in backends/fpga/passes/hgq_proxy_model.py.
var fixedPointKernel = sim.Kernel{
	Lower: func(lo *sim.Lowering, n *ir.Node) error {
		lowerFixedPoint(lo, n, ir.Attrs[FixedPointAttrs](n).types(n.Out().Shape))
		return nil
	},
	Grid: func(lo *sim.Lowering, n *ir.Node) (bool, error) {
		types := ir.Attrs[FixedPointAttrs](n).types(n.Out().Shape)
		channels := len(lo.In(n, 0).Planes)
		for i, f := range types {
			if f != types[i%channels] {
				return false, nil
			}
		}
		if !lo.SamePositions(n) {
			return false, nil
		}
		lowerFixedPoint(lo, n, types[:channels])
		return true, nil
	},
	Eval: func(_ *sim.Env, n *ir.Node) (sim.Evaluator, error) {
		result := n.Out().Type.Format
		types := ir.Attrs[FixedPointAttrs](n).types(n.Out().Shape)
		return func(in, out [][]sim.Num) {
			for i, x := range in[0] {
				if types[i].W == 0 {
					out[0][i] = sim.NewNum(0, result)
				} else {
					out[0][i] = x.Cast(types[i]).Cast(result)
				}
			}
		}, nil
	},
}

// lowerFixedPoint converts each plane of the input to its type.
func lowerFixedPoint(lo *sim.Lowering, n *ir.Node, types []fixed.Format) {
	x, result := lo.In(n, 0), n.Out().Type.Format
	out := make([]sim.Plane, len(x.Planes))
	for i, f := range types {
		switch {
		case f.W == 0:
			out[i] = lo.Const(0)
		case !f.Narrow():
			lo.NeedEval("a value needs more than 64 bits")
			return
		default:
			out[i] = lo.Cast(lo.Cast(x.Planes[i], x.Format, f), f, result)
		}
	}
	lo.SetOut(n, 0, out)
}

// nearest is x in the format, as a float.
func nearest(x float64, f fixed.Format) float64 {
	return fixed.ToFloat64Big(fixed.FromFloat64Big(new(big.Int), x, f), f)
}
