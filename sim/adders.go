package sim

import (
	"math"
	"math/big"
	"math/bits"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// adders is the product under Strategy distributed_arithmetic, whose firmware is a graph of adders made for
// these weights. Which adder stands where is no matter, since every value in it is exact: the answer is the
// sum in full of the weights as the network stores them, converted once. weight_t, bias_t and accum_t have
// no say.
type adders struct {
	x            Matrix
	data, result fixed.Format
	weight, bias *ir.Tensor
	wFormat      fixed.Format
	bFormat      fixed.Format
}

func (x Matrix) adders(n *ir.Node, data fixed.Format) (adders, error) {
	if _, err := x.check(n); err != nil {
		return adders{}, err
	}
	// hls4ml asks for its class of fixed-point types, of which those of integers are none.
	if data.Kind != fixed.KindFixed {
		return adders{}, n.Errorf("Strategy distributed_arithmetic: type of the input: got %s, want a "+
			"fixed-point type, as hls4ml does", data)
	}
	if n.ReuseFactor != 1 {
		return adders{}, n.Errorf("Strategy distributed_arithmetic: got ReuseFactor %d, want 1", n.ReuseFactor)
	}
	w, b := n.Weight("weight").Data, n.Weight("bias").Data
	return adders{
		x: x, data: data, result: n.Out().Type.Format, weight: w, bias: b, wFormat: stored(w), bFormat: stored(b),
	}, nil
}

// stored is the narrowest signed format that holds every value of t exactly.
func stored(t *ir.Tensor) fixed.Format {
	high, low := math.MinInt, math.MaxInt // of the bits that are used, as powers of two
	for _, v := range t.Data {
		if v == 0 {
			continue
		}
		fraction, exponent := math.Frexp(v)
		zeros := bits.TrailingZeros64(uint64(math.Abs(fraction) * (1 << 53)))
		high, low = max(high, exponent), min(low, exponent-53+zeros)
	}
	if high < low { // zeros alone
		high, low = 1, 0
	}
	return fixed.Fixed(high-low+1, high+1)
}

// narrowWeights reports whether the weights of the node fit 64 bits as its firmware holds them.
func narrowWeights(n *ir.Node) bool {
	for _, w := range n.Weights {
		f := w.Type.Format
		if n.Strategy == ir.DistributedArithmetic {
			f = stored(w.Data)
		}
		if !f.Narrow() {
			return false
		}
	}
	return true
}

// sum is the product as a sum operation; the weights must be narrow.
func (a adders) sum(taps [][]Plane) Sum {
	s := Sum{
		X: a.data, Taps: taps, Product: fixed.Mult, WFormat: a.wFormat, BFormat: a.bFormat,
		W: make([][]int64, a.x.NOut), Bias: make([]int64, a.x.NOut), Result: a.result,
	}
	for j := range s.W {
		s.W[j] = make([]int64, a.x.NIn)
		for i := range s.W[j] {
			s.W[j][i] = fixed.FromFloat64(a.weight.Data[i*a.x.NOut+j], a.wFormat)
		}
		s.Bias[j] = fixed.FromFloat64(a.bias.Data[j], a.bFormat)
	}
	return s
}

// eval is the product for one sample, with numbers of any width.
func (a adders) eval() func(data, res []Num) {
	full := fixed.Add(fixed.Mul(a.data, a.wFormat), a.bFormat)
	grow := bits.Len(uint(a.x.NIn))
	full.W, full.I = full.W+grow, full.I+grow
	weights, biases := exactNums(a.weight, a.wFormat), exactNums(a.bias, a.bFormat)
	return func(data, res []Num) {
		for j := range res {
			acc := data[0].Like(biases[j]).Cast(full)
			for i, x := range data {
				acc = acc.Add(x.Mul(weights[i*a.x.NOut+j])).Cast(full)
			}
			res[j] = acc.Cast(a.result)
		}
	}
}

// exactNums are the values of t in a format that holds them.
func exactNums(t *ir.Tensor, f fixed.Format) []Num {
	out := make([]Num, len(t.Data))
	for i, v := range t.Data {
		out[i] = Num{X: fixed.FromFloat64Big(new(big.Int), v, f), T: f}
	}
	return out
}
