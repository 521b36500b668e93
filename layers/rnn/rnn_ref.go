package rnn

import (
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// recurrentRef is the float reference: the layer as Keras defines it, with go_backwards and with the reset
// gate where the model has it.
var recurrentRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	var list []*refCell
	for _, p := range parts(n) {
		k, err := newRefCell(n, p)
		if err != nil {
			return nil, err
		}
		list = append(list, k)
	}
	c := CommonOf(n)
	a, both := n.Attrs.(*BidirectionalAttrs)
	if !both {
		return func(in [][]float64, out []float64) {
			seq, inner := list[0].run(in[0], in[1:], c, goesBackwards(n.Attrs))
			h := seq[len(seq)-1]
			if !c.ReturnSequences {
				seq = seq[len(seq)-1:]
			}
			copy(out, slices.Concat(answers(n, slices.Concat(seq...), h, inner)...))
		}, nil
	}
	return func(in [][]float64, out []float64) { refBoth(a, list, in[0], out) }, nil
}

// refBoth runs both layers of a Bidirectional. Keras runs the second the other way round than the first,
// turns its sequence round, and joins.
func refBoth(a *BidirectionalAttrs, list []*refCell, x, out []float64) {
	first, second, fromEnd := list[0], list[1], a.ForwardGoBackwards
	if a.Swapped {
		first, second, fromEnd = second, first, true
	}
	y, _ := first.run(x, nil, &a.Common, fromEnd)
	z, _ := second.run(x, nil, &a.Common, !fromEnd)
	if a.ReturnSequences {
		slices.Reverse(z)
	} else {
		y, z = y[len(y)-1:], z[len(z)-1:]
	}
	at := 0
	for t := range y {
		row := append(slices.Clone(y[t]), z[t]...)
		if a.MergeMode != "concat" {
			row = row[:len(y[t])]
			for i, v := range z[t] {
				row[i] = refMerge(a.MergeMode, row[i], v)
			}
		}
		at += copy(out[at:], row)
	}
}

func refMerge(mode string, a, b float64) float64 {
	switch mode {
	case "sum":
		return a + b
	case "mul":
		return a * b
	}
	return (a + b) / 2
}

// refCell is one direction in floats.
type refCell struct {
	part
	nIn               int
	w, wr, b, br      []float64
	act, recurrentAct func(float64) float64
	keep              func(float64) float64 // what a step takes over of the states before
}

var refActivations = map[string]func(float64) float64{
	"linear":  func(x float64) float64 { return x },
	"relu":    func(x float64) float64 { return max(x, 0) },
	"sigmoid": func(x float64) float64 { return 1 / (1 + math.Exp(-x)) },
	"tanh":    math.Tanh,
}

func newRefCell(n *ir.Node, p part) (*refCell, error) {
	k := &refCell{
		part: p, nIn: CommonOf(n).NIn, act: refActivations[p.act], recurrentAct: refActivations[p.recurrent],
		br: make([]float64, p.width()),
	}
	if err := k.quantizers(n); err != nil {
		return nil, err
	}
	for _, w := range []struct {
		role string
		into *[]float64
	}{
		{"weight", &k.w}, {"recurrent_weight", &k.wr}, {"bias", &k.b}, {"recurrent_bias", &k.br},
	} {
		t, err := refWeight(n, p, w.role)
		if err != nil {
			return nil, err
		}
		if t != nil {
			*w.into = t.Data
		}
	}
	if p.before {
		all := n.Data.Tensors[p.prefix+ResetBeforeBias]
		if all == nil {
			return nil, n.Errorf("%s: got none, want %d values", p.prefix+ResetBeforeBias, p.width())
		}
		t, err := framework(n, "bias", all)
		if err != nil {
			return nil, err
		}
		k.b, k.br = t.Data, make([]float64, p.width())
	}
	return k, nil
}

// ResetBeforeBias is the entry of a node's data, behind the prefix of the direction, that holds all biases of
// a GRU whose reset gate comes before the product. The firmware loses most of them.
const ResetBeforeBias = "reset_before_bias_data"

// refWeight is a weight as the framework uses it: through its quantizer, if it has one; nil: there is none.
func refWeight(n *ir.Node, p part, role string) (*ir.Tensor, error) {
	w := p.weight(n, role)
	if w == nil {
		return nil, nil
	}
	if role == "recurrent_bias" {
		role = "bias" // one quantizer for both rows
	}
	return framework(n, p.prefix+role, w.Unquantized)
}

