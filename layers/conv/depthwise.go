package conv

import (
	"fmt"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Depthwise1DAttrs are the attributes of DepthwiseConv1D.
type Depthwise1DAttrs struct {
	Conv1DAttrs
	DepthMultiplier int `hls:"depth_multiplier"` // filters per channel: one
}

// Depthwise2DAttrs are the attributes of DepthwiseConv2D.
type Depthwise2DAttrs struct {
	Conv2DAttrs
	DepthMultiplier int `hls:"depth_multiplier"`
}

var depthwise1DDef = layers.Def{
	Kind:   "DepthwiseConv1D",
	Doc:    "convolution over one axis, each channel by itself",
	Traits: layers.Matrix | layers.Depthwise,
	Attrs:  func() any { return &Depthwise1DAttrs{*newConv1D().(*Conv1DAttrs), 1} },
	Options: multiplied(options("in_width", "out_width", "n_chan", "depth_multiplier", "n_filt", "filt_width",
		"stride_width", "pad_left", "pad_right")),
	Init:  initDepthwise,
	Infer: inferDepthwise,
	Bits:  convBits,
	Ref:   depthwiseRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: depthwiseKernel, Emit: depthwise1DEmit,
			State:      newState,
			Setup:      setupDepthwise,
			Strategies: []ir.Strategy{ir.Latency, ir.Resource},
			Constants:  masks,
			Limits:     depthwiseLimits(),
		},
	},
}

var depthwise2DDef = layers.Def{
	Kind:   "DepthwiseConv2D",
	Doc:    "convolution over two axes, each channel by itself",
	Traits: layers.Matrix | layers.Depthwise,
	Attrs:  func() any { return &Depthwise2DAttrs{*newConv2D().(*Conv2DAttrs), 1} },
	Options: multiplied(options("in_height", "in_width", "out_height", "out_width", "n_chan", "depth_multiplier",
		"n_filt", "filt_height", "filt_width", "stride_height", "stride_width",
		"pad_top", "pad_bottom", "pad_left", "pad_right")),
	Init:  initDepthwise,
	Infer: inferDepthwise,
	Bits:  convBits,
	Ref:   depthwiseRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: depthwiseKernel, Emit: depthwise2DEmit,
			State:      newState,
			Setup:      setupDepthwise,
			Strategies: []ir.Strategy{ir.Latency, ir.Resource},
			Constants:  masks,
			Limits:     append(depthwiseLimits(), squareLimit()),
		},
	},
}

// multiplied gives depth_multiplier its default. In hls4ml it is the only one of the geometry that a model
// may leave out.
func multiplied(list []ir.Option) []ir.Option {
	for i := range list {
		if list[i].Name == "depth_multiplier" {
			list[i].Default = 1
		}
	}
	return list
}

// initDepthwise mirrors DepthwiseConv1D.initialize and DepthwiseConv2D.initialize.
func initDepthwise(n *ir.Node, data ir.Data) error {
	g, c := geometry(n), CommonOf(n)
	if err := g.check(n); err != nil {
		return err
	}
	// The kernels add into place k modulo n_chan; with more filters than channels hls4ml's aborts or mixes
	// them up.
	if c.NFilt != c.NChan {
		return n.Errorf("depth_multiplier: got %d filters for %d channels, want one each", c.NFilt, c.NChan)
	}
	if err := n.AddOutput(c.layout(g.outputPixels(n)...)); err != nil {
		return err
	}
	want := append(g.filter(n), c.NChan, 1)
	if t := data.Tensors["depthwise_data"]; t != nil && t.Shape[len(t.Shape)-1] == c.NChan {
		want = append(g.filter(n), 1, c.NChan) // of ONNX: the same numbers in the same order
	}
	w, err := layers.CheckTensor(n, data, "depthwise", want)
	if err != nil {
		return err
	}
	err = n.AddWeight(ir.WeightSpec{
		Role: "weight", Var: fmt.Sprintf("w%d", n.Index), Data: w,
		Quantizer: data.Quantizers["depthwise_quantizer"],
	})
	if err != nil {
		return err
	}
	return layers.AddBias(n, data, c.NFilt)
}

// inferDepthwise mirrors _infer_depthconv_precision. A channel adds up the pixels of its own window and
// none of other channels.
func inferDepthwise(n *ir.Node, env layers.InferEnv) error {
	g := geometry(n)
	return layers.InferSum(n, env, g.filtH*g.filtW)
}

// setupDepthwise is the setup of an ordinary convolution, after which only the strategies resource and
// latency remain. mirrors init_depconv1d and init_depconv2d of vivado_backend.py, which run after
// init_conv1d and init_conv2d.
func setupDepthwise(n *ir.Node) error {
	g, c, cfg := geometry(n), CommonOf(n), n.Graph().Config
	pixels := g.outH * g.outW
	if err := setup(n, c, g.size(), pixels); err != nil {
		return err
	}
	if n.Strategy = ir.Latency; cfg.Strategy(n.Name, n.Kind) == ir.Resource {
		n.Strategy = ir.Resource
		if cfg.IOType == ir.Parallel {
			n.Graph().Warnf("%s %q: Strategy: got Resource, which has no kernel in io_parallel (hls4ml's simulation "+
				"aborts): computing as Latency", n.Kind, n.Name)
		}
	}
	wanted := 1
	if v, ok := parallelization(n); ok {
		wanted = v
	}
	StateOf(n).NPartitions = pixels / layers.Closest(layers.PartitionSplits(pixels), float64(wanted))
	return nil
}
