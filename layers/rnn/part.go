package rnn

import (
	"github.com/hlsgo/hlsgo/ir"
)

// part is one direction of a recurrent layer.
type part struct {
	kind      string // "SimpleRNN", "LSTM" or "GRU"
	prefix    string // of the roles of its weights: "", "forward_" or "backward_"
	letter    string // of the names of its weights: "", "f" or "b"
	backward  bool   // starts at the last step
	units     int
	act       string // name of the activation
	recurrent string // name of the gates' activation
	resetGate bool   // comes first, as in PyTorch, and then the update gate
	before    bool   // Keras applies the reset gate before the product with the state
	reuse     *int   // reuse factor of the product with the input
	again     *int   // reuse factor of the product with the state
}

// gates is the number of values that one unit computes per step.
func (p part) gates() int {
	switch p.kind {
	case "LSTM":
		return 4
	case "GRU":
		return 3
	}
	return 1
}

// openings are the places of a GRU's update and reset gate.
func (p part) openings() (update, reset int) {
	if p.resetGate {
		return 1, 0
	}
	return 0, 1
}

// width is the number of results of each product.
func (p part) width() int { return p.gates() * p.units }

// weight is a weight of the part: "weight", "bias", "recurrent_weight" or "recurrent_bias"; nil: it has none.
func (p part) weight(n *ir.Node, role string) *ir.Weight { return n.Weight(p.prefix + role) }

// parts lists the directions of a layer: one, or forward and backward.
func parts(n *ir.Node) []part {
	single := func(kind string, s *Single, recurrent string, before bool) []part {
		return []part{{
			kind: kind, units: s.NOut, act: s.Activation, recurrent: recurrent, before: before,
			reuse: &n.ReuseFactor, again: &s.RecurrentReuseFactor,
		}}
	}
	switch a := n.Attrs.(type) {
	case *SimpleRNNAttrs:
		return single("SimpleRNN", &a.Single, "", false)
	case *LSTMAttrs:
		return single("LSTM", &a.Single, a.RecurrentActivation, false)
	case *GRUAttrs:
		list := single("GRU", &a.Single, a.RecurrentActivation, a.ApplyResetGate == "before")
		list[0].resetGate = a.PyTorch
		return list
	}
	a := ir.Attrs[BidirectionalAttrs](n)
	return []part{
		{
			kind: plainClass(a.ForwardClassName), prefix: "forward_", letter: "f", units: a.ForwardNStates,
			act: a.ForwardActivation, recurrent: a.ForwardRecurrentActivation,
			before: a.ForwardApplyResetGate == "before",
			reuse:  &a.ForwardReuseFactor, again: &a.ForwardRecurrentReuseFactor,
		},
		{
			kind: plainClass(a.BackwardClassName), prefix: "backward_", letter: "b", units: a.BackwardNStates,
			act: a.BackwardActivation, recurrent: a.BackwardRecurrentActivation, backward: true,
			before: a.BackwardApplyResetGate == "before",
			reuse:  &a.BackwardReuseFactor, again: &a.BackwardRecurrentReuseFactor,
		},
	}
}

// plainClass is the kind of a class of Keras or QKeras.
func plainClass(class string) string {
	switch class {
	case "QSimpleRNN", "QLSTM", "QGRU":
		return class[1:]
	}
	return class
}

// assemble puts the results of all parts, by time step and unit, together as the layer's output.
func assemble[T any](c *Common, seqs [][][]T, merge func(a, b T) T) []T {
	first, last := 0, c.NTimesteps
	var out []T
	if c.ReturnSequences {
		for t := first; t < last; t++ {
			out = append(out, join(seqs, merge, t, t)...)
		}
		return out
	}
	return join(seqs, merge, last-1, first)
}

// join puts one step of the forward part and one of the backward part together. A nil merge lines them up.
func join[T any](seqs [][][]T, merge func(a, b T) T, forward, backward int) []T {
	out := append([]T(nil), seqs[0][forward]...)
	if len(seqs) == 1 {
		return out
	}
	if merge == nil {
		return append(out, seqs[1][backward]...)
	}
	for i, b := range seqs[1][backward] {
		out[i] = merge(out[i], b)
	}
	return out
}

// steps calls visit for the steps of a part in the order in which it takes them.
func (p part) steps(n int, visit func(t int)) {
	for i := range n {
		if p.backward {
			i = n - 1 - i
		}
		visit(i)
	}
}
