package act

import (
	"maps"
	"math"
	"slices"
)

// floatFunctions are the activations of one value as frameworks compute them, under the names of Keras 3.
var floatFunctions = map[string]func(x float64) float64{
	"linear":         func(x float64) float64 { return x },
	"relu":           func(x float64) float64 { return max(x, 0) },
	"relu6":          func(x float64) float64 { return min(max(x, 0), 6) },
	"leaky_relu":     func(x float64) float64 { return max(x, 0) + 0.2*min(x, 0) },
	"sigmoid":        sigmoid,
	"hard_sigmoid":   hardSigmoid,
	"log_sigmoid":    func(x float64) float64 { return -softplus(-x) },
	"sparse_sigmoid": func(x float64) float64 { return min(max((x+1)/2, 0), 1) },
	"tanh":           math.Tanh,
	"hard_tanh":      func(x float64) float64 { return min(max(x, -1), 1) },
	"tanh_shrink":    func(x float64) float64 { return x - math.Tanh(x) },
	"softplus":       softplus,
	"sparse_plus":    sparsePlus,
	"squareplus":     func(x float64) float64 { return (x + math.Sqrt(x*x+4)) / 2 },
	"softsign":       func(x float64) float64 { return x / (1 + math.Abs(x)) },
	"soft_shrink":    func(x float64) float64 { return x - min(max(x, -0.5), 0.5) },
	"hard_shrink":    hardShrink,
	"elu":            func(x float64) float64 { return eluOf(x, 1) },
	"celu":           func(x float64) float64 { return eluOf(x, 1) },
	"selu":           func(x float64) float64 { return 1.0507009873554805 * eluOf(x, 1.6732632423543772) },
	"exponential":    math.Exp,
	"exp":            math.Exp,
	"gelu":           func(x float64) float64 { return x * math.Erfc(-x/math.Sqrt2) / 2 },
	"silu":           func(x float64) float64 { return x * sigmoid(x) },
	"swish":          func(x float64) float64 { return x * sigmoid(x) },
	"hard_silu":      func(x float64) float64 { return x * hardSigmoid(x) },
	"hard_swish":     func(x float64) float64 { return x * hardSigmoid(x) },
	"mish":           func(x float64) float64 { return x * math.Tanh(softplus(x)) },
}

// Float returns a function of one value by its name in Keras 3, with the parameters that it has by default.
func Float(name string) (f func(x float64) float64, ok bool) {
	f, ok = floatFunctions[name]
	return f, ok
}

// FloatNames lists the names that Float knows, sorted.
func FloatNames() []string { return slices.Sorted(maps.Keys(floatFunctions)) }

func sigmoid(x float64) float64     { return 1 / (1 + math.Exp(-x)) }
func hardSigmoid(x float64) float64 { return min(max(x/6+0.5, 0), 1) }

func sparsePlus(x float64) float64 {
	switch {
	case x <= -1:
		return 0
	case x >= 1:
		return x
	}
	return (x + 1) * (x + 1) / 4
}

func hardShrink(x float64) float64 {
	if math.Abs(x) > 0.5 {
		return x
	}
	return 0
}

// softplus is log(1+e^x) without overflow.
func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

func eluOf(x, alpha float64) float64 {
	if x > 0 {
		return x
	}
	return alpha * math.Expm1(x)
}
