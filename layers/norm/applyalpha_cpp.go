package norm

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// applyAlphaEmit writes the same C++ as a batch normalization.
var applyAlphaEmit = codegen.Emitter{
	Emit: func(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
		return emitScale(env, n, &ir.Attrs[AlphaAttrs](n).Attrs), nil
	},
}
