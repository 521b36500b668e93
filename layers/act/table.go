package act

import (
	"math"

	"github.com/hlsgo/hlsgo/internal/libm"
	"github.com/hlsgo/hlsgo/sim"
)

// The values of the tables, computed in the C++ types of the firmware's own table builders: float32 where
// it says float, double elsewhere.

// sigmoidValue mirrors sigmoid_fcn_float.
func sigmoidValue(x float32) float32 { return float32(1 / float64(1+libm.Exp32(-x))) }

// tanhValue mirrors init_tanh_table, which calls tanh of a float.
func tanhValue(x float32) float32 { return libm.Tanh32(x) }

// softplusValue mirrors softplus_fcn_float.
func softplusValue(x float32) float32 { return float32(libm.Log(float64(libm.Exp32(x)) + 1)) }

// softsignValue mirrors softsign_fcn_float.
func softsignValue(x float32) float32 { return float32(float64(x) / (math.Abs(float64(x)) + 1)) }

// eluValue mirrors elu_fcn_float.
func eluValue(x float32) float32 { return float32(float64(libm.Exp32(x)) - 1) }

// seluValue mirrors selu_fcn_float.
func seluValue(x float32) float32 {
	inner := float64(1.6732632423543772848170429916717 * (float64(libm.Exp32(x)) - 1))
	return float32(1.0507009873554804934193349852946 * inner)
}

// symmetric is the table of a function over -half..half. mirrors init_sigmoid_table and its like.
func symmetric(f formats, half float64, value func(float32) float32) []sim.Num {
	n := float64(float32(f.size))
	out := make([]sim.Num, f.size)
	for i := range out {
		x := float32(2 * half * (float64(i) - n/2) / n)
		out[i] = sim.FromFloat32(value(x), f.table)
	}
	return out
}

// negative is the table of a function over 0..-8. mirrors init_elu_table.
func negative(f formats, value func(float32) float32) []sim.Num {
	n := float64(float32(f.size))
	out := make([]sim.Num, f.size)
	for i := range out {
		out[i] = sim.FromFloat32(value(float32(-8*float64(i)/n)), f.table)
	}
	return out
}

// tabled is a function by table over -half..half. mirrors nnet::sigmoid, nnet::tanh and their like.
func tabled(f formats, name string, half int, value func(float32) float32) function {
	entries := symmetric(f, float64(half), value)
	offset := half * f.size / (2 * half)
	return function{
		key: f.key(name),
		eval: func(x sim.Num) sim.Num {
			return entries[sim.TableIndex(x, f.size, 2*half, offset)].Cast(f.out)
		},
		lower: lookup(f, results(f, entries), 2*half, offset),
	}
}

// results are table entries as the results that they lead to.
func results(f formats, entries []sim.Num) []sim.Num {
	out := make([]sim.Num, len(entries))
	for i, e := range entries {
		out[i] = e.Cast(f.out)
	}
	return out
}

// lookup reads a table of results at clamp(int(x*size/d) + offset). Nothing but the evaluator serves results
// of more than 64 bits.
func lookup(f formats, entries []sim.Num, d, offset int) func(*sim.Lowering, sim.Plane) sim.Plane {
	if !f.out.Narrow() {
		return func(lo *sim.Lowering, x sim.Plane) sim.Plane {
			lo.NeedEval("the result needs more than 64 bits")
			return x
		}
	}
	values := make([]int64, len(entries))
	for i, e := range entries {
		values[i] = e.X.Int64()
	}
	t := sim.NewTable(0, values)
	return func(lo *sim.Lowering, x sim.Plane) sim.Plane {
		return lo.Lookup(lo.TableIndex(x, f.in, f.size, d, offset), t)
	}
}
