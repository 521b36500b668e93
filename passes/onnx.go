package passes

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/conv"
	"github.com/hlsgo/hlsgo/layers/dense"
	"github.com/hlsgo/hlsgo/layers/io"
	"github.com/hlsgo/hlsgo/layers/qonnx"
)

// Layers of ONNX have their weights as inputs. The passes below make hls4ml's layers of them.

// MatmulConstToDense makes a dense layer of a product with constant weights.
var MatmulConstToDense = ir.Pass{
	Name: "matmul_const_to_dense",
	Doc:  "make a dense layer of a product with constant weights",
	Match: func(n *ir.Node) bool {
		_, ok := n.Attrs.(*dense.MatMulAttrs)
		return ok && constant(n, 1) != nil
	},
	Apply: matMulToDense,
}

func matMulToDense(n *ir.Node) (bool, error) {
	g, c, in := n.Graph(), constant(n, 1), n.In(0).Shape
	w := valueOf(c).Squeeze(2)
	if len(w.Shape) != 2 {
		return false, n.Errorf("input %q: got weights of shape %v, want a matrix", n.Inputs[1], w.Shape)
	}
	inputs, outputs := w.Shape[0], w.Shape[1]
	data := ir.Data{
		Tensors:    map[string]*ir.Tensor{"weight_data": w, "bias_data": ir.NewTensor(ir.Float64, outputs)},
		Quantizers: map[string]ir.Quantizer{},
	}
	if q := quantizerOf(c); q != nil {
		data.Quantizers["weight_quantizer"] = q
	}
	a := &dense.Attrs{NIn: inputs, NOut: outputs}
	s := ir.NodeSpec{
		Kind: "Dense", Name: "Dense_" + n.Name, Attrs: a, Data: data,
		Inputs: []string{n.Inputs[0]}, Outputs: slices.Clone(n.Outputs), Origin: slices.Concat(n.Origin, c.Origin),
	}
	if len(in) > 1 { // the pass that does so later would lose what is folded into the dense layer meanwhile
		var err error
		if s.Kind, s.Attrs, err = pixelDense(n, a, in); err != nil {
			return false, err
		}
		if data.Tensors["weight_data"], err = pixelKernel(n, w, in); err != nil {
			return false, err
		}
	}
	inherit(n, s.Name, nil)
	m, err := g.NewNode(s)
	if err != nil {
		return false, err
	}
	if err := keepInputs(n, 0); err != nil {
		return false, err
	}
	return true, g.Replace(n, m)
}

// ConvToConvXD makes a Conv1D or Conv2D of a convolution with constant weights. Groups that are no single
// channels become zeros of a kernel over all channels.
var ConvToConvXD = ir.Pass{
	Name: "conv_to_conv_x_d",
	Doc:  "make a Conv1D or Conv2D of a convolution with constant weights",
	Match: func(n *ir.Node) bool {
		a := convOf(n)
		return a != nil && !depthwise(a)
	},
	Apply: func(n *ir.Node) (bool, error) {
		a := convOf(n)
		w, err := filtersLast(n, a)
		if err != nil {
			return false, err
		}
		if a.NDim == 1 {
			return toConv(n, "Conv1D", new(a.OneAxis()), "weight", w)
		}
		return toConv(n, "Conv2D", new(a.Conv2DAttrs), "weight", w)
	},
}

// ConvToDepthwiseConvXD makes a DepthwiseConv1D or DepthwiseConv2D of a convolution of each channel by
// itself.
var ConvToDepthwiseConvXD = ir.Pass{
	Name: "conv_to_depthwise_conv_x_d",
	Doc:  "make a depthwise convolution of one with a group per channel",
	Match: func(n *ir.Node) bool {
		a := convOf(n)
		return a != nil && depthwise(a)
	},
	Apply: func(n *ir.Node) (bool, error) {
		a := convOf(n)
		w, err := kernelOf(n, a)
		if err != nil {
			return false, err
		}
		if a.NDim == 1 {
			return toConv(n, "DepthwiseConv1D", &conv.Depthwise1DAttrs{Conv1DAttrs: a.OneAxis(), DepthMultiplier: 1},
				"depthwise", w.Transpose(1, 2, 0))
		}
		return toConv(n, "DepthwiseConv2D", &conv.Depthwise2DAttrs{Conv2DAttrs: a.Conv2DAttrs, DepthMultiplier: 1},
			"depthwise", w.Transpose(1, 2, 3, 0))
	},
}

