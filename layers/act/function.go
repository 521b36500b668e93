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
	return sim.Kernel{
		Lower: func(lo *sim.Lowering, n *ir.Node) error {
			f, err := build(lo.Env(), n)
			if err != nil {
				return err
			}
			lo.Env().Table(n, "table_t", f.Entries)
			lo.SetOut(n, 0, lo.Unary(lo.In(n, 0), f.Key, f.Lower))
			return nil
		},
		Eval: func(env *sim.Env, n *ir.Node) (sim.Evaluator, error) {
			f, err := build(env, n)
			if err != nil {
				return nil, err
			}
			env.Table(n, "table_t", f.Entries)
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
	t, ok := threshold(v, in)
	if !ok {
		lo.NeedEval("the headers compare these two types in an unusual way")
		return x
	}
	return lo.Select(x, t, above, below)
}

// threshold is the raw t of format in for which x > t says x > v; ok is false where the comparison of the
// C++ headers is not that of the numbers, see fixed.Cmp.
func threshold(v sim.Num, in fixed.Format) (t int64, ok bool) {
	if !v.X.IsInt64() ||
		in.Signed && v.X.Sign() >= 0 && sim.NewNum(-1, in).Cmp(v) > 0 ||
		!in.Signed && v.X.Sign() < 0 && sim.NewNum(0, in).Cmp(v) < 0 {
		return 0, false
	}
	s := in.F() - v.T.F()
	x := v.X.Int64()
	if s <= 0 {
		return x >> min(-s, 63), true
	}
	return x << s, s < 63 && x<<s>>s == x
}

// constant is the plane of a C++ integer converted to a format.
func constant(lo *sim.Lowering, v int64, to fixed.Format) sim.Plane {
	return lo.ConstNum(sim.CInt(v).Cast(to))
}

// positive is max(x, 0).
func positive(lo *sim.Lowering, x sim.Plane) sim.Plane { return lo.Clamp(x, 0, math.MaxInt64) }
