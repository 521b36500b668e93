package passes

import "github.com/hlsgo/hlsgo/ir"

// The flows below are the same for every backend; what only one tool needs stands beside its backend. Parts
// of hls4ml's order that have no pass here belong to kinds that are not built in; a test holds each list
// against the whole order. Each call returns a flow of its own: a plugin's passes stay in its toolkit.

// ParseQONNX makes hls4ml's layers and types of what ONNX has: weights as inputs, quantizers as layers. It
// does nothing to other networks.
func ParseQONNX() *ir.Flow {
	return &ir.Flow{Name: "parse_qonnx", Passes: ir.Near(
		ReshapeConstant,
		PaddingConstant,
		ResizeRemoveConstants,
		QuantConstantParameters, // first: what a quantizer becomes depends on its scale
		BipolarQuantConstantParameters,
		FuseQuantWithConstant,
		FuseBipolarQuantWithConstant,
		QuantToActivation,
		BipolarQuantToActivation,
		ConstQuantToConstAlpha,
		ConstBipolarQuantToConstAlpha,
		QuantToAlphaActivationAlpha,
		BipolarQuantToAlphaActivationAlpha,
		BatchNormOnnxConstantParameters,
		ConstantBatchNormFusion,
		MergeTwoConstants,
		ScaleDownAdd,
		BiasDownAdd,
		ScaleDownMatMul, // while weights and scales are apart
		ScaleDownConv,
		MergeToApplyAlpha,
		MergeToApplyAlphaDiv,
		MatmulConstToDense,
		ConvToConvXD,
		ConvToDepthwiseConvXD,
		FoldConstantScale, // last: only what nothing else took
	)}
}

// Convert makes one plain network of what a front end read.
func Convert() *ir.Flow {
	return &ir.Flow{Name: "convert", Requires: []*ir.Flow{ParseQONNX()}, Passes: ir.Near(
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
	)}
}

// Optimize removes what has no effect, whatever the backend.
func Optimize() *ir.Flow {
	return &ir.Flow{Name: "optimize", Requires: []*ir.Flow{Convert()}, Passes: ir.Near(
		RemoveNopBatchNormalization,
		NoteScales, // last: types are known
	)}
}
