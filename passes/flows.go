package passes

import (
	"fmt"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
)

// The flows, in hls4ml's order. Parts of hls4ml's order that have no pass here belong to kinds that are not
// built in; a test holds each list against the whole order.
var (
	// Convert makes one plain network of what a front end read.
	Convert = ir.Flow{Name: "convert", Passes: []ir.Pass{
		ChannelsLastConverter, // first: the rest sees channels last only
		ChainMerge,
		SeparableToDepthwiseAndConv,
		RemoveTransposeBeforeFlatten,
		RemoveNopTranspose,
		RemoveSingleChannelTranspose,
		FuseBiasAdd,
		ExpandTimeDistributed, // first: it may hold a nested model
		ExpandLayerGroup,
		OutputRoundingSaturationMode(RoundingSaturation{}),
		QKerasFactorizeAlpha, // its scales may fuse
		ExtractTernaryThreshold,
		FuseConsecutiveBatchNormalization,
		FuseBatchNormalization,               // while the types between are auto
		ReplaceMultidimensionalDenseWithConv, // starts from the weights as read
		EnforceProxyModelEmbeddedConfig,
		BitExact, // once, with the weights as they stay
		FuseFixedPointQuantizer,
		FixInputPrecision,
		EliminateLinearActivation,
		MergeLinearActivation,
		InferPrecisionTypes, // last: fusions need types that are still auto
	}}

	// Optimize removes what has no effect, whatever the backend.
	Optimize = ir.Flow{Name: "optimize", Requires: []*ir.Flow{&Convert}, Passes: []ir.Pass{
		RemoveNopBatchNormalization,
	}}

	// VivadoInit decides strategies and reuse factors.
	VivadoInit = ir.Flow{Name: "vivado:init_layers", Requires: []*ir.Flow{&Optimize}, Passes: []ir.Pass{
		InitBaseLayer, // first: the others mend the reuse factor it finds
		InitBidirectional,
		InitConv1D,
		InitConv2D,
		InitDense,
		InitGarNet,
		InitGRU,
		InitLSTM,
		InitPooling1D,
		InitPooling2D,
		InitTimeDistributed,
		InitGarNetStack,
		InitExtension,
	}}

	// VivadoStreaming prepares streams; it does nothing to networks of arrays.
	VivadoStreaming = ir.Flow{Name: "vivado:streaming", Requires: []*ir.Flow{&VivadoInit}, Passes: []ir.Pass{
		InplaceStreamFlatten,
		ReshapeStream,
		CloneOutput,
		InsertZeroPaddingBeforeConv1D,
		InsertZeroPaddingBeforeConv2D,
		BroadcastStream,
	}}

	// VivadoQuantization merges layers of binary and ternary networks.
	VivadoQuantization = ir.Flow{
		Name: "vivado:quantization", Requires: []*ir.Flow{&VivadoInit}, Passes: []ir.Pass{
			MergeBatchNormQuantizedTanh,
			QuantizeDenseOutput,
			FuseConsecutiveBatchNormalization,
			XnorPooling,
		},
	}

	// VivadoOptimize chooses special kinds and sizes.
	VivadoOptimize = ir.Flow{Name: "vivado:optimize", Requires: []*ir.Flow{&VivadoInit}, Passes: []ir.Pass{
		RemoveFinalReshape,
		OptimizePointwiseConv,
		InplaceParallelReshape,
		InplaceStreamFlatten, // again: clones have come between
		SkipSoftmax,
		FixSoftmaxTableSize,
		InferPrecisionTypes,
		ProcessFixedPointQuantizerLayer,
	}}

	// VivadoTypes decides how values are stored.
	VivadoTypes = ir.Flow{Name: "vivado:specific_types", Requires: []*ir.Flow{&VivadoInit}, Passes: []ir.Pass{
		TransformTypes,
		RegisterBramWeights,
		GenerateConvStreamingInstructions,
		ApplyResourceStrategy,
		GenerateUnrolledDenseResource,
		SetPipelineStyle,
	}}

	// VitisValidation says what Vitis does not have.
	VitisValidation = ir.Flow{Name: "vitis:validation", Requires: []*ir.Flow{&VivadoInit}, Passes: []ir.Pass{
		ValidateConvImplementation,
		ValidateResourceStrategy,
		ValidateResourceUnrolledStrategy,
		ValidateStdCppTypes,
	}}

	// Vivado is all that happens before code is written for Vivado and VivadoAccelerator.
	Vivado = ir.Flow{Name: "vivado:ip", Requires: []*ir.Flow{
		&Optimize, &VivadoInit, &VivadoStreaming, &VivadoQuantization, &VivadoOptimize, &VivadoTypes,
	}}

	// Vitis is all that happens before code is written for Vitis.
	Vitis = ir.Flow{Name: "vitis:ip", Requires: []*ir.Flow{
		&Optimize, &VitisValidation, &VivadoInit, &VivadoStreaming, &VivadoQuantization, &VivadoOptimize,
		&VivadoTypes,
	}}
)

// For returns the flow that prepares a graph for the backend.
func For(backend string) (*ir.Flow, error) {
	switch strings.ToLower(backend) {
	case "vivado", "vivadoaccelerator":
		return &Vivado, nil
	case "vitis":
		return &Vitis, nil
	}
	return nil, fmt.Errorf("backend %q: got no flow, want one of Vivado, Vitis, VivadoAccelerator", backend)
}

// All lists the flows, for `hlsgo flows` and `hlsgo passes`.
func All() []*ir.Flow {
	return []*ir.Flow{
		&Convert, &Optimize, &VivadoInit, &VitisValidation, &VivadoStreaming, &VivadoQuantization, &VivadoOptimize,
		&VivadoTypes, &Vivado, &Vitis,
	}
}
