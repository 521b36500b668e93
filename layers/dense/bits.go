package dense

import (
	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// denseBits sums the products: each output by the weights that it has. The weights' values count and not
// their type, so that a column of small weights makes a narrow output. It asks for nothing in return: every
// bit of an input moves a sum.
var denseBits = layers.Bits{
	Make: layers.MakeBits(func(n *ir.Node, in []kif.Tensor) (kif.Tensor, error) {
		w := n.Weight("weight").Data
		sums, err := in[0].Interval().Matmul(w.Shape, w.Data)
		if err != nil {
			return kif.Tensor{}, err
		}
		return layers.BiasedBits(sums, n.Weight("bias"))
	}),
}
