package passes_test

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/conv"
	"github.com/hlsgo/hlsgo/layers/dense"
	"github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/layers/merge"
	"github.com/hlsgo/hlsgo/layers/norm"
	"github.com/hlsgo/hlsgo/layers/qonnx"
	"github.com/hlsgo/hlsgo/layers/shape"
	"github.com/hlsgo/hlsgo/passes"
)

func (b *net) constant(name string, t *ir.Tensor) *net {
	b.Layers = append(b.Layers, &ir.Layer{
		Name: name, Kind: "Constant", ClassName: "Constant", Attrs: &io.ConstantAttrs{Value: t}, Source: name,
	})
	return b
}

func scalar(v float64) *ir.Tensor { return fill(v) }

// quantNode is a Quant of four bits of the tensor; its scale has one entry or one per channel.
func (b *net) quantNode(name, of string, zero float64, scale ...float64) *net {
	s := scalar(scale[0])
	if len(scale) > 1 {
		s = ir.NewTensor(ir.Float32, len(scale))
		copy(s.Data, scale)
	}
	b.constant(name+"_s", s).constant(name+"_z", scalar(zero)).constant(name+"_b", scalar(4))
	a := &qonnx.QuantAttrs{Signed: true, RoundingMode: "ROUND"}
	return b.add("Quant", name, a, nil, of, name+"_s", name+"_z", name+"_b")
}

func (b *net) bipolar(name, of string, scale float64) *net {
	b.constant(name+"_s", scalar(scale))
	return b.add("BipolarQuant", name, &qonnx.BipolarAttrs{}, nil, of, name+"_s")
}

func (b *net) matMul(name, x, w string) *net {
	return b.add("MatMul", name, &dense.MatMulAttrs{}, nil, x, w)
}

func (b *net) merge(name, op, x, y string) *net {
	return b.add("Merge", name, &merge.Attrs{DataFormat: "channels_last", Op: op}, nil, x, y)
}

// onnxConv is a convolution of 2 by 1 pixels over three of two channels, of groups with as many filters.
func (b *net) onnxConv(name string, group int, inputs ...string) *net {
	a := conv.OnnxAttrs{NDim: 1, Group: group}
	a.DataFormat, a.NChan, a.NFilt, a.ParallelizationFactor = "channels_last", 2, 2, 1
	a.InHeight, a.InWidth, a.OutHeight, a.OutWidth, a.FiltHeight, a.FiltWidth = 1, 3, 1, 2, 1, 2
	a.StrideHeight, a.StrideWidth, a.DilationHeight, a.DilationWidth = 1, 1, 1, 1
	return b.add("Conv", name, &a, nil, inputs...)
}

func (b *net) alpha(name, of string, scale, bias float64, dims ...int) *net {
	a := &norm.AlphaAttrs{Attrs: norm.Attrs{NFilt: -1, UseGamma: true, UseBeta: true}}
	return b.add("ApplyAlpha", name, a, map[string]*ir.Tensor{
		"scale_data": fill(scale, dims...), "bias_data": fill(bias, dims...),
	}, of)
}

var (
	parameters = []ir.Pass{passes.QuantConstantParameters}
	signs      = []ir.Pass{passes.BipolarQuantConstantParameters}
)

func weightNet() *net { return input(4).constant("w", ramp(4, 3)) }

func kernelNet(each int) *net { return input(3, 2).constant("w", ramp(2, 2, each)) }

func parameterExamples() []example {
	return []example{
		{
			pass: passes.ReshapeConstant,
			net: input(2, 3).constant("s", ramp(2)).
				add("Reshape", "r", &shape.ReshapeAttrs{TargetShape: []int{6}}, nil, "x", "s").act("a", "relu"),
			other: input(2, 3).reshape("r", 6),
		},
		{
			pass: passes.PaddingConstant,
			net: input(3, 2).constant("p", ramp(6)).constant("v", scalar(0)).
				add("ZeroPadding1D", "z", &shape.Padding1DAttrs{
					DataFormat: "channels_last", InWidth: 3, OutWidth: 5, NChan: 2, PadLeft: 1, PadRight: 1,
				}, nil, "x", "p", "v"),
			other: input(2, 3).act("a", "relu"),
		},
		{
			pass: passes.ResizeRemoveConstants,
			net: input(3, 2).constant("roi", ramp(3)).constant("scales", ramp(3)).
				add("Resize", "z", &shape.ResizeAttrs{
					DataFormat: "channels_last", InHeight: 1, OutHeight: 1, InWidth: 3, OutWidth: 6, NChan: 2,
					Algorithm: "nearest",
				}, nil, "x", "roi", "scales"),
			other: input(2, 3).act("a", "relu"),
		},
		{
			pass: passes.QuantConstantParameters, net: input(4).quantNode("q", "x", 0, 0.25),
			other: input(4).act("a", "relu"),
		},
		{
			pass: passes.BipolarQuantConstantParameters, net: input(4).bipolar("q", "x", 0.5),
			other: input(4).act("a", "relu"),
		},
	}
}

