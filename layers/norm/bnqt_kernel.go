package norm

import (
	"math/big"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

var quantizedTanhKernel = sim.Kernel{
	Lower: lowerQuantizedTanh, Grid: gridQuantizedTanh, Eval: evalQuantizedTanh,
}

// thresholds returns those of every value; lo is nil for the binary form.
func thresholds(n *ir.Node) (hi, lo []sim.Num, err error) {
	a := ir.Attrs[QuantizedTanhAttrs](n)
	roles := []string{"threshold"}
	if a.Quantize == 3 {
		roles = []string{"threshold_hi", "threshold_lo"}
	}
	per := [2][]sim.Num{}
	for r, role := range roles {
		w := n.Weight(role)
		if w == nil || len(w.Data.Data) == 0 {
			return nil, nil, n.Errorf("%s: got no values", role)
		}
		t := sim.WeightNums(w)
		if a.NFilt > 0 && len(t) != a.NFilt || a.NFilt == -1 && len(t) != n.In(0).Size() {
			return nil, nil, n.Errorf("%s: got %d values, want one per channel", role, len(t))
		}
		for i := range n.In(0).Size() {
			per[r] = append(per[r], t[i%len(t)])
		}
	}
	return per[0], per[1], nil
}

func lowerQuantizedTanh(lo *sim.Lowering, n *ir.Node) error {
	hi, low, err := thresholds(n)
	if err != nil {
		return err
	}
	x := lo.In(n, 0)
	above := func(p sim.Plane, t sim.Num, yes, no sim.Plane) sim.Plane {
		limit, ok := sim.Threshold(t, x.Format)
		if !ok {
			lo.NeedEval("a comparison of a signed and an unsigned number, or of more than 64 bits")
			return no
		}
		return lo.Select(p, limit, yes, no)
	}
	out := make([]sim.Plane, len(x.Planes))
	for i, p := range x.Planes {
		if low == nil {
			out[i] = above(p, justBelow(hi[i], x.Format), lo.Const(1), lo.Const(0))
			continue
		}
		below := above(p, low[i], lo.Const(0), lo.Const(-1))
		out[i] = above(p, hi[i], lo.Const(1), below)
	}
	lo.SetOut(n, 0, out)
	return nil
}

// gridQuantizedTanh is lowerQuantizedTanh where all positions have the same thresholds.
func gridQuantizedTanh(lo *sim.Lowering, n *ir.Node) (bool, error) {
	if ir.Attrs[QuantizedTanhAttrs](n).NFilt != len(lo.In(n, 0).Planes) {
		return false, nil
	}
	return sim.EachPosition(lowerQuantizedTanh)(lo, n)
}

// justBelow is a number for which x > it says x >= t, for data of a format. The data may have another format
// than the thresholds: a reshape of an array takes over that of the layer before it.
func justBelow(t sim.Num, x fixed.Format) sim.Num {
	f := t.T
	if more := x.F() - f.F(); more > 0 {
		f.W += more
	}
	f.W, f.Signed = f.W+1, true // one step below the smallest
	f.I++
	t = t.Cast(f)
	return sim.Num{X: new(big.Int).Sub(t.X, big.NewInt(1)), T: f}
}

// evalQuantizedTanh mirrors nnet::normalize_binary_tanh and nnet::normalize_ternary_tanh in nnet_batchnorm.h.
func evalQuantizedTanh(_ *sim.Env, n *ir.Node) (sim.Evaluator, error) {
	hi, low, err := thresholds(n)
	if err != nil {
		return nil, err
	}
	result := n.Out().Type.Format
	return func(in, out [][]sim.Num) {
		for i, x := range in[0] {
			cache := int64(0)
			switch {
			case low == nil && x.Cmp(hi[i]) >= 0, low != nil && x.Cmp(hi[i]) > 0:
				cache = 1
			case low != nil && x.Cmp(low[i]) <= 0:
				cache = -1
			}
			out[0][i] = sim.NewNum(cache, result)
		}
	}, nil
}
