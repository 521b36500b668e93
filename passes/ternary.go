package passes

import (
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/norm"
)

// ExtractTernaryThreshold puts a scale before a ternary tanh so that its threshold becomes one half: |x| > t
// asks the same as |x/2t| > 1/2, and a scale fuses with a batch normalization before it, as a threshold does
// not.
var ExtractTernaryThreshold = ir.Pass{
	Name: "extract_ternary_threshold",
	Doc:  "turn the threshold of a ternary tanh into a scale before it",
	Match: func(n *ir.Node) bool {
		a, ok := n.Attrs.(*act.TernaryAttrs) // the one kind with a threshold
		return ok && (a.Threshold == nil || *a.Threshold != half)
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
	s, err := newScale(n, n.Name+"_scale", -1, n.Inputs, ir.Data{Tensors: map[string]*ir.Tensor{
		"scale_data": scale, "bias_data": ir.NewTensor(ir.Float64, in.Shape...),
	}})
	if err != nil {
		return false, err
	}
	t := half
	a.Threshold = &t
	return true, g.Insert(s, n, 0)
}

// MergeBatchNormQuantizedTanh makes comparisons with thresholds out of a batch normalization and the binary
// or ternary tanh behind it: sign(s*x + b) changes where x passes -b/s.
var MergeBatchNormQuantizedTanh = ir.Pass{
	Name: "vivado:merge_batch_norm_quantized_tanh",
	Doc:  "make thresholds of a batch normalization and a binary or ternary tanh",
	Match: func(n *ir.Node) bool {
		p := producer(n)
		return slices.Contains(quantizedTanh(), layers.FunctionOf(n)) && p != nil && isScale(p)
	},
	Apply: mergeQuantizedTanh,
}

// quantizedTanh are the functions that answer two or three values.
func quantizedTanh() []string { return []string{"binary", "binary_tanh", "ternary", "ternary_tanh"} }

func mergeQuantizedTanh(n *ir.Node) (bool, error) {
	g, bn := n.Graph(), producer(n)
	b := norm.Of(bn)
	a := &norm.QuantizedTanhAttrs{
		NIn: b.NIn, NOut: b.NIn, NFilt: b.NFilt, Threshold: half,
		Scale: bn.Weight("scale").Data, Bias: bn.Weight("bias").Data,
	}
	if strings.Contains(layers.FunctionOf(n), "binary") {
		a.Quantize = 2
	}
	if strings.Contains(layers.FunctionOf(n), "ternary") {
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
