package torch

import (
	"errors"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/dense"
)

var linearHandlers = []build.Handler{
	{Classes: []string{"linear"}, Read: readLinear},
	{Classes: []string{"Linear"}, Read: readLinearModule},
	{Classes: []string{"addmm"}, Read: readAddmm},
	{Classes: []string{"mm"}, Read: readMatrix},
}

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
	weight, err := c.Weight("weight", shape...)
	if err != nil {
		return nil, err
	}
	bias, err := vector(c, "bias", shape[0])
	if err != nil {
		return nil, err
	}
	out, err := matrix(c, weight, bias)
	if err != nil {
		return nil, err
	}
	return out, errors.Join(quantized(c, out, "weight", "weight_quantizer"), quantized(c, out, "bias",
		"bias_quantizer"))
}

// readLinearModule reads the module, of whose operators one is the product; decomposed programs have shapes
// changed round it.
func readLinearModule(c *build.Call) (*build.Out, error) {
	readers := map[string]func(c *build.Call) (*build.Out, error){
		"linear": readLinear, "addmm": readAddmm, "mm": readMatrix,
	}
	a := of(c)
	for _, n := range a.nodes {
		if read, ok := readers[n.operator()]; ok {
			core := newArguments(a.values, []*node{n})
			core.outputs = a.outputs
			a.values.calls[c.Name], c.Config = core, core
			return read(c)
		}
	}
	return nil, refusal("operators: got %s, want a product with a parameter", a.nodes[0].Target)
}

// readAddmm reads bias + input * weight, of which decomposed programs are made.
func readAddmm(c *build.Call) (*build.Out, error) {
	for _, key := range []string{"alpha", "beta"} {
		if v, err := c.Config.Float(key, 1); err != nil || v != 1 {
			return nil, refusal("%s: got %v, want 1", key, v)
		}
	}
	shape, ok, err := weightShape(c, "mat2")
	if err != nil {
		return nil, err
	}
	if !ok || len(shape) != 2 {
		return nil, refusal("mat2: got no parameter of two axes, want one")
	}
	weight, err := c.Weight("mat2", shape...)
	if err != nil {
		return nil, err
	}
	bias, err := vector(c, "self", shape[1])
	if err != nil {
		return nil, err
	}
	return matrix(c, weight.Transpose(1, 0), bias)
}

// matrix makes a layer of a matrix (outputs, inputs) over the last axis; bias may be nil.
func matrix(c *build.Call, weight, bias *ir.Tensor) (*build.Out, error) {
	out, err := c.Layer("Dense", "Dense")
	if err != nil {
		return nil, err
	}
	out.Tensor("weight_data", weight)
	out.Data.OutputFirst = true
	if bias != nil {
		out.Tensor("bias_data", bias)
	}
	a := build.Attrs[dense.Attrs](out)
	a.NOut, a.NIn, a.UseBias = weight.Shape[0], weight.Shape[1], bias != nil
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
	if err := quantized(c, out, "weight", "weight_quantizer"); err != nil {
		return err
	}
	out.Data.OutputFirst = true
	if !of(c).Has("bias") {
		return nil
	}
	bias, err := c.Weight("bias", shape[0])
	if err != nil {
		return err
	}
	out.Tensor("bias_data", bias)
	return quantized(c, out, "bias", "bias_quantizer")
}
