package act

import "github.com/hlsgo/hlsgo/ir"

var ternaryRef = perValue(func(n *ir.Node) (func(x float64) float64, error) {
	t := 0.5
	if own := ir.Attrs[TernaryAttrs](n).Threshold; own != nil {
		t = *own
	}
	return func(x float64) float64 { return ternary(x, -t, t) }, nil
})
