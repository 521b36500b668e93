package norm

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

var quantizedTanhKernel = sim.Kernel{Lower: lowerQuantizedTanh, Eval: evalQuantizedTanh}

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
	x := lo.In(n, 0).Planes
	out := make([]sim.Plane, len(x))
	for i, p := range x {
		if low == nil {
			out[i] = lo.Select(p, hi[i].X.Int64()-1, lo.Const(1), lo.Const(0))
			continue
		}
		below := lo.Select(p, low[i].X.Int64(), lo.Const(0), lo.Const(-1))
		out[i] = lo.Select(p, hi[i].X.Int64(), lo.Const(1), below)
	}
	lo.SetOut(n, 0, out)
	return nil
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
