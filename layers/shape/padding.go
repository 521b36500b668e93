package shape

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Padding1DAttrs are the attributes of ZeroPadding1D.
type Padding1DAttrs struct {
	DataFormat string `hls:"data_format"`
	InWidth    int    `hls:"in_width"`
	OutWidth   int    `hls:"out_width"`
	NChan      int    `hls:"n_chan"`
	PadLeft    int    `hls:"pad_left"`
	PadRight   int    `hls:"pad_right"`
}

// Padding2DAttrs are the attributes of ZeroPadding2D.
type Padding2DAttrs struct {
	DataFormat string `hls:"data_format"`
	InHeight   int    `hls:"in_height"`
	InWidth    int    `hls:"in_width"`
	OutHeight  int    `hls:"out_height"`
	OutWidth   int    `hls:"out_width"`
	NChan      int    `hls:"n_chan"`
	PadTop     int    `hls:"pad_top"`
	PadBottom  int    `hls:"pad_bottom"`
	PadLeft    int    `hls:"pad_left"`
	PadRight   int    `hls:"pad_right"`
}

var padding1DDef = layers.Def{
	Kind:    "ZeroPadding1D",
	Doc:     "zeros before and after one axis",
	Attrs:   func() any { return &Padding1DAttrs{DataFormat: "channels_last"} },
	Options: plain("in_width", "out_width", "n_chan", "pad_left", "pad_right"),
	Init:    initFrame,
	Infer:   layers.InferLikeInput,
	Ref:     frameRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {Kernel: frameKernel, Emit: padding1DEmit},
	},
}

var padding2DDef = layers.Def{
	Kind:  "ZeroPadding2D",
	Doc:   "zeros round two axes",
	Attrs: func() any { return &Padding2DAttrs{DataFormat: "channels_last"} },
	Options: plain("in_height", "in_width", "out_height", "out_width", "n_chan",
		"pad_top", "pad_bottom", "pad_left", "pad_right"),
	Init:  initFrame,
	Infer: layers.InferLikeInput,
	Ref:   frameRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {Kernel: frameKernel, Emit: padding2DEmit},
	},
}

// plain lists attributes that are not the user's to set.
func plain(names ...string) []ir.Option {
	out := make([]ir.Option, len(names))
	for i, name := range names {
		out[i] = ir.Option{Name: name}
	}
	return out
}
