package passes

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/norm"
	"github.com/hlsgo/hlsgo/layers/quant"
)

// QKerasFactorizeAlpha takes the scale that a quantizer of QKeras finds out of the weights. The bias goes
// with it, into a layer behind that scales.
var QKerasFactorizeAlpha = ir.Pass{
	Name:  "qkeras_factorize_alpha",
	Doc:   "move the scales of quantized weights into a layer of their own",
	Match: func(n *ir.Node) bool { return hasAlpha(n) && (scaled(n, "weight") || scaled(n, "bias")) },
	Apply: factorizeAlpha,
}

// hasAlpha names the kinds whose scales the pass moves.
func hasAlpha(n *ir.Node) bool {
	return slices.Contains([]string{"Dense", "Conv1D", "Conv2D", "Conv2DBatchnorm"}, n.Kind)
}

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
	if v, ok := ir.GetAttr(n.Attrs, "n_filt"); ok {
		nFilt = v.(int)
	}
	addSection(g, &ir.Section{Name: name, Precision: []ir.Precision{{Var: "default", Text: "auto"}}})
	alpha, err := g.NewNode(ir.NodeSpec{
		Kind: "ApplyAlpha", Name: name, ClassName: "Alpha", Inputs: slices.Clone(n.Outputs), Origin: n.Origin,
		Attrs: &norm.AlphaAttrs{Attrs: norm.Attrs{NFilt: nFilt, UseGamma: true, UseBeta: true}}, Data: data,
	})
	if err != nil {
		return err
	}
	alpha.Trace = n.Trace
	return g.Insert(alpha, nil, 0)
}
