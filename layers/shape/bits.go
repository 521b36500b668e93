package shape

import (
	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// reshapeBits lets bits through in another shape, both ways.
var reshapeBits = layers.Bits{
	// hls4ml's reshape hands on the arrays that the node before keeps, and not a copy: see kif.Tensor.Held.
	Make: func(n *ir.Node, env layers.BitsEnv) (kif.Tensor, error) {
		x, err := env.Kept(0)
		if err == nil && len(x.K) != n.Out().Size() {
			err = n.Errorf("precision: got %d values, want %d", len(x.K), n.Out().Size())
		}
		x.Held = true
		return x.Reshaped(n.Out().Shape), err
	},
	Want: func(n *ir.Node, env layers.BitsEnv) ([]kif.Tensor, error) {
		w, err := env.Wanted()
		return []kif.Tensor{w.Reshaped(n.In(0).Shape)}, err
	},
}

// transposeBits moves bits with their values.
var transposeBits = layers.Bits{
	Make: layers.MakeBits(func(n *ir.Node, in []kif.Tensor) (kif.Tensor, error) {
		return in[0].Permuted(ir.Attrs[TransposeAttrs](n).Perm), nil
	}),
	Want: func(n *ir.Node, env layers.BitsEnv) ([]kif.Tensor, error) {
		w, err := env.Wanted()
		if err != nil {
			return nil, err
		}
		return []kif.Tensor{w.Permuted(inverse(ir.Attrs[TransposeAttrs](n).Perm))}, nil
	},
}

func inverse(perm []int) []int {
	out := make([]int, len(perm))
	for i, p := range perm {
		out[p] = i
	}
	return out
}
