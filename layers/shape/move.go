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

// onGrid adds to the kernel that on grids only rows and columns of the picture are moved: places lists, for
// each of the output, that of the input or -1.
func onGrid(k sim.Kernel, places func(n *ir.Node) (h, w int, rows, columns []int32, ok bool)) sim.Kernel {
	k.Grid = func(lo *sim.Lowering, n *ir.Node) (bool, error) {
		h, w, rows, columns, ok := places(n)
		if !ok {
			return false, nil
		}
		x, ok := lo.Moved(n, h, w, rows, columns)
		if ok {
			passOn(lo, n, x)
		}
		return ok, nil
	}
	return k
}

// inPlace adds to the kernel that tensors stay on their grid: whatever the shape says, values keep their
// order.
func inPlace(k sim.Kernel) sim.Kernel {
	k.Grid = func(lo *sim.Lowering, n *ir.Node) (bool, error) {
		for _, v := range n.Vars {
			if v.Size() != n.In(0).Size() {
				return false, nil
			}
		}
		passOn(lo, n, lo.In(n, 0).Planes)
		return true, nil
	}
	return k
}

// passOn makes planes of the input's format every output, in its own.
func passOn(lo *sim.Lowering, n *ir.Node, x []sim.Plane) {
	for k, v := range n.Vars {
		out := make([]sim.Plane, len(x))
		for i, p := range x {
			out[i] = convert(lo, p, lo.In(n, 0).Format, v.Type.Format)
		}
		lo.SetOut(n, k, out)
	}
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
