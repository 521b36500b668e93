package conv

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Conv2DAttrs are the attributes of Conv2D and PointwiseConv2D.
type Conv2DAttrs struct {
	Common
	InHeight       int `hls:"in_height"`
	InWidth        int `hls:"in_width"`
	OutHeight      int `hls:"out_height"`
	OutWidth       int `hls:"out_width"`
	FiltHeight     int `hls:"filt_height"`
	FiltWidth      int `hls:"filt_width"`
	StrideHeight   int `hls:"stride_height"`
	StrideWidth    int `hls:"stride_width"`
	PadTop         int `hls:"pad_top"`
	PadBottom      int `hls:"pad_bottom"`
	PadLeft        int `hls:"pad_left"`
	PadRight       int `hls:"pad_right"`
	DilationHeight int `hls:"dilation_height"`
	DilationWidth  int `hls:"dilation_width"`
}

func newConv2D() any {
	return &Conv2DAttrs{
		Common: newCommon(), StrideHeight: 1, StrideWidth: 1, DilationHeight: 1, DilationWidth: 1,
	}
}

var conv2DDef = layers.Def{
	Kind:   "Conv2D",
	Doc:    "convolution over two axes",
	Traits: layers.Matrix,
	Attrs:  newConv2D,
	Options: options("in_height", "in_width", "out_height", "out_width", "n_chan", "n_filt", "filt_height",
		"filt_width", "stride_height", "stride_width", "pad_top", "pad_bottom", "pad_left", "pad_right"),
	Init:  initConv2D,
	Infer: inferConv2D,
	Bits:  convBits,
	Ref:   conv2DRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: conv2DKernel, Emit: conv2DEmit,
			State:      newState,
			Setup:      setupConv2D,
			Strategies: strategies(),
			Constants:  masks,
			Limits:     append(convLimits(), squareLimit()),
		},
	},
}

// initConv2D mirrors Conv2D.initialize.
func initConv2D(n *ir.Node, data ir.Data) error {
	a := Attrs2D(n)
	err := checkSizes(n, a.InHeight, a.InWidth, a.OutHeight, a.OutWidth, a.NChan, a.NFilt,
		a.FiltHeight, a.FiltWidth, a.StrideHeight, a.StrideWidth)
	if err != nil {
		return err
	}
	if err := n.AddOutput(a.layout(a.OutHeight, a.OutWidth)); err != nil {
		return err
	}
	return layers.AddWeightAndBias(n, data, []int{a.FiltHeight, a.FiltWidth, a.NChan, a.NFilt}, a.NFilt)
}

func inferConv2D(n *ir.Node, env layers.InferEnv) error {
	a := Attrs2D(n)
	return layers.InferSum(n, env, a.NChan*a.FiltHeight*a.FiltWidth)
}

// setupConv2D mirrors VivadoBackend.init_conv2d.
func setupConv2D(n *ir.Node) error {
	a := Attrs2D(n)
	return setup(n, &a.Common, a.NChan*a.FiltHeight*a.FiltWidth, a.OutHeight*a.OutWidth)
}
