package merge

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/sim"
)

// ConcatenateAttrs are the attributes of Concatenate.
type ConcatenateAttrs struct {
	DataFormat string `hls:"data_format"`
	Op         string `hls:"op"` // "concatenate1d", "concatenate2d" or "concatenate3d"
	// Axis counts from 1, the batch being 0, or from -1, the last, downwards.
	Axis int `hls:"axis"`
}

// Chain implements layers.Chained.
func (a *ConcatenateAttrs) Chain(int) any { return ir.CloneAttrs(a) }

// TurnLast implements layers.ChannelsFirst, as hls4ml 1.3.0 does it: of two axes of pixels it takes the one
// for the other.
func (a *ConcatenateAttrs) TurnLast(rank int) string {
	if a.Axis < 0 {
		a.Axis += rank + 1
	}
	was := a.Axis
	switch rank {
	case 2:
		a.Axis = 3 - was
	case 3:
		a.Axis = 4 - was
		if was != 1 {
			return "concatenates pixels along the other axis of the picture: concatenate channels, or permute before"
		}
	}
	return ""
}

var concatenateDef = layers.Def{
	Kind:    "Concatenate",
	Doc:     "tensors one behind the other along an axis",
	Traits:  layers.Moves,
	Attrs:   func() any { return &ConcatenateAttrs{DataFormat: "channels_last"} },
	Options: []ir.Option{layers.ReuseFactorOption()},
	Init:    initConcatenate,
	Infer:   inferConcatenate,
	Bits:    layers.Bits{Make: layers.MakeBits(makeConcatenate), Want: wantConcatenate},
	Ref:     concatenateRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {Kernel: concatenateKernel, Emit: codegen.Emitter{Emit: emitConcatenate}},
	},
}

// initConcatenate mirrors Concatenate.initialize.
func initConcatenate(n *ir.Node, _ ir.Data) error {
	shapes, err := manyInputs(n)
	if err != nil {
		return err
	}
	attrs, a := ir.Attrs[ConcatenateAttrs](n), shapes[0]
	axis := attrs.axis(len(a))
	switch {
	case len(a) < 1 || len(a) > 3:
		return n.Errorf("inputs: got shape %v, want up to three axes", a)
	case axis < 0 || axis >= len(a):
		return n.Errorf("axis: got %d, want 1 to %d, or -1 to -%d", attrs.Axis, len(a), len(a))
	}
	out := slices.Clone(a)
	for _, b := range shapes[1:] {
		if len(a) != len(b) {
			return n.Errorf("inputs: got shapes %v and %v, want the same number of axes", a, b)
		}
		for i := range b {
			if i == axis {
				out[i] += b[i]
			} else if a[i] != b[i] {
				return n.Errorf("inputs: got shapes %v and %v, want them to differ along axis %d only", a, b, axis+1)
			}
		}
	}
	attrs.Op = fmt.Sprintf("concatenate%dd", len(a))
	return n.AddOutput(out)
}

// axis is the place of the axis in a shape without batch; one outside of it when there is no such axis.
func (a *ConcatenateAttrs) axis(rank int) int {
	if a.Axis < 0 {
		return rank + a.Axis
	}
	return a.Axis - 1
}

// inferConcatenate mirrors _infer_cat_precision.
func inferConcatenate(n *ir.Node, env layers.InferEnv) error {
	a, b, f := n.In(0).Type.Format, n.In(1).Type.Format, env.Default
	switch {
	case a == b:
		f = a
	case a.IsFixedOrInt() && b.IsFixedOrInt():
		f = env.Cap(covering(a, b))
		f.Q, f.O, f.N = a.Q, a.O, a.N
		if f.Q == fixed.TRN {
			f.Q = b.Q
		}
		if f.O == fixed.WRAP {
			f.O = b.O
		}
		if f.N == 0 {
			f.N = b.N
		}
	}
	layers.Resolve(n, "result_t", f)
	return nil
}

// source is where a value comes from.
type source struct{ input, at int }

// sources lists where the values of the output come from.
func sources(n *ir.Node) []source {
	first := n.In(0).Shape
	axis := ir.Attrs[ConcatenateAttrs](n).axis(len(first))
	rows := make([]int, len(n.Inputs))
	for i := range rows {
		rows[i] = ir.Size(n.In(i).Shape[axis:])
	}
	out := make([]source, 0, n.Out().Size())
	for block := range ir.Size(first[:axis]) {
		for input, size := range rows {
			for i := range size {
				out = append(out, source{input, block*size + i})
			}
		}
	}
	return out
}

// concatenateKernel mirrors nnet::concatenate1d, concatenate2d and concatenate3d in nnet_merge.h and
// nnet_merge_stream.h.
var concatenateKernel = sim.Kernel{
	Lower: func(lo *sim.Lowering, n *ir.Node) error {
		in, to := []sim.Tensor{lo.In(n, 0), lo.In(n, 1)}, n.Out().Type.Format
		from := sources(n)
		out := make([]sim.Plane, len(from))
		for i, s := range from {
			t := in[s.input]
			if out[i] = t.Planes[s.at]; t.Format != to {
				out[i] = lo.Cast(out[i], t.Format, to)
			}
		}
		lo.SetOut(n, 0, out)
		return nil
	},
	Grid: func(lo *sim.Lowering, n *ir.Node) (bool, error) {
		rank := len(n.In(0).Shape)
		if ir.Attrs[ConcatenateAttrs](n).axis(rank) != rank-1 || !lo.SamePositions(n) {
			return false, nil
		}
		var out []sim.Plane
		for i := range n.Inputs {
			t := lo.In(n, i)
			for _, p := range t.Planes {
				if t.Format != n.Out().Type.Format {
					p = lo.Cast(p, t.Format, n.Out().Type.Format)
				}
				out = append(out, p)
			}
		}
		lo.SetOut(n, 0, out)
		return true, nil
	},
	Eval: func(_ *sim.Env, n *ir.Node) (sim.Evaluator, error) {
		from, to := sources(n), n.Out().Type.Format
		return func(in, out [][]sim.Num) {
			for i, s := range from {
				if out[0][i] = in[s.input][s.at]; out[0][i].T != to {
					out[0][i] = out[0][i].Cast(to)
				}
			}
		}, nil
	},
}

var concatenateRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	from := sources(n)
	return func(in [][]float64, out []float64) {
		for i, s := range from {
			out[i] = in[s.input][s.at]
		}
	}, nil
}

// emitConcatenate writes a configuration of both shapes and a call of nnet::concatenate1d to 3d.
func emitConcatenate(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	a := ir.Attrs[ConcatenateAttrs](n)
	if err := checkConcatenate(env, n); err != nil {
		return nil, err
	}
	c := env.Config(n, "nnet::concat_config")
	for i := range 2 {
		shape := append(slices.Clone(n.In(i).Shape), 0, 0, 0)
		for k := range 3 {
			c.Uint(fmt.Sprintf("n_elem%d_%d", i+1, k), shape[k])
		}
	}
	c.Enum("int", "axis", fmt.Sprint(a.Axis))
	return fragment(n, c, "nnet::"+a.Op), nil
}

// checkConcatenate wants streams with a word per pixel, but for one axis, where words are read until done.
func checkConcatenate(env *codegen.Env, n *ir.Node) error {
	for i := range 2 {
		shape, pack := n.In(i).Shape, n.In(i).Pack
		if env.Stream() && len(shape) > 1 && pack != shape[len(shape)-1] {
			return n.Errorf("input %q: got a stream of words of %d values, want %d: put a reshape before the layer",
				n.Inputs[i], pack, shape[len(shape)-1])
		}
	}
	return nil
}
