package conv

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// pointwise2DEmit writes two configurations, of the window's product and of the layer, and a call of
// nnet::pointwise_conv_2d_cl.
var pointwise2DEmit = codegen.Emitter{Emit: emitPointwise2D}

func emitPointwise2D(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	a := ir.Attrs[Conv2DAttrs](n)
	if err := a.check(env, n); err != nil {
		return nil, err
	}
	nIn := a.NChan * a.FiltHeight * a.FiltWidth
	kernel, err := codegen.DenseKernel(env, n, nIn)
	if err != nil {
		return nil, err
	}
	c := config2D(env, n, a)
	f := &codegen.Fragment{
		Configs:  []*codegen.Config{multConfig(n, nIn, a.NFilt, kernel), c},
		Call:     env.Call(n, "nnet::pointwise_conv_2d_cl", c.Name, n.Weight("weight").Var, n.Weight("bias").Var),
		Includes: []string{"nnet_conv2d.h", "nnet_sepconv2d_stream.h"},
	}
	if !env.Stream() {
		if f.Code, err = bufferCode(n, a.windows(), 2, a.NPartitions); err != nil {
			return nil, err
		}
	}
	return f, unrolled(f, env, n, nIn, a.NFilt)
}

func (a *Conv2DAttrs) windows() windows {
	return windows{
		height: a.InHeight, width: a.InWidth, chans: a.NChan, filtH: a.FiltHeight, filtW: a.FiltWidth,
		strideH: a.StrideHeight, strideW: a.StrideWidth, padTop: a.PadTop, padLeft: a.PadLeft,
		outH: a.OutHeight, outW: a.OutWidth,
	}
}

func config2D(env *codegen.Env, n *ir.Node, a *Conv2DAttrs) *codegen.Config {
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
	c.Uint("out_height", a.OutHeight)
	c.Uint("out_width", a.OutWidth)
	resources(c, n, &a.Common)
	c.Uint("min_height", a.InHeight)
	c.Uint("min_width", a.InWidth)
	c.Array("ap_uint<filt_height * filt_width>", "pixels", "min_height * min_width", "0")
	c.Uint("n_partitions", a.NPartitions)
	c.Expr("n_pixels", "out_height * out_width / n_partitions")
	buffer(c, env, n, 2)
	types(c, n)
	c.Type("mult_config", c.Name+"_mult")
	for _, axis := range []string{"height", "width"} {
		c.Using("scale_index_"+axis, "nnet::scale_index_regular", "unsigned K", "unsigned S", "unsigned W")
	}
	return c
}
