package torch

import (
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/layers/dense"
)

var linearHandlers = []build.Handler{{Classes: []string{"linear"}, Read: readLinear}}

// readLinear reads a matrix over the last axis. PyTorch stores it as (outputs, inputs). Mirrors
// parse_linear_layer of hls4ml's converters/pytorch/core.py.
func readLinear(c *build.Call) (*build.Out, error) {
	shape, ok, err := weightShape(c, "weight")
	if err != nil {
		return nil, err
	}
	if !ok || len(shape) != 2 {
		return nil, refusal("weight: got no parameter of two axes, want one: products of tensors are einsum " +
			"or matmul")
	}
	out, err := c.Layer("Dense", "Dense")
	if err != nil {
		return nil, err
	}
	if err := weightAndBias(c, out, shape); err != nil {
		return nil, err
	}
	a := build.Attrs[dense.Attrs](out)
	a.NOut, a.NIn = shape[0], shape[1]
	a.UseBias = of(c).Has("bias")
	out.Shape = slices.Clone(c.Shape())
	out.Shape[len(out.Shape)-1] = a.NOut
	return out.Done()
}

// weightShape is the shape of a known tensor under an argument's name.
func weightShape(c *build.Call, name string) ([]int, bool, error) {
	return of(c).values.Find(c.Name, "", name)
}

// weightAndBias reads the weight of the shape, outputs first, and the bias where there is one.
func weightAndBias(c *build.Call, out *build.Out, shape []int) error {
	weight, err := c.Weight("weight", shape...)
	if err != nil {
		return err
	}
	out.Tensor("weight_data", weight)
	out.Data.OutputFirst = true
	if !of(c).Has("bias") {
		return nil
	}
	bias, err := c.Weight("bias", shape[0])
	if err != nil {
		return err
	}
	out.Tensor("bias_data", bias)
	return nil
}
