package passes

import (
	"fmt"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// FuseConsecutiveBatchNormalization makes one of two batch normalizations in a row, when the type between
// them is free: s1*(s0*x + b0) + b1 = (s0*s1)*x + (s1*b0 + b1) as long as nothing is rounded in the middle,
// which a type given by the user would do.
var FuseConsecutiveBatchNormalization = ir.Pass{
	Name:  "fuse_consecutive_batch_normalization",
	Doc:   "make one of two batch normalizations in a row",
	Match: matchConsecutive,
	Apply: fuseConsecutive,
}

func matchConsecutive(n *ir.Node) bool {
	p := producer(n)
	if p == nil || !isScale(n) || !isScale(p) || !resultAuto(p) {
		return false
	}
	// a quantizer speaks of the factor that it belongs to: of two, none could speak of the product, unless the
	// other factor changes nothing
	free := func(role string, neutral float64) bool {
		return p.Quantizer(role) == nil || n.Quantizer(role) == nil ||
			plain(p, role).AllEqual(neutral) || plain(n, role).AllEqual(neutral)
	}
	return free("scale", 1) && free("bias", 0)
}

// plain is the weight of n before its quantizer.
func plain(n *ir.Node, role string) *ir.Tensor { return n.Weight(role).Unquantized }

// fuseConsecutive computes scale = s0*s1, bias = s1*b0 + b1 in numpy's precision. The quantizer of a factor
// survives only when the other factor is one; for the bias hls4ml asks the same question, of one and not of
// zero.
func fuseConsecutive(n *ir.Node) (bool, error) {
	p := producer(n)
	if len(n.Graph().Consumers(p.Outputs[0])) > 1 {
		return false, nil
	}
	scale, bias, err := compose(plain(p, "scale"), plain(p, "bias"), plain(n, "scale"), plain(n, "bias"))
	if err != nil {
		return false, n.Errorf("fuse with %q: %w", p.Name, err)
	}
	for _, w := range []struct {
		role, letter string
		data         *ir.Tensor
	}{{"scale", "s", scale}, {"bias", "b", bias}} {
		q := survivor(p, n, w.role)
		n.SetQuantizer(w.role+"_quantizer", q)
		err := n.AddWeight(ir.WeightSpec{
			Role: w.role, Var: fmt.Sprintf("%s%d", w.letter, n.Index), Data: w.data, Quantizer: q,
		})
		if err != nil {
			return false, err
		}
	}
	n.Origin = append(append([]string(nil), p.Origin...), n.Origin...)
	return true, n.Graph().Remove(p)
}

func survivor(p, n *ir.Node, role string) ir.Quantizer {
	switch {
	case plain(p, role).AllEqual(1):
		return n.Quantizer(role)
	case plain(n, role).AllEqual(1):
		return p.Quantizer(role)
	}
	return nil
}

func compose(s0, b0, s1, b1 *ir.Tensor) (scale, bias *ir.Tensor, err error) {
	if scale, err = ir.Elementwise(s0, s1, times); err != nil {
		return nil, nil, err
	}
	if bias, err = ir.Elementwise(s1, b0, times); err != nil {
		return nil, nil, err
	}
	bias, err = ir.Elementwise(bias, b1, plus)
	return scale, bias, err
}

func times(x, y float64) float64 { return x * y }
func plus(x, y float64) float64  { return x + y }

// FuseBatchNormalization folds a batch normalization into the weights of the layer before it, when the type
// between them is free: scaling the sums is scaling the weights of each output. Weights of one bit cannot be
// scaled, and of two quantized factors the product is on neither grid.
var FuseBatchNormalization = ir.Pass{
	Name:  "fuse_batch_normalization",
	Doc:   "fold batch normalizations into dense layers and convolutions",
	Match: matchFuse,
	Apply: fuse,
}

func matchFuse(n *ir.Node) bool {
	p := producer(n)
	if p == nil || !isScale(n) || !isMatrix(p) || !resultAuto(p) {
		return false
	}
	if p.Weight("weight").Type.Format.Kind == fixed.KindXnor {
		return false
	}
	// stricter than between two batch normalizations: where a quantizer stays, what it is applied to must be
	// the quantized factor itself, and so the other one neutral
	free := func(prev, own string, neutral float64) bool {
		pq, nq := p.Quantizer(prev), n.Quantizer(own)
		return pq == nil && nq == nil ||
			pq == nil && plain(p, prev).AllEqual(neutral) ||
			nq == nil && plain(n, own).AllEqual(neutral)
	}
	return free("weight", "scale", 1) && free("bias", "bias", 0)
}

// fuse computes weight = scale*weight, bias = scale*bias + bias in numpy's precision. The weights of a
// depthwise convolution end in an axis of one filter, which the scales of the channels widen: the firmware
// reads the beginning of what comes out. The types are looked up anew, so that a layer without bias gets one
// of the configured type.
func fuse(n *ir.Node) (bool, error) {
	g, p := n.Graph(), producer(n)
	if len(g.Consumers(p.Outputs[0])) > 1 {
		return false, nil
	}
	// a weight that is a power of two or a bit has no product in its type; hls4ml looks at types here, and at
	// quantizers before
	w, b, s, t := p.Weight("weight"), p.Weight("bias"), n.Weight("scale"), n.Weight("bias")
	for _, x := range []*ir.Weight{w, b, s, t} {
		if f := x.Type.Format; f != fixed.Auto && !f.IsFixedOrInt() {
			return false, nil
		}
	}
	if shape := w.Data.Shape; has(p, layers.Depthwise) && shape[len(shape)-2] > 1 {
		g.Warnf("%s %q: folding %q into it: like hls4ml 1.3.0, hlsgo mixes up the channels' scales: the answer "+
			"is not the network's; give %q a result type in Precision to keep the two apart",
			p.Kind, p.Name, n.Name, p.Name)
	}
	scale, shift := byChannel(s.Data), byChannel(t.Data)
	if scale == nil || shift == nil {
		return false, nil // each place has numbers of its own, which no kernel has
	}
	if t, err := ir.Elementwise(s.Data, w.Data, times); err == nil && len(t.Data) != len(w.Data.Data) &&
		!has(p, layers.Depthwise) {
		g.Warnf("%s %q: folding %q into it: the answer is the network's, hls4ml 1.3.0 mixes up the weights of its "+
			"one channel", p.Kind, p.Name, n.Name)
	}
	weight, bias, err := compose(w.Data, b.Data, scale, shift)
	if err != nil {
		return false, n.Errorf("fold into %q: %w", p.Name, err)
	}
	err = p.AddWeight(ir.WeightSpec{
		Role: "weight", Var: fmt.Sprintf("w%d", p.Index), Data: weight, Quantizer: either(n, "scale", p, "weight"),
	})
	if err != nil {
		return false, err
	}
	err = p.AddWeight(ir.WeightSpec{
		Role: "bias", Var: fmt.Sprintf("b%d", p.Index), Data: bias, Quantizer: either(n, "bias", p, "bias"),
	})
	if err != nil {
		return false, err
	}
	p.Origin = append(append([]string(nil), p.Origin...), n.Origin...)
	return true, g.Remove(n)
}

// byChannel is t with one number for each channel, where all places of the axes before have the same; nil
// where they have not. Scales of quantizers have one for each value.
func byChannel(t *ir.Tensor) *ir.Tensor {
	if len(t.Shape) < 2 {
		return t
	}
	channels := t.Shape[len(t.Shape)-1]
	for i, v := range t.Data {
		if v != t.Data[i%channels] {
			return nil
		}
	}
	return &ir.Tensor{Shape: []int{channels}, DType: t.DType, Data: t.Data[:channels]}
}

func either(n *ir.Node, role string, p *ir.Node, other string) ir.Quantizer {
	if q := n.Quantizer(role); q != nil {
		return q
	}
	return p.Quantizer(other)
}

// RemoveNopBatchNormalization removes batch normalizations that change nothing.
var RemoveNopBatchNormalization = ir.Pass{
	Name: "remove_nop_batch_normalization",
	Doc:  "remove batch normalizations with scale one and bias zero",
	Match: func(n *ir.Node) bool {
		return isScale(n) && plain(n, "scale").AllEqual(1) && plain(n, "bias").AllEqual(0)
	},
	Apply: remove,
}