// convOf returns the attributes of a convolution whose weights are constant; nil for others.
func convOf(n *ir.Node) *conv.OnnxAttrs {
	a, ok := n.Attrs.(*conv.OnnxAttrs)
	if !ok || constant(n, 1) == nil || len(n.Inputs) == 3 && constant(n, 2) == nil {
		return nil
	}
	return a
}

// depthwise reports whether the convolution has one filter for each channel. Of several filters per channel
// there is no firmware but that of all channels.
func depthwise(a *conv.OnnxAttrs) bool {
	return a.Group != 1 && a.Group == a.NChan && a.NFilt == a.NChan
}

// kernelOf are the weights with filters first and channels last.
func kernelOf(n *ir.Node, a *conv.OnnxAttrs) (*ir.Tensor, error) {
	want := []int{a.NFilt, a.FiltHeight, a.FiltWidth, a.NChan / a.Group}
	if a.NDim == 1 {
		want = []int{a.NFilt, a.FiltWidth, a.NChan / a.Group}
	}
	w := valueOf(constant(n, 1))
	if !slices.Equal(w.Shape, want) {
		return nil, n.Errorf("input %q: got weights of shape %v, want %v", n.Inputs[1], w.Shape, want)
	}
	return w, nil
}

// filtersLast are the weights of all channels, filters last.
func filtersLast(n *ir.Node, a *conv.OnnxAttrs) (*ir.Tensor, error) {
	w, err := kernelOf(n, a)
	if err != nil {
		return nil, err
	}
	if a.Group > 1 {
		w = ungroup(w, a)
	}
	if a.NDim == 1 {
		return w.Transpose(1, 2, 0), nil
	}
	return w.Transpose(1, 2, 3, 0), nil
}

// ungroup writes zeros where a filter does not look.
func ungroup(w *ir.Tensor, a *conv.OnnxAttrs) *ir.Tensor {
	shape := slices.Clone(w.Shape)
	shape[len(shape)-1] = a.NChan
	out := ir.NewTensor(w.DType, shape...)
	each, taps := a.NChan/a.Group, a.FiltHeight*a.FiltWidth
	for f := range a.NFilt {
		first := f / (a.NFilt / a.Group) * each
		for t := range taps {
			copy(out.Data[(f*taps+t)*a.NChan+first:][:each], w.Data[(f*taps+t)*each:])
		}
	}
	return out
}

// toConv puts a convolution of the kind in the place of n.
func toConv(n *ir.Node, kind string, attrs any, role string, w *ir.Tensor) (bool, error) {
	g, c := n.Graph(), constant(n, 1)
	data := ir.Data{
		Tensors:    map[string]*ir.Tensor{role + "_data": w},
		Quantizers: map[string]ir.Quantizer{},
	}
	if q := quantizerOf(c); q != nil {
		data.Quantizers[role+"_quantizer"] = q
	}
	origin := slices.Concat(n.Origin, c.Origin)
	filters := ir.Attrs[conv.OnnxAttrs](n).NFilt
	data.Tensors["bias_data"] = ir.NewTensor(ir.Float64, filters)
	if b := constant(n, 2); b != nil {
		bias, err := valueOf(b).Reshape(filters)
		if err != nil {
			return false, n.Errorf("input %q: %w", n.Inputs[2], err)
		}
		data.Tensors["bias_data"] = bias
		if q := quantizerOf(b); q != nil {
			data.Quantizers["bias_quantizer"] = q
		}
		origin = append(origin, b.Origin...)
	}
	name := kind + "_" + n.Name
	inherit(n, name, nil)
	m, err := g.NewNode(ir.NodeSpec{
		Kind: kind, Name: name, Attrs: attrs, Data: data, Inputs: []string{n.Inputs[0]},
		Outputs: slices.Clone(n.Outputs), Origin: origin,
	})
	if err != nil {
		return false, err
	}
	common(attrs).UseBias = len(n.Inputs) == 3
	if err := keepInputs(n, 0); err != nil {
		return false, err
	}
	return true, g.Replace(n, m)
}

func common(attrs any) *conv.Common { return conv.CommonOf(&ir.Node{Attrs: attrs}) }

// BatchNormOnnxConstantParameters makes a BatchNormalization of one that has its vectors as inputs. Their
// quantizers are left out, as in hls4ml 1.3.0.
var BatchNormOnnxConstantParameters = ir.Pass{
	Name: "batch_norm_onnx_constant_parameters",
	Doc:  "make a BatchNormalization of one with constant inputs",
	Match: func(n *ir.Node) bool {
		return n.Kind == "BatchNormOnnx" && len(n.Inputs) == 5
	},
	Apply: batchNormOnnx,
}

