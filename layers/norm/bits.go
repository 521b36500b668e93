package norm

import (
	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// scaleBits is one product and one sum per value.
var scaleBits = layers.Bits{
	Make: layers.MakeBits(func(n *ir.Node, in []kif.Tensor) (kif.Tensor, error) {
		s := n.Weight("scale").Data
		scaled, err := in[0].Interval().Times(kif.Constants(s.Shape, s.Data))
		if err != nil {
			return kif.Tensor{}, err
		}
		return layers.BiasedBits(scaled, n.Weight("bias"))
	}),
}
