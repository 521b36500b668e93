package passes

import (
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/norm"
)

// ExtractTernaryThreshold puts a scale before a ternary tanh so that its threshold becomes one half.
var ExtractTernaryThreshold = ir.Pass{
	Name: "extract_ternary_threshold",
	Doc:  "turn the threshold of a ternary tanh into a scale before it",
	Match: func(n *ir.Node) bool {
		if n.Kind != "TernaryTanh" {
			return false
		}
		t := ir.Attrs[act.TernaryAttrs](n).Threshold
		return t == nil || *t != half
	},
	Apply: extractThreshold,
}

// half is the threshold of a ternary tanh that needs no scale.
const half = 0.5

func extractThreshold(n *ir.Node) (bool, error) {
	a, g := ir.Attrs[act.TernaryAttrs](n), n.Graph()
	threshold := half
	if a.Threshold != nil {
		threshold = *a.Threshold
	}
	if threshold == 0 {
		return false, n.Errorf("threshold: got 0, want another number")
	}
	in := n.In(0)
	scale := ir.NewTensor(ir.Float64, in.Shape...).Map(func(float64) float64 { return half / threshold })
	s, err := g.NewNode(ir.NodeSpec{
		Kind: "ApplyAlpha", Name: n.Name + "_scale", ClassName: "Alpha", Inputs: slices.Clone(n.Inputs),
		Origin: n.Origin, Attrs: &norm.AlphaAttrs{Attrs: norm.Attrs{NFilt: -1, UseGamma: true, UseBeta: true}},
		Data: ir.Data{Tensors: map[string]*ir.Tensor{
			"scale_data": scale, "bias_data": ir.NewTensor(ir.Float64, in.Shape...),
		}},
	})
	if err != nil {
		return false, err
	}
	s.Trace = n.Trace
	t := half
	a.Threshold = &t
	return true, g.Insert(s, n, 0)
}

// MergeBatchNormQuantizedTanh makes comparisons with thresholds out of a batch normalization and the binary
// or ternary tanh behind it.
var MergeBatchNormQuantizedTanh = ir.Pass{
	Name: "vivado:merge_batch_norm_quantized_tanh",
	Doc:  "make thresholds of a batch normalization and a binary or ternary tanh",
	Match: func(n *ir.Node) bool {
		quantized := n.Kind == "TernaryTanh"
		if n.Kind == "Activation" {
			quantized = slices.Contains([]string{"binary", "binary_tanh", "ternary", "ternary_tanh"}, function(n))
		}
		p := producer(n)
		return quantized && p != nil && isBatchNorm(p)
	},
	Apply: mergeQuantizedTanh,
}

func mergeQuantizedTanh(n *ir.Node) (bool, error) {
	g, bn := n.Graph(), producer(n)
	b := batchNorm(bn)
	a := &norm.QuantizedTanhAttrs{
		NIn: b.NIn, NOut: b.NIn, NFilt: b.NFilt, Threshold: half,
		Scale: bn.Weight("scale").Data, Bias: bn.Weight("bias").Data,
	}
	if strings.Contains(function(n), "binary") {
		a.Quantize = 2
	}
	if strings.Contains(function(n), "ternary") {
		a.Quantize = 3
	}
	if t, ok := n.Attrs.(*act.TernaryAttrs); ok && t.Threshold != nil {
		a.Threshold = *t.Threshold
	}
	m, err := g.NewNode(ir.NodeSpec{
		Kind: "BatchNormalizationQuantizedTanh", Name: "bnbt_" + bn.Name, Attrs: a, Inputs: slices.Clone(bn.Inputs),
		Origin: append(slices.Clone(bn.Origin), n.Origin...),
	})
	if err != nil {
		return false, err
	}
	m.Trace = bn.Trace
	if err := g.Remove(bn); err != nil {
		return false, err
	}
	return true, g.Replace(n, m)
}
