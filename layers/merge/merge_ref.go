package merge

import (
	"math"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// mergeRef is the float reference, with the framework's own broadcasting.
var mergeRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	from := make([][]int, len(n.Inputs))
	for i := range from {
		var err error
		if from[i], err = spread(n.In(i).Shape, n.Out().Shape); err != nil {
			return nil, n.Errorf("inputs: %w", err)
		}
	}
	a, scale := ir.Attrs[Attrs](n), 1.0
	name := a.Op
	if name == "average" {
		name, scale = "add", 1/float64(a.divisor(len(from)))
	}
	op := Function(name)
	return func(in [][]float64, out []float64) {
		for i := range out {
			v := in[0][from[0][i]]
			for k := 1; k < len(from); k++ {
				v = op(v, in[k][from[k][i]])
			}
			out[i] = v * scale
		}
	}, nil
}

// Function is an operation of two numbers; see operations.
func Function(name string) func(x, y float64) float64 {
	switch name {
	case "add":
		return func(x, y float64) float64 { return x + y }
	case "subtract":
		return func(x, y float64) float64 { return x - y }
	case "multiply":
		return func(x, y float64) float64 { return x * y }
	case "divide":
		return func(x, y float64) float64 { return x / y }
	case "average":
		return func(x, y float64) float64 { return (x + y) / 2 }
	case "maximum":
		return math.Max
	case "minimum":
		return math.Min
	}
	panic("BUG: merge: operation " + name)
}
