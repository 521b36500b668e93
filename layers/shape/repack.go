package shape

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// RepackAttrs are the attributes of Repack.
type RepackAttrs struct {
	TargetShape []int `hls:"target_shape"`
}

var repackDef = layers.Def{
	Kind:  "Repack",
	Doc:   "reshape of a stream: other words for the same values",
	Attrs: func() any { return &RepackAttrs{} },
	Init: func(n *ir.Node, _ ir.Data) error {
		return n.AddOutput(ir.Attrs[RepackAttrs](n).TargetShape)
	},
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {Kernel: repackKernel, Emit: repackEmit},
	},
}
