package act

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// TernaryAttrs are the attributes of TernaryTanh.
type TernaryAttrs struct {
	Base
	// Threshold is where the answer turns from 0 to 1; nil: the framework named none.
	Threshold *float64 `hls:"threshold"`
}

var ternaryDef = layers.Def{
	Kind:   "TernaryTanh",
	Doc:    "-1, 0 or 1; lives only until a batch normalization before it absorbs it",
	Traits: layers.Activation,
	Attrs: func() any {
		return &TernaryAttrs{Base: Base{TableSize: DefaultTable, Activation: "ternary_tanh"}}
	},
	Options: options(),
	Init: func(n *ir.Node, _ ir.Data) error {
		return initBase(n, &ir.Attrs[TernaryAttrs](n).Base)
	},
	Bits: functionBits,
	Ref:  ternaryRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: ternaryKernel, Emit: ternaryEmit,
			Limits: []layers.Limit{
				{Why: "it has no firmware of its own: put a batch normalization before it, which absorbs it"},
			},
		},
	},
}
