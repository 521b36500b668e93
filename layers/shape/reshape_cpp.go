package shape

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// reshapeEmit writes nothing where the output is another name of the input.
var reshapeEmit = codegen.Emitter{Emit: emitReshape}

func emitReshape(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	if n.Out().Alias == nil {
		return nil, env.Unsupported(n, "reshape that is not in place")
	}
	return &codegen.Fragment{}, nil
}
