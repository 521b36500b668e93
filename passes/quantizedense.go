package passes

import (
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/quant"
)

// QuantizeDenseOutput stores the weights of a binary or ternary Dense between thresholds in the fewest bits,
// and its sums in an integer that just holds them. The bias is dropped: the thresholds behind are expected to
// carry it. Whole numbers below a threshold are those below its floor, so the thresholds behind go to the
// grid of the sums and comparisons stay what they were.
var QuantizeDenseOutput = ir.Pass{
	Name: "vivado:quantize_dense_output",
	Doc:  "give a binary or ternary dense layer behind thresholds integer sums",
	Match: func(n *ir.Node) bool {
		p := producer(n)
		_, ok := storedQuantizer(n)
		flat := has(n, layers.Matrix|layers.AnyWords)
		return flat && p != nil && has(p, layers.Thresholds) && ok
	},
	Apply: quantizeDense,
}

// storedQuantizer is that of the weights of n in the form in which they are stored.
func storedQuantizer(n *ir.Node) (ir.Quantizer, bool) {
	switch q := n.Quantizer("weight").(type) {
	case quant.Binary:
		return quant.Binary{Bits: 1}, true
	case quant.Ternary:
		return q, true
	}
	return nil, false
}

func quantizeDense(n *ir.Node) (bool, error) {
	w, b := n.Weight("weight"), n.Weight("bias")
	nIn := w.Shape[0]
	// sums of nIn times -1, 0 or 1 lie in -nIn..nIn: a bit for the sign, and one more than log2 for nIn itself
	sums := fixed.Int(int(math.Ceil(math.Log2(float64(nIn)))) + 2)
	n.SetType("accum_t", &ir.Type{Name: fmt.Sprintf("layer%d_accum_t", n.Index), Format: sums})
	n.Out().Type.Format = sums

	q, _ := storedQuantizer(n)
	data, err := q.Quantize(w.Data)
	if err != nil {
		return false, n.Errorf("weight: %w", err)
	}
	n.SetQuantizer("weight_quantizer", q)
	w.KeepCount(w.Count())
	w.Data, w.Quantizer = data, q
	w.Type.Name, w.Type.Format = fmt.Sprintf("weight%d_t", n.Index), q.Format()
	b.KeepCount(ir.Count{Nonzeros: b.Count().Nonzeros})
	b.Data = ir.NewTensor(ir.Float64, b.Shape...)
	b.Type.Name, b.Type.Format = fmt.Sprintf("bias%d_t", n.Index), q.Format()

	// a binary activation behind has one threshold, a ternary two; hls4ml expects the two to match the weights
	roles := []string{"threshold"}
	if _, ok := q.(quant.Ternary); ok {
		roles = []string{"threshold_hi", "threshold_lo"}
	}
	return false, floorThresholds(n, roles, sums)
}

// floorThresholds puts the thresholds of the nodes behind n on the grid of its sums.
func floorThresholds(n *ir.Node, roles []string, sums fixed.Format) error {
	for _, c := range consumers(n) {
		if !has(c, layers.Thresholds) {
			continue
		}
		for _, role := range roles {
			t := c.Weight(role)
			if t == nil {
				return n.Errorf("its sums meet the thresholds of %q: got no %s: a binary layer wants a binary "+
					"activation behind it, a ternary one a ternary", c.Name, role)
			}
			t.KeepCount(t.Count())
			t.Type.Format, t.Data = sums, t.Data.Map(math.Floor)
		}
	}
	return nil
}
