package act

import (
	"strings"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// perValue is the float reference of a kind that applies one function to every value: that of the
// activation's quantizer where it has one.
func perValue(build func(n *ir.Node) (func(x float64) float64, error)) layers.RefFunc {
	return func(n *ir.Node) (func(in [][]float64, out []float64), error) {
		f, err := quantized(n)
		if f == nil && err == nil {
			f, err = build(n)
		}
		if err != nil {
			return nil, err
		}
		return func(in [][]float64, out []float64) {
			for i, x := range in[0] {
				out[i] = f(x)
			}
		}, nil
	}
}

// quantized is the function of the activation's quantizer; nil when it has none.
func quantized(n *ir.Node) (func(x float64) float64, error) {
	q, ok := n.Quantizer("activation").(ir.ValueQuantizer)
	if !ok {
		return nil, nil
	}
	f, err := q.Value()
	if err != nil {
		return nil, n.Errorf("%w", err)
	}
	return f, nil
}

var activationRef = perValue(func(n *ir.Node) (func(x float64) float64, error) {
	a := ir.Attrs[ActivationAttrs](n)
	name := strings.ToLower(a.Activation)
	if name == "relu" {
		return func(x float64) float64 { return generalRelu(x, a) }, nil
	}
	f, ok := Float(name)
	if own := binary[name]; own != nil {
		f, ok = own, true
	}
	if !ok {
		return nil, n.Errorf("activation: got %q, which has no float reference", a.Activation)
	}
	return f, nil
})

// binary are the functions that Keras does not have.
var binary = map[string]func(float64) float64{
	"relu1":        func(x float64) float64 { return min(max(x, 0), 1) },
	"binary_tanh":  func(x float64) float64 { return ternary(x, 0, 0) },
	"ternary_tanh": func(x float64) float64 { return ternary(x, -0.5, 0.5) },
}

// generalRelu is the framework's ReLU layer, with the options that hls4ml reads past.
func generalRelu(x float64, a *ActivationAttrs) float64 {
	switch {
	case a.MaxValue != nil && x >= *a.MaxValue:
		return *a.MaxValue
	case x >= a.Threshold:
		return x
	}
	return a.NegativeSlope * (x - a.Threshold)
}

// ternary is -1 below lo, 1 from hi on, else 0.
func ternary(x, lo, hi float64) float64 {
	switch {
	case x >= hi:
		return 1
	case x < lo:
		return -1
	}
	return 0
}
