package io

import (
	"fmt"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// ConstantAttrs are the attributes of Constant.
type ConstantAttrs struct {
	// Value is what the model's file holds; nil: the tensor "value" of the layer's data. Passes put another one
	// in its place and never change it.
	Value *ir.Tensor `hls:"-"`
}

// constantDef is a tensor of the model's file, such as an initializer of ONNX, as a node of its own. Passes
// give it to the layer that reads it. Mirrors Constant of hls4ml's model/layers.py.
var constantDef = layers.Def{
	Kind:     "Constant",
	Doc:      "numbers of the model, until the layer that reads them takes them over",
	Attrs:    func() any { return &ConstantAttrs{} },
	Constant: true,
	Init:     initConstant,
	Ref: func(n *ir.Node) (func(in [][]float64, out []float64), error) {
		v := ir.Attrs[ConstantAttrs](n).Value.Data
		return func(_ [][]float64, out []float64) { copy(out, v) }, nil
	},
	Impl:    map[codegen.Dialect]layers.Impl{codegen.Xilinx: {Setup: refuseConstant}},
	Missing: "the layer that reads it takes its numbers over",
}

// initConstant adds the output, whose type is that of a quantizer, or waits for one. A scalar has one axis.
// Mirrors Constant.initialize.
func initConstant(n *ir.Node, data ir.Data) error {
	a := ir.Attrs[ConstantAttrs](n)
	if a.Value == nil {
		a.Value = data.Tensors["value"]
	}
	if a.Value == nil || len(a.Value.Data) == 0 {
		return n.Errorf("value: got none, want at least one number")
	}
	if len(a.Value.Shape) == 0 {
		a.Value = &ir.Tensor{Shape: []int{1}, DType: a.Value.DType, Data: a.Value.Data}
	}
	f := fixed.Auto
	if q := data.Quantizers["quantizer"]; q != nil {
		f = q.Format()
	}
	n.AddOutputOf(a.Value.Shape, n.Name, fmt.Sprintf("layer%d_t", n.Index), f)
	return nil
}

// refuseConstant reports numbers that no layer took over, once the set-up begins.
func refuseConstant(n *ir.Node) error {
	return n.Errorf("it is read by a layer that has no firmware for constant inputs: want it where hls4ml " +
		"folds it: Add, Sub, Mul, Div by it, MatMul and Conv weights, parameters of Quant and BatchNormalization")
}