func batchNormOnnx(n *ir.Node) (bool, error) {
	g := n.Graph()
	data := ir.Data{Tensors: map[string]*ir.Tensor{}, Quantizers: map[string]ir.Quantizer{}}
	for i, role := range []string{"gamma", "beta", "mean", "variance"} {
		c := constant(n, i+1)
		if c == nil {
			return false, n.Errorf("%s: got a tensor that the network computes, want constants", role)
		}
		data.Tensors[role+"_data"] = valueOf(c)
		if q := quantizerOf(c); q != nil {
			data.Quantizers[role+"_quantizer"] = q
			g.Warnf("%s %q: %s: its quantizer: like hls4ml 1.3.0, hlsgo reads past it", n.Kind, n.Name, role)
		}
	}
	m, err := g.NewNode(ir.NodeSpec{
		Kind: "BatchNormalization", Name: n.Name, Attrs: ir.CloneAttrs(n.Attrs), Data: data,
		Inputs: []string{n.Inputs[0]}, Outputs: slices.Clone(n.Outputs), Origin: n.Origin,
	})
	if err != nil {
		return false, err
	}
	if err := keepInputs(n, 0); err != nil {
		return false, err
	}
	return true, g.Replace(n, m)
}

// ConstantBatchNormFusion scales and shifts constants whose type is still open.
var ConstantBatchNormFusion = ir.Pass{
	Name: "constant_batch_norm_fusion",
	Doc:  "scale and shift constants",
	Match: func(n *ir.Node) bool {
		c := constant(n, 0)
		return isScale(n) && len(n.Inputs) == 1 && c != nil && c.Format("result_t") == fixed.Auto
	},
	Apply: func(n *ir.Node) (bool, error) { return true, foldIntoConstant(n) },
}

// FoldConstantScale scales and shifts constants that no other pass knew a way for: hls4ml 1.3.0 has no
// firmware for what is left then. Where all scales are powers of two the numbers have an exact type, else
// the configured one.
var FoldConstantScale = ir.Pass{
	Name:  "fold_constant_scale",
	Doc:   "scale and shift constants that nothing else scales",
	Match: func(n *ir.Node) bool { return isScale(n) && len(n.Inputs) == 1 && constant(n, 0) != nil },
	Apply: func(n *ir.Node) (bool, error) {
		c := constant(n, 0)
		exact := quantizerOf(c) != nil && powersOfTwo(plain(n, "scale"))
		if err := foldIntoConstant(n); err != nil || !exact {
			return err == nil, err
		}
		f, ok := exactType(valueOf(c))
		if ok {
			setQuantizer(c, qonnx.Grid{Type: f.In(n.Graph().Config.Family)})
		}
		return true, nil
	},
}

// exactType is the smallest type that holds all numbers; ok is false where none of 64 bits does.
func exactType(t *ir.Tensor) (f fixed.Format, ok bool) {
	f = kif.Format(kif.Minimal(t.Data...)).With(fixed.RNDConv, fixed.SAT)
	return f, f.W >= 1 && f.W <= 64
}

// foldIntoConstant puts the scaled and shifted numbers in the place of n and its constant.
func foldIntoConstant(n *ir.Node) error {
	c, err := ownConstant(n, constant(n, 0))
	if err != nil {
		return err
	}
	v, err := quantized(c)
	if err != nil {
		return err
	}
	if v, err = scaleAndShift(v, plain(n, "scale"), plain(n, "bias")); err != nil {
		return n.Errorf("fold into %q: %w", c.Name, err)
	}
	ir.Attrs[io.ConstantAttrs](c).Value = v
	c.SetQuantizer("quantizer", nil)
	c.Out().Type.Format = n.Out().Type.Format
	c.Origin = append(c.Origin, n.Origin...)
	return n.Graph().Remove(n)
}

// scaleAndShift is x*scale + bias, of which the last axes are those of x.
func scaleAndShift(x, scale, bias *ir.Tensor) (*ir.Tensor, error) {
	p, err := ir.Elementwise(x, scale, times)
	if err != nil {
		return nil, err
	}
	if p, err = ir.Elementwise(p, bias, plus); err != nil {
		return nil, err
	}
	if len(p.Data) != len(x.Data) {
		return nil, fmt.Errorf("got %d numbers of %d", len(p.Data), len(x.Data))
	}
	return p, nil
}
