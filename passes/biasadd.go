package passes

import "github.com/hlsgo/hlsgo/ir"

// FuseBiasAdd gives a bias that is a layer of its own to the dense layer or convolution before it, in place
// of the bias there. The type of the bias there stays, which is uint<1> where there was none. A front end
// that keeps the two apart names a sum of products and a constant; it is one layer everywhere else.
var FuseBiasAdd = ir.Pass{
	Name: "fuse_bias_add",
	Doc:  "move a bias into the dense layer or convolution before it",
	Match: func(n *ir.Node) bool {
		p := producer(n)
		return n.Kind == "BiasAdd" && p != nil && isMatrix(p) // a kind that exists for this pass alone
	},
	Apply: func(n *ir.Node) (bool, error) {
		p := producer(n)
		to, from := p.Weight("bias"), n.Weight("bias")
		if to == nil || len(to.Data.Data) != len(from.Data.Data) {
			return false, n.Errorf("bias: got %d values, which %s %q does not take",
				len(from.Data.Data), p.Kind, p.Name)
		}
		to.KeepCount(to.Count())
		to.Data = from.Data
		p.Origin = append(p.Origin, n.Origin...)
		return remove(n)
	},
}
