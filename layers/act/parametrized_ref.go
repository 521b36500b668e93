package act

import "github.com/hlsgo/hlsgo/ir"

var parametrizedRef = perValue(func(n *ir.Node) (func(x float64) float64, error) {
	a := ir.Attrs[ParametrizedAttrs](n)
	param := a.ActivParam
	if a.Meant != nil {
		param = *a.Meant
	}
	switch name := a.Function(); name {
	case "leaky_relu":
		return func(x float64) float64 { return leaky(x, param) }, nil
	case "thresholded_relu":
		return func(x float64) float64 {
			if x > param {
				return x
			}
			return 0
		}, nil
	case "elu":
		return func(x float64) float64 { return eluOf(x, param) }, nil
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
