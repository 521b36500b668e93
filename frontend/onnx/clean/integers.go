package clean

import (
	"slices"

	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

// An operator on whole numbers is the one on real numbers between quantizers: what it does beside, it rounds
// to the same numbers. The steps below bring networks of such operators into that form.

// lowerIntegers makes the operator on real numbers of those on whole ones.
func lowerIntegers(g *graph.Graph) error {
	err := exchange(g, func(n *graph.Node) ([]*graph.Node, error) {
		lower, ok := lowered[n.Op]
		if !ok || n.Domain != "" && n.Domain != "ai.onnx" && n.Domain != microsoft {
			return nil, nil
		}
		return lower(g, n)
	})
	if err != nil {
		return err
	}
	return inferShapes(g)
}

// lowered are the operators on whole numbers, the places of their inputs being those of ONNX and onnxruntime.
var lowered = map[string]func(g *graph.Graph, n *graph.Node) ([]*graph.Node, error){
	"QLinearConv": func(g *graph.Graph, n *graph.Node) ([]*graph.Node, error) {
		return onReals(g, n, "Conv", triples{{0, 1, 2}, {3, 4, 5}}, 8, triple{6, 7, 0})
	},
	"QLinearMatMul": func(g *graph.Graph, n *graph.Node) ([]*graph.Node, error) {
		return onReals(g, n, "MatMul", triples{{0, 1, 2}, {3, 4, 5}}, 0, triple{6, 7, 0})
	},
	"QGemm": func(g *graph.Graph, n *graph.Node) ([]*graph.Node, error) {
		return onReals(g, n, "Gemm", triples{{0, 1, 2}, {3, 4, 5}}, 6, triple{7, 8, 0})
	},
	"QLinearAdd": func(g *graph.Graph, n *graph.Node) ([]*graph.Node, error) {
		return onReals(g, n, "Add", triples{{0, 1, 2}, {3, 4, 5}}, 0, triple{6, 7, 0})
	},
	"QLinearMul": func(g *graph.Graph, n *graph.Node) ([]*graph.Node, error) {
		return onReals(g, n, "Mul", triples{{0, 1, 2}, {3, 4, 5}}, 0, triple{6, 7, 0})
	},
	"QLinearSigmoid": func(g *graph.Graph, n *graph.Node) ([]*graph.Node, error) {
		return onReals(g, n, "Sigmoid", triples{{0, 1, 2}}, 0, triple{3, 4, 0})
	},
	"QLinearLeakyRelu": func(g *graph.Graph, n *graph.Node) ([]*graph.Node, error) {
		return onReals(g, n, "LeakyRelu", triples{{0, 1, 2}}, 0, triple{3, 4, 0})
	},
	"QLinearAveragePool": func(g *graph.Graph, n *graph.Node) ([]*graph.Node, error) {
		return onReals(g, n, "AveragePool", triples{{0, 1, 2}}, 0, triple{3, 4, 0})
	},
	"QLinearGlobalAveragePool": func(g *graph.Graph, n *graph.Node) ([]*graph.Node, error) {
		return onReals(g, n, "GlobalAveragePool", triples{{0, 1, 2}}, 0, triple{3, 4, 0})
	},
}

// triple are the places of a tensor, its scale and its zero point among the inputs; of an output, of the
// latter two.
type (
	triple  [3]int
	triples []triple
)

// onReals are the nodes that do what n does: real numbers of its operands, the operator, and whole numbers of
// what comes out. bias is the place of a bias whose scale is the product of the others'; 0: there is none.
func onReals(
	g *graph.Graph, n *graph.Node, op string, operands triples, bias int, result triple,
) ([]*graph.Node, error) {
	if last, err := n.Int("channels_last", 0); err != nil || last != 0 {
		return nil, err
	}
	var parts []*graph.Node
	var inputs []string
	real := func(tensor, scale, zero string, axis int) {
		out := g.Fresh()
		d := &graph.Node{
			Op: "DequantizeLinear", Inputs: []string{tensor, scale, zero}, Outputs: []string{out}, Origin: n.Label(),
			Attrs: map[string]graph.Attr{"axis": graph.IntOf(axis)},
		}
		parts, inputs = append(parts, d), append(inputs, out)
	}
	for i, t := range operands {
		real(n.Input(t[0]), n.Input(t[1]), n.Input(t[2]), filterAxis(g, n, op, i, n.Input(t[0])))
	}
	if b := n.Input(bias); bias > 0 && b != "" {
		scale, err := product(g, n.Input(operands[0][1]), n.Input(operands[1][1]))
		if err != nil || scale == "" {
			return nil, err
		}
		real(b, scale, "", max(0, len(g.Shape(b))-1))
	}
	whole := g.Fresh()
	attrs := map[string]graph.Attr{}
	for key, a := range n.Attrs {
		if key != "channels_last" {
			attrs[key] = a
		}
	}
	return append(parts,
		&graph.Node{Op: op, Inputs: inputs, Outputs: []string{whole}, Attrs: attrs, Origin: n.Label()},
		&graph.Node{
			Op: "QuantizeLinear", Inputs: []string{whole, n.Input(result[0]), n.Input(result[1])},
			Outputs: slices.Clone(n.Outputs), Origin: n.Label(),
		}), nil
}

// filterAxis is the axis of the filters, or columns, of an operand.
func filterAxis(g *graph.Graph, n *graph.Node, op string, operand int, tensor string) int {
	switch {
	case operand == 0 || op == "Conv":
		return 0
	case op == "Gemm":
		if on, err := n.Int("transB", 0); err == nil && on != 0 {
			return 0
		}
	}
	return max(0, len(g.Shape(tensor))-1)
}

// product is a constant of the products of two scales; "" where one is computed.
func product(g *graph.Graph, a, b string) (string, error) {
	x, y := g.Init(a), g.Init(b)
	if x == nil || y == nil || x.Size() != 1 {
		return "", nil
	}
	s, err := x.Scalar()
	if err != nil {
		return "", err
	}
	data, err := y.Data()
	if err != nil {
		return "", err
	}
	out := make([]float64, len(data))
	for i, v := range data {
		out[i] = float64(float32(s) * float32(v))
	}
	return g.Constant(graph.Float, y.Dims, out), nil
}

// moving are the operators that give whole numbers as they get them.
var moving = []string{"MaxPool", "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Identity"}

// maxMoves bounds how many operators a DequantizeLinear is raised over.
const maxMoves = 64

// raiseDequantizers puts a DequantizeLinear in front of operators that only move whole numbers, so that it
// stands behind the QuantizeLinear. Those get copies: another may read the whole numbers.
func raiseDequantizers(g *graph.Graph) error {
	producers := g.Producers()
	err := exchange(g, func(n *graph.Node) ([]*graph.Node, error) {
		if !isQDQ(n, "DequantizeLinear") {
			return nil, nil
		}
		s, err := stepsOf(g, n)
		if err != nil || s == nil || len(s.scale) > 1 {
			return nil, err
		}
		var moves []*graph.Node
		for p := producers[n.Input(0)]; p != nil && p.Is(moving...); p = producers[p.Input(0)] {
			if moves = append(moves, p); len(moves) > maxMoves {
				return nil, nil
			}
		}
		if moves == nil {
			return nil, nil
		}
		return raised(g, n, moves), nil
	})
	if err != nil {
		return err
	}
	return afterwards(g)
}

// raised are n in front of the operators that it stands behind, the last of them first in the list.
func raised(g *graph.Graph, n *graph.Node, moves []*graph.Node) []*graph.Node {
	d := *n
	d.Inputs, d.Outputs = slices.Clone(n.Inputs), []string{g.Fresh()}
	d.Inputs[0] = moves[len(moves)-1].Input(0)
	out, real := []*graph.Node{&d}, d.Outputs[0]
	for _, p := range slices.Backward(moves) {
		m := *p
		m.Inputs, m.Outputs = slices.Clone(p.Inputs), []string{g.Fresh()}
		m.Inputs[0] = real
		out, real = append(out, &m), m.Outputs[0]
	}
	out[len(out)-1].Outputs = slices.Clone(n.Outputs)
	return out
}
