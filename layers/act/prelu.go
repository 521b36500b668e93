package act

import (
	"fmt"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// PReLUAttrs are the attributes of PReLU, whose slope is a weight per value.
type PReLUAttrs struct {
	Base
}

var preluDef = layers.Def{
	Kind:    "PReLU",
	Doc:     "relu with a trained slope per value",
	Traits:  layers.Activation,
	Attrs:   func() any { return &PReLUAttrs{Base: Base{TableSize: DefaultTable}} },
	Options: options(ir.Option{Name: "param", Class: ir.WeightOption}, layers.TypeRole("param_t")),
	Init:    initPReLU,
	Infer:   inferPReLU,
	Bits:    functionBits,
	Ref:     preluRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {Kernel: preluKernel, Emit: preluEmit},
	},
}

// initPReLU mirrors PReLU.initialize.
func initPReLU(n *ir.Node, data ir.Data) error {
	a := ir.Attrs[PReLUAttrs](n)
	if err := initBase(n, &a.Base); err != nil {
		return err
	}
	t := data.Tensors["param_data"]
	if t == nil || len(t.Data) != n.In(0).Size() {
		return n.Errorf("param: got %v values, want %d", lenOf(t), n.In(0).Size())
	}
	return n.AddWeight(ir.WeightSpec{Role: "param", Var: fmt.Sprintf("a%d", n.Index), Data: t})
}

func lenOf(t *ir.Tensor) int {
	if t == nil {
		return 0
	}
	return len(t.Data)
}

// inferPReLU gives the slopes the type of the input. Mirrors _infer_prelu_act_precision.
func inferPReLU(n *ir.Node, _ layers.InferEnv) error {
	if strings.EqualFold(ir.Attrs[PReLUAttrs](n).Activation, "prelu") {
		layers.ResolveQuiet(n, "param_t", n.In(0).Type.Format)
	}
	return nil
}
