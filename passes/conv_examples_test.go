package passes_test

import (
	"github.com/hlsgo/hlsgo/backend/xilinx"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/conv"
	"github.com/hlsgo/hlsgo/passes"
)

func (b *net) separable1D(name string, width, filt, nChan, nFilt int) *net {
	a := &conv.Separable1DAttrs{Conv1DAttrs: conv.Conv1DAttrs{
		Common:  conv.Common{DataFormat: "channels_last", NChan: nChan, NFilt: nFilt, UseBias: true},
		InWidth: width, OutWidth: width - filt + 1, FiltWidth: filt, StrideWidth: 1, DilationWidth: 1,
	}}
	return b.add("SeparableConv1D", name, a, map[string]*ir.Tensor{
		"depthwise_data": ramp(filt, nChan, 1), "pointwise_data": ramp(1, nChan, nFilt), "bias_data": ramp(nFilt),
	})
}

// padded1D keeps the width.
func (b *net) padded1D(name string, width, filt, nChan, nFilt int) *net {
	return b.add("Conv1D", name, &conv.Conv1DAttrs{
		Common:  conv.Common{DataFormat: "channels_last", NChan: nChan, NFilt: nFilt, ParallelizationFactor: 1},
		InWidth: width, OutWidth: width, FiltWidth: filt, StrideWidth: 1, DilationWidth: 1,
		PadLeft: (filt - 1) / 2, PadRight: filt / 2,
	}, map[string]*ir.Tensor{"weight_data": ramp(filt, nChan, nFilt), "bias_data": ramp(nFilt)})
}

// conv2D is square; pad is that of every edge.
func (b *net) conv2D(name string, size, filt, pad, nChan, nFilt int) *net {
	out := size + 2*pad - filt + 1
	return b.add("Conv2D", name, &conv.Conv2DAttrs{
		Common:   conv.Common{DataFormat: "channels_last", NChan: nChan, NFilt: nFilt, ParallelizationFactor: 1},
		InHeight: size, InWidth: size, OutHeight: out, OutWidth: out, FiltHeight: filt, FiltWidth: filt,
		StrideHeight: 1, StrideWidth: 1, DilationHeight: 1, DilationWidth: 1,
		PadTop: pad, PadBottom: pad, PadLeft: pad, PadRight: pad,
	}, map[string]*ir.Tensor{"weight_data": ramp(filt, filt, nChan, nFilt), "bias_data": ramp(nFilt)})
}

const encoded = reuse + "    ConvImplementation: Encoded\n"

func convExamples() []example {
	return []example{
		{
			pass: passes.SeparableToDepthwiseAndConv, net: input(5, 2).separable1D("s", 5, 3, 2, 3).act("a", "relu"),
			more:  steps,
			other: input(5, 2).conv1D("c", 5, 3, 2, 3),
		},
		{
			pass: xilinx.InsertZeroPaddingBeforeConv1D, net: input(5, 2).padded1D("c", 5, 4, 2, 3), io: "io_stream",
			other: input(5, 2).padded1D("c", 5, 4, 2, 3), otherMatch: true,
		},
		{
			pass: xilinx.InsertZeroPaddingBeforeConv2D, io: "io_stream",
			net:   input(4, 4, 2).conv2D("c", 4, 3, 1, 2, 3),
			other: input(4, 4, 2).conv2D("c", 4, 3, 0, 2, 3), otherIO: "io_stream",
		},
		{
			pass: xilinx.GenerateConvStreamingInstructions, net: input(7, 7, 1).conv2D("c", 7, 3, 0, 1, 2),
			io: "io_stream", more: encoded, prep: append(initialized, xilinx.InitConv2D),
			other: input(7, 7, 1).conv2D("c", 7, 3, 0, 1, 2), otherMore: encoded,
		},
	}
}

// steps gives the two steps of a separable convolution types of their own.
const steps = reuse + `  LayerName:
    s:
      ReuseFactor: 2
      Precision:
        depthwise: fixed<8,2>
        depthwise_accum: fixed<20,8>
        depthwise_result: fixed<12,4>
        pointwise: fixed<9,3>
        result: fixed<10,5>
`
