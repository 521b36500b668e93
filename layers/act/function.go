package act

import (
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// function is an activation of one value, twice: as the C++ computes it step by step, and as operations on a
// plane.
type function struct {
	key   string // name, parameters and formats: functions with one key are the same
	eval  func(x sim.Num) sim.Num
	lower func(lo *sim.Lowering, x sim.Plane) sim.Plane
}

// formats are what every activation of a node looks at.
type formats struct {
	in, out, table fixed.Format
	size           int // of the table
	stream         bool
}

func formatsOf(env *sim.Env, n *ir.Node, b *Base) formats {
	f := formats{in: n.In(0).Type.Format, out: n.Out().Type.Format, size: b.TableSize, stream: env.Stream}
	if n.Type("table_t") != nil {
		f.table = n.Format("table_t")
	}
	return f
}

// key names a function with all that it depends on.
func (f formats) key(name string, more ...any) string {
	return fmt.Sprintf("%s %v %+v", name, more, f)
}

// kernel is the kernel of a kind whose nodes apply one function to every value.
func kernel(build func(env *sim.Env, n *ir.Node) (function, error)) sim.Kernel {
	return sim.Kernel{
		Lower: func(lo *sim.Lowering, n *ir.Node) error {
			f, err := build(lo.Env(), n)
			if err != nil {
				return err
			}
			lo.SetOut(n, 0, lo.Unary(lo.In(n, 0), f.key, f.lower))
			return nil
		},
		Eval: func(env *sim.Env, n *ir.Node) (sim.Evaluator, error) {
			f, err := build(env, n)
			if err != nil {
				return nil, err
			}
			return func(in, out [][]sim.Num) {
				for i, x := range in[0] {
					out[0][i] = f.eval(x)
				}
			}, nil
		},
	}
}

// above is the raw t for which x > t says that a value with raw x and F fractional bits exceeds v.
func above(v int64, f int) int64 {
	if f >= 0 {
		return v << min(f, 62)
	}
	return v >> min(-f, 63)
}

// constant is the plane of a C++ integer converted to a format.
func constant(lo *sim.Lowering, v int64, to fixed.Format) sim.Plane {
	if !to.Narrow() {
		lo.NeedEval("the result needs more than 64 bits")
		return lo.Const(0)
	}
	return lo.Const(fixed.Cast(v, fixed.Int(32), to))
}

// positive is max(x, 0).
func positive(lo *sim.Lowering, x sim.Plane) sim.Plane { return lo.Clamp(x, 0, math.MaxInt64) }
