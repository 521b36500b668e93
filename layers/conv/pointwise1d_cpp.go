package conv

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// pointwise1DEmit writes two configurations, of the window's product and of the layer, and a call of
// nnet::pointwise_conv_1d_cl.
var pointwise1DEmit = emitter("nnet::pointwise_conv_1d_cl", "nnet_conv1d.h", "nnet_sepconv1d_stream.h")

// The members stand in hls4ml's order, so that configurations of both can be laid side by side.
func config1D(env *codegen.Env, n *ir.Node, a *Conv1DAttrs, e encoding) *codegen.Config {
	c := env.Config(n, "nnet::conv1d_config")
	c.Uint("pad_left", a.PadLeft)
	c.Uint("pad_right", a.PadRight)
	c.Uint("in_width", a.InWidth)
	c.Uint("n_chan", a.NChan)
	c.Uint("filt_width", a.FiltWidth)
	c.Expr("kernel_size", "filt_width")
	c.Uint("n_filt", a.NFilt)
	c.Uint("stride_width", a.StrideWidth)
	c.Uint("dilation", max(a.DilationWidth, 1))
	c.Uint("out_width", a.OutWidth)
	resources(c, n, &a.Common)
	c.Uint("min_width", e.width)
	c.Array(env.Spell.UInt("filt_width"), "pixels", "min_width", e.masks)
	c.Uint("n_partitions", StateOf(n).NPartitions)
	c.Expr("n_pixels", "out_width / n_partitions")
	buffer(c, env, n, 1)
	types(c, n)
	c.Type("mult_config", c.Name+"_mult")
	// Where the shortened line is the line itself, the index needs no folding, and a cheaper function
	// stands in.
	c.Using("scale_index", scale(e.known && e.width == a.InWidth), "unsigned K", "unsigned S", "unsigned W")
	c.Using("conv_kernel", kernel1D(env, n, a), "class data_T", "class res_T", "class CONFIG_T")
	return c
}

func kernel1D(env *codegen.Env, n *ir.Node, a *Conv1DAttrs) string {
	switch {
	case !env.Stream() && a.batched(n):
		// All pixels at once, as one product with the same weights.
		return "nnet::BatchedDenseForConv1D"
	case n.Strategy == ir.Latency:
		return "nnet::Conv1DLatency"
	}
	return "nnet::Conv1DResource"
}

// batched reports whether all pixels are one product in the configuration. With one partition, a kernel of
// one pixel and no reuse nothing is left to loop over: hls4ml unrolls the pixels into one product. The
// kernel must know, see matrix.
func (a *Conv1DAttrs) batched(n *ir.Node) bool {
	return n.Strategy == ir.Latency && a.FiltWidth == 1 && StateOf(n).NPartitions == 1
}
