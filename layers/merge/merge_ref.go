package merge

import (
	"math"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// mergeRef is the float reference, with the framework's own broadcasting.
var mergeRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	a, err := spread(n.In(0).Shape, n.Out().Shape)
	if err != nil {
		return nil, n.Errorf("inputs: %w", err)
	}
	b, err := spread(n.In(1).Shape, n.Out().Shape)
	if err != nil {
		return nil, n.Errorf("inputs: %w", err)
	}
	op := floatOp(ir.Attrs[Attrs](n).Op)
	return func(in [][]float64, out []float64) {
		for i := range out {
			out[i] = op(in[0][a[i]], in[1][b[i]])
		}
	}, nil
}

func floatOp(name string) func(x, y float64) float64 {
	switch name {
	case "add":
		return func(x, y float64) float64 { return x + y }
	case "subtract":
		return func(x, y float64) float64 { return x - y }
	case "multiply":
		return func(x, y float64) float64 { return x * y }
	case "average":
		return func(x, y float64) float64 { return (x + y) / 2 }
	case "maximum":
		return math.Max
	case "minimum":
		return math.Min
	}
	panic("BUG: merge: operation " + name)
}
