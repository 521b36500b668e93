package rnn

import (
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/sim"
)

// activations are what the firmware's recurrent layers compute.
var activations = map[string]func(layers.Formats) layers.Function{
	"linear":  layers.Linear,
	"relu":    layers.Relu,
	"sigmoid": layers.Sigmoid,
	"tanh":    layers.Tanh,
}

// checkActivations refuses functions that the firmware does not have.
func (p part) checkActivations(n *ir.Node) error {
	names := []string{p.act}
	if p.kind != "SimpleRNN" {
		names = append(names, p.recurrent)
	}
	for _, name := range names {
		if activations[name] == nil {
			return n.Errorf("activation: got %q, want one of %s", name, strings.Join(ActivationNames(), ", "))
		}
	}
	return nil
}

// ActivationNames lists the functions that recurrent layers may use, sorted.
func ActivationNames() []string {
	var names []string
	for name := range activations {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// cell is one direction of a layer ready to run.
type cell struct {
	part
	in, accum, state fixed.Format
	input, again     sim.MatVec      // products with the step's input and with the state
	recurrent        layers.Function // of the gates, in the accumulator
	act              layers.Function // of the candidate, in the accumulator
	actState         layers.Function // of an LSTM's inner state
	result           layers.Function // of a SimpleRNN: from the accumulator to the state
}

func newCell(n *ir.Node, p part) (*cell, error) {
	if err := p.checkActivations(n); err != nil {
		return nil, err
	}
	c := CommonOf(n)
	k := &cell{part: p, in: n.In(0).Type.Format, accum: n.Format("accum_t"), state: n.Out().Type.Format}
	f := layers.Formats{In: k.accum, Out: k.accum, Table: n.Format("table_t"), Size: c.TableSize}
	k.act = activations[p.act](f)
	if p.kind != "SimpleRNN" {
		k.recurrent = activations[p.recurrent](f)
	}
	// The firmware applies the LSTM's second activation to the stored state: its table is indexed from the
	// state's type.
	f.In = k.state
	k.actState = activations[p.act](f)
	f.In, f.Out = k.accum, k.state
	k.result = activations[p.act](f)
	return k, k.products(n, c)
}

// products fills in both products. The choice of how values and weights are multiplied looks at the layer's
// input both times, as hls4ml's does.
func (k *cell) products(n *ir.Node, c *Common) error {
	w, wr := k.weight(n, "weight"), k.weight(n, "recurrent_weight")
	width := k.width()
	if w == nil || wr == nil || len(w.Data.Data) != c.NIn*width || len(wr.Data.Data) != k.units*width {
		return n.Errorf("weights: got other sizes than (%d, %d) and (%d, %d)", c.NIn, width, k.units, width)
	}
	bias, again, err := k.biases(n)
	if err != nil {
		return err
	}
	k.input = sim.MatVec{
		NIn: c.NIn, NOut: width, Data: k.in, Weight: w, Transposed: layers.Transposed(n), Bias: bias,
		Product: fixed.ProductOf(k.in, w.Type.Format), Accum: k.accum, Result: k.accum,
	}
	k.again = sim.MatVec{
		NIn: k.units, NOut: width, Data: k.state, Weight: wr, Transposed: layers.Transposed(n), Bias: again,
		Product: fixed.ProductOf(k.in, wr.Type.Format), Accum: k.accum, Result: k.accum,
	}
	switch n.Strategy {
	case ir.Latency, "":
	case ir.Resource, ir.ResourceUnrolled:
		k.input.ReuseFactor, k.again.ReuseFactor = *k.reuse, *k.part.again
		if n.Strategy == ir.ResourceUnrolled {
			k.input.Product, k.again.Product = k.input.Product.Unrolled(), k.again.Product.Unrolled()
		}
	default:
		return n.Errorf("Strategy: got %s, want latency, resource or resource_unrolled", n.Strategy)
	}
	for _, m := range []sim.MatVec{k.input, k.again} {
		if rf := m.ReuseFactor; rf > 0 && m.NIn%rf != 0 && rf%m.NIn != 0 {
			return n.Errorf("reuse_factor: got %d, want a divisor or a multiple of %d", rf, m.NIn)
		}
	}
	return nil
}

// biases are those of the products with input and state, one per result. A GRU whose reset gate comes before
// the product has one value of each, and the firmware reads on behind them: see oneBias.
func (k *cell) biases(n *ir.Node) (input, again []sim.Num, err error) {
	width := k.width()
	b := k.weight(n, "bias")
	if b == nil {
		return nil, nil, n.Errorf("bias: got none, want %d values", width)
	}
	input = sim.WeightNums(b)
	if br := k.weight(n, "recurrent_bias"); br != nil {
		again = sim.WeightNums(br)
	} else {
		again = padded(nil, width, b.Type.Format)
	}
	if k.before && len(input) == 1 && len(again) == 1 {
		if input, again, err = k.oneBias(n, input[0], again[0]); err != nil {
			return nil, nil, err
		}
	}
	if len(input) != width || len(again) != width {
		return nil, nil, n.Errorf("biases: got %d and %d values, want %d", len(input), len(again), width)
	}
	return input, again, nil
}

// padded fills values up with zeros.
func padded(values []sim.Num, n int, f fixed.Format) []sim.Num {
	out := values[:min(len(values), n):min(len(values), n)]
	for len(out) < n {
		out = append(out, sim.NewNum(0, f))
	}
	return out
}

// merger joins results of both directions; nil: they stand side by side.
type merger struct {
	eval  func(a, b sim.Num) sim.Num
	lower func(lo *sim.Lowering, a, b sim.Plane) sim.Plane
}

// half is 0.5 as the firmware holds it.
func half() sim.Num { return sim.NewNum(1, fixed.UFixed(1, 0)) }

// mergerOf mirrors nnet::merge_values in nnet_recurrent.h.
func mergerOf(n *ir.Node) *merger {
	a, ok := n.Attrs.(*BidirectionalAttrs)
	if !ok {
		return nil
	}
	f := n.Out().Type.Format
	switch a.MergeMode {
	case "sum":
		return &merger{
			eval: func(a, b sim.Num) sim.Num { return a.Add(b).Cast(f) },
			lower: func(lo *sim.Lowering, a, b sim.Plane) sim.Plane {
				return lo.Cast(lo.Add(a, f, b, f), fixed.Add(f, f), f)
			},
		}
	case "mul":
		return &merger{
			eval: func(a, b sim.Num) sim.Num { return a.Mul(b).Cast(f) },
			lower: func(lo *sim.Lowering, a, b sim.Plane) sim.Plane {
				return lo.Cast(lo.Mul(a, b), fixed.Mul(f, f), f)
			},
		}
	case "ave":
		return &merger{
			eval: func(a, b sim.Num) sim.Num { return a.Add(b).Mul(half()).Cast(f) },
			lower: func(lo *sim.Lowering, a, b sim.Plane) sim.Plane {
				return lo.Cast(lo.Add(a, f, b, f), fixed.Mul(fixed.Add(f, f), half().T), f)
			},
		}
	}
	return nil
}
