package conv

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

var pointwise1DDef = layers.Def{
	Kind:    "PointwiseConv1D",
	Doc:     "convolution with a kernel of one pixel, over one axis",
	Traits:  layers.Matrix,
	Attrs:   newConv1D,
	Options: conv1DDef.Options,
	Init:    initConv1D,
	Infer:   inferConv1D,
	Bits:    convBits,
	Ref:     pointwise1DRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: pointwise1DKernel, Emit: pointwise1DEmit,
			State:      newState,
			Setup:      setupConv1D,
			Strategies: ir.MatrixStrategies(), // a Conv1D whose product is adders stays one
			Constants:  masks,
			Limits:     convLimits(),
		},
	},
}

var pointwise2DDef = layers.Def{
	Kind:    "PointwiseConv2D",
	Doc:     "convolution with a kernel of one pixel, over two axes",
	Traits:  layers.Matrix,
	Attrs:   newConv2D,
	Options: conv2DDef.Options,
	Init:    initConv2D,
	Infer:   inferConv2D,
	Bits:    convBits,
	Ref:     pointwise2DRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: pointwise2DKernel, Emit: pointwise2DEmit,
			State:      newState,
			Setup:      setupConv2D,
			Strategies: strategies(),
			Constants:  masks,
			Limits:     convLimits(),
		},
	},
}
