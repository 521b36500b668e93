package act

import (
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/sim"
)

// function is an activation of one value.
type function = layers.Function

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

// shared is f without what single activations look at.
func (f formats) shared() layers.Formats {
	return layers.Formats{In: f.in, Out: f.out, Table: f.table, Size: f.size}
}

// key names a function with all that it depends on.
func (f formats) key(name string, more ...any) string {
	return fmt.Sprintf("%s %v %+v", name, more, f)
}

// kernel is the kernel of a kind whose nodes apply one function to every value.
func kernel(build func(env *sim.Env, n *ir.Node) (function, error)) sim.Kernel {
	lower := func(lo *sim.Lowering, n *ir.Node) error {
		f, err := build(lo.Env(), n)
		if err != nil {
			return err
		}
		layers.Tell(lo.Env(), n, f)
		lo.SetOut(n, 0, lo.Unary(lo.In(n, 0), f.Key, f.Lower))
		return nil
	}
	return sim.Kernel{
		Lower: lower,
		Grid:  sim.EachPosition(lower),
		Each:  true,
		Eval: func(env *sim.Env, n *ir.Node) (sim.Evaluator, error) {
			f, err := build(env, n)
			if err != nil {
				return nil, err
			}
			layers.Tell(env, n, f)
			return func(in, out [][]sim.Num) {
				for i, x := range in[0] {
					out[0][i] = f.Eval(x)
				}
			}, nil
		},
	}
}

// exceeds is x > v ? above : below, as C++ compares x with v.
func exceeds(lo *sim.Lowering, x sim.Plane, in fixed.Format, v sim.Num, above, below sim.Plane) sim.Plane {
	t, ok := sim.Threshold(v, in)
	if !ok {
		lo.NeedEval("the headers compare these two types in an unusual way")
		return x
	}
	return lo.Select(x, t, above, below)
}

// constant is the plane of a C++ integer converted to a format.
func constant(lo *sim.Lowering, v int64, to fixed.Format) sim.Plane {
	return lo.ConstNum(sim.CInt(v).Cast(to))
}

// positive is max(x, 0).
func positive(lo *sim.Lowering, x sim.Plane) sim.Plane { return lo.Clamp(x, 0, math.MaxInt64) }
