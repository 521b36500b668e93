package pool

import (
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Common are the attributes that all poolings have.
type Common struct {
	DataFormat string `hls:"data_format"`
	NFilt      int    `hls:"n_filt"`  // channels
	PoolOp     string `hls:"pool_op"` // "Max" or "Average"
}

// Window are the attributes of poolings with windows smaller than the picture.
type Window struct {
	CountPad           bool                  `hls:"count_pad"`           // padding counts as values
	Padding            string                `hls:"padding"`             // PyTorch's: "same" where there is some
	ConvImplementation string                `hls:"conv_implementation"` // as written
	Implementation     ir.ConvImplementation `hls:"implementation"`
}

// Pooling1DAttrs are the attributes of Pooling1D.
type Pooling1DAttrs struct {
	Common
	Window
	NIn         int `hls:"n_in"`
	NOut        int `hls:"n_out"`
	PoolWidth   int `hls:"pool_width"`
	StrideWidth int `hls:"stride_width"`
	PadLeft     int `hls:"pad_left"`
	PadRight    int `hls:"pad_right"`
}

// Pooling2DAttrs are the attributes of Pooling2D.
type Pooling2DAttrs struct {
	Common
	Window
	InHeight     int `hls:"in_height"`
	InWidth      int `hls:"in_width"`
	OutHeight    int `hls:"out_height"`
	OutWidth     int `hls:"out_width"`
	PoolHeight   int `hls:"pool_height"`
	PoolWidth    int `hls:"pool_width"`
	StrideHeight int `hls:"stride_height"`
	StrideWidth  int `hls:"stride_width"`
	PadTop       int `hls:"pad_top"`
	PadBottom    int `hls:"pad_bottom"`
	PadLeft      int `hls:"pad_left"`
	PadRight     int `hls:"pad_right"`
}

// Global1DAttrs are the attributes of GlobalPooling1D.
type Global1DAttrs struct {
	Common
	KeepDims bool `hls:"keepdims"`
	NIn      int  `hls:"n_in"`
}

// Global2DAttrs are the attributes of GlobalPooling2D.
type Global2DAttrs struct {
	Common
	KeepDims bool `hls:"keepdims"`
	InHeight int  `hls:"in_height"`
	InWidth  int  `hls:"in_width"`
}

func newCommon() Common { return Common{DataFormat: "channels_last"} }

func newWindow() Window { return Window{ConvImplementation: "LineBuffer"} }

var pooling1DDef = layers.Def{
	Kind:   "Pooling1D",
	Doc:    "maximum or average over windows of one axis",
	Traits: layers.Pooling,
	Attrs:  func() any { return &Pooling1DAttrs{Common: newCommon(), Window: newWindow()} },
	Options: windowOptions("n_in", "n_out", "n_filt", "pool_width", "stride_width",
		"pad_left", "pad_right"),
	Init:     initPooling,
	Infer:    inferWindow,
	Bits:     poolBits,
	Rewrites: rewrites,
	Ref:      poolRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: poolKernel, Emit: pooling1DEmit,
			Setup:  setupWindow,
			Limits: windowLimits(),
		},
	},
}

var pooling2DDef = layers.Def{
	Kind:   "Pooling2D",
	Doc:    "maximum or average over windows of two axes",
	Traits: layers.Pooling,
	Attrs:  func() any { return &Pooling2DAttrs{Common: newCommon(), Window: newWindow()} },
	Options: windowOptions("in_height", "in_width", "out_height", "out_width", "n_filt",
		"pool_height", "pool_width", "stride_height", "stride_width",
		"pad_top", "pad_bottom", "pad_left", "pad_right"),
	Init:     initPooling,
	Infer:    inferWindow,
	Bits:     poolBits,
	Rewrites: rewrites,
	Ref:      poolRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: poolKernel, Emit: pooling2DEmit,
			Setup:  setupWindow,
			Limits: windowLimits(overlap),
		},
	},
}

var global1DDef = layers.Def{
	Kind:     "GlobalPooling1D",
	Doc:      "maximum or average over one axis",
	Traits:   layers.Pooling,
	Attrs:    func() any { return &Global1DAttrs{Common: newCommon()} },
	Options:  append(plain("n_in", "n_filt"), opOption(), layers.AccumOption(), layers.ReuseFactorOption()),
	Init:     initPooling,
	Bits:     poolBits,
	Rewrites: rewrites,
	Ref:      poolRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {Kernel: poolKernel, Emit: global1DEmit},
	},
}

var global2DDef = layers.Def{
	Kind:   "GlobalPooling2D",
	Doc:    "maximum or average over two axes",
	Traits: layers.Pooling,
	Attrs:  func() any { return &Global2DAttrs{Common: newCommon()} },
	Options: append(plain("in_height", "in_width", "n_filt"),
		opOption(), layers.AccumOption(), layers.ReuseFactorOption()),
	Init:     initPooling,
	Bits:     poolBits,
	Rewrites: rewrites,
	Ref:      poolRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {Kernel: poolKernel, Emit: global2DEmit},
	},
}

func plain(names ...string) []ir.Option {
	out := make([]ir.Option, len(names))
	for i, name := range names {
		out[i] = ir.Option{Name: name}
	}
	return out
}

func opOption() ir.Option { return ir.Option{Name: "pool_op"} }

// windowOptions lists the expected attributes of a pooling with windows: its geometry, then the backend's.
func windowOptions(geometry ...string) []ir.Option {
	return append(plain(geometry...),
		ir.Option{Name: "count_pad", Default: false},
		opOption(),
		layers.AccumOption(),
		layers.ReuseFactorOption(),
		ir.Option{
			Name: "conv_implementation", Class: ir.Choice, Default: "LineBuffer",
			Choices: []string{"LineBuffer", "Encoded"},
			Needs:   layers.ConvChoice,
		},
	)
}

// initPooling adds the output; pool_op comes from the framework's class, such as MaxPooling1D or
// GlobalAveragePooling2D. A global pooling has one axis, whatever keepdims says. Mirrors initialize of
// Pooling1D, Pooling2D, GlobalPooling1D and GlobalPooling2D.
func initPooling(n *ir.Node, _ ir.Data) error {
	c := commonOf(n)
	if op, _, ok := strings.Cut(strings.TrimPrefix(n.ClassName, "Global"), "Pooling"); ok && op != "" {
		c.PoolOp = op
	}
	if c.PoolOp != "Max" && c.PoolOp != "Average" {
		return n.Errorf("pool_op: got %q, want Max or Average", c.PoolOp)
	}
	g := gridOf(n)
	if err := g.check(n); err != nil {
		return err
	}
	return n.AddOutput(g.shape(n))
}

// setupWindow mirrors init_pooling1d and init_pooling2d of vivado_backend.py.
func setupWindow(n *ir.Node) error {
	windowOf(n).Implementation = n.Graph().Config.ConvImplementation(n.Name)
	return nil
}

// windowLimits are the limits of poolings over windows, with those of more.
func windowLimits(more ...layers.Limit) []layers.Limit {
	return append([]layers.Limit{
		{
			IOType: ir.Stream, Setting: "padding",
			Why: "the line buffer has none: use valid, or io_parallel",
		},
		{
			Lacks: layers.Encoded, IOType: ir.Stream, Setting: "ConvImplementation Encoded",
			Why: "Vivado has it alone: use LineBuffer",
		},
	}, more...)
}

// overlap is the limit of windows over two axes.
var overlap = layers.Limit{
	IOType: ir.Stream, Setting: "windows that overlap",
	Why: "the kernel counts on strides of the windows' size: use those, or io_parallel",
}
