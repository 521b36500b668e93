package merge

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// mergeKernel mirrors nnet::add, subtract, multiply, average, maximum and minimum in nnet_merge.h and
// nnet_merge_stream.h: one conversion, of the full result.
var mergeKernel = sim.Kernel{
	Lower: func(lo *sim.Lowering, n *ir.Node) error {
		a, b, err := operands(n, lo.Env().Stream)
		if err != nil {
			return err
		}
		merge(lo, n, a, b)
		return nil
	},
	Grid: func(lo *sim.Lowering, n *ir.Node) (bool, error) {
		if err := refuseDivision(n); err != nil {
			return false, err
		}
		channels := len(lo.In(n, 0).Planes)
		if !lo.SamePositions(n) || len(lo.In(n, 1).Planes) != channels {
			return false, nil
		}
		each := make([]int, channels)
		for c := range each {
			each[c] = c
		}
		merge(lo, n, each, each)
		return true, nil
	},
	Eval: func(env *sim.Env, n *ir.Node) (sim.Evaluator, error) {
		a, b, err := operands(n, env.Stream)
		if err != nil {
			return nil, err
		}
		name, terms := operation(n)
		op, to := numOp(name), n.Out().Type.Format
		return func(in, out [][]sim.Num) {
			for i := range out[0] {
				z := op(in[0][a[i]], in[1][b[i]])
				if terms > 0 {
					z = z.Div(sim.CInt(int64(terms)))
				}
				out[0][i] = z.Cast(to)
			}
		}, nil
	},
}

// merge appends the operation of the values a of the first input and b of the second.
func merge(lo *sim.Lowering, n *ir.Node, a, b []int) {
	x, y, to := lo.In(n, 0), lo.In(n, 1), n.Out().Type.Format
	name, terms := operation(n)
	op := planeOp(name)
	out := make([]sim.Plane, len(a))
	for i := range out {
		z, from := op(lo, x.Planes[a[i]], x.Format, y.Planes[b[i]], y.Format)
		if picks(name) && !fixed.SameCast(to, from, x.Format, y.Format) {
			lo.NeedEval("a conversion to an integer that depends on the type of the number picked")
		}
		if terms > 0 {
			// A chain of sums ends in a division by an int, toward zero: a product with 0.5, as for two
			// tensors, would need a fraction that is not exact for three.
			z, from = lo.Quo(z, int64(terms)), fixed.Div(from, fixed.Int(32))
		}
		out[i] = lo.Cast(z, from, to)
	}
	lo.SetOut(n, 0, out)
}

// operation is the function of the node; for the average of more than two tensors the sum, and by how many to
// divide it.
func operation(n *ir.Node) (name string, terms int) {
	a := ir.Attrs[Attrs](n)
	if a.NTerms != nil {
		return "add", *a.NTerms
	}
	return a.Op, 0
}

// half is the type of the constant 0.5 in nnet::average; its raw is 1.
var half = fixed.UFixed(1, 0)

func numOp(name string) func(x, y sim.Num) sim.Num {
	switch name {
	case "add":
		return sim.Num.Add
	case "subtract":
		return sim.Num.Sub
	case "multiply":
		return sim.Num.Mul
	case "average":
		return func(x, y sim.Num) sim.Num { return x.Add(y).Mul(sim.NewNum(1, half)) }
	case "maximum":
		return func(x, y sim.Num) sim.Num { return pick(x.Cmp(y) > 0, x, y) }
	case "minimum":
		return func(x, y sim.Num) sim.Num { return pick(x.Cmp(y) < 0, x, y) }
	}
	panic("BUG: merge: operation " + name)
}

// picks reports whether the operation answers one of its operands, which the firmware converts from its own
// type.
func picks(name string) bool { return name == "maximum" || name == "minimum" }

// The operand keeps its own type until the one conversion: maximum and minimum round nothing themselves.
func pick(first bool, x, y sim.Num) sim.Num {
	if first {
		return x
	}
	return y
}

// planeFunc appends an operation of two planes and returns the result with its format.
type planeFunc func(lo *sim.Lowering, x sim.Plane, fx fixed.Format, y sim.Plane, fy fixed.Format) (
	sim.Plane, fixed.Format)

func planeOp(name string) planeFunc {
	switch name {
	case "add":
		return addPlanes
	case "subtract":
		return func(lo *sim.Lowering, x sim.Plane, fx fixed.Format, y sim.Plane, fy fixed.Format) (
			sim.Plane, fixed.Format) {
			return lo.Sub(x, fx, y, fy), fixed.Sub(fx, fy)
		}
	case "multiply":
		return func(lo *sim.Lowering, x sim.Plane, fx fixed.Format, y sim.Plane, fy fixed.Format) (
			sim.Plane, fixed.Format) {
			return lo.Mul(x, y), fixed.Mul(fx, fy)
		}
	case "average":
		return func(lo *sim.Lowering, x sim.Plane, fx fixed.Format, y sim.Plane, fy fixed.Format) (
			sim.Plane, fixed.Format) {
			sum, f := addPlanes(lo, x, fx, y, fy)
			return sum, fixed.Mul(f, half)
		}
	case "maximum":
		return func(lo *sim.Lowering, x sim.Plane, fx fixed.Format, y sim.Plane, fy fixed.Format) (
			sim.Plane, fixed.Format) {
			return extreme(lo, x, fx, y, fy, 1)
		}
	case "minimum":
		return func(lo *sim.Lowering, x sim.Plane, fx fixed.Format, y sim.Plane, fy fixed.Format) (
			sim.Plane, fixed.Format) {
			return extreme(lo, x, fx, y, fy, -1)
		}
	}
	panic("BUG: merge: operation " + name)
}

func addPlanes(lo *sim.Lowering, x sim.Plane, fx fixed.Format, y sim.Plane, fy fixed.Format) (
	sim.Plane, fixed.Format) {
	return lo.Add(x, fx, y, fy), fixed.Add(fx, fy)
}

// extreme appends the maximum (sign 1) or minimum (-1) on a grid that holds both. Headers compare wide
// operands of mixed sign in a way of their own, which is left to the evaluator.
func extreme(lo *sim.Lowering, x sim.Plane, fx fixed.Format, y sim.Plane, fy fixed.Format, sign int64) (
	sim.Plane, fixed.Format) {
	both := covering(fx, fy)
	if both.W > 62 || fx.Signed != fy.Signed && both.W > 31 {
		lo.NeedEval("the comparison needs more than 64 bits, or more than 32 of mixed sign")
		return x, fx
	}
	shifted := func(p sim.Plane, f fixed.Format) sim.Plane {
		if w := sign << (both.F() - f.F()); w != 1 {
			return lo.Scale(p, w, 0)
		}
		return p
	}
	z := lo.Max(shifted(x, fx), shifted(y, fy))
	if sign < 0 {
		z = lo.Scale(z, -1, 0)
	}
	return z, both
}
