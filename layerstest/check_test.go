package layerstest_test

import (
	"fmt"
	"testing"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layerstest"
	"github.com/hlsgo/hlsgo/sim"
)

// ReverseAttrs are the attributes of Reverse.
type ReverseAttrs struct {
	NIn int `hls:"n_in"`
}

// reverse turns a vector round. It is a kind as the author of a plugin writes it.
var reverse = layers.Def{
	Kind:    "Reverse",
	Doc:     "the values of a vector from its end",
	Attrs:   func() any { return &ReverseAttrs{} },
	Options: []ir.Option{{Name: "n_in"}},
	Init: func(n *ir.Node, _ ir.Data) error {
		a, in := ir.Attrs[ReverseAttrs](n), n.In(0)
		if len(in.Shape) != 1 || in.Shape[0] != a.NIn {
			return n.Errorf("input: got shape %v, want %d values on one axis", in.Shape, a.NIn)
		}
		return n.AddOutput(in.Shape)
	},
	Infer: layers.InferLikeInput,
	Ref: func(*ir.Node) (func(in [][]float64, out []float64), error) {
		return func(in [][]float64, out []float64) {
			for i, v := range in[0] {
				out[len(out)-1-i] = v
			}
		}, nil
	},
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: sim.Kernel{Lower: lowerReverse, Eval: evalReverse}, Emit: codegen.Emitter{Emit: emitReverse},
			Limits: []layers.Limit{{IOType: ir.Stream, Why: "a stream has no end to begin with"}},
		},
	},
}

func lowerReverse(lo *sim.Lowering, n *ir.Node) error {
	x := lo.In(n, 0)
	out := make([]sim.Plane, len(x.Planes))
	for i, p := range x.Planes {
		out[len(out)-1-i] = lo.Cast(p, x.Format, n.Out().Type.Format)
	}
	lo.SetOut(n, 0, out)
	return nil
}

func evalReverse(_ *sim.Env, n *ir.Node) (sim.Evaluator, error) {
	return func(in, out [][]sim.Num) {
		for i, v := range in[0] {
			out[0][len(out[0])-1-i] = v.Cast(n.Out().Type.Format)
		}
	}, nil
}

// emitReverse writes the function for its one node: the sizes are in the text.
func emitReverse(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	in, out := n.In(0), n.Out()
	name := fmt.Sprintf("reverse_%d", n.Index)
	text := fmt.Sprintf("template <class x_T, class y_T> void %s(x_T x[%d], y_T y[%[2]d]) {\n"+
		"    for (unsigned i = 0; i < %[2]d; i++) {\n        y[%[2]d - 1 - i] = x[i];\n    }\n}\n", name, in.Size())
	return &codegen.Fragment{
		Code: text,
		Call: &codegen.Call{
			Function: env.Owner() + "::" + name, Template: []string{in.Type.Name, out.Type.Name},
			Args: []string{in.Name, out.Name},
		},
	}, nil
}

// TestKindOfAPlugin hands Check a kind that hlsgo does not have.
func TestKindOfAPlugin(t *testing.T) {
	layerstest.Check(t, layerstest.Family{
		Defs: []layers.Def{reverse},
		Samples: []layerstest.Sample{{Kind: "Reverse", Build: func(n *layerstest.Net) {
			size := n.Between(1, 6)
			n.Layer("Reverse", layerstest.Attrs{"n_in": size}, nil, n.Input(size))
		}}},
	})
}
