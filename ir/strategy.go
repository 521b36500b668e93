package ir

// Strategy is how a layer multiplies. The text is what hls4ml's attribute "strategy" holds after reading.
type Strategy string

// The strategies of hls4ml 1.3.0. The zero value is that of layers which multiply by no matrix.
const (
	// Latency writes every multiplication out and lets the tool schedule them.
	Latency Strategy = "latency"
	// Resource loops ReuseFactor times over one block of multipliers.
	Resource Strategy = "resource"
	// ResourceUnrolled is Resource with the products of nonzero weights written out.
	ResourceUnrolled Strategy = "resource_unrolled"
	// DistributedArithmetic turns a product with constants into adders.
	DistributedArithmetic Strategy = "distributed_arithmetic"
)

// MatrixStrategies lists the strategies that this version has kernels for.
func MatrixStrategies() []Strategy { return []Strategy{Latency, Resource, ResourceUnrolled} }

// Resourceful reports whether the strategy shares multipliers in time, so that it follows ReuseFactor and
// stores its weights transposed.
func (s Strategy) Resourceful() bool { return s == Resource || s == ResourceUnrolled }

// IOType is how tensors travel between layers.
type IOType string

// The io types, as in the configuration key IOType.
const (
	// Parallel passes whole arrays.
	Parallel IOType = "io_parallel"
	// Stream passes a word of channels at a time through a FIFO.
	Stream IOType = "io_stream"
)

// IOTypes lists the io types.
func IOTypes() []IOType { return []IOType{Parallel, Stream} }

// ConvImplementation is how a convolution or pooling gathers its windows from a stream.
type ConvImplementation string

// The implementations.
const (
	// LineBuffer shifts rows through memories of one line each.
	LineBuffer ConvImplementation = "linebuffer"
	// Encoded tells each pixel by an instruction word to which windows it belongs.
	Encoded ConvImplementation = "encoded"
)

// PipelineStyle is the pragma at the head of the top function.
type PipelineStyle string

// The styles.
const (
	AutoStyle PipelineStyle = "auto" // the backend decides
	Pipeline  PipelineStyle = "pipeline"
	Dataflow  PipelineStyle = "dataflow"
)
