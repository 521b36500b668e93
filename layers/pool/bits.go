package pool

import (
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// poolBits is the part of poolings in bit-exact propagation.
var poolBits = layers.Bits{Make: layers.MakeBits(makePool), Settle: settleAccum}

// settleAccum lets the accumulator of an average hold the sum before the division. It widens the type in
// place: results that share it widen too, as in hls4ml.
func settleAccum(n *ir.Node, _ layers.BitsEnv) error {
	if commonOf(n).PoolOp != "Average" {
		return nil
	}
	accum := n.Type("accum_t")
	grow := int(math.Ceil(math.Log2(float64(ir.Size(spacing(n).Size)))))
	accum.Format.W += grow
	accum.Format.I += grow
	return nil
}

// spacing says where the windows stand; that of a global pooling is the whole input.
func spacing(n *ir.Node) kif.Spacing {
	switch a := n.Attrs.(type) {
	case *Pooling1DAttrs:
		return kif.Spacing{
			Size: []int{a.PoolWidth}, Stride: []int{a.StrideWidth}, Dilation: []int{1},
			Before: []int{a.PadLeft}, After: []int{a.PadRight},
		}
	case *Pooling2DAttrs:
		return kif.Spacing{
			Size: []int{a.PoolHeight, a.PoolWidth}, Stride: []int{a.StrideHeight, a.StrideWidth},
			Dilation: []int{1, 1}, Before: []int{a.PadTop, a.PadLeft}, After: []int{a.PadBottom, a.PadRight},
		}
	}
	in := n.In(0).Shape
	axes := len(in) - 1
	one, none := kif.Fill(axes, 1), make([]int, axes)
	return kif.Spacing{Size: in[:axes], Stride: one, Dilation: one, Before: none, After: none}
}

// makePool gives each result the most bits of its window, in which padding counts as none, and an average
// those of the division by the number of its pixels beyond.
func makePool(n *ir.Node, in []kif.Tensor) (kif.Tensor, error) {
	x, s, channels := in[0], spacing(n), commonOf(n).NFilt
	if len(x.Shape) != len(s.Size)+1 || x.Shape[len(s.Size)] != channels {
		return kif.Tensor{}, layers.ErrNoBits
	}
	g := gridOf(n)
	if err := layers.Fits(n, "its windows", 8, g.outputs(), g.poolH, g.poolW); err != nil {
		return kif.Tensor{}, err
	}
	win := s.Over(x.Shape)
	out := kif.New(slices.Concat(win.Shape, []int{channels}), 0, 0, 0)
	average := commonOf(n).PoolOp == "Average"
	for p, places := range win.Places {
		for c := range channels {
			at := p*channels + c
			count := most(&out, at, x, places, c, channels)
			if average {
				_, _, f := kif.Minimal(1 / float64(count))
				out.F[at] += f
			}
		}
	}
	if gridOf(n).global {
		// Of two axes hls4ml leaves the second, and refuses quantizers behind it then.
		out.Shape = out.Shape[len(out.Shape)-1:]
	}
	return out, nil
}

// most stores the most bits of channel c among the places of a window, and counts those that are no
// padding.
func most(out *kif.Tensor, at int, x kif.Tensor, places []int, c, channels int) (count int) {
	for j := c; j < len(places); j += channels {
		k, i, f := 0, 0, 0
		if s := places[j]; s >= 0 {
			k, i, f = x.K[s], x.I[s], x.F[s]
			count++
		}
		if j == c {
			out.K[at], out.I[at], out.F[at] = k, i, f
		}
		out.K[at], out.I[at], out.F[at] = max(out.K[at], k), max(out.I[at], i), max(out.F[at], f)
	}
	return count
}
