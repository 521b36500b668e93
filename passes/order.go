package passes

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/ir"
)

// Before says that one pass must come before another where a flow has both.
type Before struct {
	First, Then ir.Pass
	Why         string
}

// Order lists what the positions in the flows must keep, whoever adds passes. What holds between the passes
// of one tool stands beside its flows.
func Order() []Before {
	return []Before{
		{QuantConstantParameters, QuantToActivation, "it takes the scale over that decides"},
		{FuseQuantWithConstant, ConstQuantToConstAlpha, "it takes those that need no scale"},
		{QuantToActivation, QuantToAlphaActivationAlpha, "it takes those that need no scale"},
		{ScaleDownAdd, MergeToApplyAlpha, "a scale moves behind a sum while that is one"},
		{ScaleDownMatMul, MatmulConstToDense, "a scale moves behind a product while that is one"},
		{ScaleDownConv, ConvToConvXD, "a scale moves behind a convolution while its weights are an input"},
		{MatmulConstToDense, FoldConstantScale, "it takes what nothing else took"},
		{ChannelsLastConverter, RemoveTransposeBeforeFlatten, "it removes what the conversion inserts"},
		{ChannelsLastConverter, RemoveSingleChannelTranspose, "it removes what the conversion inserts"},
		{QKerasFactorizeAlpha, FuseConsecutiveBatchNormalization, "its scale may fuse"},
		{QKerasFactorizeAlpha, FuseBatchNormalization, "folding changes the weights that the scale is found from"},
		{MergeBatchNormQuantizedTanh, QuantizeDenseOutput, "it looks for the tanh that the merge makes"},
		{ExtractTernaryThreshold, FuseConsecutiveBatchNormalization, "its scale may fuse"},
		{FuseConsecutiveBatchNormalization, FuseBatchNormalization, "one fold rounds less than two"},
		{FuseBatchNormalization, InferPrecisionTypes, "fusing asks for a type that is still auto"},
		{FuseConsecutiveBatchNormalization, InferPrecisionTypes, "fusing asks for a type that is still auto"},
		{ChainMerge, InferPrecisionTypes, "the types in a chain are left to it"},
		{MergeLinearActivation, InferPrecisionTypes, "merging asks for a type that is still auto"},
		{EliminateLinearActivation, MergeLinearActivation, "what keeps the type just goes"},
		{ReplaceMultidimensionalDenseWithConv, InferPrecisionTypes, "the convolution has types of its own"},
		{ExpandLayerGroup, FuseBatchNormalization, "partners may be in and outside a nested model"},
		{ExpandTimeDistributed, ExpandLayerGroup, "a nested model may be what is repeated"},
		{ExpandTimeDistributed, FuseBatchNormalization, "partners may be in a nested model"},
		{SeparableToDepthwiseAndConv, FuseBatchNormalization, "a batch normalization folds into the second step"},
		{SeparableToDepthwiseAndConv, InferPrecisionTypes, "each step has types of its own"},
		{InplaceStreamFlatten, CloneOutput, "a flatten reads the stream before it, and counts as its reader"},
		{ReshapeStream, CloneOutput, "a repacked stream is the one to copy"},
		{RemoveFinalReshape, InplaceParallelReshape, "a reshape at the end goes away and needs no alias"},
		{SkipSoftmax, FixSoftmaxTableSize, "a skipped softmax has no table"},
	}
}

// CheckOrder holds a flow, built in or with a plugin's passes, against Order and a tool's own list of the
// kind. Of a pass that a flow has twice the first place counts where it must come first, else the last.
func CheckOrder(f *ir.Flow, more ...Before) error {
	for _, b := range append(Order(), more...) {
		first, then := place(f, b.First, false), place(f, b.Then, true)
		if first >= 0 && then >= 0 && first > then {
			return fmt.Errorf("flow %q: pass %s: got it after %s, want it before: %s",
				f.Name, b.First.Name, b.Then.Name, b.Why)
		}
	}
	return nil
}

// place is where p first or last stands in f; -1 when nowhere.
func place(f *ir.Flow, p ir.Pass, last bool) int {
	at := slices.IndexFunc(f.Passes, func(q ir.Pass) bool { return q.Name == p.Name })
	for i := range f.Passes {
		if last && f.Passes[i].Name == p.Name {
			at = i
		}
	}
	return at
}
