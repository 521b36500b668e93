package shape

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// transposeEmit writes a configuration with the shapes as arrays and a call of nnet::transpose.
var transposeEmit = codegen.Emitter{Emit: emitTranspose}

func emitTranspose(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	perm, in := ir.Attrs[TransposeAttrs](n).Perm, n.In(0)
	to, strides := make([]int, len(perm)), make([]int, len(perm))
	for i, p := range perm {
		to[i], strides[i] = in.Shape[p], ir.Size(in.Shape[p+1:])
	}
	c := env.Config(n, "")
	c.Uint("dims", len(in.Shape))
	c.Uint("N", in.Size())
	c.Pointer("from_shape", in.Shape)
	c.Pointer("to_shape", to)
	c.Pointer("perm", perm)
	c.Pointer("perm_strides", strides) // how far the input index moves with each output axis
	return &codegen.Fragment{
		Configs:  []*codegen.Config{c},
		Call:     env.Call(n, "nnet::transpose", c.Name),
		Includes: []string{"nnet_transpose.h", "nnet_transpose_stream.h"},
	}, nil
}
