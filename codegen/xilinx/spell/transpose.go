package spell

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// Transpose fills the configuration of nnet::transpose for a tensor of the shape, whose axis perm[i] becomes
// axis i.
func Transpose(c *codegen.Config, shape, perm []int) {
	to, strides := make([]int, len(perm)), make([]int, len(perm))
	for i, p := range perm {
		to[i], strides[i] = shape[p], ir.Size(shape[p+1:])
	}
	c.Uint("dims", len(shape))
	c.Uint("N", ir.Size(shape))
	c.Pointer("from_shape", shape)
	c.Pointer("to_shape", to)
	c.Pointer("perm", perm)
	c.Pointer("perm_strides", strides) // how far the input index moves with each output axis
}
