package passes

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/norm"
	"github.com/hlsgo/hlsgo/layers/quant"
)

// QKerasFactorizeAlpha takes the scale that a quantizer of QKeras finds out of the weights. The bias goes
// with it, into a layer behind that scales: (s*w)x + b = s*(w*x) + b, and w alone has the few bits that its
// quantizer speaks of.
var QKerasFactorizeAlpha = ir.Pass{
	Name:  "qkeras_factorize_alpha",
	Doc:   "move the scales of quantized weights into a layer of their own",
	Match: func(n *ir.Node) bool { return hasAlpha(n) && (scaled(n, "weight") || scaled(n, "bias")) },
	Apply: factorizeAlpha,
}

// hasAlpha reports whether the pass moves scales of the kind. Those of depthwise convolutions stay in the
// weights.
func hasAlpha(n *ir.Node) bool { return isMatrix(n) && !has(n, layers.Depthwise) }

func scaled(n *ir.Node, role string) bool {
	q, ok := n.Quantizer(role).(*quant.Weights)
	return ok && q.HasScale()
}

func factorizeAlpha(n *ir.Node) (bool, error) {
	g, w, b := n.Graph(), n.Weight("weight"), n.Weight("bias")
	q, ok := w.Quantizer.(*quant.Weights)
	if !ok || !q.HasAlpha() {
		return false, n.Errorf("the bias has a quantizer with a scale and the weights have none: hls4ml fails, " +
			"want alpha of the bias 1 or a kernel quantizer with alpha")
	}
	f, err := q.Factorize(w.Unquantized, n.Out().Shape[len(n.Out().Shape)-1])
	if err != nil {
		return false, n.Errorf("weight: %w", err)
	}
	data := ir.Data{
		Tensors:    map[string]*ir.Tensor{"scale_data": f.Scale, "bias_data": b.Data},
		Quantizers: map[string]ir.Quantizer{},
	}
	if b.Quantizer != nil {
		data.Quantizers["bias_quantizer"] = b.Quantizer
	}
	if f.PowersOfTwo {
		s, err := quant.ScalePowers(f.Scale)
		if err != nil {
			return false, n.Errorf("scale: %w", err)
		}
		data.Quantizers["scale_quantizer"] = s
	}
	w.KeepCount(w.Count())
	b.KeepCount(b.Count())
	w.Data, w.Quantizer = f.Weights, f.Rest
	n.SetQuantizer("weight_quantizer", f.Rest)
	if bq, ok := n.Quantizer("bias").(*quant.Weights); ok {
		n.SetQuantizer("bias_quantizer", bq.Settled())
	}
	b.Data = ir.NewTensor(ir.Float64, b.Data.Shape...)
	return true, insertAlpha(g, n, data)
}

// insertAlpha puts the layer that scales behind n. Its types are left to inference.
func insertAlpha(g *ir.Graph, n *ir.Node, data ir.Data) error {
	name, nFilt := n.Name+"_alpha", -1
	if w := n.Weight("weight").Shape; len(w) > 2 { // of a convolution, whose outputs are channels of pixels
		nFilt = w[len(w)-1]
	}
	g.SetSection(&ir.Section{Name: name, Precision: []ir.Precision{{Var: "default", Text: "auto"}}})
	alpha, err := newScale(n, name, nFilt, n.Outputs, data)
	if err != nil {
		return err
	}
	return g.Insert(alpha, nil, 0)
}

// newScale makes a node, not yet in the graph, that does part of the work of n: it scales and shifts the
// inputs, by channel where nFilt is their number, else (-1) value by value.
func newScale(n *ir.Node, name string, nFilt int, inputs []string, data ir.Data) (*ir.Node, error) {
	s, err := n.Graph().NewNode(ir.NodeSpec{
		Kind: "ApplyAlpha", Name: name, ClassName: "Alpha", Inputs: slices.Clone(inputs), Origin: n.Origin,
		Attrs: &norm.AlphaAttrs{Attrs: norm.Attrs{NFilt: nFilt, UseGamma: true, UseBeta: true}}, Data: data,
	})
	if err == nil {
		s.Trace = n.Trace
	}
	return s, err
}
