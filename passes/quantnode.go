package passes

import (
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/layers/norm"
	"github.com/hlsgo/hlsgo/layers/qonnx"
)

// A Quant node whose scale is a power of two is a conversion to a type, which becomes a linear activation, or
// the quantizer of a constant. Of any other, scale and zero point become layers: x/s + z, the conversion to
// whole numbers, and back. Mirrors hls4ml's model/optimizer/passes/quant_opt.py.

// QuantConstantParameters takes scale, zero point and bits of a Quant over into its attributes.
var QuantConstantParameters = ir.Pass{
	Name: "quant_constant_parameters",
	Doc:  "take constant scale, zero point and bits off the inputs of a Quant",
	Match: func(n *ir.Node) bool {
		_, ok := n.Attrs.(*qonnx.QuantAttrs)
		known := constant(n, 1) != nil || constant(n, 2) != nil || constant(n, 3) != nil
		return ok && len(n.Inputs) == 4 && known
	},
	Apply: takeParameters,
}

func takeParameters(n *ir.Node) (bool, error) {
	for i, name := range []string{"scale", "zero point", "bits"} {
		if constant(n, i+1) == nil {
			return false, n.Errorf("%s: got a tensor that the network computes, want a constant", name)
		}
	}
	a := ir.Attrs[qonnx.QuantAttrs](n)
	a.Scale, a.ZeroPt = valueOf(constant(n, 1)), valueOf(constant(n, 2))
	bits := valueOf(constant(n, 3))
	if len(bits.Data) != 1 {
		return false, n.Errorf("bits: got %d numbers, want one for all values", len(bits.Data))
	}
	a.BitWidth = bits.Data[0]
	if err := qonnx.CheckScale(n, a.Scale); err != nil {
		return false, err
	}
	return true, keepInputs(n, 0)
}

// quantNode returns the attributes of a Quant node that has its parameters, nil for others; constant says
// whether it quantizes constant numbers.
func quantNode(n *ir.Node) (a *qonnx.QuantAttrs, onConstant bool) {
	a, ok := n.Attrs.(*qonnx.QuantAttrs)
	if !ok || len(n.Inputs) != 1 || a.Scale == nil {
		return nil, false
	}
	return a, constant(n, 0) != nil
}

// FuseQuantWithConstant makes the type of constants of a Quant whose scale is a power of two.
var FuseQuantWithConstant = ir.Pass{
	Name: "fuse_quant_with_constant",
	Doc:  "make a Quant of constants their quantizer, when its scale is a power of two",
	Match: func(n *ir.Node) bool {
		a, onConstant := quantNode(n)
		return a != nil && onConstant && isPowerOfTwo(a)
	},
	Apply: func(n *ir.Node) (bool, error) {
		a, _ := quantNode(n)
		f, err := typeOf(n, a)
		if err != nil {
			return false, err
		}
		c := constant(n, 0)
		if c, err = ownConstant(n, c); err != nil {
			return false, err
		}
		setQuantizer(c, qonnx.Grid{Type: f})
		c.Origin = append(c.Origin, n.Origin...)
		return true, n.Graph().Remove(n)
	},
}

func isPowerOfTwo(a *qonnx.QuantAttrs) bool {
	_, ok := a.PowerOfTwo()
	return ok
}

// QuantToActivation makes a linear activation of a Quant whose scale is a power of two.
var QuantToActivation = ir.Pass{
	Name: "quant_to_activation",
	Doc:  "make a linear activation of a Quant whose scale is a power of two",
	Match: func(n *ir.Node) bool {
		a, onConstant := quantNode(n)
		return a != nil && !onConstant && isPowerOfTwo(a)
	},
	Apply: func(n *ir.Node) (bool, error) {
		a, _ := quantNode(n)
		f, err := typeOf(n, a)
		if err != nil {
			return false, err
		}
		inherit(n, n.Name+"_act", &f)
		leak(n, f)
		_, err = toActivation(n, &act.ActivationAttrs{Base: linear()}, qonnx.Grid{Type: f})
		return err == nil, err
	},
}

// typeOf is the type of a quantizer whose scale is a power of two.
func typeOf(n *ir.Node, a *qonnx.QuantAttrs) (fixed.Format, error) {
	exponent, _ := a.PowerOfTwo()
	if !a.ZeroPt.AllEqual(0) {
		n.Graph().Warnf("%s %q: zero point: got %g with a scale that is a power of two: like hls4ml 1.3.0, hlsgo "+
			"reads past it: the answer is not the network's", n.Kind, n.Name, a.ZeroPt.Data[0])
	}
	return format(n, a, exponent)
}

