package onnx

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/merge"
)

var mergeHandlers = []build.Handler{
	{
		Classes: []string{"Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean"}, Unsupported: mergeProblem,
		Read: readMerge,
	},
	{Classes: []string{"Concat"}, Read: readConcat},
}

// mergeOps are hls4ml's words for the operators that combine tensors value by value.
var mergeOps = map[string]string{
	"Add": "add", "Sub": "subtract", "Mul": "multiply", "Div": "divide", "Max": "maximum", "Min": "minimum",
	"Sum": "add", "Mean": "average",
}

func mergeProblem(class string, a build.Attributes) string {
	n := a.(Node)
	constants := 0
	for _, in := range n.Inputs {
		if n.isConstant(in) {
			constants++
		}
	}
	switch {
	case class == "Div" && !n.isConstant(n.Input(1)):
		return "got a divisor that is computed, want a constant: the firmware does not divide"
	case constants > 0 && slices.Contains([]string{"Max", "Min", "Mean"}, class):
		return "got a constant, want tensors that are computed: the firmware compares no constants"
	case constants > 0 && len(n.Inputs) > 2:
		return "got a constant among several tensors, want them added two by two"
	}
	return ""
}

// readMerge mirrors parse_merge_layer of hls4ml's converters/onnx/merge.py.
func readMerge(c *build.Call) (*build.Out, error) {
	if len(c.Shapes) < 2 {
		return nil, fmt.Errorf("inputs: got %d, want two", len(c.Shapes))
	}
	out, err := c.Layer("Merge", "Merge")
	if err != nil {
		return nil, err
	}
	build.Attrs[merge.Attrs](out).Op = mergeOps[c.Class]
	n := node(c)
	for i, s := range c.Shapes {
		if n.isConstant(n.Input(i)) {
			continue
		}
		if n.isConstant(n.Input(0)) && i == 1 || ir.Size(s) > ir.Size(out.Shape) {
			out.Shape = s
		}
	}
	return out.Done()
}

// readConcat mirrors the part of parse_merge_layer for Concat.
func readConcat(c *build.Call) (*build.Out, error) {
	a := c.Shape()
	if len(c.Shapes) < 2 {
		return nil, fmt.Errorf("inputs: got %d, want two at least", len(c.Shapes))
	}
	axis, err := c.Config.Int("axis", 1)
	if err != nil {
		return nil, err
	}
	at := axis - 1
	if axis < 0 {
		at = len(a) + axis
	}
	for _, b := range c.Shapes {
		if len(a) != len(b) || len(a) > 3 || at < 0 || at >= len(a) {
			return nil, fmt.Errorf("axis: got %d for shapes %v and %v, want one of up to three axes, batch apart",
				axis, a, b)
		}
	}
	out, err := c.Layer("Concatenate", "Concatenate")
	if err != nil {
		return nil, err
	}
	attrs := build.Attrs[merge.ConcatenateAttrs](out)
	attrs.Axis = axis
	out.Shape = slices.Clone(a)
	for _, b := range c.Shapes[1:] {
		out.Shape[at] += b[at]
	}
	return out.Done()
}
