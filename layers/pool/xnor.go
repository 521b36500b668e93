package pool

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// rewrites keeps bits as bits: type inference knows numbers, and gave the result a type of those.
var rewrites = []layers.Rewrite{{
	Pass: "vivado:xnor_pooling",
	Match: func(n *ir.Node) bool {
		return commonOf(n).PoolOp == "Max" && n.In(0).Type.Format.Kind == fixed.KindXnor &&
			n.Format("result_t").Kind != fixed.KindXnor
	},
	Apply: func(n *ir.Node) (bool, error) {
		n.Out().Type.Format = fixed.Xnor()
		return true, nil
	},
}}
