package dense

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Attrs are the attributes of Dense.
type Attrs struct {
	DataFormat string `hls:"data_format"`
	Activation string `hls:"activation"` // as the framework has it; the front end adds a layer for it
	UseBias    bool   `hls:"use_bias"`
	NIn        int    `hls:"n_in"`
	NOut       int    `hls:"n_out"`
	// ParallelizationFactor is kept for the convolution that a Dense over several axes becomes; nil: unset.
	ParallelizationFactor *int `hls:"parallelization_factor"`
}

var denseDef = layers.Def{
	Kind:   "Dense",
	Doc:    "fully connected layer",
	Traits: layers.Matrix | layers.AnyWords,
	Attrs:  func() any { return &Attrs{} },
	Options: []ir.Option{
		{Name: "n_in"},
		{Name: "n_out"},
		{Name: "weight", Class: ir.WeightOption},
		{Name: "bias", Class: ir.WeightOption},
		layers.TypeRole("weight_t"),
		layers.TypeRole("bias_t"),
		layers.AccumOption(),
		layers.ReuseFactorOption(),
		{
			Name: "strategy", Class: ir.Choice, Default: "latency", Choices: []string{"latency", "resource"},
			Needs: layers.StrategyOption,
		},
	},
	Init:  initDense,
	Infer: inferDense,
	Bits:  denseBits,
	Ref:   denseRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: denseKernel, Emit: denseEmit,
			State:      layers.NewMatrixState,
			Setup:      setupDense,
			Strategies: append(ir.MatrixStrategies(), ir.DistributedArithmetic),
			Limits: []layers.Limit{
				{Setting: "Compression true", Why: "hls4ml 1.3.0 cannot build it either: use Resource"},
				{
					Setting: "an input of more than three axes",
					Why:     "there is no such convolution: reshape to three before it",
				},
			},
		},
	},
}
