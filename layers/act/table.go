package act

import (
	"math"

	"github.com/hlsgo/hlsgo/internal/libm"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/sim"
)

// The values of the tables, computed in the C++ types of the firmware's own table builders: float32 where
// it says float, double elsewhere.

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

// negative is the table of a function over 0..-8. mirrors init_elu_table.
func negative(f formats, value func(float32) float32) []sim.Num {
	n := float64(float32(f.size))
	out := make([]sim.Num, f.size)
	for i := range out {
		out[i] = sim.FromFloat32(value(float32(-8*float64(i)/n)), f.table)
	}
	return out
}

// tabled is a function by table over -half..half.
func tabled(f formats, name string, half int, value func(float32) float32) function {
	return layers.Tabled(f.shared(), name, half, value)
}

// open is a function by table over -half..half that goes on changing beyond: what is asked for there is not
// what the firmware answers, which is the entry at the end.
func open(f formats, name string, half int, value func(float32) float32) function {
	out := tabled(f, name, half, value)
	out.Open = true
	return out
}

// results are table entries as the results that they lead to.
func results(f formats, entries []sim.Num) []sim.Num { return f.shared().Results(entries) }

// lookup reads a table of results at clamp(int(x*size/d) + offset).
func lookup(f formats, entries []sim.Num, d, offset int) func(*sim.Lowering, sim.Plane) sim.Plane {
	return f.shared().Lookup(entries, d, offset)
}
