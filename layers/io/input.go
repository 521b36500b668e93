package io

import (
	"fmt"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Attrs are the attributes of Input.
type Attrs struct {
	DataFormat string `hls:"data_format"`
	InputShape []int  `hls:"input_shape"` // without the batch axis
	// TypeName overrides the C++ name of the type; integer inputs of Keras set integer_input_t.
	TypeName string `hls:"type_name"`
	// Precision is the type that the framework's integer input dtype asks for; nil for floats.
	Precision *fixed.Format `hls:"precision"`
	// Trusted says that a pass has found the type for good.
	Trusted bool `hls:"trusted"`
	// DType is the framework's element type of the input, such as "float32".
	DType string `hls:"dtype,ignored"`
}

// TrustMark implements layers.Trusting.
func (a *Attrs) TrustMark() *bool { return &a.Trusted }

// inputBits takes an input for one that uses every bit, until a pass has found its type.
var inputBits = layers.Bits{Make: func(n *ir.Node, _ layers.BitsEnv) (kif.Tensor, error) {
	if layers.Trusted(n) {
		return kif.OfFormat(n.Out().Shape, n.Out().Type.Format), nil
	}
	return kif.All(n.Out().Shape), nil
}}

var inputDef = layers.Def{
	Kind:   "Input",
	Doc:    "an input of the network",
	Traits: layers.Entry,
	Attrs:  func() any { return &Attrs{} },
	Init:   initInput,
	Bits:   inputBits,
	Ref:    inputRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {Kernel: inputKernel, Emit: inputEmit},
	},
}

// initInput adds the output variable, named as the layer, with the configured result type. Mirrors
// Input.initialize.
func initInput(n *ir.Node, _ ir.Data) error {
	a := ir.Attrs[Attrs](n)
	if len(a.InputShape) == 0 {
		return n.Errorf("input_shape: got none, want at least one axis")
	}
	for _, d := range a.InputShape {
		if d < 1 {
			return n.Errorf("input_shape: got %v, want every axis known and positive", a.InputShape)
		}
	}
	typeName := "input_t"
	if n.Index != 1 {
		typeName = fmt.Sprintf("input%d_t", n.Index)
	}
	if a.TypeName != "" {
		typeName = a.TypeName
	}
	t, err := n.Graph().LookupType(n, "result")
	if err != nil {
		return err
	}
	n.AddOutputOf(a.InputShape, n.Name, typeName, t.Format)
	return nil
}
