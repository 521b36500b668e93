package layers

import (
	"github.com/hlsgo/hlsgo/codegen/adders"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// AddersState is what tools keep of a node whose product may be a graph of adders; see Impl.State.
type AddersState struct {
	// Made says that the node has one.
	Made bool `hls:"da_codegen"`
	// Quantized are the types to which the values of the last axis are converted as they come in, those of a
	// quantizer that the layer has taken in; nil: it has none. A type of no bits stands for zero.
	Quantized []fixed.Format `hls:"-"`
}

// Adders is s; states that embed it have it too.
func (s *AddersState) Adders() *AddersState { return s }

// AddersOf is the state of n about its adders; nil for kinds without.
func AddersOf(n *ir.Node) *AddersState {
	if s, ok := n.State.(interface{ Adders() *AddersState }); ok {
		return s.Adders()
	}
	return nil
}

// manyDigits is how many signed digits weights may have on average before a warning. Weights of a quantized
// network have one to four; those of float32 about eight.
const manyDigits = 6

// PlanAdders checks what the graph of adders of n is made from, and warns of weights that make a large one.
func PlanAdders(n *ir.Node) error {
	if err := sim.CheckAdders(n); err != nil {
		return err
	}
	count, nonzero := adders.Matrix{W: n.Weight("weight").Data.Data}.Digits()
	if count > manyDigits*nonzero {
		n.Graph().Warnf("%s: Strategy distributed_arithmetic: got weights of %.1f signed digits on average, %d in "+
			"all, each an adder before pairs are shared: quantize the weights, or take Latency",
			quoted(n), float64(count)/float64(nonzero), count)
	}
	AddersOf(n).Made = true
	return nil
}

// AdderInputs are the types in which a graph of so many inputs finds its values.
func AdderInputs(n *ir.Node, count int) []fixed.Format {
	own := AddersOf(n).Quantized
	if own == nil {
		own = []fixed.Format{n.In(0).Type.Format.Plain()}
	}
	out := make([]fixed.Format, count)
	for i := range out {
		out[i] = own[i%len(own)]
	}
	return out
}

// AdderData is the type that holds the converted values of all inputs, whatever their own; the zero Format
// where they are not converted.
func AdderData(n *ir.Node) fixed.Format {
	s := AddersOf(n)
	if s == nil || s.Quantized == nil {
		return fixed.Format{}
	}
	k, i, f := 0, -fixed.MaxW, -fixed.MaxW
	for _, t := range s.Quantized {
		if t.W > 0 {
			ok, oi, of := t.KIF()
			k, i, f = max(k, ok), max(i, oi), max(f, of)
		}
	}
	if k+i+f < 1 {
		return fixed.UFixed(1, 0)
	}
	return fixed.FromKIF(k, i, f)
}

// AdderTensor is the input of n as its graph of adders finds it.
func AdderTensor(lo *sim.Lowering, n *ir.Node) sim.Tensor {
	x, data := lo.In(n, 0), AdderData(n)
	if data == (fixed.Format{}) {
		return x
	}
	own, out := AddersOf(n).Quantized, sim.Tensor{Format: data}
	for i, p := range x.Planes {
		t := own[i%len(own)]
		if t.W < 1 {
			out.Planes = append(out.Planes, lo.Const(0))
			continue
		}
		out.Planes = append(out.Planes, lo.Cast(lo.Cast(p, x.Format, t), t, data))
	}
	return out
}

// AdderValues is AdderTensor for plain evaluators.
func AdderValues(n *ir.Node) func(in []sim.Num) []sim.Num {
	data := AdderData(n)
	if data == (fixed.Format{}) {
		return func(in []sim.Num) []sim.Num { return in }
	}
	own := AddersOf(n).Quantized
	return func(in []sim.Num) []sim.Num {
		out := make([]sim.Num, len(in))
		for i, x := range in {
			out[i] = x.Like(sim.NewNum(0, data))
			if t := own[i%len(own)]; t.W > 0 {
				out[i] = x.Cast(t).Cast(data)
			}
		}
		return out
	}
}