// format is the type of a quantizer with a scale of two to the power of exponent, with a word where it is not
// quite what the network has.
func format(n *ir.Node, a *qonnx.QuantAttrs, exponent int) (fixed.Format, error) {
	f, err := a.Format(n, exponent)
	if err != nil {
		return f, err
	}
	const own = "%s %q: bits: got %g, which is %s in the network: like hls4ml 1.3.0, hlsgo takes %s"
	switch {
	case a.BitWidth == 1 && a.Signed:
		n.Graph().Warnf(own, n.Kind, n.Name, a.BitWidth, "one step up or down", "zero or one step down")
	case a.BitWidth != float64(f.W):
		n.Graph().Warnf(own, n.Kind, n.Name, a.BitWidth, "a range between two types", f.String())
	}
	return f, nil
}

// leak leaves the type of a quantizer in the settings of its kind, where they are all that it has: quantizers
// that become scales later get it, as in hls4ml 1.3.0, which writes into the dictionary that it reads.
func leak(n *ir.Node, f fixed.Format) {
	c := n.Graph().Config
	if own := c.Layer(n.Name); own != nil && len(own.Precision) > 0 {
		return
	}
	if s := kindSection(c, n.Kind); s != nil && len(s.Precision) > 0 {
		n.Graph().SetKindPrecision(n.Kind, "result", f.String())
	}
}

func kindSection(c *ir.Config, kind string) *ir.Section {
	for _, s := range c.HLS.Types {
		if s.Name == kind {
			return s
		}
	}
	return nil
}

func linear() act.Base { return act.Base{Activation: "linear", TableSize: act.DefaultTable} }

// toActivation puts an activation with the quantizer in the place of n. Its settings are those of its name.
func toActivation(n *ir.Node, a *act.ActivationAttrs, q ir.Quantizer) (*ir.Node, error) {
	g := n.Graph()
	m, err := g.NewNode(ir.NodeSpec{
		Kind: "Activation", Name: n.Name + "_act", Attrs: a, Origin: n.Origin,
		Data:   ir.Data{Quantizers: map[string]ir.Quantizer{"quantizer": q}},
		Inputs: slices.Clone(n.Inputs), Outputs: slices.Clone(n.Outputs),
	})
	if err != nil {
		return nil, err
	}
	return m, g.Replace(n, m)
}

// ConstQuantToConstAlpha makes whole numbers of constants, and a layer that scales them back.
var ConstQuantToConstAlpha = ir.Pass{
	Name: "const_quant_to_const_alpha",
	Doc:  "make whole numbers and a scale of a Quant of constants",
	Match: func(n *ir.Node) bool {
		a, onConstant := quantNode(n)
		return a != nil && onConstant
	},
	Apply: func(n *ir.Node) (bool, error) {
		a, _ := quantNode(n)
		f, err := format(n, a, 0)
		if err != nil {
			return false, err
		}
		c, err := ownConstant(n, constant(n, 0))
		if err != nil {
			return false, err
		}
		v, err := ir.Elementwise(valueOf(c), a.Scale, func(x, s float64) float64 { return x / s })
		if err != nil {
			return false, n.Errorf("scale: %w", err)
		}
		if v, err = ir.Elementwise(v, a.ZeroPt, plus); err != nil {
			return false, n.Errorf("zero point: %w", err)
		}
		ir.Attrs[io.ConstantAttrs](c).Value = v
		setQuantizer(c, qonnx.Grid{Type: f})
		data, err := rescale(n, a.Scale, a.ZeroPt)
		if err != nil {
			return false, err
		}
		return true, replaceByScale(n, data)
	},
}

// ownConstant is the constant that n alone reads: where others read it too, n gets a copy.
func ownConstant(n, c *ir.Node) (*ir.Node, error) {
	g := n.Graph()
	if len(g.Consumers(c.Outputs[0])) == 1 {
		return c, nil
	}
	m, err := g.NewNode(ir.NodeSpec{
		Kind: "Constant", Name: n.Name + "_" + c.Name, Attrs: ir.CloneAttrs(c.Attrs), Data: c.Data,
		Origin: c.Origin,
	})
	if err != nil {
		return nil, err
	}
	g.InsertBefore(m, n)
	g.SetInput(n, 0, m.Outputs[0])
	return m, nil
}

