package clean

import (
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

// removeIdentity takes out nodes that give what they read.
func removeIdentity(g *graph.Graph) error {
	uses := g.Uses()
	var gone []*graph.Node
	for _, n := range g.Nodes {
		if idle(g, n, uses) && bypass(g, n) {
			gone = append(gone, n)
		}
	}
	g.Remove(gone...)
	return tidy(g)
}

// idle reports whether a node does nothing at inference.
func idle(g *graph.Graph, n *graph.Node, uses map[string]int) bool {
	switch {
	case n.Is("Identity"):
		return true
	case n.Is("Dropout"):
		return len(n.Outputs) < 2 || uses[n.Outputs[1]] == 0
	case n.Is("Cast"):
		to, err := n.Int("to", 0)
		from := g.Value(n.Input(0)).Type
		return err == nil && isFloat(from) && isFloat(graph.DType(to))
	case n.Is("Pad"):
		s := shaper{g, n}
		pads, ok := s.ints(1, "pads")
		return ok && len(pads) > 0 && !slices.ContainsFunc(pads, func(p int) bool { return p != 0 })
	case n.Is("Expand"):
		return known(g.Shape(n.Input(0))) && slices.Equal(g.Shape(n.Input(0)), g.Shape(n.Outputs[0]))
	}
	return false
}

func isFloat(t graph.DType) bool {
	return t == graph.Float || t == graph.Double || t == graph.Float16 || t == graph.BFloat16
}

// bypass lets those that read a node's answer read its input; false where it must stay, such as between an
// input and an output of the network.
func bypass(g *graph.Graph, n *graph.Node) bool {
	in, out := n.Input(0), n.Outputs[0]
	if !slices.Contains(g.Outputs, out) {
		g.Redirect(out, in)
		return true
	}
	p := g.Producer(in)
	if p == nil || slices.Contains(g.Outputs, in) {
		return false
	}
	for i, o := range p.Outputs {
		if o == in {
			p.Outputs[i] = out // the output of the network keeps its name
		}
	}
	g.Redirect(in, out)
	return true
}

// removeDead takes out nodes whose answers nobody wants.
func removeDead(g *graph.Graph) error {
	producers := g.Producers()
	wanted := make(map[*graph.Node]bool, len(g.Nodes))
	work := slices.Clone(g.Outputs)
	for len(work) > 0 {
		p := producers[work[len(work)-1]]
		work = work[:len(work)-1]
		if p != nil && !wanted[p] {
			wanted[p] = true
			work = append(work, p.Inputs...)
		}
	}
	g.Nodes = slices.DeleteFunc(g.Nodes, func(n *graph.Node) bool { return !wanted[n] })
	return tidy(g)
}

// foldTransposeIntoQuantizer turns constants round in front of a quantizer and not behind it.
func foldTransposeIntoQuantizer(g *graph.Graph) error {
	for again := true; again; {
		again = false
		producers, uses := g.Producers(), g.Uses()
		for _, n := range g.Nodes {
			q := producers[n.Input(0)]
			if !n.Is("Transpose") || q == nil || uses[n.Input(0)] != 1 || !quantizesConstants(g, q) {
				continue
			}
			if err := transposeInputs(g, n, q); err != nil {
				return err
			}
			q.Outputs[0] = n.Outputs[0]
			g.Remove(n)
			again = true
			break
		}
		if err := tidy(g); err != nil {
			return err
		}
	}
	return nil
}

// quantizesConstants reports whether a node is a quantizer all of whose inputs are constants.
func quantizesConstants(g *graph.Graph, n *graph.Node) bool {
	return (n.Op == "Quant" || n.Op == "BipolarQuant" || n.Op == "IntQuant") &&
		!slices.ContainsFunc(n.Inputs, func(in string) bool { return g.Init(in) == nil })
}

// transposeInputs turns the constants of q round that have as many axes as the transpose n.
func transposeInputs(g *graph.Graph, n, q *graph.Node) error {
	for _, in := range q.Inputs {
		t := g.Init(in)
		perm, ok := Permutation(n, len(t.Dims))
		if !ok {
			continue
		}
		if err := transposeConstant(g, t, perm); err != nil {
			return n.Errorf("%w", err)
		}
	}
	return nil
}

// transposeConstant replaces a constant by one with its axes in another order, behind all others.
func transposeConstant(g *graph.Graph, t *graph.Tensor, perm []int) error {
	data, err := t.Data()
	if err != nil {
		return err
	}
	dims := permuted(t.Dims, perm)
	g.SetInit(graph.NewTensor(t.Name, t.Type, dims, pick(data, 0, permuted(stridesOf(t.Dims), perm), dims)))
	return nil
}

// near is how close a factor is to one, or a summand to zero, that qonnx takes for it.
const near = 1e-5

// removeNeutral takes out sums with zero and products with one. qonnx does it behind every Gemm, in the whole
// network, and so must this: it decides which layers there are.
func removeNeutral(g *graph.Graph) error {
	for again := true; again; {
		again = false
		for _, n := range g.Nodes {
			neutral, err := isNeutral(g, n)
			if err != nil {
				return err
			}
			if !neutral || !bypass(g, n) {
				continue
			}
			g.Remove(n)
			again = true
			break
		}
		if err := tidy(g); err != nil {
			return err
		}
	}
	return inferShapes(g)
}

func isNeutral(g *graph.Graph, n *graph.Node) (bool, error) {
	one := 0.0
	switch {
	case n.Is("Add", "Sub"):
	case n.Is("Mul", "Div"):
		one = 1
	default:
		return false, nil
	}
	t := g.Init(n.Input(1))
	if t == nil || !slices.Equal(g.Shape(n.Input(0)), g.Shape(n.Outputs[0])) {
		return false, nil
	}
	data, err := t.Data()
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(data, func(v float64) bool { return !(math.Abs(v-one) <= near+near*one) }), nil
}
