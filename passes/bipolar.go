package passes

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/qonnx"
	"github.com/hlsgo/hlsgo/layers/quant"
)

// A BipolarQuant is a sign: bits of constants, or the binary tanh. A scale other than one becomes a layer
// behind. Mirrors hls4ml's model/optimizer/passes/bipolar_quant_opt.py.

// BipolarQuantConstantParameters takes the scale of a BipolarQuant over into its attributes.
var BipolarQuantConstantParameters = ir.Pass{
	Name: "bipolar_quant_constant_parameters",
	Doc:  "take the constant scale off the inputs of a BipolarQuant",
	Match: func(n *ir.Node) bool {
		_, ok := n.Attrs.(*qonnx.BipolarAttrs)
		return ok && len(n.Inputs) == 2 && constant(n, 1) != nil
	},
	Apply: func(n *ir.Node) (bool, error) {
		a := ir.Attrs[qonnx.BipolarAttrs](n)
		a.Scale = valueOf(constant(n, 1))
		if err := qonnx.CheckScale(n, a.Scale); err != nil {
			return false, err
		}
		return true, keepInputs(n, 0)
	},
}

// bipolarPass is a pass about BipolarQuant nodes of constants or of others, with a scale of one or of others.
func bipolarPass(name, doc string, onConstant, unit bool, apply func(n *ir.Node) (bool, error)) ir.Pass {
	return ir.Pass{
		Name: name, Doc: doc, Apply: apply,
		Match: func(n *ir.Node) bool {
			a, ok := n.Attrs.(*qonnx.BipolarAttrs)
			return ok && len(n.Inputs) == 1 && a.Scale != nil && (constant(n, 0) != nil) == onConstant &&
				a.Scale.AllEqual(1) == unit
		},
	}
}

// FuseBipolarQuantWithConstant makes bits of constants.
var FuseBipolarQuantWithConstant = bipolarPass(
	"fuse_bipolar_quant_with_constant", "make a BipolarQuant of constants their quantizer", true, true,
	func(n *ir.Node) (bool, error) {
		c, err := bipolarConstant(n)
		if err != nil {
			return false, err
		}
		c.Origin = append(c.Origin, n.Origin...)
		return true, n.Graph().Remove(n)
	},
)

func bipolarConstant(n *ir.Node) (*ir.Node, error) {
	c, err := ownConstant(n, constant(n, 0))
	if err != nil {
		return nil, err
	}
	setQuantizer(c, quant.Binary{Bits: 1})
	return c, nil
}

// BipolarQuantToActivation makes a binary tanh.
var BipolarQuantToActivation = bipolarPass(
	"bipolar_quant_to_activation", "make a binary tanh of a BipolarQuant", false, true,
	func(n *ir.Node) (bool, error) {
		_, err := binaryActivation(n)
		return err == nil, err
	},
)

func binaryActivation(n *ir.Node) (*ir.Node, error) {
	q := quant.Binary{Bits: 1}
	a := &act.ActivationAttrs{Base: linear(), QuantizerPrecision: new(q.Format())}
	a.Activation = "binary_tanh"
	inherit(n, n.Name+"_act", nil)
	return toActivation(n, a, q)
}

// ConstBipolarQuantToConstAlpha makes bits of constants and a layer that scales them.
var ConstBipolarQuantToConstAlpha = bipolarPass(
	"const_bipolar_quant_to_const_alpha", "make bits and a scale of a BipolarQuant of constants", true, false,
	func(n *ir.Node) (bool, error) {
		if _, err := bipolarConstant(n); err != nil {
			return false, err
		}
		data, err := bipolarScale(n)
		if err != nil {
			return false, err
		}
		return true, replaceByScale(n, data)
	},
)

func bipolarScale(n *ir.Node) (ir.Data, error) {
	return scaling(n, ir.Attrs[qonnx.BipolarAttrs](n).Scale, ir.NewTensor(ir.Float64, 1))
}

// BipolarQuantToAlphaActivationAlpha makes a binary tanh and a layer that scales it.
var BipolarQuantToAlphaActivationAlpha = bipolarPass(
	"bipolar_quant_to_alpha_activation_alpha", "make a binary tanh and a scale of a BipolarQuant", false, false,
	func(n *ir.Node) (bool, error) {
		data, err := bipolarScale(n)
		if err != nil {
			return false, err
		}
		inherit(n, n.Name+"_rescale", nil)
		m, err := binaryActivation(n)
		if err != nil {
			return false, err
		}
		return true, insertScale(n, n.Name+"_rescale", data, m.Outputs[0])
	},
)
