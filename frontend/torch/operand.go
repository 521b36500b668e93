package torch

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/layers/merge"
	"github.com/hlsgo/hlsgo/layers/norm"
)

// operand is the part of a call of two operands that does not depend on the inputs: a number, or a parameter.
type operand struct {
	value *ir.Tensor
	place int // 0: before the tensor, 1: behind it
	whole bool
}

// fixedOperand finds the operand that is fixed; nil where both depend on the inputs.
func fixedOperand(c *build.Call) (*operand, error) {
	a := of(c)
	keys := []string{"self", "other"}
	if a.nodes[0].operator() == "rsub" {
		keys = []string{"other", "self"}
	}
	for place, key := range keys {
		arg := a.args[key]
		if v, ok := arg.number(); ok {
			t := ir.NewTensor(ir.Float64, 1) // a number of Python in numpy
			t.Data[0] = v
			return &operand{t, place, true}, nil
		}
		if list := arg.tensors(); len(list) == 1 && a.values.known(list[0]) {
			t, err := a.values.tensor(list[0])
			if err != nil {
				return nil, err
			}
			return &operand{t, place, len(t.Data) == 1}, nil
		}
	}
	return nil, nil
}

// readFixed reads a sum, difference, product or quotient of a tensor and what is fixed. hls4ml has a layer
// for a number of which a pass makes a scale and shift.
func readFixed(c *build.Call, op string, o *operand) (*build.Out, error) {
	if op == "divide" {
		if o.place == 0 {
			return nil, refusal("operands: got a division by a tensor, want one by a number: the firmware has no " +
				"other")
		}
		op, o.value = "multiply", o.value.Map(func(v float64) float64 { return 1 / v })
	}
	if !slices.Contains([]string{"add", "subtract", "multiply"}, op) {
		return nil, refusal("operands: got a fixed one, want tensors that depend on the inputs: the firmware "+
			"has no "+
			"such %s", op)
	}
	if o.whole {
		return readConstant(c, op, o)
	}
	return readChannelwise(c, op, o)
}

// readConstant makes a Constant and a Merge, as hls4ml does. Mirrors parse_constant_layer of its
// converters/pytorch/core.py.
func readConstant(c *build.Call, op string, o *operand) (*build.Out, error) {
	v := of(c).values
	name := v.names.unique(fmt.Sprintf("const_%d", v.numbers))
	v.numbers++
	k, err := c.Part("Constant", name, nil).Layer("Constant", "Constant")
	if err != nil {
		return nil, err
	}
	build.Attrs[io.ConstantAttrs](k).Value = &ir.Tensor{Shape: []int{1}, DType: o.value.DType,
		Data: o.value.Data}
	k.Shape = []int{1}
	out, err := c.Layer("Merge", "Merge")
	if err != nil {
		return nil, err
	}
	build.Attrs[merge.Attrs](out).Op = op
	out.Inputs = slices.Insert(slices.Clone(c.Inputs), o.place, name)
	out.Before = append(out.Before, k)
	return out.Done()
}

// readChannelwise makes a scale and shift of one value per channel.
func readChannelwise(c *build.Call, op string, o *operand) (*build.Out, error) {
	shape := c.Shape()
	channels := append([]int{shape[0]}, slices.Repeat([]int{1}, len(shape)-1)...)
	got := o.value.Shape
	if len(got) > len(shape) && got[0] == 1 {
		got = got[1:] // the axis of the batch
	}
	if !slices.Equal(got, channels) {
		return nil, refusal("operands: got a parameter of shape %v for a tensor of shape %v, want one value per "+
			"channel, %v", o.value.Shape, shape, channels)
	}
	out, err := c.Layer("BatchNormalization", "BatchNormalization")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[norm.Attrs](out)
	a.DataFormat, a.NIn, a.NOut, a.NFilt = channelsFirst, ir.Size(shape), ir.Size(shape), -1
	if len(shape) > 1 {
		a.NFilt = shape[0]
	}
	flat := &ir.Tensor{Shape: []int{shape[0]}, DType: o.value.DType, Data: o.value.Data}
	fill := func(x float64) *ir.Tensor { return flat.Map(func(float64) float64 { return x }) }
	scale, bias := fill(1), flat
	switch {
	case op == "multiply":
		scale, bias = flat, fill(0)
	case op == "subtract" && o.place == 0:
		scale = fill(-1)
	case op == "subtract":
		bias = flat.Map(func(v float64) float64 { return -v })
	}
	out.Tensor("scale_data", scale)
	out.Tensor("bias_data", bias)
	return out.Done()
}

// readNegation turns the sign.
func readNegation(c *build.Call) (*build.Out, error) {
	t := ir.NewTensor(ir.Float64, 1)
	t.Data[0] = -1
	return readConstant(c, "multiply", &operand{value: t, place: 1})
}
