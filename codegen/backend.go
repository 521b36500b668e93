package codegen

import "github.com/hlsgo/hlsgo/ir"

// Backend writes projects for one HLS tool.
type Backend interface {
	// Name is hls4ml's name of the backend, as in the configuration key Backend.
	Name() string
	// Dialect says which kernels and emitters of a layer kind apply.
	Dialect() Dialect
	// FlowName is the flow that makes the final graphs the backend takes.
	FlowName() string
	// Emit writes the project of a final graph.
	Emit(g *ir.Graph, emitters Emitters, o Options) (*Project, error)
}

// Options is what a project holds beyond its graph.
type Options struct {
	// TBInput and TBOutput become tb_data/tb_input_features.dat and tb_output_predictions.dat; see Samples.
	// nil: no such file.
	TBInput, TBOutput []byte
	// Config returns the text of hls4ml_config.yml for the project's stamp; nil: no such file.
	Config func(stamp string) ([]byte, error)
	// TraceAll writes the output of every layer to the trace in simulation, whatever the configuration says.
	TraceAll bool
	// Progress, when set, is told how many of the weights' values are printed.
	Progress func(done, total int)
}
