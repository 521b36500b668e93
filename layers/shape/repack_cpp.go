package shape

import (
	"fmt"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// repackEmit writes a call of nnet::repack_stream.
var repackEmit = codegen.Emitter{Emit: emitRepack}

func emitRepack(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	if !env.Stream() {
		return nil, env.Unsupported(n, "repacking of an array")
	}
	call := env.Call(n, "nnet::repack_stream", fmt.Sprint(n.Out().Size()))
	return &codegen.Fragment{Call: call, Includes: []string{"nnet_stream.h"}}, nil
}
