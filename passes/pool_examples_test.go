package passes_test

import (
	"github.com/hlsgo/hlsgo/backend/xilinx"
	"github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/layers/merge"
	"github.com/hlsgo/hlsgo/layers/pool"
	"github.com/hlsgo/hlsgo/passes"
)

// pool2D has windows of two by two pixels that do not overlap.
func (b *net) pool2D(name string, size, nFilt int) *net {
	return b.add("Pooling2D", name, &pool.Pooling2DAttrs{
		Common:   pool.Common{DataFormat: "channels_last", NFilt: nFilt, PoolOp: "Average"},
		InHeight: size, InWidth: size, OutHeight: size / 2, OutWidth: size / 2,
		PoolHeight: 2, PoolWidth: 2, StrideHeight: 2, StrideWidth: 2,
	}, nil)
}

func (b *net) pool1D(name string, size, nFilt int) *net {
	return b.add("Pooling1D", name, &pool.Pooling1DAttrs{
		Common: pool.Common{DataFormat: "channels_last", NFilt: nFilt, PoolOp: "Max"},
		NIn:    size, NOut: size / 2, PoolWidth: 2, StrideWidth: 2,
	}, nil)
}

// merged adds a second input of another shape to the first.
func merged(shape, other []int) *net {
	b := input(shape...).add("Input", "y", &io.Attrs{InputShape: other}, nil)
	b.Inputs = []string{"x", "y"}
	return b.add("Merge", "sum", &merge.Attrs{DataFormat: "channels_last", Op: "add"}, nil, "x", "y")
}

func averageOfFour() *net {
	n := input(4).act("a", "relu", "x").act("b", "tanh", "x").act("c", "sigmoid", "x")
	a := &merge.Attrs{DataFormat: "channels_last", Op: "average"}
	return n.add("Merge", "mean", a, nil, "x", "a", "b", "c")
}

func poolExamples() []example {
	return []example{
		{
			pass: xilinx.InitPooling1D, net: input(6, 2).pool1D("p", 6, 2), more: encoded,
			other: input(4, 4, 2).pool2D("p", 4, 2),
		},
		{
			pass: xilinx.InitPooling2D, net: input(4, 4, 2).pool2D("p", 4, 2),
			other: input(6, 2).pool1D("p", 6, 2),
		},
		{
			pass: passes.ChainMerge, net: averageOfFour(), other: merged([]int{4}, []int{4}),
		},
		{
			pass: xilinx.BroadcastStream, net: merged([]int{2, 3, 4}, []int{1, 1, 4}), io: stream,
			other: merged([]int{2, 3, 4}, []int{1, 1, 4}), otherMatch: true,
		},
	}
}
