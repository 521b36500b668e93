package passes

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// The functions below stand where hls4ml tests isinstance: what a kind is to a pass, its definition says.

func has(n *ir.Node, t layers.Trait) bool { return layers.TraitsOf(n).Has(t) }

func isActivation(n *ir.Node) bool { return has(n, layers.Activation) }
func isScale(n *ir.Node) bool      { return has(n, layers.Scale) }
func isMatrix(n *ir.Node) bool     { return has(n, layers.Matrix) }
func isReshape(n *ir.Node) bool    { return has(n, layers.Reshapes) }

// isLinear reports whether n is an activation that changes nothing but the type.
func isLinear(n *ir.Node) bool { return layers.FunctionOf(n) == "linear" }

// axesOf is the permutation of a kind that only changes the order of axes; ok is false for others.
func axesOf(n *ir.Node) (perm []int, ok bool) {
	p, ok := n.Attrs.(layers.Permuting)
	if !ok {
		return nil, false
	}
	return p.Permutation(), true
}

// producer is the node that makes the first input of n, or nil.
func producer(n *ir.Node) *ir.Node {
	if len(n.Inputs) == 0 {
		return nil
	}
	return n.Graph().Producer(n.Inputs[0])
}

// consumers lists the nodes that read an output of n, once per use.
func consumers(n *ir.Node) []*ir.Node {
	var out []*ir.Node
	for _, o := range n.Outputs {
		out = append(out, n.Graph().Consumers(o)...)
	}
	return out
}

// resultAuto reports whether the result type of n waits for inference.
func resultAuto(n *ir.Node) bool { return n.Format("result_t") == fixed.Auto }

// own is a pass about single kinds, which bring it as one of their Rewrites. It is a pass of its own all the
// same, for its place in the flows and its name among the applied ones are hls4ml's.
func own(name, doc string) ir.Pass {
	return ir.Pass{
		Name: name,
		Doc:  doc,
		Match: func(n *ir.Node) bool {
			r, ok := layers.RewriteOf(n, name)
			return ok && r.Match(n)
		},
		Apply: func(n *ir.Node) (bool, error) {
			r, _ := layers.RewriteOf(n, name)
			return r.Apply(n)
		},
	}
}
