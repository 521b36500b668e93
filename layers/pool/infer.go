package pool

import (
	"math/bits"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// inferWindow gives a maximum the type of the input, and an average an accumulator that holds every sum and
// as many more fractional bits; the result has the type of the input. Mirrors _infer_pooling_precision.
func inferWindow(n *ir.Node, env layers.InferEnv) error {
	x, accum := n.In(0).Type.Format, env.Default
	switch {
	case commonOf(n).PoolOp == "Max":
		accum = x
	case x.IsFixedOrInt():
		g := gridOf(n)
		grow := bits.Len(uint(g.poolH*g.poolW - 1))
		accum = fixed.Format{W: x.W + 2*grow, I: x.I + grow, Signed: x.Signed}
	}
	layers.Resolve(n, "accum_t", accum)
	return layers.InferLikeInput(n, env)
}
