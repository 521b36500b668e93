package profiling

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// weightLabels are hls4ml's names of the weights of a layer, in the order of its weights.
// Users search their old pictures by these labels.
var weightLabels = map[string][]string{
	"LSTM":            {"w", "rw", "b", "rb"},
	"GRU":             {"w", "rw", "b", "rb"},
	"SeparableConv1D": {"dw", "pw", "db", "pb"},
	"SeparableConv2D": {"dw", "pw", "db", "pb"},
}

// weightLabel is hls4ml's label of weight i of a layer; where hls4ml has none, with the weight's role.
func weightLabel(n *ir.Node, i int) string {
	names, ok := weightLabels[n.Kind]
	if !ok {
		names = []string{"w", "b"}
	}
	if len(n.Weights) <= len(names) {
		return n.Name + "/" + names[i]
	}
	return n.Name + "/" + n.Weights[i].Role
}

// WeightTensors are the distributions of the weights of a graph: before quantization to their type, after
// what the passes so far have folded into them. It mirrors weights_hlsmodel and types_hlsmodel of hls4ml's
// model/profiling.py, which leave out weights that are all zero.
func WeightTensors(g *ir.Graph, s Stage) []Tensor {
	var out []Tensor
	for _, n := range g.Nodes {
		for i, w := range n.Weights {
			c := NewCollector(fixed.Auto)
			c.limit = len(w.Data.Data) // they are in memory already: exact, whatever their number
			Add(c, w.Data.Data)
			t := newTensor(n, s, Weights, w.Role, w.Type.Format)
			t.Label, t.Stats = weightLabel(n, i), c.Stats()
			out = append(out, t)
		}
	}
	return out
}

// newTensor is a tensor of the node without statistics.
func newTensor(n *ir.Node, s Stage, g Group, role string, f fixed.Format) Tensor {
	return Tensor{
		Label: n.Name, Layer: n.Name, Kind: n.Kind, Role: role, Group: g, Stage: s,
		Type: f.String(), Range: RangeOf(f), Origin: n.Origin,
	}
}
