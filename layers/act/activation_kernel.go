package act

import (
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/sim"
)

var activationKernel = kernel(func(env *sim.Env, n *ir.Node) (function, error) {
	a := ir.Attrs[ActivationAttrs](n)
	if err := checkTabled(n, a); err != nil {
		return function{}, err
	}
	return byName(n, formatsOf(env, n, &a.Base), a.Activation)
})

// checkTabled looks at the table of a function that reads one.
func checkTabled(n *ir.Node, a *ActivationAttrs) error {
	switch strings.ToLower(a.Activation) {
	case "sigmoid", "tanh", "softplus", "softsign", "elu", "selu":
		return checkTableSize(n, &a.Base)
	}
	return nil
}

// byName finds an activation without parameters. mirrors ActivationFunctionTemplate, which takes the name in
// lower case for that of the C++ function.
func byName(n *ir.Node, f formats, name string) (function, error) {
	build := map[string]func(formats) function{
		"linear":       func(f formats) function { return layers.Linear(f.shared()) },
		"relu":         func(f formats) function { return layers.Relu(f.shared()) },
		"relu1":        func(f formats) function { return reluMax(f, 1) },
		"relu6":        func(f formats) function { return reluMax(f, 6) },
		"sigmoid":      func(f formats) function { return layers.Sigmoid(f.shared()) },
		"tanh":         func(f formats) function { return layers.Tanh(f.shared()) },
		"softplus":     func(f formats) function { return open(f, "softplus", 8, softplusValue) },
		"softsign":     func(f formats) function { return open(f, "softsign", 8, softsignValue) },
		"elu":          func(f formats) function { return elu(f, sim.NewNum(1, fixed.UInt(1))) },
		"selu":         selu,
		"binary_tanh":  binaryTanh,
		"ternary_tanh": ternaryTanh,
	}
	b, ok := build[strings.ToLower(name)]
	if !ok {
		names := make([]string, 0, len(build))
		for k := range build {
			names = append(names, k)
		}
		slices.Sort(names)
		return function{}, n.Errorf("activation: got %q, want one of %s", name, strings.Join(names, ", "))
	}
	return b(f), nil
}

// reluMax mirrors nnet::relu_max in nnet_activation.h.
func reluMax(f formats, limit int64) function {
	return function{
		Key: f.key("relu_max", limit),
		Eval: func(x sim.Num) sim.Num {
			switch {
			case x.Cmp(sim.CInt(0)) < 0:
				return sim.CInt(0).Cast(f.out)
			case x.Cmp(sim.CInt(limit)) > 0:
				return sim.CInt(limit).Cast(f.out)
			}
			return x.Cast(f.out)
		},
		Lower: func(lo *sim.Lowering, x sim.Plane) sim.Plane {
			below := lo.Cast(positive(lo, x), f.in, f.out)
			return exceeds(lo, x, f.in, sim.CInt(limit), constant(lo, limit, f.out), below)
		},
	}
}

// binaryTanh mirrors nnet::binary_tanh and binary_cast in nnet_activation.h.
func binaryTanh(f formats) function {
	bit := (f.out.Kind == fixed.KindInt || f.out.Kind == fixed.KindXnor) && f.out.W == 1 && !f.out.Signed
	value := func(positive bool) sim.Num {
		switch {
		case positive:
			return sim.NewNum(1, fixed.Int(2)).Cast(f.out)
		case bit:
			return sim.CInt(0).Cast(f.out)
		}
		return sim.NewNum(-1, fixed.Int(2)).Cast(f.out)
	}
	return function{
		Key:  f.key("binary_tanh"),
		Eval: func(x sim.Num) sim.Num { return value(x.Cmp(sim.CInt(0)) >= 0) },
		Lower: func(lo *sim.Lowering, x sim.Plane) sim.Plane {
			return lo.Select(x, -1, raw(lo, value(true)), raw(lo, value(false)))
		},
	}
}

// raw is the plane of a constant.
func raw(lo *sim.Lowering, v sim.Num) sim.Plane {
	return lo.ConstNum(v)
}

// doubled is the input of ternary_tanh times two, in the input's type.
var doubled = sim.Role{Name: "doubled"}

// ternaryTanh mirrors nnet::ternary_tanh: that of nnet_activation.h doubles its input, within the input's
// type, before it compares; that of nnet_activation_stream.h does not.
func ternaryTanh(f formats) function {
	double := fixed.Mul(fixed.Int(32), f.in)
	return function{
		Key: f.key("ternary_tanh"),
		Eval: func(x sim.Num) sim.Num {
			if !f.stream {
				x = sim.CInt(2).Mul(x).CastAs(doubled, f.in)
			}
			switch {
			case x.Cmp(sim.CInt(1)) > 0:
				return sim.CInt(1).Cast(f.out)
			case x.Cmp(sim.CInt(-1)) <= 0:
				return sim.CInt(-1).Cast(f.out)
			}
			return sim.CInt(0).Cast(f.out)
		},
		Lower: func(lo *sim.Lowering, x sim.Plane) sim.Plane {
			if !f.stream {
				x = lo.CastAs(doubled, lo.Scale(x, 2, 0), double, f.in)
			}
			low := exceeds(lo, x, f.in, sim.CInt(-1), constant(lo, 0, f.out), constant(lo, -1, f.out))
			return exceeds(lo, x, f.in, sim.CInt(1), constant(lo, 1, f.out), low)
		},
	}
}
