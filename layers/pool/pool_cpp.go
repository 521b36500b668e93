package pool

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

var (
	pooling1DEmit = poolEmit("nnet::pooling1d_config", "nnet::pooling1d_cl",
		"n_in", "n_out", "n_filt", "pool_width", "filt_width", "n_chan", "pad_left", "pad_right", "count_pad",
		"stride_width", "pool_op", "implementation")
	pooling2DEmit = poolEmit("nnet::pooling2d_config", "nnet::pooling2d_cl",
		"in_height", "in_width", "n_filt", "stride_height", "stride_width", "pool_height", "pool_width",
		"filt_height", "filt_width", "n_chan", "out_height", "out_width", "pad_top", "pad_bottom", "pad_left",
		"pad_right", "count_pad", "pool_op", "implementation")
	global1DEmit = poolEmit("nnet::pooling1d_config", "nnet::global_pooling1d_cl", "n_in", "n_filt", "pool_op")
	global2DEmit = poolEmit("nnet::pooling2d_config", "nnet::global_pooling2d_cl",
		"in_height", "in_width", "n_filt", "pool_op")
)

// poolEmit writes a configuration of the listed members and a call of the function.
func poolEmit(base, function string, members ...string) codegen.Emitter {
	return codegen.Emitter{Emit: func(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
		if err := gridOf(n).checkFirmware(n); err != nil {
			return nil, err
		}
		c := env.Config(n, base)
		for _, name := range members {
			addMember(c, n, name)
		}
		c.Uint("reuse_factor", n.ReuseFactor)
		c.Type("accum_t", n.Type("accum_t").Name)
		return &codegen.Fragment{
			Configs:  []*codegen.Config{c},
			Call:     env.Call(n, function, c.Name),
			Includes: []string{"nnet_pooling.h", "nnet_pooling_stream.h"},
		}, nil
	}}
}

// addMember writes one member of a configuration: an attribute, or a name by which the line buffers call one.
func addMember(c *codegen.Config, n *ir.Node, name string) {
	switch name {
	case "filt_height":
		c.Expr(name, "pool_height")
	case "filt_width":
		c.Expr(name, "pool_width")
	case "n_chan":
		c.Expr(name, "n_filt")
	case "count_pad":
		c.Bool(name, windowOf(n).CountPad)
	case "pool_op":
		c.Enum("nnet::Pool_Op", name, "nnet::"+commonOf(n).PoolOp)
	case "implementation":
		if i := windowOf(n).Implementation; i != "" {
			c.Enum("nnet::conv_implementation", name, "nnet::conv_implementation::"+string(i))
		}
	default:
		c.Uint(name, sizeOf(n, name))
	}
}

// sizeOf is a size by the name of its member. Which of them a kind has is the list in its emitter.
func sizeOf(n *ir.Node, name string) int {
	var sizes map[string]int
	switch a := n.Attrs.(type) {
	case *Pooling1DAttrs:
		sizes = map[string]int{
			"n_in": a.NIn, "n_out": a.NOut, "pool_width": a.PoolWidth, "stride_width": a.StrideWidth,
			"pad_left": a.PadLeft, "pad_right": a.PadRight,
		}
	case *Pooling2DAttrs:
		sizes = map[string]int{
			"in_height": a.InHeight, "in_width": a.InWidth, "out_height": a.OutHeight, "out_width": a.OutWidth,
			"pool_height": a.PoolHeight, "pool_width": a.PoolWidth, "stride_height": a.StrideHeight,
			"stride_width": a.StrideWidth, "pad_top": a.PadTop, "pad_bottom": a.PadBottom,
			"pad_left": a.PadLeft, "pad_right": a.PadRight,
		}
	case *Global1DAttrs:
		sizes = map[string]int{"n_in": a.NIn}
	case *Global2DAttrs:
		sizes = map[string]int{"in_height": a.InHeight, "in_width": a.InWidth}
	}
	if size, ok := sizes[name]; ok {
		return size
	}
	if name != "n_filt" {
		panic("BUG: pool: " + n.Kind + " has no size " + name)
	}
	return commonOf(n).NFilt
}
