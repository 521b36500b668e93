package shape

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim"
)

// moveKernel is the kernel of kinds that only move values: every output k holds source(n)[i] of the input at
// position i, converted to its type, or zero where that is -1. Where the types are equal it costs nothing.
func moveKernel(source func(n *ir.Node) ([]int, error)) sim.Kernel {
	return sim.Kernel{
		Lower: func(lo *sim.Lowering, n *ir.Node) error {
			from, err := source(n)
			if err != nil {
				return err
			}
			x := lo.In(n, 0)
			for k, v := range n.Vars {
				out := make([]sim.Plane, len(from))
				for i, s := range from {
					if s < 0 {
						out[i] = lo.Const(0)
						continue
					}
					out[i] = convert(lo, x.Planes[s], x.Format, v.Type.Format)
				}
				lo.SetOut(n, k, out)
			}
			return nil
		},
		Eval: func(_ *sim.Env, n *ir.Node) (sim.Evaluator, error) {
			from, err := source(n)
			if err != nil {
				return nil, err
			}
			return func(in, out [][]sim.Num) {
				for k, v := range n.Vars {
					for i, s := range from {
						if s < 0 {
							out[k][i] = sim.NewNum(0, v.Type.Format)
							continue
						}
						if out[k][i] = in[0][s]; out[k][i].T != v.Type.Format {
							out[k][i] = out[k][i].Cast(v.Type.Format)
						}
					}
				}
			}, nil
		},
	}
}

func convert(lo *sim.Lowering, p sim.Plane, from, to fixed.Format) sim.Plane {
	if from == to {
		return p
	}
	return lo.Cast(p, from, to)
}

// sameOrder is the source of kinds that leave the values in place.
func sameOrder(n *ir.Node) ([]int, error) {
	size := n.In(0).Size()
	for _, v := range n.Vars {
		if v.Size() != size {
			return nil, n.Errorf("output %q: got %d values, want %d", v.Name, v.Size(), size)
		}
	}
	out := make([]int, size)
	for i := range out {
		out[i] = i
	}
	return out, nil
}