// framework puts t through the quantizer of a role, if there is one.
func framework(n *ir.Node, role string, t *ir.Tensor) (*ir.Tensor, error) {
	switch q := n.Quantizer(role).(type) {
	case nil:
		return t, nil
	case ir.FrameworkQuantizer:
		return q.Framework(t)
	default:
		return q.Quantize(t)
	}
}

// quantizers takes over those of the activations and of the states.
func (k *refCell) quantizers(n *ir.Node) error {
	k.keep = func(x float64) float64 { return x }
	for _, q := range []struct {
		name string
		into *func(float64) float64
	}{
		{"activation_quantizer", &k.act}, {"recurrent_activation_config", &k.recurrentAct},
		{"accum_quantizer", &k.keep},
	} {
		v, ok := n.Data.Quantizers[q.name].(ir.ValueQuantizer)
		if !ok {
			continue
		}
		f, err := v.Value()
		if err != nil {
			return n.Errorf("%s: %w", q.name, err)
		}
		*q.into = f
	}
	return nil
}

// kept is what a step takes over of a state.
func (k *refCell) kept(h []float64) []float64 {
	out := make([]float64, len(h))
	for i, v := range h {
		out[i] = k.keep(v)
	}
	return out
}

// run is the state after every step, in the order of the steps taken, and the inner state after the last.
// The states before the first step are zero unless they are given.
func (k *refCell) run(
	x []float64, given [][]float64, c *Common, fromEnd bool,
) (seq [][]float64, inner []float64) {
	h := make([]float64, k.units)
	inner = make([]float64, k.units)
	for i, start := range given {
		copy([][]float64{h, inner}[i], start)
	}
	for t := range c.NTimesteps {
		if fromEnd {
			t = c.NTimesteps - 1 - t
		}
		p := affine(x[t*k.nIn:][:k.nIn], k.w, k.b)
		switch k.kind {
		case "LSTM":
			h, inner = k.lstm(p, k.kept(h), k.kept(inner))
		case "GRU":
			h = k.gru(p, k.kept(h))
		default:
			h = k.simple(p, k.kept(h))
		}
		seq = append(seq, h)
	}
	return seq, inner
}

// affine is b + x*w for w of shape (len(x), len(b)).
func affine(x, w, b []float64) []float64 {
	out := slices.Clone(b)
	for i, v := range x {
		for j := range out {
			out[j] += v * w[i*len(b)+j]
		}
	}
	return out
}

func (k *refCell) simple(p, h []float64) []float64 {
	q := affine(h, k.wr, k.br)
	next := make([]float64, k.units)
	for u := range next {
		next[u] = k.act(p[u] + q[u])
	}
	return next
}

func (k *refCell) lstm(p, h, inner []float64) (next, state []float64) {
	q := affine(h, k.wr, k.br)
	next, state = make([]float64, k.units), make([]float64, k.units)
	gate := func(g, u int) float64 { return p[g*k.units+u] + q[g*k.units+u] }
	for u := range next {
		i, f, o := k.recurrentAct(gate(0, u)), k.recurrentAct(gate(1, u)), k.recurrentAct(gate(3, u))
		state[u] = f*inner[u] + i*k.act(gate(2, u))
		next[u] = o * k.act(state[u])
	}
	return next, state
}

func (k *refCell) gru(p, h []float64) []float64 {
	q := affine(h, k.wr, k.br)
	update, reset := k.openings()
	gate := func(g, u int) float64 { return k.recurrentAct(p[g*k.units+u] + q[g*k.units+u]) }
	if k.before {
		opened := make([]float64, k.units)
		for u := range opened {
			opened[u] = gate(reset, u) * h[u]
		}
		copy(q[2*k.units:], affine(opened, k.wr, k.br)[2*k.units:])
	}
	next := make([]float64, k.units)
	for u := range next {
		again := q[2*k.units+u]
		if !k.before {
			again *= gate(reset, u)
		}
		z := gate(update, u)
		next[u] = z*h[u] + (1-z)*k.act(p[2*k.units+u]+again)
	}
	return next
}
