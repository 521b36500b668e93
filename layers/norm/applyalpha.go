package norm

import (
	"fmt"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// AlphaAttrs are the attributes of ApplyAlpha, a scale and bias that passes insert.
type AlphaAttrs struct {
	Attrs
	ScalePrecision *fixed.Format `hls:"scale_precision"` // nil: configured
	BiasPrecision  *fixed.Format `hls:"bias_precision"`
	// Quantizer says that the scale is one of a quantizer.
	Quantizer bool `hls:"-"`
}

// Of returns the attributes that BatchNormalization and ApplyAlpha share; nil for other kinds.
func Of(n *ir.Node) *Attrs {
	switch a := n.Attrs.(type) {
	case *Attrs:
		return a
	case *AlphaAttrs:
		return &a.Attrs
	}
	return nil
}

var applyAlphaDef = layers.Def{
	Kind:    "ApplyAlpha",
	Doc:     "scale and shift that passes take out of quantized layers",
	Traits:  layers.Scale,
	Attrs:   func() any { return &AlphaAttrs{Attrs: Attrs{NFilt: -1, UseGamma: true, UseBeta: true}} },
	Options: batchNormDef.Options,
	Init:    initApplyAlpha,
	Infer:   layers.InferScale,
	Bits:    scaleBits,
	Ref:     applyAlphaRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {Kernel: applyAlphaKernel, Emit: applyAlphaEmit},
	},
}

// initApplyAlpha mirrors ApplyAlpha.initialize.
func initApplyAlpha(n *ir.Node, data ir.Data) error {
	a := ir.Attrs[AlphaAttrs](n)
	in := n.In(0)
	if in == nil {
		return n.Errorf("input %q: got no such tensor", n.Inputs[0])
	}
	a.NIn = in.Size()
	if err := n.AddOutput(in.Shape); err != nil {
		return err
	}
	if err := addAlpha(n, data, "scale", "s", a.ScalePrecision); err != nil {
		return err
	}
	return addAlpha(n, data, "bias", "b", a.BiasPrecision)
}

func addAlpha(n *ir.Node, data ir.Data, role, letter string, precision *fixed.Format) error {
	t := data.Tensors[role+"_data"]
	if t == nil {
		return n.Errorf("%s: got no data, want one value per channel", role)
	}
	spec := ir.WeightSpec{
		Role: role, Var: fmt.Sprintf("%s%d", letter, n.Index), Data: t,
		Quantizer: data.Quantizers[role+"_quantizer"],
	}
	if precision != nil {
		spec.Precision, spec.HasPrecision = *precision, true
	}
	return n.AddWeight(spec)
}
