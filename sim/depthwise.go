package sim

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Depthwise is the product of each channel of a window with weights of its own: the kernels of
// nnet_depthwise_product.h, with the weights, types and strategy of a node.
type Depthwise struct {
	Positions, Chans int // pixels of a window, and values of a pixel
	// Resource says that the loops of the resource strategy run.
	Resource bool
}

func (d Depthwise) size() int { return d.Positions * d.Chans }

// reuse is the step of the resource loops.
func (d Depthwise) reuse(n *ir.Node) int { return min(n.ReuseFactor, d.size()) }

// check looks for what the C++ asserts or reads out of bounds. Weights may be longer than the window: only
// their beginning is used.
func (d Depthwise) check(n *ir.Node) error {
	w, b := n.Weight("weight"), n.Weight("bias")
	if w == nil || b == nil || len(w.Data.Data) < d.size() || len(b.Data.Data) != d.Chans {
		return n.Errorf("weights: got other sizes than %d by %d", d.Positions, d.Chans)
	}
	if rf := d.reuse(n); d.Resource && (rf < 1 || d.size()%rf != 0) {
		return n.Errorf("reuse_factor: got %d, want a divisor of %d", n.ReuseFactor, d.size())
	}
	return nil
}

// order lists the window's places in the order in which the loops add them, all channels mixed.
func (d Depthwise) order(n *ir.Node) []int {
	if d.Resource {
		return strideOrder(d.size(), d.reuse(n))
	}
	return strideOrder(d.size(), 1)
}

// Sums is one sum operation per channel over the planes of windows; see Sum.Taps.
func (d Depthwise) Sums(n *ir.Node, data fixed.Format, windows [][]Plane) ([]Sum, error) {
	if err := d.check(n); err != nil {
		return nil, err
	}
	w, b := n.Weight("weight"), n.Weight("bias")
	raws, biases, order := Weights(w), Weights(b), d.order(n)
	out := make([]Sum, d.Chans)
	for c := range out {
		s := Sum{
			X: data, Product: fixed.ProductOf(data, w.Type.Format), WFormat: w.Type.Format, W: [][]int64{nil},
			BFormat: b.Type.Format, Bias: biases[c : c+1], Accum: n.Format("accum_t"),
			XnorTerms: xnorTerms(data, w.Type.Format, d.size()), Result: n.Out().Type.Format,
			Taps: make([][]Plane, len(windows)),
		}
		for _, i := range order {
			if i%d.Chans != c {
				continue
			}
			s.W[0] = append(s.W[0], raws[i])
			for p, window := range windows {
				s.Taps[p] = append(s.Taps[p], window[i])
			}
		}
		out[c] = s
	}
	return out, nil
}

// Eval is the product for one window, data to res.
func (d Depthwise) Eval(n *ir.Node) (func(data, res []Num), error) {
	if err := d.check(n); err != nil {
		return nil, err
	}
	k := &matrixEval{
		NIn: d.size(), NOut: d.Chans, weights: WeightNums(n.Weight("weight")),
		biases: WeightNums(n.Weight("bias")), product: fixed.ProductOf(n.In(0).Type.Format, n.Format("weight_t")),
		accum: n.Format("accum_t"), result: n.Out().Type.Format, rf: d.reuse(n),
		xnorTerms: xnorTerms(n.In(0).Type.Format, n.Format("weight_t"), d.size()),
	}
	if d.Resource {
		return k.depthwiseResource, nil
	}
	return k.depthwiseLatency, nil
}

// depthwiseLatency mirrors nnet::depthwise_product_latency in nnet_depthwise_product.h.
func (k *matrixEval) depthwiseLatency(data, res []Num) {
	mult := make([]Num, k.NIn)
	acc, seen := k.initAccum(), newTerms(data, k.biases)
	for ii := range mult {
		mult[ii] = seen.product(ii%k.NOut, k.product, data[ii], k.weights[ii], k.accum)
	}
	for ii := range k.NIn / k.NOut {
		for jj := range k.NOut {
			acc[jj] = acc[jj].Add(mult[ii*k.NOut+jj]).Cast(k.accum)
		}
	}
	seen.done(acc)
	k.cast(acc, res)
}

// depthwiseResource mirrors nnet::depthwise_product_resource_rf_leq_nout and the two kernels beside it, which
// differ in how they find the channel only.
func (k *matrixEval) depthwiseResource(data, res []Num) {
	acc, seen := k.initAccum(), newTerms(data, k.biases)
	for ir := range k.rf {
		in := ir
		for range divRoundUp(k.NIn, k.rf) {
			c := in % k.NOut
			p := seen.product(c, k.product, data[in], k.weights[in], k.accum)
			acc[c] = acc[c].Add(p).Cast(k.accum)
			in += k.rf
		}
	}
	seen.done(acc)
	k.cast(acc, res)
}
