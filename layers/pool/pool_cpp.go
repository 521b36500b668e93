package pool

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

var (
	pooling1DEmit = poolEmit("nnet::pooling1d_config", "nnet::pooling1d_cl",
		"n_in", "n_out", "n_filt", "pool_width", "stride_width", "pad_left", "pad_right")
	pooling2DEmit = poolEmit("nnet::pooling2d_config", "nnet::pooling2d_cl",
		"in_height", "in_width", "n_filt", "stride_height", "stride_width", "pool_height", "pool_width",
		"out_height", "out_width", "pad_top", "pad_bottom", "pad_left", "pad_right")
	global1DEmit = poolEmit("nnet::pooling1d_config", "nnet::global_pooling1d_cl", "n_in", "n_filt")
	global2DEmit = poolEmit("nnet::pooling2d_config", "nnet::global_pooling2d_cl",
		"in_height", "in_width", "n_filt")
)

// poolEmit writes a configuration of the listed attributes and a call of the function.
func poolEmit(base, function string, attributes ...string) codegen.Emitter {
	return codegen.Emitter{Emit: func(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
		if err := gridOf(n).checkFirmware(n); err != nil {
			return nil, err
		}
		c := env.Config(n, base)
		for _, name := range attributes {
			v, _ := ir.GetAttr(n.Attrs, name)
			size, ok := v.(int)
			if !ok {
				panic("BUG: pool: attribute " + name + " is no whole number")
			}
			c.Uint(name, size)
		}
		if w := windowOf(n); w != nil {
			windowMembers(c, w, !gridOf(n).flat)
		}
		c.Enum("nnet::Pool_Op", "pool_op", "nnet::"+commonOf(n).PoolOp)
		c.Uint("reuse_factor", n.ReuseFactor)
		c.Type("accum_t", n.Type("accum_t").Name)
		return &codegen.Fragment{
			Configs:  []*codegen.Config{c},
			Call:     env.Call(n, function, c.Name),
			Includes: []string{"nnet_pooling.h", "nnet_pooling_stream.h"},
		}, nil
	}}
}

// windowMembers writes what poolings with windows have on top; the line buffers know filters and channels.
func windowMembers(c *codegen.Config, w *Window, twoAxes bool) {
	if twoAxes {
		c.Expr("filt_height", "pool_height")
	}
	c.Expr("filt_width", "pool_width")
	c.Expr("n_chan", "n_filt")
	c.Bool("count_pad", w.CountPad)
	if w.Implementation != "" {
		c.Enum("nnet::conv_implementation", "implementation", "nnet::conv_implementation::"+w.Implementation)
	}
}
