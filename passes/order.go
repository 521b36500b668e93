package passes

import "github.com/hlsgo/hlsgo/ir"

// Before says that one pass must come before another where a flow has both.
type Before struct {
	First, Then ir.Pass
	Why         string
}

// Order lists what the positions in the flows must keep, whoever adds passes.
func Order() []Before {
	return []Before{
		{ChannelsLastConverter, RemoveTransposeBeforeFlatten, "it removes the transposes that the conversion inserts"},
		{ChannelsLastConverter, RemoveSingleChannelTranspose, "it removes the transposes that the conversion inserts"},
		{ExtractTernaryThreshold, FuseConsecutiveBatchNormalization, "the scale of a threshold fuses with a batch normalization"},
		{FuseConsecutiveBatchNormalization, FuseBatchNormalization, "one fold rounds less than two"},
		{FuseBatchNormalization, InferPrecisionTypes, "fusing asks for a type that is still auto"},
		{FuseConsecutiveBatchNormalization, InferPrecisionTypes, "fusing asks for a type that is still auto"},
		{MergeLinearActivation, InferPrecisionTypes, "merging asks for a type that is still auto"},
		{EliminateLinearActivation, MergeLinearActivation, "a linear activation with a type of its own must differ to be merged"},
		{ReplaceMultidimensionalDenseWithConv, InferPrecisionTypes, "the convolution is another node with types of its own"},
		{ExpandLayerGroup, FuseBatchNormalization, "partners may sit on both sides of the border of a nested model"},
		{InitBaseLayer, InitDense, "it starts from the reuse factor of the configuration"},
		{InitBaseLayer, InitConv1D, "it starts from the reuse factor of the configuration"},
		{InitBaseLayer, InitConv2D, "it starts from the reuse factor of the configuration"},
		{InplaceStreamFlatten, CloneOutput, "a flatten reads the stream before it, and counts as its reader"},
		{ReshapeStream, CloneOutput, "a repacked stream is the one to copy"},
		{RemoveFinalReshape, InplaceParallelReshape, "a reshape at the end goes away and needs no alias"},
		{SkipSoftmax, FixSoftmaxTableSize, "a skipped softmax has no table"},
		{TransformTypes, RegisterBramWeights, "weights are registers until it says otherwise"},
		{ApplyResourceStrategy, GenerateUnrolledDenseResource, "it reads the weights by output"},
	}
}
