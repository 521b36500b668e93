package clean

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

// quantized is x through QuantizeLinear and DequantizeLinear of the element type, perhaps with another scale
// behind, and a Relu.
func quantized(t graph.DType, zero, scale, behind float64) *graph.Graph {
	g := graph.New("test")
	g.Opsets[""] = 13
	g.Inputs, g.Outputs = []string{"x"}, []string{"y"}
	g.SetValue("x", graph.Value{Type: graph.Float, Dims: []int{1, 3}})
	z := g.Constant(t, []int{}, []float64{zero})
	one := func(v float64) string { return g.Constant(graph.Float, []int{}, []float64{v}) }
	g.Nodes = []*graph.Node{
		{Op: "QuantizeLinear", Inputs: []string{"x", one(scale), z}, Outputs: []string{"q"}},
		{Op: "DequantizeLinear", Inputs: []string{"q", one(behind), z}, Outputs: []string{"d"}},
		{Op: "Relu", Inputs: []string{"d"}, Outputs: []string{"y"}},
	}
	return g
}

// TestJoinQuantizers looks at the form of a pair: its bits and sign, and a zero point only where no type does
// without.
func TestJoinQuantizers(t *testing.T) {
	for _, c := range []struct {
		of     graph.DType
		zero   float64
		quants int
		bits   float64
		signed int64
		keep   float64
	}{
		{graph.Int8, 0, 1, 8, 1, 0},
		{graph.Uint8, 0, 1, 8, 0, 0},
		{graph.Int8, -128, 1, 8, 0, 0},
		{graph.Uint8, 128, 1, 8, 1, 0},
		{graph.Int4, 0, 1, 4, 1, 0},
		{graph.Uint16, 0, 1, 16, 0, 0},
		{graph.Uint8, 10, 1, 8, 0, 10},
		{graph.Uint8, 37, 2, 9, 1, 37}, // an odd one: rounded first
	} {
		g := quantized(c.of, c.zero, 0.25, 0.25)
		require.NoError(t, inferShapes(g))
		require.NoError(t, joinQuantizers(g))
		var quants []*graph.Node
		for _, n := range g.Nodes {
			if n.Op == "Quant" {
				quants = append(quants, n)
			}
		}
		require.Len(t, quants, c.quants, "%s %v", c.of, c.zero)
		require.Equal(t, c.bits, scalar(t, g, quants[0].Input(3)), "%s %v", c.of, c.zero)
		require.Equal(t, c.signed, quants[0].Attrs["signed"].Int, "%s %v", c.of, c.zero)
		require.Equal(t, c.keep, scalar(t, g, quants[len(quants)-1].Input(2)), "%s %v", c.of, c.zero)
	}
}

// TestPairsThatDiffer leaves nodes alone whose scales differ: they are refused with what cannot be read.
func TestPairsThatDiffer(t *testing.T) {
	g := quantized(graph.Int8, 0, 0.25, 0.5)
	require.NoError(t, inferShapes(g))
	require.NoError(t, joinQuantizers(g))
	require.Equal(t, "DequantizeLinear", g.Nodes[1].Op)
	for _, scale := range []float64{0, -1} {
		g = quantized(graph.Int8, 0, scale, scale)
		require.NoError(t, inferShapes(g))
		require.ErrorContains(t, joinQuantizers(g), "scale: got")
	}
}

func scalar(t *testing.T, g *graph.Graph, name string) float64 {
	t.Helper()
	require.NotNil(t, g.Init(name), name)
	v, err := g.Init(name).Scalar()
	require.NoError(t, err)
	return v
}
