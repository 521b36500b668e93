package clean

import (
	"slices"

	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

// gemmToMatMul makes products and sums of every Gemm, which is alpha * A * B + beta * C.
func gemmToMatMul(g *graph.Graph) error {
	for {
		at := slices.IndexFunc(g.Nodes, func(n *graph.Node) bool { return n.Is("Gemm") })
		if at < 0 {
			return nil
		}
		n := g.Nodes[at]
		parts, err := gemmParts(g, n)
		if err != nil {
			return n.Errorf("%w", err)
		}
		g.Insert(at+1, parts...)
		g.Remove(n)
		if err := inferShapes(g); err != nil {
			return err
		}
		if err := tidy(g); err != nil {
			return err
		}
		if err := removeNeutral(g); err != nil {
			return err
		}
	}
}

// gemmParts are the nodes that take the place of a Gemm.
func gemmParts(g *graph.Graph, n *graph.Node) ([]*graph.Node, error) {
	var parts []*graph.Node
	add := func(op string, inputs ...string) string {
		out := g.Fresh()
		parts = append(parts, &graph.Node{Op: op, Inputs: inputs, Outputs: []string{out}, Origin: n.Label()})
		return out
	}
	inputs := slices.Clone(n.Inputs)
	for i, key := range []string{"transA", "transB"} {
		on, err := n.Int(key, 0)
		if err != nil {
			return nil, err
		}
		if on != 0 {
			inputs[i] = add("Transpose", inputs[i])
		}
	}
	product := add("MatMul", inputs[0], inputs[1])
	scaled, err := gemmFactor(g, n, "alpha")
	if err != nil {
		return nil, err
	}
	product = add("Mul", product, scaled)
	if n.Input(2) != "" {
		if scaled, err = gemmFactor(g, n, "beta"); err != nil {
			return nil, err
		}
		product = add("Add", product, add("Mul", inputs[2], scaled))
	}
	parts[len(parts)-1].Outputs[0] = n.Outputs[0]
	_ = product
	return parts, nil
}

// gemmFactor makes a constant of a factor of the Gemm. It has the precision that numpy gives a number.
func gemmFactor(g *graph.Graph, n *graph.Node, key string) (string, error) {
	v, err := n.Float(key, 1)
	if err != nil {
		return "", err
	}
	return g.Constant(graph.Double, []int{}, []float64{v}), nil
}
