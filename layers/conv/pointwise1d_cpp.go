package conv

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// pointwise1DEmit writes two configurations, of the window's product and of the layer, and a call of
// nnet::pointwise_conv_1d_cl.
var pointwise1DEmit = codegen.Emitter{Emit: emitPointwise1D}

func emitPointwise1D(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	a := ir.Attrs[Conv1DAttrs](n)
	if err := a.check(env, n); err != nil {
		return nil, err
	}
	nIn, nOut := a.NChan*a.FiltWidth, a.NFilt
	kernel, err := codegen.DenseKernel(env, n, nIn)
	if err != nil {
		return nil, err
	}
	batched := !env.Stream() && n.Strategy == "latency" && a.FiltWidth == 1 && a.NPartitions == 1
	if batched {
		nIn, nOut = nIn*a.InWidth, nOut*a.InWidth // all pixels are one product
	}
	c := config1D(env, n, a, batched)
	f := &codegen.Fragment{
		Configs:  []*codegen.Config{multConfig(n, nIn, nOut, kernel), c},
		Call:     env.Call(n, "nnet::pointwise_conv_1d_cl", c.Name, n.Weight("weight").Var, n.Weight("bias").Var),
		Includes: []string{"nnet_conv1d.h", "nnet_sepconv1d_stream.h"},
	}
	if !env.Stream() {
		if f.Code, err = bufferCode(n, a.windows(), 1, a.NPartitions); err != nil {
			return nil, err
		}
	}
	return f, unrolled(f, env, n, a.NChan*a.FiltWidth, a.NFilt)
}

func (a *Conv1DAttrs) windows() windows {
	return windows{
		height: 1, width: a.InWidth, chans: a.NChan, filtH: 1, filtW: a.FiltWidth,
		strideH: 1, strideW: a.StrideWidth, padLeft: a.PadLeft, outH: 1, outW: a.OutWidth,
	}
}

func config1D(env *codegen.Env, n *ir.Node, a *Conv1DAttrs, batched bool) *codegen.Config {
	c := env.Config(n, "nnet::conv1d_config")
	c.Uint("pad_left", a.PadLeft)
	c.Uint("pad_right", a.PadRight)
	c.Uint("in_width", a.InWidth)
	c.Uint("n_chan", a.NChan)
	c.Uint("filt_width", a.FiltWidth)
	c.Expr("kernel_size", "filt_width")
	c.Uint("n_filt", a.NFilt)
	c.Uint("stride_width", a.StrideWidth)
	c.Uint("dilation", 1)
	c.Uint("out_width", a.OutWidth)
	resources(c, n, &a.Common)
	c.Uint("min_width", a.InWidth)
	c.Array("ap_uint<filt_width>", "pixels", "min_width", "0")
	c.Uint("n_partitions", a.NPartitions)
	c.Expr("n_pixels", "out_width / n_partitions")
	buffer(c, env, n, 1)
	types(c, n)
	c.Type("mult_config", c.Name+"_mult")
	c.Using("scale_index", "nnet::scale_index_regular", "unsigned K", "unsigned S", "unsigned W")
	c.Using("conv_kernel", kernel1D(n, batched), "class data_T", "class res_T", "class CONFIG_T")
	return c
}

func kernel1D(n *ir.Node, batched bool) string {
	switch {
	case batched:
		return "nnet::BatchedDenseForConv1D"
	case n.Strategy == "latency":
		return "nnet::Conv1DLatency"
	}
	return "nnet::Conv1DResource"
}
