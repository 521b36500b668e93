package sim

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Matrix is the product of a matrix and a vector that Dense, convolution and recurrent layers share: the
// kernels of nnet_dense_latency.h and nnet_dense_resource.h, with the weights, types and strategy of a node.
type Matrix struct {
	NIn, NOut  int
	Transposed bool // the weights are stored as (n_out, n_in)
	// XnorTerms is n_in of the C++ configuration where it differs from NIn; zero: it does not.
	XnorTerms int
	// Data is the format of the vector where a layer of adders has converted it; zero: that of the input.
	Data fixed.Format
}

// resource reports whether the strategy runs the loops of nnet_dense_resource.h.
func resource(n *ir.Node) (bool, error) {
	switch n.Strategy {
	case ir.Latency, ir.DistributedArithmetic, "":
		return false, nil
	case ir.Resource, ir.ResourceUnrolled:
		return true, nil
	}
	return false, n.Errorf("the simulator has no kernel for this strategy: got %s, want latency, resource, "+
		"resource_unrolled or distributed_arithmetic", n.Strategy)
}

// check looks for what the C++ asserts, and for sizes that it would read beyond. Strategy and layout of the
// weights belong together: a pass of the backend transposes them for the resource kernels.
func (x Matrix) check(n *ir.Node) (isResource bool, err error) {
	if isResource, err = resource(n); err != nil {
		return false, err
	}
	if isResource != x.Transposed {
		return false, n.Errorf("BUG: strategy %q with weights stored transposed: %v", n.Strategy, x.Transposed)
	}
	w, b := n.Weight("weight"), n.Weight("bias")
	if w == nil || b == nil || len(w.Data.Data) != x.NIn*x.NOut || len(b.Data.Data) != x.NOut {
		return false, n.Errorf("weights: got other sizes than %d by %d", x.NIn, x.NOut)
	}
	rf := n.ReuseFactor
	if isResource && (rf < 1 || rf <= x.NIn && x.NIn%rf != 0 || rf > x.NIn && rf%x.NIn != 0) {
		return false, n.Errorf("reuse_factor: got %d, want a divisor or a multiple of %d", rf, x.NIn)
	}
	return isResource, nil
}

// Sum is the product as a sum operation over the planes of taps; see Sum.Taps.
func (x Matrix) Sum(n *ir.Node, data fixed.Format, taps [][]Plane) (Sum, error) {
	if n.Strategy == ir.DistributedArithmetic {
		a, err := x.adders(n, data)
		if err != nil {
			return Sum{}, err
		}
		return a.Sum(taps), nil
	}
	m, err := x.of(n, data)
	if err != nil {
		return Sum{}, err
	}
	return m.Sum(taps), nil
}

// Eval is the product for one sample, data to res.
func (x Matrix) Eval(n *ir.Node) (func(data, res []Num), error) {
	if n.Strategy == ir.DistributedArithmetic {
		data := x.Data
		if data == (fixed.Format{}) {
			data = n.In(0).Type.Format
		}
		a, err := x.adders(n, data)
		if err != nil {
			return nil, err
		}
		return a.Eval(), nil
	}
	m, err := x.of(n, n.In(0).Type.Format)
	if err != nil {
		return nil, err
	}
	return m.Eval(), nil
}

// of is the product with what the node gives to it, for data of a format.
func (x Matrix) of(n *ir.Node, data fixed.Format) (MatVec, error) {
	isResource, err := x.check(n)
	if err != nil {
		return MatVec{}, err
	}
	w := n.Weight("weight")
	m := MatVec{
		NIn: x.NIn, NOut: x.NOut, Data: data, Weight: w, Transposed: x.Transposed,
		Bias: WeightNums(n.Weight("bias")), Product: fixed.ProductOf(data, w.Type.Format),
		Accum: n.Format("accum_t"), Result: n.Out().Type.Format, XnorTerms: x.XnorTerms,
	}
	if isResource {
		m.ReuseFactor = n.ReuseFactor
	}
	if n.Strategy == ir.ResourceUnrolled {
		m.Product = m.Product.Unrolled()
	}
	return m, nil
}

// xnorTerms is nIn where nnet::cast of nnet_mult.h turns the count of equal bits into a sum, else 0: its
// overload asks for the C++ type ap_uint<1> of data and weights.
func xnorTerms(data, weight fixed.Format, nIn int) int {
	if isBit(data) && isBit(weight) {
		return nIn
	}
	return 0
}

// isBit reports whether a format is ap_uint<1> in C++.
func isBit(f fixed.Format) bool {
	return (f.Kind == fixed.KindInt || f.Kind == fixed.KindXnor) && f.W == 1 && !f.Signed
}

