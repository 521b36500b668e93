package act

import "github.com/hlsgo/hlsgo/ir"

var parametrizedRef = perValue(func(n *ir.Node) (func(x float64) float64, error) {
	a := ir.Attrs[ParametrizedAttrs](n)
	switch name := a.Function(); name {
	case "leaky_relu":
		return func(x float64) float64 { return leaky(x, a.ActivParam) }, nil
	case "thresholded_relu":
		return func(x float64) float64 {
			if x > a.ActivParam {
				return x
			}
			return 0
		}, nil
	case "elu":
		return func(x float64) float64 { return eluOf(x, a.ActivParam) }, nil
	default:
		return nil, n.Errorf("activation: got %q, which has no float reference", name)
	}
})

func leaky(x, alpha float64) float64 {
	if x > 0 {
		return x
	}
	return alpha * x
}
