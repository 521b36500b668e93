package conv

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// pointwise2DEmit writes two configurations, of the window's product and of the layer, and a call of
// nnet::pointwise_conv_2d_cl.
var pointwise2DEmit = emitter("nnet::pointwise_conv_2d_cl", "nnet_conv2d.h", "nnet_sepconv2d_stream.h")

// Height comes before width everywhere, as the rows of a picture come before its columns.
func config2D(env *codegen.Env, n *ir.Node, a *Conv2DAttrs, e encoding) *codegen.Config {
	c := env.Config(n, "nnet::conv2d_config")
	for _, u := range []struct {
		name  string
		value int
	}{
		{"pad_top", a.PadTop}, {"pad_bottom", a.PadBottom}, {"pad_left", a.PadLeft}, {"pad_right", a.PadRight},
		{"in_height", a.InHeight}, {"in_width", a.InWidth}, {"n_chan", a.NChan},
		{"filt_height", a.FiltHeight}, {"filt_width", a.FiltWidth},
	} {
		c.Uint(u.name, u.value)
	}
	c.Expr("kernel_size", "filt_height * filt_width")
	c.Uint("n_filt", a.NFilt)
	c.Uint("stride_height", a.StrideHeight)
	c.Uint("stride_width", a.StrideWidth)
	// hls4ml writes no gaps over two axes. They are left out where there are none, so that the text stays
	// what hls4ml writes.
	if geometry(n).dilated() {
		c.Uint("dilation_height", a.DilationHeight)
		c.Uint("dilation_width", a.DilationWidth)
	}
	c.Uint("out_height", a.OutHeight)
	c.Uint("out_width", a.OutWidth)
	resources(c, n, &a.Common)
	c.Uint("min_height", e.height)
	c.Uint("min_width", e.width)
	c.Array(env.Spell.UInt("filt_height * filt_width"), "pixels", "min_height * min_width", e.masks)
	c.Uint("n_partitions", StateOf(n).NPartitions)
	c.Expr("n_pixels", "out_height * out_width / n_partitions")
	buffer(c, env, n, 2)
	types(c, n)
	c.Type("mult_config", c.Name+"_mult")
	// There is no conv_kernel over two axes among the members of conv2d_config.
	parameters := []string{"unsigned K", "unsigned S", "unsigned W"}
	c.Using("scale_index_height", scale(e.known && e.height == a.InHeight), parameters...)
	c.Using("scale_index_width", scale(e.known && e.width == a.InWidth), parameters...)
	return c
}
