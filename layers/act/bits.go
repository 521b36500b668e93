package act

import (
	"math"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// functionBits is the part of activations without parameters in bit-exact propagation.
var functionBits = layers.Bits{Make: makeFunction, Want: wantFunction, Settle: settleTable}

// passesOn reports whether a function keeps the integer and fractional bits of its argument.
func passesOn(function string) bool { return function == "relu" || function == "linear" }

// makeFunction mirrors _produce_kif for Activation. A relu and a linear one share the arrays of their input,
// as hls4ml's do; what a table rounds has no last bit.
func makeFunction(n *ir.Node, env layers.BitsEnv) (kif.Tensor, error) {
	if layers.Trusted(n) {
		return kif.OfFormat(n.Out().Shape, n.Out().Type.Format), nil
	}
	x, err := env.In(0)
	if err != nil {
		return x, err
	}
	none := make([]int, len(x.K))
	switch strings.ToLower(layers.FunctionOf(n)) {
	case "linear":
		return x, nil
	case "relu":
		return kif.Tensor{Shape: x.Shape, K: none, I: x.I, F: x.F, Held: x.Held}, nil
	case "tanh":
		return kif.Tensor{Shape: x.Shape, K: x.K, I: atMost(x.I, 1), F: kif.Fill(len(x.K), kif.Unlimited)}, nil
	case "sigmoid":
		return kif.Tensor{Shape: x.Shape, K: none, I: atMost(x.I, 1), F: kif.Fill(len(x.K), kif.Unlimited)}, nil
	}
	return kif.All(x.Shape), nil
}

func atMost(v []int, limit int) []int {
	out := slices.Clone(v)
	for i := range out {
		out[i] = min(out[i], limit)
	}
	return out
}

// wantFunction lets what is wanted of a linear activation, and of a relu behind the point, through to the
// input; other functions look at every bit. A type of the framework is wanted as it is, whatever reads it.
// The name of the function is compared as written here, and without case in makeFunction, as in hls4ml.
func wantFunction(n *ir.Node, env layers.BitsEnv) ([]kif.Tensor, error) {
	function := layers.FunctionOf(n)
	if !passesOn(function) {
		return []kif.Tensor{kif.All(n.In(0).Shape)}, nil
	}
	var out kif.Tensor
	if layers.Trusted(n) {
		f := n.Out().Type.Format
		out = layers.WantedOfType(kif.OfFormat(n.Out().Shape, f), f.Q.Short(), f.O.Short())
	} else {
		w, err := env.Wanted()
		if err != nil {
			return nil, err
		}
		out = w
	}
	if function == "relu" { // sign and size decide whether the value is passed on
		all := kif.All(out.Shape)
		out = kif.Tensor{Shape: out.Shape, K: all.K, I: all.I, F: out.F}
	}
	return []kif.Tensor{out}, nil
}

// settleTable sizes the table for the grid of the input: an entry for every value it can have. Those of tanh
// and sigmoid reach over -4..4 and -8..8 whatever the input's range.
func settleTable(n *ir.Node, env layers.BitsEnv) error {
	x, err := env.In(0)
	if err != nil {
		return err
	}
	k, i, f := x.Most()
	size := math.Trunc(math.Ldexp(1, k+i+f))
	switch strings.ToLower(layers.FunctionOf(n)) {
	case "tanh":
		size = math.Trunc(math.Ldexp(8, f))
	case "sigmoid":
		size = math.Trunc(math.Ldexp(16, f))
	}
	n.Attrs.(interface{ base() *Base }).base().TableSize = int(min(size, 1<<62))
	return nil
}

// parametrizedBits is the part of activations with one number.
var parametrizedBits = layers.Bits{
	Make: makeParametrized,
	Settle: func(n *ir.Node, _ layers.BitsEnv) error {
		f := kif.Format(kif.Minimal(ir.Attrs[ParametrizedAttrs](n).ActivParam))
		n.SetType("param_t", &ir.Type{Name: n.Name + "_param_t", Format: f})
		return nil
	},
}

// makeParametrized mirrors _produce_kif for ParametrizedActivation.
func makeParametrized(n *ir.Node, env layers.BitsEnv) (kif.Tensor, error) {
	x, err := env.In(0)
	if err != nil {
		return x, err
	}
	a := ir.Attrs[ParametrizedAttrs](n)
	pk, pi, pf := kif.Minimal(a.ActivParam)
	keep := x.K
	if a.ActivParam <= 0 {
		keep = make([]int, len(x.K))
	}
	switch strings.ToLower(a.Activation) {
	case "leakyrelu":
		return widened(x, keep, pi, pf, env), nil
	case "thresholdedrelu":
		out, _ := kif.Combine(x, kif.New(x.Shape, pk, pi, pf), kif.Larger)
		out.K = make([]int, len(x.K))
		for i := range out.K {
			out.K[i] = x.K[i] & pk
		}
		return out, nil
	case "elu":
		out := kif.Tensor{Shape: x.Shape, K: keep, I: slices.Clone(x.I), F: kif.Fill(len(x.K), kif.Unlimited)}
		for i := range out.I {
			out.I[i] = max(out.I[i], pi)
		}
		return out, nil
	}
	return kif.All(x.Shape), nil
}

// widened has the bits of the input and those of the slope. hls4ml adds them to the arrays of the input in
// place, so that a node which keeps those is known to make more from then on; each time that the rule is
// asked, it adds them again.
func widened(x kif.Tensor, keep []int, pi, pf int, env layers.BitsEnv) kif.Tensor {
	if !x.Held {
		x.I, x.F = slices.Clone(x.I), slices.Clone(x.F)
	} else if pi > 1 || pf > 0 {
		env.Changed()
	}
	for i := range x.I {
		x.I[i] += max(0, pi-1)
		x.F[i] += max(0, pf)
	}
	return kif.Tensor{Shape: x.Shape, K: keep, I: x.I, F: x.F}
}
