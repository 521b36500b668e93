package clean

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

// pixelOps are the operators that take channels last. qonnx knows the first three; with the others hls4ml
// refuses the network, or reads the wrong axes.
var pixelOps = []string{
	"Conv", "MaxPool", "BatchNormalization",
	"AveragePool", "GlobalAveragePool", "GlobalMaxPool", "Resize", "Upsample", "Pad",
}

// toLast and toFirst are the permutations of shapes with one or two axes of pixels.
func toLast(rank int) []int {
	perm := []int{0}
	for i := 2; i < rank; i++ {
		perm = append(perm, i)
	}
	return append(perm, 1)
}

func toFirst(rank int) []int {
	perm := []int{0, rank - 1}
	for i := 1; i < rank-1; i++ {
		perm = append(perm, i)
	}
	return perm
}

// isTranspose reports whether a node is a transpose by the permutation that perm gives for its rank.
func isTranspose(g *graph.Graph, n *graph.Node, perm func(rank int) []int) bool {
	rank := len(g.Shape(n.Input(0)))
	if !n.Is("Transpose") || rank != 3 && rank != 4 {
		return false
	}
	got, ok := Permutation(n, rank)
	return ok && slices.Equal(got, perm(rank))
}

// overPixels reports whether the node takes channels last, and does not yet.
func overPixels(g *graph.Graph, n *graph.Node) bool {
	rank := len(g.Shape(n.Input(0)))
	return n.Domain == "" && slices.Contains(pixelOps, n.Op) && (rank == 3 || rank == 4)
}

// insertChannelsLast puts transposes round every node over pixels.
func insertChannelsLast(g *graph.Graph) error {
	for i := 0; i < len(g.Nodes); i++ {
		n := g.Nodes[i]
		if !overPixels(g, n) {
			continue
		}
		around, err := surround(g, n)
		if err != nil {
			return n.Errorf("%w", err)
		}
		g.Insert(i+1, around...)
	}
	if err := inferShapes(g); err != nil {
		return err
	}
	return tidy(g)
}

// surround gives the node channels last; its answer is the transposes that this takes.
func surround(g *graph.Graph, n *graph.Node) ([]*graph.Node, error) {
	var around []*graph.Node
	rank := len(g.Shape(n.Input(0)))
	for i, in := range n.Inputs {
		if i > 0 && !(n.Op == "Conv" && i == 1) {
			continue
		}
		dims := g.Shape(in)
		if len(dims) != rank {
			return nil, fmt.Errorf("input %d: got shape %v, want %d axes", i, dims, rank)
		}
		t := transposeOf(g, n, in, toLast(rank))
		n.Inputs[i] = t.Outputs[0]
		around = append(around, t)
	}
	if err := settingsLast(g, n, rank); err != nil {
		return nil, err
	}
	back := transposeOf(g, n, g.Fresh(), toFirst(rank))
	if n.Is("GlobalAveragePool", "GlobalMaxPool") {
		back = reshapeTo(g, n, back.Inputs[0], g.Shape(n.Outputs[0])) // one pixel has no order
	}
	back.Outputs[0], n.Outputs[0] = n.Outputs[0], back.Inputs[0]
	if dims := g.Shape(back.Outputs[0]); len(dims) == rank {
		g.SetValue(n.Outputs[0], graph.Value{Type: graph.Float, Dims: permuted(dims, toLast(rank))})
	}
	n.Domain = graph.ChannelsLast
	return append(around, back), nil
}

// transposeOf is a transpose of a tensor, made because of n.
func transposeOf(g *graph.Graph, n *graph.Node, in string, perm []int) *graph.Node {
	out := g.Fresh()
	if dims := g.Shape(in); len(dims) == len(perm) {
		g.SetValue(out, graph.Value{Type: g.Value(in).Type, Dims: permuted(dims, perm)})
	}
	return &graph.Node{
		Op: "Transpose", Inputs: []string{in}, Outputs: []string{out}, Origin: n.Label(),
		Attrs: map[string]graph.Attr{"perm": graph.IntsOf(perm...)},
	}
}

// settingsLast puts settings that have a number for each axis into the other order.
func settingsLast(g *graph.Graph, n *graph.Node, rank int) error {
	perm := toLast(rank)
	switch n.Op {
	case "Pad":
		return padsLast(g, n, rank)
	case "Resize", "Upsample":
		for _, in := range n.Inputs[1:] {
			t := g.Init(in)
			if t == nil || t.Size() != rank {
				continue // none, or the region, which nearest pixels do not need
			}
			data, err := t.Data()
			if err != nil {
				return err
			}
			g.SetInit(graph.NewTensor(in, t.Type, t.Dims, permuted2(data, perm)))
		}
		if a, ok := n.Attrs["scales"]; ok && len(a.Floats) == rank {
			a.Floats = permuted2(a.Floats, perm)
			n.Attrs["scales"] = a
		}
	}
	return nil
}

func permuted2[T any](list []T, perm []int) []T {
	out := make([]T, len(perm))
	for i, p := range perm {
		out[i] = list[p]
	}
	return out
}

// padsLast writes the pads of all axes as one constant in the other order.
func padsLast(g *graph.Graph, n *graph.Node, rank int) error {
	s := shaper{g, n}
	in, out := s.dims(0), s.pad()
	pads, ok := s.ints(1, "pads")
	if !ok || out == nil {
		return fmt.Errorf("pads: got none that are constants, want them")
	}
	before := make([]int, rank)
	if s.n.Input(3) == "" {
		copy(before, pads[:rank])
	} else {
		axes, _ := s.ints(3, "")
		for i, a := range axes {
			a, _ := axisOf(a, rank)
			before[a] = pads[i]
		}
		n.Inputs = n.Inputs[:3]
	}
	var data []float64
	for _, p := range toLast(rank) {
		data = append(data, float64(before[p]))
	}
	for _, p := range toLast(rank) {
		data = append(data, float64(out[0].Dims[p]-in[p]-before[p]))
	}
	delete(n.Attrs, "pads")
	name := g.Fresh()
	g.SetInit(graph.NewTensor(name, graph.Int64, []int{2 * rank}, data))
	if len(n.Inputs) < 2 {
		n.Inputs = append(n.Inputs, "")
	}
	n.Inputs[1] = name
	return nil
}
