package shape

import (
	"fmt"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// cloneEmit writes a call of nnet::clone_stream with one output per reader.
var cloneEmit = codegen.Emitter{Emit: emitClone}

func emitClone(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	if !env.Stream() {
		return nil, env.Unsupported(n, "copies of a tensor")
	}
	in, out := n.In(0), n.Out()
	call := &codegen.Call{
		Function: "nnet::clone_stream",
		Template: []string{in.Type.Name, out.Type.Name, fmt.Sprint(out.Size())},
		Args:     []string{in.Name},
	}
	for _, v := range n.Vars {
		call.Args = append(call.Args, v.Name)
	}
	return &codegen.Fragment{Call: call, Includes: []string{"nnet_stream.h"}}, nil
}
