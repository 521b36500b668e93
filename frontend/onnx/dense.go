package onnx

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
)

var denseHandlers = []build.Handler{
	{Classes: []string{"MatMul"}, Unsupported: matMulProblem, Read: readMatMul},
}

// matMulProblem refuses products that are no layer: the firmware has one matrix, of constants, on the right.
func matMulProblem(_ string, a build.Attributes) string {
	n := a.(Node)
	left, right := n.Of.Init(n.Input(0)), n.Input(1)
	switch {
	case left != nil:
		return "got a constant on the left, want it on the right: transpose both"
	case !n.isConstant(right):
		return "got a product of two tensors that are computed, want a constant on the right"
	case len(n.Of.Shape(right)) != 2 && len(n.Of.Shape(right)) != 1:
		return fmt.Sprintf("got a constant of shape %v on the right, want a matrix", n.Of.Shape(right))
	}
	return ""
}

// readMatMul makes a product, which a pass turns into a Dense.
func readMatMul(c *build.Call) (*build.Out, error) {
	in, matrix := c.Shape(), c.Shapes[1]
	if len(matrix) < 1 || in[len(in)-1] != matrix[0] {
		return nil, fmt.Errorf("inputs: got shapes %v and %v, want as many rows as the last axis has values", in,
			matrix)
	}
	out, err := c.Layer("MatMul", "MatMul")
	if err != nil {
		return nil, err
	}
	out.Shape = append(slices.Clone(in[:len(in)-1]), matrix[len(matrix)-1])
	return out.Done()
}
