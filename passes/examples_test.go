package passes_test

import (
	"slices"

	"github.com/hlsgo/hlsgo/backend/xilinx"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/softmax"
	"github.com/hlsgo/hlsgo/passes"
)

// example is a network that a pass changes, and one that it leaves alone.
type example struct {
	pass       ir.Pass
	prep       []ir.Pass // what must have run before
	io         string    // "" for io_parallel
	more       string    // configuration after the model's precision; "" for reuse
	net        *net
	other      *net
	otherIO    string
	otherMore  string
	otherMatch bool // the pass matches the other network too, without changing it
}

const (
	stream   = "io_stream"
	named    = "  LayerName:\n"
	once     = "    ReuseFactor: 1\n"
	resource = reuse + "    Strategy: Resource\n"
	unrolled = "      result: auto\n    ReuseFactor: 2\n    Strategy: resource_unrolled\n"
)

var initialized = []ir.Pass{
	passes.InferPrecisionTypes, xilinx.InitBaseLayer, xilinx.InitConv1D, xilinx.InitDense,
}

func examples() []example {
	return slices.Concat(shapeExamples(), normExamples(), typeExamples(), initExamples(), streamExamples(),
		optimizeExamples(), storageExamples(), convExamples(), poolExamples(), quantExamples(),
		alphaExamples(), parameterExamples(), quantNodeExamples(), moveExamples(),
		rnnExamples(), einsumExamples(), adderExamples())
}

func pointer[T any](v T) *T { return &v }

func leaky(b *net) *net {
	a := &act.ParametrizedAttrs{Base: act.Base{Activation: "LeakyReLU", TableSize: 1024}, ActivParam: 0.3}
	return b.add("ParametrizedActivation", "a", a, nil)
}

func nested() *net {
	inner := input(4).dense("i1", 4, 4).act("i2", "relu")
	inner.Layers[0].Name = "nested_x"
	inner.Layers[1].Inputs = []string{"nested_x"}
	return inner
}

func shapeExamples() []example {
	return []example{
		{
			pass: passes.ChannelsLastConverter, more: reuse + "    ChannelsLastConversion: full\n",
			net:   input(3, 4, 5).reshape("flat", 60).dense("fc", 60, 2),
			other: input(3, 4).act("a", "relu"),
		},
		{
			pass:  passes.RemoveTransposeBeforeFlatten,
			net:   input(2, 3).transpose("t", 1, 0).reshape("f", 6).dense("fc", 6, 2),
			other: input(2, 3).transpose("t", 1, 0).reshape("f", 6).act("a", "relu"),
		},
		{
			pass: passes.RemoveNopTranspose, net: input(4).transpose("t", 0).dense("fc", 4, 2),
			other: input(2, 3).transpose("t", 1, 0),
		},
		{
			pass: passes.RemoveSingleChannelTranspose, net: input(1, 3).transpose("t", 1, 0).act("a", "relu"),
			other: input(2, 3).transpose("t", 1, 0).act("a", "relu"),
		},
		{
			pass: passes.ExpandLayerGroup, net: input(4).group("g", nested(), 4).dense("o", 4, 2),
			other: input(4).dense("o", 4, 2),
		},
		{
			pass: passes.ExpandTimeDistributed, net: input(3, 4).steps("td", 3, 2).dense("o", 2, 2),
			other: input(4).dense("o", 4, 2),
		},
		{
			pass: passes.ReplaceMultidimensionalDenseWithConv, net: input(5, 4).dense("fc", 4, 3).act("a", "relu"),
			other: input(4).dense("fc", 4, 3),
		},
	}
}

func normExamples() []example {
	return []example{
		{
			pass: passes.ExtractTernaryThreshold, net: input(4).ternary("t", 0.25),
			other: input(4).ternary("t", 0.5),
		},
		{
			pass: passes.FuseConsecutiveBatchNormalization, net: input(4).bn("b1", 4, 2, 1).bn("b2", 4, 3, -1),
			other: input(4).bn("b1", 4, 2, 1).bn("b2", 4, 3, -1), otherMore: once,
		},
		{
			pass: passes.FuseBatchNormalization, net: input(4).dense("fc", 4, 3).bn("b", 3, 2, 1),
			other: input(4).dense("fc", 4, 3).bn("b", 3, 2, 1), otherMore: once,
		},
		{
			pass: passes.RemoveNopBatchNormalization, net: input(4).bn("b", 4, 1, 0).act("a", "relu"),
			other: input(4).bn("b", 4, 1, 0.5).act("a", "relu"),
		},
		{
			pass: passes.MergeBatchNormQuantizedTanh, net: input(4).bn("b", 4, 2, -0.3).act("t", "binary_tanh"),
			other: input(4).bn("b", 4, 2, 1).act("t", "tanh"),
		},
	}
}

func typeExamples() []example {
	return []example{
		{
			pass: passes.OutputRoundingSaturationMode(passes.RoundingSaturation{
				Layers: []string{"Dense"}, Q: pointer(fixed.RND),
			}),
			more: once, net: input(4).dense("fc", 4, 2),
			other: input(4).act("a", "relu"),
		},
		{
			pass: passes.EliminateLinearActivation, net: input(4).dense("fc", 4, 3).act("fc_linear", "linear"),
			other:     input(4).dense("fc", 4, 3).act("fc_linear", "linear"),
			otherMore: reuse + named + "    fc_linear:\n      Precision: fixed<8,3>\n",
		},
		{
			pass: passes.MergeLinearActivation, net: input(4).dense("fc", 4, 3).act("fc_linear", "linear"),
			more:  reuse + named + "    fc_linear:\n      Precision: fixed<8,3>\n",
			other: input(4).act("a", "linear"),
		},
		{
			pass: passes.InferPrecisionTypes, net: leaky(input(4).dense("fc", 4, 3)),
			more:  "      result: auto\n      accum: auto\n      param: auto\n    ReuseFactor: 1\n",
			other: input(4).dense("fc", 4, 3), otherMore: once,
		},
	}
}

