package xilinx

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/passes"
)

// flow is all that happens before code is written, in hls4ml's order: the flow called name, which only
// requires others. more run before the set-up of layers; they require what stands before it.
func flow(name string, more ...*ir.Flow) *ir.Flow {
	optimized := passes.Optimize()
	set := initFlow(optimized)
	f := &ir.Flow{Name: name, Requires: []*ir.Flow{optimized}}
	for _, m := range more {
		m.Requires = []*ir.Flow{set}
		f.Requires = append(f.Requires, m)
	}
	f.Requires = append(f.Requires, set)
	for _, then := range []*ir.Flow{streamingFlow(), quantizationFlow(), optimizeFlow(), typesFlow()} {
		then.Requires = []*ir.Flow{set}
		f.Requires = append(f.Requires, then)
	}
	return f
}

// VivadoFlow is all that happens before code is written for Vivado and VivadoAccelerator.
func VivadoFlow() *ir.Flow { return flow("vivado:ip") }

// VitisFlow is all that happens before code is written for Vitis: what it does not have is said first, while
// settings can still be mended, and the rest is Vivado's.
func VitisFlow() *ir.Flow { return flow("vitis:ip", validationFlow()) }

// initFlow decides strategies and reuse factors.
func initFlow(optimized *ir.Flow) *ir.Flow {
	list := []ir.Pass{InitBaseLayer} // first: the others mend the reuse factor it finds
	list = append(list, initializers()...)
	return &ir.Flow{
		Name: "vivado:init_layers", Requires: []*ir.Flow{optimized},
		Passes: ir.Near(append(list, InitExtension)...),
	}
}

// streamingFlow prepares streams; it does nothing to networks of arrays.
func streamingFlow() *ir.Flow {
	return &ir.Flow{Name: "vivado:streaming", Passes: ir.Near(
		passes.InplaceStreamFlatten,
		passes.ReshapeStream,
		passes.CloneOutput,
		InsertZeroPaddingBeforeConv1D,
		InsertZeroPaddingBeforeConv2D,
		BroadcastStream,
	)}
}

// quantizationFlow merges layers of binary and ternary networks.
func quantizationFlow() *ir.Flow {
	return &ir.Flow{Name: "vivado:quantization", Passes: ir.Near(
		passes.MergeBatchNormQuantizedTanh,
		passes.QuantizeDenseOutput,
		passes.FuseConsecutiveBatchNormalization,
		passes.XnorPooling,
	)}
}

// optimizeFlow chooses special kinds and sizes.
func optimizeFlow() *ir.Flow {
	return &ir.Flow{Name: "vivado:optimize", Passes: ir.Near(
		passes.RemoveFinalReshape,
		OptimizePointwiseConv,
		passes.InplaceParallelReshape,
		passes.InplaceStreamFlatten, // again: clones have come between
		passes.SkipSoftmax,
		passes.FixSoftmaxTableSize,
		passes.InferPrecisionTypes,
		DistributedArithmeticCodegen,
		DistributedArithmeticEinsumCodegen,
		FuseQuantizerIntoDALayers,
		passes.ProcessFixedPointQuantizerLayer,
	)}
}

// typesFlow decides how values are stored.
func typesFlow() *ir.Flow {
	return &ir.Flow{Name: "vivado:specific_types", Passes: ir.Near(
		TransformTypes,
		passes.RegisterBramWeights,
		GenerateConvStreamingInstructions,
		ApplyResourceStrategy,
		GenerateUnrolledDenseResource,
		SetPipelineStyle,
		DALatencyDenseTemplate,
		DALatencyConvTemplate,
	)}
}

// validationFlow says what Vitis does not have.
func validationFlow() *ir.Flow {
	return &ir.Flow{Name: "vitis:validation", Passes: ir.Near(
		ValidateConvImplementation,
		ValidateResourceStrategy,
		ValidateResourceUnrolledStrategy,
		ValidateStdCppTypes,
	)}
}

// Order lists what the positions in the flows above must keep beside passes.Order.
func Order() []passes.Before {
	const reuse = "it starts from the reuse factor of the configuration"
	return []passes.Before{
		{First: InitBaseLayer, Then: InitDense, Why: reuse},
		{First: InitBaseLayer, Then: InitConv1D, Why: reuse},
		{First: InitBaseLayer, Then: InitConv2D, Why: reuse},
		{
			First: passes.CloneOutput, Then: InsertZeroPaddingBeforeConv1D,
			Why: "only one reader of a stream wants the padding",
		},
		{
			First: passes.CloneOutput, Then: InsertZeroPaddingBeforeConv2D,
			Why: "only one reader of a stream wants the padding",
		},
		{
			First: TransformTypes, Then: passes.RegisterBramWeights,
			Why: "weights are registers until it says otherwise",
		},
		{
			First: ApplyResourceStrategy, Then: GenerateUnrolledDenseResource,
			Why: "it reads the weights by output",
		},
	}
}
