package rnn

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/ir"
)

// What a recurrent layer of one direction can answer, as Common.Yields names it.
const (
	YieldSequence = "sequence" // every state, or the last one without ReturnSequences
	YieldHidden   = "h"        // the state behind the last step
	YieldInner    = "c"        // an LSTM's inner state behind the last step
)

// StateNames lists the states of a kind: h, and for LSTM c.
func StateNames(kind string) []string {
	if kind == "LSTM" {
		return []string{YieldHidden, YieldInner}
	}
	return []string{YieldHidden}
}

// yields lists what the layer answers, one tensor each.
func (c *Common) yields(kind string) []string {
	switch {
	case len(c.Yields) > 0:
		return c.Yields
	case c.ReturnState:
		return append([]string{YieldSequence}, StateNames(kind)...)
	}
	return []string{YieldSequence}
}

// checkStates wants states only of layers of one direction, and initial ones of the right number and size.
func checkStates(n *ir.Node, c *Common) error {
	states := StateNames(n.Kind)
	if n.Kind == "Bidirectional" {
		states = nil
		if c.ReturnState || len(c.Yields) > 0 {
			return n.Errorf("return_state: got true, want false: states of two directions are no outputs of the " +
				"firmware")
		}
	}
	if given := len(n.Inputs) - 1; given > 0 || c.PassInitialStates {
		if given != len(states) || given == 0 || !c.PassInitialStates {
			return n.Errorf("initial states: got %d, want none or %d", given, len(states))
		}
	}
	for i := 1; i < len(n.Inputs); i++ {
		in := n.In(i)
		if in == nil {
			return n.Errorf("input %q: got no such tensor", n.Inputs[i])
		}
		if shape := in.Shape[max(len(in.Shape)-2, 0):]; !slices.Equal(shape, []int{c.NOut}) &&
			!slices.Equal(shape, []int{1, c.NOut}) { // PyTorch's has an axis of layers and directions
			return n.Errorf("initial state %q: got shape %v, want (%d)", n.Inputs[i], in.Shape, c.NOut)
		}
	}
	all := append([]string{YieldSequence}, states...)
	for i, y := range c.Yields {
		if !slices.Contains(all, y) || slices.Contains(c.Yields[:i], y) {
			return n.Errorf("yields: got %v, want some of %v, once each", c.Yields, all)
		}
	}
	return nil
}

// addOutputs adds a tensor for all that the layer answers. States are kept in the result's type, so that all
// have one type.
func addOutputs(n *ir.Node, c *Common) error {
	for i, y := range c.yields(n.Kind) {
		shape := []int{c.NOut}
		if y == YieldSequence && c.ReturnSequences {
			shape = []int{c.NTimesteps, c.NOut}
		}
		if i == 0 {
			if err := n.AddOutput(shape); err != nil {
				return err
			}
		} else {
			n.Vars = append(n.Vars, &ir.Variable{Shape: shape, Type: n.Out().Type})
		}
		n.Vars[i].Name = fmt.Sprintf("layer%d_%s", n.Index, y)
		if y == YieldSequence {
			n.Vars[i].Name = fmt.Sprintf("layer%d_out", n.Index)
		}
	}
	return nil
}

// stateless reports whether the layer has neither initial states nor other answers than its sequence.
func stateless(n *ir.Node) bool {
	return len(n.Inputs) == 1 && slices.Equal(CommonOf(n).yields(n.Kind), []string{YieldSequence})
}

// answers puts what the layer yields into the order of its outputs: the sequence, of which h is the last
// entry, and the inner state.
func answers[T any](n *ir.Node, sequence, h, inner []T) [][]T {
	var out [][]T
	for _, y := range CommonOf(n).yields(n.Kind) {
		switch y {
		case YieldHidden:
			out = append(out, h)
		case YieldInner:
			out = append(out, inner)
		default:
			out = append(out, sequence)
		}
	}
	return out
}
