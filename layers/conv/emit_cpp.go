package conv

import (
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/codegen/xilinx/spell"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// emitter writes two configurations, of the window's product and of the layer, and a call of the function;
// between arrays also the class that fills the windows.
func emitter(function string, includes ...string) codegen.Emitter {
	return codegen.Emitter{Emit: func(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
		if n.Strategy == ir.DistributedArithmetic && !env.Stream() {
			return emitAdders(env, n)
		}
		mult, err := product(env, n)
		if err != nil {
			return nil, err
		}
		c, err := config(env, n)
		if err != nil {
			return nil, err
		}
		f := &codegen.Fragment{
			Configs:  []*codegen.Config{mult, c},
			Call:     env.Call(n, function, c.Name, n.Weight("weight").Var, n.Weight("bias").Var),
			Includes: includes,
		}
		// Streams take the library's buffers, which follow from the sizes in the configuration.
		if !env.Stream() {
			if f.Code, err = bufferCode(n, geometry(n), axes(n), StateOf(n).NPartitions); err != nil {
				return nil, err
			}
		}
		if n.Strategy == ir.DistributedArithmetic {
			if err := adderKernel(f, env, n); err != nil {
				return nil, err
			}
		}
		return f, unrolled(f, env, n, geometry(n).size(), CommonOf(n).NFilt)
	}}
}

func axes(n *ir.Node) int {
	if Attrs1D(n) != nil {
		return 1
	}
	return 2
}

// product is the configuration of the product of a window. The library's dense kernels take a configuration
// of their own, so that a window looks to them like the input of a Dense with n_filt outputs.
func product(env *codegen.Env, n *ir.Node) (*codegen.Config, error) {
	nIn, nOut := geometry(n).size(), CommonOf(n).NFilt
	if strings.HasPrefix(n.Kind, "Depthwise") {
		return multConfig(n, nIn, nOut, channelKernel(n, nOut)), nil
	}
	kernel, err := spell.DenseKernel(env, n, nIn)
	if err != nil {
		return nil, err
	}
	if a := Attrs1D(n); !env.Stream() && a != nil && a.batched(n) {
		nIn, nOut = nIn*a.InWidth, nOut*a.InWidth // all pixels are one product
	}
	return multConfig(n, nIn, nOut, kernel), nil
}

// channelKernel is the class of the depthwise product. The three forms of Resource differ in how a reuse
// factor cuts the window into turns: less than a pixel's channels, whole multiples of them, or neither.
func channelKernel(n *ir.Node, nOut int) string {
	switch {
	case n.Strategy == ir.Latency:
		return "nnet::DepthwiseDenseLatency"
	case n.ReuseFactor <= nOut:
		return "nnet::DepthwiseDenseResource_rf_leq_nout"
	case n.ReuseFactor%nOut == 0:
		return "nnet::DepthwiseDenseResource_rf_gt_nout_rem0"
	}
	return "nnet::DepthwiseDenseResource_rf_gt_nout"
}

// config is the configuration of the layer.
func config(env *codegen.Env, n *ir.Node) (*codegen.Config, error) {
	a := CommonOf(n)
	if a.DataFormat == "channels_first" {
		return nil, env.Unsupported(n, "data_format channels_first")
	}
	if _, err := answered(n, env.Stream()); err != nil {
		return nil, err
	}
	e := encodingOf(n)
	if axes(n) == 1 {
		return config1D(env, n, Attrs1D(n), e), nil
	}
	return config2D(env, n, Attrs2D(n), e), nil
}

// encoding is what the configuration says of the encoded implementation; known where there are instructions.
type encoding struct {
	height, width int
	masks         string
	known         bool
}

func encodingOf(n *ir.Node) encoding {
	g, a := geometry(n), StateOf(n)
	e := encoding{height: g.height, width: g.width, masks: "0"}
	if a.MinWidth == nil {
		return e
	}
	if e.width, e.masks, e.known = *a.MinWidth, a.Instructions, true; a.MinHeight != nil {
		e.height = *a.MinHeight
	}
	return e
}

// masks are the constants of a configuration: those of the encoded implementation, whether or not the
// layer has it.
func masks(n *ir.Node) []layers.Array {
	g, e := geometry(n), encodingOf(n)
	if axes(n) == 1 {
		return []layers.Array{{Format: fixed.UInt(g.filtW), N: e.width}}
	}
	return []layers.Array{{Format: fixed.UInt(g.filtH * g.filtW), N: e.height * e.width}}
}

func scale(unscaled bool) string {
	if unscaled {
		return "nnet::scale_index_unscaled"
	}
	return "nnet::scale_index_regular"
}

var (
	conv1DEmit = emitter("nnet::conv_1d_cl", "nnet_conv1d.h", "nnet_conv1d_stream.h")
	conv2DEmit = emitter("nnet::conv_2d_cl", "nnet_conv2d.h", "nnet_conv2d_stream.h")

	depthwise1DEmit = emitter("nnet::depthwise_conv_1d_cl",
		"nnet_conv1d.h", "nnet_sepconv1d.h", "nnet_sepconv1d_stream.h")
	depthwise2DEmit = emitter("nnet::depthwise_conv_2d_cl",
		"nnet_conv2d.h", "nnet_sepconv2d.h", "nnet_sepconv2d_stream.h")
)
