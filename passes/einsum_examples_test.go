package passes_test

import (
	"github.com/hlsgo/hlsgo/backend/xilinx"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/einsum"
)

func (b *net) einsumDense(name, equation string, weight, bias []int) *net {
	return b.add("EinsumDense", name, &einsum.DenseAttrs{Equation: equation},
		map[string]*ir.Tensor{"weight_data": ramp(weight...), "bias_data": ramp(bias...)})
}

func (b *net) einsum(name, equation string, inputs ...string) *net {
	return b.add("Einsum", name, &einsum.Attrs{Equation: equation}, nil, inputs...)
}

func einsumExamples() []example {
	return []example{
		{
			pass: xilinx.InitEinsum, prep: initialized[:1], net: input(2, 3).einsum("e", "ab,cb->ca", "x", "x"),
			other: input(3).dense("fc", 3, 2),
		},
		{
			pass: xilinx.InitEinsumDense, prep: initialized[:1],
			net:   input(2, 3).einsumDense("e", "ab,abc->ca", []int{2, 3, 4}, []int{4, 1}),
			other: input(3).dense("fc", 3, 2),
		},
	}
}

// adderExamples are those of Strategy distributed_arithmetic.
func adderExamples() []example {
	const adders = once + "    Strategy: distributed_arithmetic\n"
	planned := []ir.Pass{xilinx.InitBaseLayer, xilinx.InitDense, xilinx.DistributedArithmeticCodegen}
	return []example{
		{
			pass: xilinx.DistributedArithmeticCodegen, prep: planned[:2], more: adders,
			net: input(3).dense("fc", 3, 2), other: input(3).act("a", "relu"),
		},
		{
			pass:  xilinx.DistributedArithmeticEinsumCodegen,
			prep:  []ir.Pass{xilinx.InitBaseLayer, xilinx.InitEinsumDense},
			more:  adders,
			net:   input(2, 3).einsumDense("e", "ab,bc->ac", []int{3, 4}, []int{4}),
			other: input(3).dense("fc", 3, 2),
		},
		{
			pass: xilinx.FuseQuantizerIntoDALayers, prep: planned, more: adders,
			net:   input(3).fixedPoint("q", "RND", "WRAP", 3, 0, 5).dense("fc", 3, 2),
			other: input(3).fixedPoint("q", "RND", "WRAP", 3, 0, 5).act("a", "relu"),
		},
		{
			pass: xilinx.DALatencyDenseTemplate, prep: planned, more: adders, net: input(3).dense("fc", 3, 2),
			other: input(3).act("a", "relu"),
		},
		{
			pass: xilinx.DALatencyConvTemplate, prep: []ir.Pass{xilinx.InitBaseLayer, xilinx.InitConv1D},
			more: adders, net: input(4, 2).conv1D("c", 4, 2, 3, 2), other: input(3).dense("fc", 3, 2),
		},
	}
}
