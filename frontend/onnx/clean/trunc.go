package clean

import (
	"fmt"
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

// splitTruncs makes quantizers of Trunc, which takes bits off numbers that are whole after a scale: one that
// makes the whole numbers, and one with the coarser scale.
func splitTruncs(g *graph.Graph) error {
	err := exchange(g, func(n *graph.Node) ([]*graph.Node, error) {
		if n.Op != "Trunc" || n.Domain == "" {
			return nil, nil
		}
		return truncParts(g, n)
	})
	if err != nil {
		return err
	}
	return inferShapes(g)
}

// numbers reads constant inputs of one number each, from a place on.
func numbers(g *graph.Graph, n *graph.Node, first int) ([]float64, error) {
	var out []float64
	for i := first; i < len(n.Inputs); i++ {
		t := g.Init(n.Input(i))
		if t == nil {
			return nil, fmt.Errorf("input %d: got a tensor that is computed, want one constant number", i)
		}
		v, err := t.Scalar()
		if err != nil {
			return nil, fmt.Errorf("input %d: %w", i, err)
		}
		out = append(out, v)
	}
	return out, nil
}

// truncParts are the nodes of a Trunc: of the first version with inputs scale, zero point, bits before and
// behind; of the second with a scale behind as well, and limits.
func truncParts(g *graph.Graph, n *graph.Node) ([]*graph.Node, error) {
	v, err := numbers(g, n, 1)
	if err != nil {
		return nil, err
	}
	if len(v) != 4 && len(v) != 5 {
		return nil, fmt.Errorf("inputs: got %d, want 5 or 6", len(v)+1)
	}
	if v[1] != 0 {
		return nil, fmt.Errorf("zero point: got %v, want 0", v[1])
	}
	mode, err := n.Text("rounding_mode", "FLOOR")
	if err != nil {
		return nil, err
	}
	t := truncation{in: v[0], bitsBefore: v[2], bits: v[len(v)-1], signed: true, mode: mode}
	if len(v) == 4 {
		// the first version says nothing of signs, and does not scale back
		t.bitsBefore, t.bits = v[2]+1, v[3]+1
		t.out, t.back = v[0]*math.Exp2(v[2]-v[3]), math.Exp2(v[3]-v[2])
		return t.nodes(g, n), nil
	}
	if t.signed, t.narrow, err = signs(n); err != nil {
		return nil, err
	}
	// QONNX takes the ratio of the scales for the power of two next to it, and multiplies by the scale that is
	// there
	t.out = v[0] * math.Exp2(math.RoundToEven(math.Log2(v[3]/v[0])))
	t.back = v[3] / t.out
	return t.nodes(g, n), nil
}

func signs(n *graph.Node) (signed, narrow bool, err error) {
	s, err := n.Int("signed", 1)
	if err != nil {
		return false, false, err
	}
	w, err := n.Int("narrow", 0)
	return s != 0, w != 0, err
}

// truncation is a Trunc as two quantizers, of scales in and out, and a factor behind.
type truncation struct {
	in, out, back    float64
	bitsBefore, bits float64
	signed, narrow   bool
	mode             string
}

func (t truncation) nodes(g *graph.Graph, n *graph.Node) []*graph.Node {
	whole, cut := g.Fresh(), g.Fresh()
	quant := func(in, out string, scale, bits float64, narrow bool, mode string) *graph.Node {
		q := quantNode(g, n, in, g.Constant(graph.Float, []int{}, []float64{scale}), 0, form{
			bits: int(bits), signed: t.signed, narrow: narrow,
		})
		q.Outputs = []string{out}
		q.Attrs["rounding_mode"] = graph.Attr{Type: graph.TextAttr, Text: mode}
		return q
	}
	parts := []*graph.Node{
		quant(n.Input(0), whole, t.in, t.bitsBefore, false, "ROUND"),
		quant(whole, cut, t.out, t.bits, t.narrow, t.mode),
	}
	if t.back == 1 {
		parts[1].Outputs = slices.Clone(n.Outputs)
		return parts
	}
	return append(parts, &graph.Node{
		Op: "Mul", Inputs: []string{cut, g.Constant(graph.Float, []int{}, []float64{t.back})},
		Outputs: slices.Clone(n.Outputs), Origin: n.Label(),
	})
}
