package act

import (
	"math"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/sim"
)

// elu mirrors nnet::elu in nnet_activation.h.
func elu(f formats, alpha sim.Num) function {
	entries := negative(f, eluValue)
	products := make([]sim.Num, len(entries))
	for i, e := range entries {
		products[i] = alpha.Mul(e)
	}
	return function{
		Key: f.key("elu", alpha.X, alpha.T), Entries: entries, Low: -8,
		Eval: func(x sim.Num) sim.Num {
			if x.Cmp(sim.CInt(0)) >= 0 {
				sim.NoteIndex(x, 0, f.size)
				return x.Cast(f.out)
			}
			index := x.Mul(sim.CUnsigned(int64(f.size))).Div(sim.CInt(-8)).Int()
			sim.NoteIndex(x, int64(index), f.size)
			if uint32(index) > uint32(f.size-1) { // the C++ compares with an unsigned number
				index = int32(f.size - 1)
			}
			return alpha.Mul(entries[index]).Cast(f.out)
		},
		Lower: func(lo *sim.Lowering, x sim.Plane) sim.Plane {
			return branches(lo, f, x, results(f, products), func(x sim.Plane) sim.Plane {
				return lo.Cast(x, f.in, f.out)
			})
		},
	}
}

// seluLambda is the slope of selu; its two kernels spell and hold it differently.
const seluLambda = 1.0507009873554804934193349852946

// selu mirrors nnet::selu: that of nnet_activation.h holds the slope as ap_ufixed<16,1>, that of
// nnet_activation_stream.h in the input's type.
func selu(f formats) function {
	entries := negative(f, seluValue)
	lambda := sim.FromFloat64(seluLambda, fixed.UFixed(16, 1))
	if f.stream {
		lambda = sim.FromFloat64(seluLambda, f.in)
	}
	return function{
		Key: f.key("selu"), Entries: entries, Low: -8,
		Eval: func(x sim.Num) sim.Num {
			if x.Cmp(sim.CInt(0)) >= 0 {
				sim.NoteIndex(x, 0, f.size)
				return lambda.Mul(x).Cast(f.out)
			}
			index := x.Mul(sim.CUnsigned(int64(f.size))).Div(sim.CInt(-8)).Int()
			sim.NoteIndex(x, int64(index), f.size)
			switch {
			case index < 0 && !f.stream:
				index = 0
			case uint32(index) > uint32(f.size-1):
				index = int32(f.size - 1)
			}
			return entries[index].Cast(f.out)
		},
		Lower: func(lo *sim.Lowering, x sim.Plane) sim.Plane {
			return branches(lo, f, x, results(f, entries), func(x sim.Plane) sim.Plane {
				return scaled(lo, x, f.in, lambda, f.out)
			})
		},
	}
}

// scaled is cast(c * x).
func scaled(lo *sim.Lowering, x sim.Plane, in fixed.Format, c sim.Num, out fixed.Format) sim.Plane {
	if !c.X.IsInt64() {
		lo.NeedEval("a constant needs more than 64 bits")
		return x
	}
	return lo.Cast(lo.Scale(x, c.X.Int64(), 0), fixed.Mul(c.T, in), out)
}

// branches is upper(x) for x >= 0 and a table over -x*size/8 below.
func branches(
	lo *sim.Lowering, f formats, x sim.Plane, entries []sim.Num, upper func(sim.Plane) sim.Plane,
) sim.Plane {
	low := lo.Clamp(x, math.MinInt64, 0)
	limit := int64(math.MaxInt32) * 8 / int64(f.size) // of -x, or the index wraps
	if f.in.F() < 0 || lo.Range(low).Lo < -limit<<min(f.in.F(), 28) {
		lo.NeedEval("the index of the table may not fit an int")
		return x
	}
	return lo.Select(x, -1, upper(positive(lo, x)), lookup(f, entries, -8, 0)(lo, low))
}
