package sim

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// MatVec is a product of a matrix and a vector plus a bias, as the kernels of nnet_dense_latency.h and
// nnet_dense_resource.h compute it. Matrix makes one of a node with a single product; layers with several
// fill it in themselves.
type MatVec struct {
	NIn, NOut     int
	Data          fixed.Format // of the vector
	Weight        *ir.Weight
	Transposed    bool  // the weights are stored as (n_out, n_in)
	Bias          []Num // one per output
	Product       fixed.Product
	Accum, Result fixed.Format
	// ReuseFactor is that of the resource kernels, a divisor or a multiple of NIn; 0: the latency kernel.
	ReuseFactor int
	// XnorTerms is n_in of the C++ configuration where it differs from NIn; zero: it does not.
	XnorTerms int
}

// Sum is the product as a sum operation over the planes of taps; see Sum.Taps. Weight and bias must have
// narrow formats.
func (x MatVec) Sum(taps [][]Plane) Sum {
	s := Sum{
		X: x.Data, Taps: taps, Product: x.Product, WFormat: x.Weight.Type.Format, W: x.rows(Weights(x.Weight)),
		BFormat: x.Bias[0].T, Accum: x.Accum, XnorTerms: x.xnorTerms(), Result: x.Result,
	}
	for _, b := range x.Bias {
		s.Bias = append(s.Bias, b.X.Int64())
	}
	if x.ReuseFactor > 0 {
		s.Order = strideOrder(x.NIn, x.ReuseFactor)
	}
	return s
}

// rows brings raw weights to one row per output: the latency kernels have them input by input, the resource
// kernels transposed.
func (x MatVec) rows(w []int64) [][]int64 {
	out := make([][]int64, x.NOut)
	flat := make([]int64, len(w))
	for j := range out {
		out[j] = flat[j*x.NIn : (j+1)*x.NIn]
		for i := range out[j] {
			out[j][i] = w[x.index(i, j)]
		}
	}
	return out
}

// index is where the weight of input i and output j stands.
func (x MatVec) index(i, j int) int {
	if x.Transposed {
		return j*x.NIn + i
	}
	return i*x.NOut + j
}

func (x MatVec) xnorTerms() int {
	if x.XnorTerms != 0 {
		return xnorTerms(x.Data, x.Weight.Type.Format, x.XnorTerms)
	}
	return xnorTerms(x.Data, x.Weight.Type.Format, x.NIn)
}

// Eval is the product for one sample, data to res.
func (x MatVec) Eval() func(data, res []Num) {
	biased := x.EvalBiased()
	return func(data, res []Num) { biased(x.Bias, data, res) }
}

// EvalBiased is Eval with a bias that comes with each call, for products that share a matrix.
func (x MatVec) EvalBiased() func(bias, data, res []Num) {
	k := matrixEval{
		NIn: x.NIn, NOut: x.NOut, weights: WeightNums(x.Weight), product: x.Product,
		accum: x.Accum, result: x.Result, rf: x.ReuseFactor, xnorTerms: x.xnorTerms(),
	}
	run := (*matrixEval).denseResourceRfGtNinRem0
	switch {
	case k.rf == 0:
		run = (*matrixEval).denseLatency
	case k.rf <= x.NIn:
		run = (*matrixEval).denseResourceRfLeqNin
	}
	return func(bias, data, res []Num) {
		own := k // goroutines share k
		own.biases = bias
		run(&own, data, res)
	}
}
