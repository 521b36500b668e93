package layers

import (
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/internal/libm"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// Function is a function of one value, twice: as the C++ computes it step by step, and as operations on a
// plane. Activation layers apply one to every value; recurrent layers have several inside.
type Function struct {
	Key   string // name, parameters and formats: functions with one key are the same
	Eval  func(x sim.Num) sim.Num
	Lower func(lo *sim.Lowering, x sim.Plane) sim.Plane
	// Entries are those of the function's table; nil: it has none. They are for arguments from Low to High.
	Entries   []sim.Num
	Low, High float64
	// Open says that the function goes on changing beyond the ends of its table.
	Open bool
}

// Tell tells a health report of the tables of a node's functions; all have one type.
func Tell(env *sim.Env, n *ir.Node, functions ...Function) {
	var entries []sim.Num
	for _, f := range functions {
		if len(f.Entries) == 0 {
			continue
		}
		entries = append(entries, f.Entries...)
		env.Reads(n, sim.AddressedTable{Places: len(f.Entries), Low: f.Low, High: f.High, Open: f.Open})
	}
	env.Table(n, "table_t", entries)
}

// Formats are what a function looks at: the types of its argument and result, and those of its table.
type Formats struct {
	In, Out, Table fixed.Format
	Size           int // of the table
}

// Linear mirrors nnet::linear in nnet_activation.h.
func Linear(f Formats) Function {
	return Function{
		Key:   f.key("linear"),
		Eval:  func(x sim.Num) sim.Num { return x.Cast(f.Out) },
		Lower: func(lo *sim.Lowering, x sim.Plane) sim.Plane { return lo.Cast(x, f.In, f.Out) },
	}
}

// Relu mirrors nnet::relu in nnet_activation.h.
func Relu(f Formats) Function {
	return Function{
		Key: f.key("relu"),
		Eval: func(x sim.Num) sim.Num {
			if x.Cmp(sim.CInt(0)) > 0 {
				return x.Cast(f.Out)
			}
			return sim.CInt(0).Cast(f.Out)
		},
		Lower: func(lo *sim.Lowering, x sim.Plane) sim.Plane {
			return lo.Cast(lo.Clamp(x, 0, math.MaxInt64), f.In, f.Out)
		},
	}
}

// Sigmoid mirrors nnet::sigmoid in nnet_activation.h.
func Sigmoid(f Formats) Function {
	return Tabled(f, "sigmoid", 8, func(x float32) float32 { // sigmoid_fcn_float
		return float32(1 / float64(1+libm.Exp32(-x)))
	})
}

// Tanh mirrors nnet::tanh in nnet_activation.h, whose table calls tanh of a float.
func Tanh(f Formats) Function { return Tabled(f, "tanh", 4, libm.Tanh32) }

// key names a function with all that it depends on.
func (f Formats) key(name string) string { return fmt.Sprintf("%s %+v", name, f) }

// Tabled is a function by table over -half..half; value computes it in the C++ types of the firmware's own
// table builder. mirrors nnet::sigmoid, nnet::tanh and their like.
func Tabled(f Formats, name string, half int, value func(float32) float32) Function {
	entries := f.symmetric(float64(half), value)
	offset := half * f.Size / (2 * half)
	return Function{
		Key: f.key(name), Entries: entries, Low: -float64(half), High: float64(half),
		Eval: func(x sim.Num) sim.Num {
			return entries[sim.TableIndex(x, f.Size, 2*half, offset)].Cast(f.Out)
		},
		Lower: f.Lookup(f.Results(entries), 2*half, offset),
	}
}

// symmetric is the table of a function over -half..half. mirrors init_sigmoid_table and its like.
func (f Formats) symmetric(half float64, value func(float32) float32) []sim.Num {
	n := float64(float32(f.Size))
	out := make([]sim.Num, f.Size)
	for i := range out {
		x := float32(2 * half * (float64(i) - n/2) / n)
		out[i] = sim.FromFloat32(value(x), f.Table)
	}
	return out
}

// Results are table entries as the results that they lead to.
func (f Formats) Results(entries []sim.Num) []sim.Num {
	out := make([]sim.Num, len(entries))
	for i, e := range entries {
		out[i] = e.Cast(f.Out)
	}
	return out
}

// Lookup reads a table of results at clamp(int(x*size/d) + offset). Nothing but the evaluator serves results
// of more than 64 bits.
func (f Formats) Lookup(results []sim.Num, d, offset int) func(*sim.Lowering, sim.Plane) sim.Plane {
	if !f.Out.Narrow() {
		return func(lo *sim.Lowering, x sim.Plane) sim.Plane {
			lo.NeedEval("the result needs more than 64 bits")
			return x
		}
	}
	t, _ := sim.NumTable(0, results)
	return func(lo *sim.Lowering, x sim.Plane) sim.Plane {
		return lo.TableAt(x, f.In, t, d, offset)
	}
}