// strideOrder is the order in which the resource kernels add the inputs of one output: the outer loop runs
// over the reuse factor, the inner one strides by it. Only a saturating accumulator can tell.
func strideOrder(nIn, rf int) []int {
	order := make([]int, 0, nIn)
	for r := range min(rf, nIn) {
		for i := r; i < nIn; i += min(rf, nIn) {
			order = append(order, i)
		}
	}
	return order
}

// matrixEval is a product ready to run, sample by sample. Its methods follow the C++ statement by statement,
// with the indices of the C++: they are the definition that the fast kernels are judged by, so they share
// nothing with those.
type matrixEval struct {
	NIn, NOut       int
	weights, biases []Num
	product         fixed.Product
	accum, result   fixed.Format
	rf, xnorTerms   int
}

// denseLatency mirrors nnet::dense_latency in nnet_dense_latency.h.
func (k *matrixEval) denseLatency(data, res []Num) {
	mult := make([]Num, k.NIn*k.NOut)
	acc, seen := k.initAccum(), newTerms(data, k.biases)
	for ii := range k.NIn {
		for jj := range k.NOut {
			index := ii*k.NOut + jj
			mult[index] = seen.product(jj, k.product, data[ii], k.weights[index], k.accum)
		}
	}
	for ii := range k.NIn {
		for jj := range k.NOut {
			acc[jj] = acc[jj].Add(mult[ii*k.NOut+jj]).Cast(k.accum)
		}
	}
	seen.done(acc)
	k.cast(acc, res)
}

// denseResourceRfLeqNin mirrors nnet::dense_resource_rf_leq_nin in nnet_dense_resource.h.
func (k *matrixEval) denseResourceRfLeqNin(data, res []Num) {
	multfactor := min(k.NIn, k.rf)
	multiplierLimit := divRoundUp(k.NIn*k.NOut, multfactor)
	blockFactor := divRoundUp(k.NIn*k.NOut, k.rf)
	multscale := multiplierLimit / k.NOut
	acc, seen := k.initAccum(), newTerms(data, k.biases)
	for ir := range k.rf {
		wIndex, inIndex, outIndex, accStep := ir, ir, 0, 0
		for range blockFactor {
			p := seen.product(outIndex, k.product, data[inIndex], k.weights[wIndex], k.accum)
			acc[outIndex] = acc[outIndex].Add(p).Cast(k.accum)
			wIndex += k.rf
			inIndex += k.rf
			if inIndex >= k.NIn {
				inIndex = ir
			}
			if accStep+1 >= multscale {
				accStep = 0
				outIndex++
			} else {
				accStep++
			}
		}
	}
	seen.done(acc)
	k.cast(acc, res)
}

// denseResourceRfGtNinRem0 mirrors nnet::dense_resource_rf_gt_nin_rem0 in nnet_dense_resource.h.
func (k *matrixEval) denseResourceRfGtNinRem0(data, res []Num) {
	rufactor := min(k.rf, k.NIn*k.NOut)
	blockFactor := divRoundUp(k.NIn*k.NOut, k.rf)
	outscale := rufactor / k.NIn
	acc, seen := k.initAccum(), newTerms(data, k.biases)
	inIndex := 0
	for ir := range rufactor {
		wIndex, outIndex := ir, ir/k.NIn
		for range blockFactor {
			p := seen.product(outIndex, k.product, data[inIndex], k.weights[wIndex], k.accum)
			acc[outIndex] = acc[outIndex].Add(p).Cast(k.accum)
			wIndex += rufactor
			if wIndex >= k.NIn*k.NOut {
				break
			}
			outIndex += outscale
		}
		inIndex++
		if inIndex >= k.NIn {
			inIndex = 0
		}
	}
	seen.done(acc)
	k.cast(acc, res)
}

func (k *matrixEval) initAccum() []Num {
	acc := make([]Num, k.NOut)
	for i := range acc {
		acc[i] = k.biases[i].Cast(k.accum)
	}
	return acc
}

// cast mirrors the overloads of nnet::cast in nnet_mult.h.
func (k *matrixEval) cast(acc, res []Num) {
	for i, a := range acc {
		if k.xnorTerms != 0 {
			a = a.Mul(CInt(2)).Sub(CUnsigned(int64(k.xnorTerms))).Cast(fixed.Int(CeilLog2(k.xnorTerms) + 2))
		}
		res[i] = a.Cast(k.result)
	}
}

func divRoundUp(n, d int) int { return (n + d - 1) / d }
