package sim

import (
	"math/big"
	"math/bits"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Adders is the product of a matrix and a vector under Strategy distributed_arithmetic, whose firmware is a
// graph of adders made for these weights. Which adder stands where is no matter, since every value in it is
// exact: the answer is the sum in full of the weights as the network stores them, converted once. weight_t,
// bias_t and accum_t have no say.
type Adders struct {
	NIn, NOut    int
	Data, Result fixed.Format
	Weight       *ir.Tensor // of shape (NIn, NOut)
	Bias         *ir.Tensor // of NOut values
}

func (x Matrix) adders(n *ir.Node, data fixed.Format) (Adders, error) {
	if _, err := x.check(n); err != nil {
		return Adders{}, err
	}
	if n.ReuseFactor != 1 {
		return Adders{}, n.Errorf("Strategy distributed_arithmetic: got ReuseFactor %d, want 1", n.ReuseFactor)
	}
	a := Adders{
		NIn: x.NIn, NOut: x.NOut, Data: data, Result: n.Out().Type.Format,
		Weight: n.Weight("weight").Data, Bias: n.Weight("bias").Data,
	}
	if x.Data != (fixed.Format{}) {
		return a, nil // it was checked before the layer took a quantizer in
	}
	return a, CheckAdders(n)
}

// CheckAdders wants a fixed-point type before a layer of adders: hls4ml asks for its class of these, of which
// those of integers are none.
func CheckAdders(n *ir.Node) error {
	if data := n.In(0).Type.Format; data.Kind != fixed.KindFixed {
		return n.Errorf("Strategy distributed_arithmetic: type of the input: got %s, want a "+
			"fixed-point type, as hls4ml does", data)
	}
	return nil
}

// narrowWeights reports whether the weights of the node fit 64 bits as its firmware holds them: exactly in a
// graph of adders, in their type elsewhere.
func narrowWeights(n *ir.Node) bool {
	for _, w := range n.Weights {
		if w.Storage != ir.Wired && !w.Type.Format.Narrow() {
			return false
		}
		if n.Strategy == ir.DistributedArithmetic && !fixed.Exactly(w.Data.Data...).Narrow() {
			return false
		}
	}
	return true
}

// Sum is the product as a sum operation; the weights must be narrow.
func (a Adders) Sum(taps [][]Plane) Sum {
	s := Sum{
		X: a.Data, Taps: taps, Product: fixed.Mult, WFormat: fixed.Exactly(a.Weight.Data...),
		BFormat: fixed.Exactly(a.Bias.Data...),
		W:       make([][]int64, a.NOut), Bias: make([]int64, a.NOut), Result: a.Result,
	}
	for j := range s.W {
		s.W[j] = make([]int64, a.NIn)
		for i := range s.W[j] {
			s.W[j][i] = fixed.FromFloat64(a.Weight.Data[i*a.NOut+j], s.WFormat)
		}
		s.Bias[j] = fixed.FromFloat64(a.Bias.Data[j], s.BFormat)
	}
	return s
}

// Eval is the product for one sample, with numbers of any width.
func (a Adders) Eval() func(data, res []Num) {
	wFormat, bFormat := fixed.Exactly(a.Weight.Data...), fixed.Exactly(a.Bias.Data...)
	full := fixed.Add(fixed.Mul(a.Data, wFormat), bFormat)
	grow := bits.Len(uint(a.NIn))
	full.W, full.I = full.W+grow, full.I+grow
	weights, biases := exactNums(a.Weight, wFormat), exactNums(a.Bias, bFormat)
	return func(data, res []Num) {
		for j := range res {
			acc := data[0].Like(biases[j]).Cast(full)
			for i, x := range data {
				acc = acc.Add(x.Mul(weights[i*a.NOut+j])).Cast(full)
			}
			res[j] = acc.Cast(a.Result)
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
