package group

import (
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// TimeDistributedAttrs are the attributes of TimeDistributed.
type TimeDistributedAttrs struct {
	DataFormat  string `hls:"data_format"`
	OutputShape []int  `hls:"output_shape"` // without the batch axis, steps first
	NTimeSteps  int    `hls:"n_time_steps"`
	// TimeStepLoopParallelism is "Off", "Unroll" or "Pipeline", in lower case once the backend has seen it.
	TimeStepLoopParallelism string `hls:"time_step_loop_parallelism"`
	// Wrapped is the layer that runs once per step, and behind it what hls4ml leaves out: the layer that an
	// activation argument stands for. Empty once a pass has put the layer between two nodes of this kind.
	Wrapped []*ir.Layer `hls:"wrapped_layer"`
	// Step is, for the float reference, the shape of one step as the framework has it.
	Step []int `hls:"step_shape,ignored"`
	// End marks the second of the two nodes, which collects what the steps gave.
	End bool `hls:"-"`
}

var timeDistributedDef = layers.Def{
	Kind:  "TimeDistributed",
	Doc:   "a layer or a model, once for each step of the first axis",
	Attrs: func() any { return &TimeDistributedAttrs{} },
	Options: []ir.Option{
		{Name: "wrapped_layer"}, {Name: "n_time_steps"}, {Name: "output_shape"},
		{
			Name: "time_step_loop_parallelism", Class: ir.Choice, Default: "Off",
			Choices: []string{"Off", "Unroll", "Pipeline"}, Needs: layers.StepLoops,
		},
	},
	Init:     initTimeDistributed,
	Rewrites: timeDistributedExpansion,
	Ref:      timeDistributedRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: timeDistributedKernel, Emit: codegen.Emitter{Emit: emitTimeDistributed},
			Setup: setupTimeDistributed,
			Limits: []layers.Limit{{
				IOType: ir.Stream, Setting: "TimeStepLoopParallelism Unroll",
				Why: "one stream serves all steps: Off is taken, with a warning",
			}},
		},
	},
}

// initTimeDistributed gives the output all steps; the pass that unfolds the layer cuts it to one. Mirrors
// TimeDistributed.initialize.
func initTimeDistributed(n *ir.Node, _ ir.Data) error {
	a := ir.Attrs[TimeDistributedAttrs](n)
	if len(a.OutputShape) < 2 || a.OutputShape[0] != a.NTimeSteps || a.NTimeSteps < 1 {
		return n.Errorf("output_shape: got %v, want %d steps and at least one more axis",
			a.OutputShape, a.NTimeSteps)
	}
	return n.AddOutput(a.OutputShape)
}

// setupTimeDistributed mirrors init_time_distributed of vivado_backend.py.
func setupTimeDistributed(n *ir.Node) error {
	a := ir.Attrs[TimeDistributedAttrs](n)
	mode := strings.ToLower(a.TimeStepLoopParallelism)
	if mode == "" {
		mode = "off"
	}
	if mode == "unroll" && n.Graph().Config.IOType == ir.Stream {
		n.Graph().Warnf("%s %q: TimeStepLoopParallelism: got Unroll with io_stream, which has one stream for all "+
			"steps: using Off", n.Kind, n.Name)
		mode = "off"
	}
	if !slices.Contains([]string{"off", "unroll", "pipeline"}, mode) {
		return n.Errorf("TimeStepLoopParallelism: got %q, want Off, Unroll or Pipeline", a.TimeStepLoopParallelism)
	}
	a.TimeStepLoopParallelism = mode
	return nil
}