// replaceByScale puts a layer that scales and shifts, called after n, in the place of n.
func replaceByScale(n *ir.Node, data ir.Data) error {
	inherit(n, n.Name+"_rescale", nil)
	s, err := scaleNode(n, n.Name+"_rescale", data, n.Inputs, n.Outputs)
	if err != nil {
		return err
	}
	return n.Graph().Replace(n, s)
}

// scaleNode makes a layer, not yet in the graph, that scales and shifts value by value. Its settings are
// those of its name. Without outputs it has one called as itself.
func scaleNode(n *ir.Node, name string, data ir.Data, inputs, outputs []string) (*ir.Node, error) {
	return n.Graph().NewNode(ir.NodeSpec{
		Kind: "ApplyAlpha", Name: name, Data: data, Origin: n.Origin,
		Attrs: &norm.AlphaAttrs{
			Attrs: norm.Attrs{NFilt: -1, UseGamma: true, UseBeta: true}, Quantizer: true,
		},
		Inputs: slices.Clone(inputs), Outputs: slices.Clone(outputs),
	})
}

// rescale is the way back from whole numbers: s*q - z*s, value by value.
func rescale(n *ir.Node, scale, zero *ir.Tensor) (ir.Data, error) {
	shift, err := ir.Elementwise(zero, scale, func(z, s float64) float64 { return -z * s })
	if err != nil {
		return ir.Data{}, n.Errorf("zero point: %w", err)
	}
	return scaling(n, scale, shift)
}

// scaling are a scale and a shift for every value that n reads.
func scaling(n *ir.Node, scale, shift *ir.Tensor) (ir.Data, error) {
	s, err := scale.BroadcastTo(n.In(0).Shape...)
	if err != nil {
		return ir.Data{}, n.Errorf("scale: %w", err)
	}
	b, err := shift.BroadcastTo(n.In(0).Shape...)
	if err != nil {
		return ir.Data{}, n.Errorf("zero point: %w", err)
	}
	return ir.Data{Tensors: map[string]*ir.Tensor{"scale_data": s, "bias_data": b}}, nil
}

// QuantToAlphaActivationAlpha makes a scale, a conversion to whole numbers and a scale back of a Quant.
var QuantToAlphaActivationAlpha = ir.Pass{
	Name: "quant_to_alpha_activation_alpha",
	Doc:  "make a scale, a linear activation and a scale back of a Quant",
	Match: func(n *ir.Node) bool {
		a, onConstant := quantNode(n)
		return a != nil && !onConstant
	},
	Apply: func(n *ir.Node) (bool, error) {
		a, _ := quantNode(n)
		f, err := format(n, a, 0)
		if err != nil {
			return false, err
		}
		one := a.Scale.Map(func(s float64) float64 { return 1 / s })
		to, err := scaling(n, one, a.ZeroPt)
		if err != nil {
			return false, err
		}
		back, err := rescale(n, a.Scale, a.ZeroPt)
		if err != nil {
			return false, err
		}
		inherit(n, n.Name+"_act", &f)
		inherit(n, n.Name+"_scale", nil)
		inherit(n, n.Name+"_rescale", nil)
		m, err := toActivation(n, &act.ActivationAttrs{Base: linear()}, qonnx.Grid{Type: f})
		if err != nil {
			return false, err
		}
		if err := insertScale(n, n.Name+"_scale", to, m.Inputs[0]); err != nil {
			return false, err
		}
		return true, insertScale(n, n.Name+"_rescale", back, m.Outputs[0])
	},
}

// insertScale puts a layer that scales in front of the first reader of the tensor. Others that read it keep
// reading what was there, as in hls4ml 1.3.0.
func insertScale(n *ir.Node, name string, data ir.Data, tensor string) error {
	g := n.Graph()
	s, err := scaleNode(n, name, data, []string{tensor}, nil)
	if err != nil {
		return err
	}
	warnOtherReaders(n, tensor, name)
	return g.Insert(s, nil, 0)
}

func warnOtherReaders(n *ir.Node, tensor, name string) {
	g := n.Graph()
	readers := len(g.Consumers(tensor))
	if slices.Contains(g.Outputs, tensor) && readers > 0 {
		readers++
	}
	if readers > 1 {
		g.Warnf("%s %q: %d layers read %q: like hls4ml 1.3.0, hlsgo scales it for the first alone (layer %q): the "+
			"answer is not the network's; give each reader a Quant of its own, or use a scale that is a power of two",
			n.Kind, n.Name, readers, tensor, name)
	}
}