func initExamples() []example {
	return []example{
		{
			pass: xilinx.InitBaseLayer, net: input(4).dense("fc", 4, 4).act("a", "relu"),
			more: "    ReuseFactor: 4\n    TargetCycles: 30\n",
		},
		{
			pass: xilinx.InitDense, prep: initialized[:2], net: input(4).dense("fc", 4, 6),
			more:  "    ReuseFactor: 5\n    Strategy: Resource\n",
			other: input(4).act("a", "relu"),
		},
		{
			pass: xilinx.InitTimeDistributed, prep: []ir.Pass{passes.ExpandTimeDistributed}, io: stream,
			net:   input(3, 4).steps("td", 3, 2),
			more:  once + named + "    td:\n      TimeStepLoopParallelism: Unroll\n",
			other: input(4).act("a", "relu"),
		},
		{
			pass: xilinx.InitConv1D, prep: initialized[:2], net: input(5, 2).conv1D("c", 5, 2, 2, 3),
			more:  "    ReuseFactor: 1\n    Strategy: resource\n" + named + "    c:\n      ParallelizationFactor: 3\n",
			other: input(4).dense("fc", 4, 4),
		},
		{
			pass: xilinx.ValidateConvImplementation, prep: initialized, net: input(5, 2).conv1D("c", 5, 2, 2, 3),
			more:  reuse + "    ConvImplementation: Encoded\n",
			other: input(4).dense("fc", 4, 3),
		},
	}
}

func streamExamples() []example {
	return []example{
		{
			pass: passes.InplaceStreamFlatten, io: stream, net: input(2, 3).reshape("f", 6).dense("fc", 6, 2),
			other: input(2, 3).reshape("f", 6).dense("fc", 6, 2),
		},
		{
			pass: passes.ReshapeStream, io: stream, net: input(6).reshape("r", 2, 3).act("a", "relu"),
			other: input(2, 3).reshape("r", 6).dense("fc", 6, 2), otherIO: stream,
		},
		{
			pass: passes.CloneOutput, io: stream,
			net:   input(4).dense("d", 4, 3).act("a", "relu", "d").act("b", "tanh", "d").outputs("a", "b", "d"),
			other: input(4).dense("d", 4, 3).act("a", "relu", "d").act("b", "tanh", "d").outputs("a", "b", "d"),
		},
	}
}

func optimizeExamples() []example {
	return []example{
		{
			pass: passes.RemoveFinalReshape, net: input(2, 3).act("a", "relu").reshape("f", 6),
			other: input(2, 3).reshape("f", 6).act("a", "relu"),
		},
		{
			pass: xilinx.OptimizePointwiseConv, prep: initialized,
			net:   input(5, 2).conv1D("c", 5, 1, 2, 3).act("a", "relu"),
			other: input(5, 2).conv1D("c", 5, 2, 2, 3).act("a", "relu"),
		},
		{
			pass: passes.InplaceParallelReshape, net: input(2, 3).act("a", "relu").reshape("f", 6).dense("fc", 6, 2),
			other: input(2, 3).act("a", "relu").reshape("f", 6).dense("fc", 6, 2), otherIO: stream,
		},
		{
			pass:  passes.SkipSoftmax,
			net:   input(4).dense("fc", 4, 3).softmax("s", softmax.Attrs{TableSize: 1024, Skip: true}),
			other: input(4).softmax("s", softmax.Attrs{TableSize: 1024}),
		},
		{
			pass: passes.FixSoftmaxTableSize, net: input(4).softmax("s", softmax.Attrs{TableSize: 1024}),
			more:  once + named + "    x:\n      Precision: fixed<8,3>\n",
			other: input(4).softmax("s", softmax.Attrs{TableSize: 1024}), otherMatch: true, otherMore: once,
		},
	}
}

func storageExamples() []example {
	return []example{
		{
			pass: xilinx.TransformTypes, io: stream,
			net:  input(2, 3).act("a", "relu").reshape("f", 6).dense("fc", 6, 2),
			prep: []ir.Pass{passes.InplaceStreamFlatten, passes.InferPrecisionTypes},
		},
		{
			pass: passes.RegisterBramWeights, more: reuse + "    BramFactor: 5\n", net: input(4).dense("fc", 4, 3),
			other: input(4).dense("fc", 4, 3), otherMatch: true,
		},
		{
			pass: xilinx.ApplyResourceStrategy, prep: initialized, more: resource, net: input(4).dense("fc", 4, 3),
			other: input(4).dense("fc", 4, 3),
		},
		{
			pass: xilinx.GenerateUnrolledDenseResource, more: unrolled, net: input(4).dense("fc", 4, 3),
			prep:  slices.Concat(initialized, []ir.Pass{xilinx.ApplyResourceStrategy}),
			other: input(4).dense("fc", 4, 3), otherMore: resource,
		},
		{
			pass: xilinx.SetPipelineStyle, more: resource, net: input(4).dense("fc", 4, 3),
			other: input(4).dense("fc", 4, 3), otherMore: reuse + "    PipelineStyle: dataflow\n",
		},
	}
}
