package act

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// preluEmit writes a call of nnet::prelu, with the array of slopes between the tensors.
var preluEmit = codegen.Emitter{Emit: emitPReLU}

func emitPReLU(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	return parameterized(env, n, &ir.Attrs[PReLUAttrs](n).Base, "prelu", n.Weight("param").Var), nil
}
