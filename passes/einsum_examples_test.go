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
