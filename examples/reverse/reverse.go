package reverse

import (
	"slices"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/sim"
)

// Attrs are the attributes of Reverse.
type Attrs struct {
	NIn int `hls:"n_in"`
}

// Def is the kind: a vector from its end.
func Def() layers.Def {
	return layers.Def{
		Kind:    "Reverse",
		Doc:     "a vector from its end",
		Attrs:   func() any { return &Attrs{} },
		Options: []ir.Option{{Name: "n_in"}},
		Init:    initReverse,
		Infer:   layers.InferLikeInput,
		Ref:     reference,
		Impl: map[codegen.Dialect]layers.Impl{
			codegen.Xilinx: {Kernel: kernel(), Emit: codegen.Emitter{Emit: emit}},
		},
	}
}

// initReverse adds the output, of the input's shape.
func initReverse(n *ir.Node, _ ir.Data) error {
	in := n.In(0)
	if in == nil {
		return n.Errorf("input %q: got no such tensor", n.Inputs[0])
	}
	if a := ir.Attrs[Attrs](n); len(in.Shape) != 1 || in.Shape[0] != a.NIn {
		return n.Errorf("input: got shape %v, want %d values on one axis", in.Shape, a.NIn)
	}
	return n.AddOutput(in.Shape)
}

// reference is what the framework computes, in float.
func reference(*ir.Node) (func(in [][]float64, out []float64), error) {
	return func(in [][]float64, out []float64) {
		copy(out, in[0])
		slices.Reverse(out)
	}, nil
}

// kernel mirrors nnet::reverse in nnet_reverse.h, twice: Eval judges, Lower is what runs.
func kernel() sim.Kernel { return sim.Kernel{Eval: eval, Lower: lower} }

// eval takes one sample, value by value. The firmware assigns to the result's type, so there is a cast.
func eval(_ *sim.Env, n *ir.Node) (sim.Evaluator, error) {
	to := n.Out().Type.Format
	return func(in, out [][]sim.Num) {
		for i, v := range in[0] {
			out[0][len(out[0])-1-i] = v.Cast(to)
		}
	}, nil
}

// lower does the same for planes, each of which holds one value of many samples: no value moves, planes take
// each other's place. The cast costs nothing where both types are the same.
func lower(lo *sim.Lowering, n *ir.Node) error {
	x := lo.In(n, 0)
	out := make([]sim.Plane, len(x.Planes))
	for i, p := range x.Planes {
		out[len(out)-1-i] = lo.Cast(p, x.Format, n.Out().Type.Format)
	}
	lo.SetOut(n, 0, out)
	return nil
}

// emit writes the configuration and the call; the library of the project has the header from AddSource.
func emit(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	c := env.Config(n, "nnet::reverse_config")
	c.Uint("n_in", ir.Attrs[Attrs](n).NIn)
	return &codegen.Fragment{
		Configs:  []*codegen.Config{c},
		Call:     env.Call(n, "nnet::reverse", c.Name),
		Includes: []string{"nnet_reverse.h"},
	}, nil
}
