package onnx

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
	"github.com/hlsgo/hlsgo/layers/io"
)

// Classes of what is no node of a file.
const (
	inputClass    = "InputLayer"
	constantClass = "Constant"
)

var constantHandlers = []build.Handler{
	{Classes: []string{inputClass}, Read: readInput},
	{Classes: []string{constantClass}, Read: readConstant},
}

// held are the operators whose constants are layers, as hls4ml has them: passes put them into the layer that
// reads them. Handlers of other operators read their constants themselves.
var held = []string{
	"MatMul", "Conv", "BatchNormalization", "Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean", "Concat",
	"Reshape", "Pad", "Resize", "Quant", "IntQuant", "BipolarQuant",
}

// readInput makes the layer of an input. The first axis is that of the batch.
func readInput(c *build.Call) (*build.Out, error) {
	n := node(c)
	dims := n.Of.Shape(n.Outputs[0])
	if len(dims) < 2 {
		return nil, fmt.Errorf("input: got shape %v, want a batch axis and one more at least", dims)
	}
	for i, d := range dims[1:] {
		if d < 1 {
			return nil, fmt.Errorf("input: axis %d: got no size, want one: export the model without dynamic axes "+
				"but for the batch", i+1)
		}
	}
	shape := slices.Clone(dims[1:])
	if err := build.CheckSize(shape, build.MaxValues); err != nil {
		return nil, err
	}
	out, err := c.Layer("Input", inputClass)
	if err != nil {
		return nil, err
	}
	build.Attrs[io.Attrs](out).InputShape = shape
	out.Shape = shape
	return out.Done()
}

// readConstant makes the layer of a constant.
func readConstant(c *build.Call) (*build.Out, error) {
	n := node(c)
	t, err := n.wanted(0, "value")
	if err != nil {
		return nil, err
	}
	value, err := c.Weight("0", t.Dims...)
	if err != nil {
		return nil, err
	}
	out, err := c.Layer("Constant", constantClass)
	if err != nil {
		return nil, err
	}
	build.Attrs[io.ConstantAttrs](out).Value = value
	if out.Shape = value.Shape; len(out.Shape) == 0 {
		out.Shape = []int{1}
	}
	return out.Done()
}

// constantNode stands for a constant in a call.
func constantNode(t *graph.Tensor) *graph.Node {
	return &graph.Node{Name: t.Name, Op: constantClass, Inputs: []string{t.Name}, Outputs: []string{t.Name}}
}
