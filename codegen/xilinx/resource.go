package xilinx

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/layers/conv"
	"github.com/hlsgo/hlsgo/layers/dense"
	"github.com/hlsgo/hlsgo/layers/rnn"
)

// ApplyResourceStrategy stores the weights of resource layers with the output axis first, as their kernels
// read them.
var ApplyResourceStrategy = ir.Pass{
	Name: "vivado:apply_resource_strategy",
	Doc:  "store weights of resource layers by output",
	Match: func(n *ir.Node) bool {
		t := transposed(n)
		return t != nil && !*t && n.Strategy.Resourceful()
	},
	Apply: func(n *ir.Node) (bool, error) {
		roles := rnn.Matrices(n)
		if roles == nil {
			roles = []string{"weight"}
		}
		for _, role := range roles {
			w := n.Weight(role)
			w.Data = w.Data.Transpose(outputFirst(len(w.Data.Shape))...)
		}
		*transposed(n) = true
		return false, nil
	},
}

// outputFirst brings the last axis, that of the outputs, to the front.
func outputFirst(axes int) []int {
	switch axes {
	case 3:
		return []int{2, 0, 1}
	case 4:
		return []int{3, 0, 1, 2}
	}
	return []int{1, 0}
}

// transposed is the mark of n that its weights are stored by output; nil for kinds without.
func transposed(n *ir.Node) *bool {
	if a, ok := n.Attrs.(*dense.Attrs); ok {
		return &a.WeightsTransposed
	}
	if c := conv.CommonOf(n); c != nil {
		return &c.WeightsTransposed
	}
	if c := rnn.CommonOf(n); c != nil {
		return &c.WeightsTransposed
	}
	return nil
}

// GenerateUnrolledDenseResource marks the layers whose multiplications are written out one by one.
var GenerateUnrolledDenseResource = ir.Pass{
	Name: "vivado:generate_unrolled_dense_resource",
	Doc:  "mark layers whose multiplications are written out",
	Match: func(n *ir.Node) bool {
		t := transposed(n)
		return t != nil && *t && n.ReuseFactor > 1 && n.Strategy == ir.ResourceUnrolled
	},
	Apply: func(n *ir.Node) (bool, error) {
		if c := rnn.CommonOf(n); c != nil {
			c.Unrolled = true
			return false, nil
		}
		nIn, nOut, _ := multSize(n)
		if rf := n.ReuseFactor; rf > nIn && rf%nIn != 0 || nIn*nOut%rf != 0 {
			return false, n.Errorf("Strategy resource_unrolled: got ReuseFactor %d, want one of %v",
				rf, layers.ValidReuseFactors(nIn, nOut))
		}
		if a, ok := n.Attrs.(*dense.Attrs); ok {
			a.Unrolled = true
		} else {
			conv.CommonOf(n).Unrolled = true
		}
		return false, nil
	},
}
