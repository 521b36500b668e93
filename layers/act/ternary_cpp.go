package act

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// ternaryEmit refuses: hls4ml writes no call for a TernaryTanh that no batch normalization absorbed, and the
// firmware would answer with what its memory held.
var ternaryEmit = codegen.Emitter{
	Emit: func(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
		return nil, env.Unsupported(n, "ternary_tanh without a batch normalization before it")
	},
}
