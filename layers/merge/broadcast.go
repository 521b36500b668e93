package merge

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/sim"
)

// BroadcastAttrs are the attributes of Broadcast.
type BroadcastAttrs struct {
	TargetShape []int `hls:"target_shape"`
}

var broadcastDef = layers.Def{
	Kind:  "Broadcast",
	Doc:   "a stream of one pixel, or of one channel, repeated to a picture",
	Attrs: func() any { return &BroadcastAttrs{} },
	Init:  initBroadcast,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: broadcastKernel, Emit: codegen.Emitter{Emit: emitBroadcast},
			Limits: []layers.Limit{
				{IOType: ir.Parallel, Why: "arrays are repeated by their index: nothing puts it there"},
				{
					IOType: ir.Stream, Setting: "other shapes than (1, 1, C) and (H, W, 1) for (H, W, C)",
					Why: "the stream would have to be kept: merge equal shapes, or take io_parallel",
				},
			},
		},
	},
}

// initBroadcast accepts (1, 1, C) and (H, W, 1) for (H, W, C). Mirrors Broadcast.initialize and
// supported_broadcast of broadcast_stream.py.
func initBroadcast(n *ir.Node, _ ir.Data) error {
	in, to := n.In(0).Shape, ir.Attrs[BroadcastAttrs](n).TargetShape
	if len(in) == 3 && len(to) == 3 {
		pixel := in[0] == 1 && in[1] == 1 && in[2] == to[2]
		channel := in[2] == 1 && in[0] == to[0] && in[1] == to[1]
		if pixel || channel {
			return n.AddOutput(to)
		}
	}
	return n.Errorf("input %q: got shape %v for %v in io_stream, want (1, 1, C) or (H, W, 1) for (H, W, C)",
		n.Inputs[0], in, to)
}

// broadcastKernel mirrors nnet::broadcast_stream in nnet_stream.h.
var broadcastKernel = sim.Kernel{
	Lower: func(lo *sim.Lowering, n *ir.Node) error {
		from, err := spread(n.In(0).Shape, n.Out().Shape)
		if err != nil {
			return n.Errorf("input: %w", err)
		}
		x := lo.In(n, 0)
		out := make([]sim.Plane, len(from))
		for i, at := range from {
			out[i] = lo.Cast(x.Planes[at], x.Format, n.Out().Type.Format)
		}
		lo.SetOut(n, 0, out)
		return nil
	},
	Eval: func(_ *sim.Env, n *ir.Node) (sim.Evaluator, error) {
		from, err := spread(n.In(0).Shape, n.Out().Shape)
		if err != nil {
			return nil, n.Errorf("input: %w", err)
		}
		return func(in, out [][]sim.Num) {
			for i, at := range from {
				out[0][i] = in[0][at].Cast(n.Out().Type.Format)
			}
		}, nil
	},
}

// emitBroadcast writes a configuration of both shapes and a call of nnet::broadcast_stream.
func emitBroadcast(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	if !env.Stream() {
		return nil, env.Unsupported(n, "broadcast of an array")
	}
	c := env.Config(n, "nnet::broadcast_config")
	for i, v := range []*ir.Variable{n.In(0), n.Out()} {
		side := []string{"in", "out"}[i]
		c.Uint(side+"_width", v.Shape[1])
		c.Uint(side+"_height", v.Shape[0])
		c.Uint(side+"_chan", v.Shape[2])
	}
	return &codegen.Fragment{
		Configs:  []*codegen.Config{c},
		Call:     env.Call(n, "nnet::broadcast_stream", c.Name),
		Includes: []string{"nnet_stream.h"},
	}, nil
}
