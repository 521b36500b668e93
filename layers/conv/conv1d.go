package conv

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Common are the attributes that all convolutions have.
type Common struct {
	DataFormat            string                `hls:"data_format"`
	NChan                 int                   `hls:"n_chan"`
	NFilt                 int                   `hls:"n_filt"`
	ParallelizationFactor int                   `hls:"parallelization_factor"` // pixels at once
	ConvImplementation    string                `hls:"conv_implementation"`    // as written
	Implementation        ir.ConvImplementation `hls:"implementation"`
	// Activation is as the framework has it; the front end adds a layer for it.
	Activation string `hls:"activation"`
	UseBias    bool   `hls:"use_bias"`
	// Dilation is that of the first axis as PyTorch has it; nil: none. The geometry has its own.
	Dilation *int `hls:"dilation"`
	// DilationRate is the framework's, one entry per axis. hls4ml reads past it, and so does the firmware
	// unless the geometry has it too, as it does in io_stream.
	DilationRate []int `hls:"dilation_rate,ignored"`
}

// Conv1DAttrs are the attributes of Conv1D and PointwiseConv1D.
type Conv1DAttrs struct {
	Common
	InWidth       int `hls:"in_width"`
	OutWidth      int `hls:"out_width"`
	FiltWidth     int `hls:"filt_width"`
	StrideWidth   int `hls:"stride_width"`
	PadLeft       int `hls:"pad_left"`
	PadRight      int `hls:"pad_right"`
	DilationWidth int `hls:"dilation_width"`
}

func newCommon() Common {
	return Common{DataFormat: "channels_last", ParallelizationFactor: 1, ConvImplementation: "LineBuffer"}
}

func newConv1D() any { return &Conv1DAttrs{Common: newCommon(), StrideWidth: 1, DilationWidth: 1} }

var conv1DDef = layers.Def{
	Kind:   "Conv1D",
	Doc:    "convolution over one axis",
	Traits: layers.Matrix,
	Attrs:  newConv1D,
	Options: options("in_width", "out_width", "n_chan", "n_filt", "filt_width", "stride_width",
		"pad_left", "pad_right"),
	Init:  initConv1D,
	Infer: inferConv1D,
	Bits:  convBits,
	Ref:   conv1DRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: conv1DKernel, Emit: conv1DEmit,
			State:      newState,
			Setup:      setupConv1D,
			Strategies: strategies(),
			Constants:  masks,
			Limits:     convLimits(),
		},
	},
}

// options lists the expected attributes of a convolution: its geometry, weights, then the backend's.
func options(geometry ...string) []ir.Option {
	var out []ir.Option
	for _, name := range geometry {
		out = append(out, ir.Option{Name: name})
	}
	return append(out,
		ir.Option{Name: "weight", Class: ir.WeightOption},
		ir.Option{Name: "bias", Class: ir.WeightOption},
		layers.TypeRole("weight_t"),
		layers.TypeRole("bias_t"),
		layers.AccumOption(),
		layers.ReuseFactorOption(),
		ir.Option{
			Name: "parallelization_factor", Class: ir.Configurable, Default: 1, Needs: layers.ParallelPixels,
		},
		implementationOption(),
	)
}

func implementationOption() ir.Option {
	return ir.Option{
		Name: "conv_implementation", Class: ir.Choice, Default: "LineBuffer",
		Choices: []string{"LineBuffer", "Encoded"}, Needs: layers.ConvChoice,
	}
}

// initConv1D mirrors Conv1D.initialize.
func initConv1D(n *ir.Node, data ir.Data) error {
	a := ir.Attrs[Conv1DAttrs](n)
	if err := checkSizes(n, a.InWidth, a.OutWidth, a.NChan, a.NFilt, a.FiltWidth, a.StrideWidth); err != nil {
		return err
	}
	if err := n.AddOutput(a.layout(a.OutWidth)); err != nil {
		return err
	}
	return layers.AddWeightAndBias(n, data, []int{a.FiltWidth, a.NChan, a.NFilt}, a.NFilt)
}

// layout is the output shape for the pixels' axes. The shape is the framework's even where kernels then
// refuse channels_first: the error is about that and not about shapes that do not fit.
func (c *Common) layout(pixels ...int) []int {
	if c.DataFormat == "channels_first" {
		return append([]int{c.NFilt}, pixels...)
	}
	return append(pixels, c.NFilt)
}

// Sizes come from files, and everything behind this line divides by them or makes slices of them.
func checkSizes(n *ir.Node, sizes ...int) error {
	if n.In(0) == nil {
		return n.Errorf("input %q: got no such tensor", n.Inputs[0])
	}
	for _, s := range sizes {
		if s < 1 {
			return n.Errorf("geometry: got %v, want every size positive", sizes)
		}
	}
	return nil
}

// A pixel adds up n_chan*filt_width products; padding, which makes it fewer, is not looked at, as in
// hls4ml.
func inferConv1D(n *ir.Node, env layers.InferEnv) error {
	a := ir.Attrs[Conv1DAttrs](n)
	return layers.InferSum(n, env, a.NChan*a.FiltWidth)
}

// setupConv1D mirrors VivadoBackend.init_conv1d.
func setupConv1D(n *ir.Node) error {
	a := ir.Attrs[Conv1DAttrs](n)
	return setup(n, &a.Common, a.NChan*a.FiltWidth, a.OutWidth)
}
