package onnx

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

// Node is the operation of a call, as handlers see it through build.Attributes.
type Node struct {
	*graph.Node
	// Of is the graph that the node is part of, which knows shapes and constants.
	Of *graph.Graph

	fixed map[string]bool // tensors that are constants, or made of constants alone, as quantized weights are
}

var _ build.Attributes = Node{}

// node is the operation that a call is about. This package's reader hands out nothing but Node.
func node(c *build.Call) Node { return c.Config.(Node) }

// Bool returns an attribute of a truth value, which ONNX has as a whole number.
func (n Node) Bool(name string, def bool) (bool, error) {
	v := 0
	if def {
		v = 1
	}
	v, err := n.Node.Int(name, v)
	return v != 0, err
}

// rank is the number of axes of the node's first input, with that of the batch.
func (n Node) rank() int { return len(n.Of.Shape(n.Input(0))) }

// isConstant reports whether a tensor is a constant, or one that is made of constants alone.
func (n Node) isConstant(tensor string) bool { return n.fixed[tensor] }

// fixedTensors lists those of a graph in order, for isConstant.
func fixedTensors(g *graph.Graph) map[string]bool {
	out := make(map[string]bool, len(g.Inits))
	for _, t := range g.Inits {
		out[t.Name] = true
	}
	for _, n := range g.Nodes {
		computed := func(in string) bool { return in != "" && !out[in] }
		if len(n.Inputs) == 0 || slices.ContainsFunc(n.Inputs, computed) {
			continue
		}
		for _, o := range n.Outputs {
			out[o] = true
		}
	}
	return out
}

// constant is the constant that the node reads as input i; nil where it has none.
func (n Node) constant(i int) *graph.Tensor { return n.Of.Init(n.Input(i)) }

// wanted is constant for one that must be there.
func (n Node) wanted(i int, what string) (*graph.Tensor, error) {
	if t := n.constant(i); t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("%s: got one that is computed, want a constant", what)
}