func quantNodeExamples() []example {
	return []example{
		{
			pass: passes.FuseQuantWithConstant, prep: parameters,
			net:   weightNet().quantNode("q", "w", 0, 0.25).matMul("m", "x", "q"),
			other: weightNet().quantNode("q", "w", 0, 0.3).matMul("m", "x", "q"),
		},
		{
			pass: passes.QuantToActivation, prep: parameters, more: reuse + named + "    q:\n      Trace: true\n",
			net:   input(4).quantNode("q", "x", 3, 0.25).act("a", "relu"),
			other: input(4).quantNode("q", "x", 0, 0.3),
		},
		{
			pass: passes.ConstQuantToConstAlpha, prep: parameters,
			net:   weightNet().quantNode("q", "w", -1, 0.3).matMul("m", "x", "q"),
			other: input(4).quantNode("q", "x", 0, 0.3),
		},
		{
			pass: passes.QuantToAlphaActivationAlpha, prep: parameters,
			net:   input(4).quantNode("q", "x", 2, 0.3).act("a", "relu").act("b", "tanh", "q"),
			other: weightNet().quantNode("q", "w", 0, 0.3).matMul("m", "x", "q"),
		},
		{
			pass: passes.FuseBipolarQuantWithConstant, prep: signs,
			net:   weightNet().bipolar("q", "w", 1).matMul("m", "x", "q"),
			other: weightNet().bipolar("q", "w", 2).matMul("m", "x", "q"),
		},
		{
			pass: passes.BipolarQuantToActivation, prep: signs,
			net: input(4).bipolar("q", "x", 1), other: input(4).bipolar("q", "x", 2),
		},
		{
			pass: passes.ConstBipolarQuantToConstAlpha, prep: signs,
			net:   weightNet().bipolar("q", "w", 2).matMul("m", "x", "q"),
			other: weightNet().bipolar("q", "w", 1).matMul("m", "x", "q"),
		},
		{
			pass: passes.BipolarQuantToAlphaActivationAlpha, prep: signs,
			net: input(4).bipolar("q", "x", 2), other: input(4).bipolar("q", "x", 1),
		},
	}
}

func moveExamples() []example {
	return []example{
		{
			pass: passes.BatchNormOnnxConstantParameters,
			net: input(2, 3).constant("g", ramp(3)).constant("b", ramp(3)).constant("m", ramp(3)).
				constant("v", ramp(3)).add("BatchNormOnnx", "n", &norm.Attrs{NIn: 6, NFilt: 3, Epsilon: 1e-5}, nil,
				"x", "g", "b", "m", "v").act("a", "relu"),
			other: input(4).bn("n", 4, 2, 1),
		},
		{
			pass:  passes.ConstantBatchNormFusion,
			net:   weightNet().alpha("s", "w", 2, 1, 4, 3).matMul("m", "x", "s"),
			other: input(4).alpha("s", "x", 2, 1, 4),
		},
		{
			pass:  passes.MergeTwoConstants,
			net:   weightNet().constant("u", ramp(3)).merge("sum", "add", "w", "u").matMul("m", "x", "sum"),
			other: input(4).constant("u", ramp(4)).merge("sum", "add", "x", "u"),
		},
		{
			pass: passes.ScaleDownAdd,
			net: input(4).alpha("s", "x", 0.3, 1, 4).alpha("t", "x", 0.3, 2, 4).merge("m", "add", "s", "t").
				act("a", "relu"),
			other: input(4).alpha("s", "x", 0.3, 1, 4).alpha("t", "x", 0.4, 2, 4).merge("m", "add", "s", "t"),
		},
		{
			pass:  passes.BiasDownAdd,
			net:   input(4).alpha("s", "x", 0.3, 1, 4).merge("m", "add", "s", "x"),
			other: input(4).alpha("s", "x", 0.3, 1, 4).merge("m", "subtract", "s", "x"),
		},
		{
			pass:  passes.ScaleDownMatMul,
			net:   weightNet().alpha("s", "w", 0.3, 0, 4, 3).matMul("m", "x", "s").act("a", "relu"),
			other: weightNet().alpha("s", "x", 0.3, 1, 4).matMul("m", "s", "w"), otherMatch: true,
		},
		{
			pass: passes.ScaleDownConv,
			net: kernelNet(2).constant("b", ramp(2)).alpha("s", "w", 0.3, 0, 2, 2, 2).act("a", "relu", "x").
				onnxConv("c", 1, "a", "s", "b").act("r", "relu"),
			other: kernelNet(2).alpha("s", "x", 0.3, 1, 3, 2).onnxConv("c", 1, "s", "w"), otherMatch: true,
		},
		{
			pass: passes.MergeToApplyAlpha, more: reuse + named + "    m:\n      Precision: fixed<8,3>\n",
			net:   input(4).constant("u", ramp(1, 4)).merge("m", "subtract", "u", "x"),
			other: input(4).constant("u", ramp(4)).merge("m", "maximum", "x", "u"),
		},
		{
			pass:  passes.MergeToApplyAlphaDiv,
			net:   input(4).constant("u", ramp(4)).merge("m", "divide", "x", "u"),
			other: input(4).constant("u", ramp(4)).merge("m", "divide", "u", "x"),
		},
		{
			pass: passes.MatmulConstToDense, net: weightNet().matMul("m", "x", "w").act("a", "relu"),
			other: input(4, 4).matMul("m", "x", "x"),
		},
		{
			pass: passes.ConvToConvXD, net: kernelNet(2).onnxConv("c", 1, "x", "w").act("r", "relu"),
			other: kernelNet(1).onnxConv("c", 2, "x", "w"),
		},
		{
			pass: passes.ConvToDepthwiseConvXD, net: kernelNet(1).onnxConv("c", 2, "x", "w").act("r", "relu"),
			other: kernelNet(2).onnxConv("c", 1, "x", "w"),
		},
		{
			pass: passes.FoldConstantScale, prep: append(parameters, passes.ConstQuantToConstAlpha),
			net:   weightNet().quantNode("q", "w", 1, 0.25, 0.5, 1).matMul("m", "x", "q"),
			other: input(4).alpha("s", "x", 2, 1, 4),
		},
	}
}
