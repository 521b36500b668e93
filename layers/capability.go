package layers

import "github.com/hlsgo/hlsgo/ir"

// What the tools of hls4ml have or have not; a backend lists what it has in Can. hls4ml's backends add these
// attributes to layers in their own initializers, so that the same layer shows other settings for each.
const (
	// FixedPoint: sums have an accumulator, products a reuse factor, functions tables. Every backend of hls4ml
	// has it; without any backend a layer has what the network says alone.
	FixedPoint ir.Capability = "fixed point"
	// ConvChoice: convolutions and poolings take ConvImplementation.
	ConvChoice ir.Capability = "conv implementation"
	// Encoded: ConvImplementation may be Encoded.
	Encoded ir.Capability = "encoded convolution"
	// ParallelPixels: convolutions take ParallelizationFactor.
	ParallelPixels ir.Capability = "parallel pixels"
	// RecurrentState: recurrent layers take Static, reuse factors for each product, and tables.
	RecurrentState ir.Capability = "recurrent state"
	// RowTables: layer normalization looks the inverse square root up in a table.
	RowTables ir.Capability = "row tables"
	// StepLoops: TimeDistributed takes TimeStepLoopParallelism.
	StepLoops ir.Capability = "step loops"
	// StrategyOption: Dense shows its strategy in generated configurations.
	StrategyOption ir.Capability = "strategy option"
	// FoldsByOutput: Conv2DBatchnorm stores the weights of resource layers by output as it folds them, and the
	// pass for that does so once more. It is a fault of hls4ml 1.3.0 in the tools whose names begin with Vivado.
	FoldsByOutput ir.Capability = "folds by output"
)

// Known lists the capabilities of hls4ml's backends, for documents and tests.
func Known() []ir.Capability {
	return []ir.Capability{
		FixedPoint, ConvChoice, Encoded, ParallelPixels, RecurrentState, RowTables, StepLoops, StrategyOption,
		FoldsByOutput,
	}
}
