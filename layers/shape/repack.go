package shape

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// RepackAttrs are the attributes of Repack.
type RepackAttrs struct {
	TargetShape []int `hls:"target_shape"`
	// Declared is the result type configured for the layer's own name; its variable has another's.
	Declared *ir.Type `hls:"-"`
}

// DeclaredResult implements layers.Declaring.
func (a *RepackAttrs) DeclaredResult() *ir.Type { return a.Declared }

var repackDef = layers.Def{
	Kind:   "Repack",
	Doc:    "reshape of a stream: other words for the same values",
	Traits: layers.AnyWords,
	Attrs:  func() any { return &RepackAttrs{} },
	Init: func(n *ir.Node, _ ir.Data) error {
		a := ir.Attrs[RepackAttrs](n)
		if err := n.AddOutput(a.TargetShape); err != nil {
			return err
		}
		a.Declared = n.Out().Type
		return nil
	},
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: repackKernel, Emit: repackEmit,
			Limits: []layers.Limit{
				{IOType: ir.Parallel, Why: "arrays are reshaped in place: nothing puts it there"},
			},
		},
	},
}
