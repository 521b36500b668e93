package onnx

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
)

// constantInputs refuses nodes whose inputs at these places are computed.
func constantInputs(at ...int) func(string, build.Attributes) string {
	return func(_ string, a build.Attributes) string {
		n := a.(Node)
		for _, i := range at {
			if n.Input(i) != "" && n.constant(i) == nil {
				return fmt.Sprintf("input %d: got a tensor that is computed, want a constant", i)
			}
		}
		return ""
	}
}

// spreadConstant reads the node's input i as a tensor of one sample of the shape, over which it may spread.
func spreadConstant(c *build.Call, i int, shape []int) (*ir.Tensor, error) {
	t, err := node(c).wanted(i, fmt.Sprintf("input %d", i))
	if err != nil {
		return nil, err
	}
	dims := slices.Clone(t.Dims)
	if len(dims) == len(shape)+1 && dims[0] == 1 {
		dims = dims[1:]
	}
	value, err := c.Weight(fmt.Sprint(i), t.Dims...)
	if err != nil {
		return nil, err
	}
	if value, err = value.Reshape(dims...); err != nil {
		return nil, err
	}
	zero := ir.NewTensor(value.DType, shape...)
	out, err := ir.Elementwise(value, zero, func(x, _ float64) float64 { return x })
	if err != nil || !slices.Equal(out.Shape, shape) {
		return nil, fmt.Errorf("input %d: got shape %v, want one that spreads over %v", i, t.Dims, shape)
	}
	return out, nil
}
