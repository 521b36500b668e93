package conv

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// convLimits are the limits of ordinary and pointwise convolutions.
func convLimits() []layers.Limit {
	return append([]layers.Limit{
		{
			IOType: ir.Parallel, Strategy: ir.ResourceUnrolled,
			Why: "io_stream has unrolled convolutions alone: Resource is taken, with a warning",
		},
		{
			Lacks: layers.Encoded, Setting: "ConvImplementation Encoded",
			Why: "Vivado has it alone: LineBuffer is taken, with a warning",
		},
	}, dilationLimits()...)
}

// squareLimit is that of windows over two axes.
func squareLimit() layers.Limit {
	return layers.Limit{
		Needs: layers.Encoded, IOType: ir.Stream,
		Setting: "ConvImplementation Encoded with windows that are no squares",
		Why:     "hls4ml takes the height for both sides: use LineBuffer",
	}
}

// depthwiseLimits are those of depthwise convolutions.
func depthwiseLimits() []layers.Limit {
	return append([]layers.Limit{
		{
			IOType: ir.Parallel, Setting: "Strategy Resource",
			Why: "there is no such kernel for arrays: Latency is taken, with a warning",
		},
		{Setting: "depth_multiplier over 1", Why: "there is one filter for each channel: use a Conv2D"},
	}, dilationLimits()...)
}

// dilationLimits are those of windows with gaps.
func dilationLimits() []layers.Limit {
	return []layers.Limit{
		{
			IOType: ir.Parallel, Setting: "dilation_rate",
			Why: "hls4ml reads past it: 1 is taken, with a warning; io_stream has it",
		},
		{
			Needs: layers.Encoded, IOType: ir.Stream, Setting: "dilation_rate with ConvImplementation Encoded",
			Why: "the instructions know no gaps: use LineBuffer",
		},
	}
}
