package shape

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/codegen/xilinx/spell"
	"github.com/hlsgo/hlsgo/ir"
)

// transposeEmit writes a configuration with the shapes as arrays and a call of nnet::transpose.
var transposeEmit = codegen.Emitter{Emit: emitTranspose}

func emitTranspose(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	c := env.Config(n, "")
	spell.Transpose(c, n.In(0).Shape, ir.Attrs[TransposeAttrs](n).Perm)
	return &codegen.Fragment{
		Configs:  []*codegen.Config{c},
		Call:     env.Call(n, "nnet::transpose", c.Name),
		Includes: []string{"nnet_transpose.h", "nnet_transpose_stream.h"},
	}, nil
}
