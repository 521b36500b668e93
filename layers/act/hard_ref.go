package act

import (
	"strings"

	"github.com/hlsgo/hlsgo/ir"
)

var hardRef = perValue(func(n *ir.Node) (func(x float64) float64, error) {
	a := ir.Attrs[HardAttrs](n)
	slope := a.Slope
	if a.FrameworkSlope != 0 {
		slope = a.FrameworkSlope
	}
	sigmoid := func(x float64) float64 { return min(max(slope*x+a.Shift, 0), 1) }
	if strings.EqualFold(a.Activation, "hard_tanh") {
		return func(x float64) float64 { return 2*sigmoid(x) - 1 }, nil
	}
	return sigmoid, nil
})
