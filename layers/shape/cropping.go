package shape

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/layers"
)

// Cropping1DAttrs are the attributes of Cropping1D.
type Cropping1DAttrs struct {
	DataFormat string `hls:"data_format"`
	InWidth    int    `hls:"in_width"`
	OutWidth   int    `hls:"out_width"`
	NChan      int    `hls:"n_chan"`
	CropLeft   int    `hls:"crop_left"`
	CropRight  int    `hls:"crop_right"`
}

// Cropping2DAttrs are the attributes of Cropping2D.
type Cropping2DAttrs struct {
	DataFormat string `hls:"data_format"`
	InHeight   int    `hls:"in_height"`
	InWidth    int    `hls:"in_width"`
	OutHeight  int    `hls:"out_height"`
	OutWidth   int    `hls:"out_width"`
	NChan      int    `hls:"n_chan"`
	CropTop    int    `hls:"crop_top"`
	CropBottom int    `hls:"crop_bottom"`
	CropLeft   int    `hls:"crop_left"`
	CropRight  int    `hls:"crop_right"`
}

// A cropping behind a layer whose type is auto takes the model's default: hls4ml has no rule for it.

var cropping1DDef = layers.Def{
	Kind:    "Cropping1D",
	Doc:     "one axis without its ends",
	Attrs:   func() any { return &Cropping1DAttrs{DataFormat: "channels_last"} },
	Options: plain("in_width", "out_width", "n_chan", "crop_left", "crop_right"),
	Init:    initFrame,
	Ref:     frameRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {Kernel: frameKernel, Emit: cropping1DEmit},
	},
}

var cropping2DDef = layers.Def{
	Kind:  "Cropping2D",
	Doc:   "two axes without their ends",
	Attrs: func() any { return &Cropping2DAttrs{DataFormat: "channels_last"} },
	Options: plain("in_height", "in_width", "out_height", "out_width", "n_chan",
		"crop_top", "crop_bottom", "crop_left", "crop_right"),
	Init: initFrame,
	Ref:  frameRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {Kernel: frameKernel, Emit: cropping2DEmit},
	},
}
