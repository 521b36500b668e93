package shape

import (
	"math/big"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/sim"
)

// A bilinear picture is enlarged by whole factors. Pixels are squares with their value in the middle, as in
// Keras: output pixel i of an axis enlarged f times lies at (2i+1-f)/2f, between two input pixels, of which
// it takes shares in parts of 2f; beyond the outermost middles it is the outermost pixel. The firmware adds
// the neighbours times their shares, which are whole numbers, and divides by the sum of the shares, toward
// zero, as the averages of poolings do.

// neighbours are the input pixels on both sides of an output pixel, and the shares of both.
type neighbours struct {
	at, share [2]int
}

func between(i, in, out int) neighbours {
	f := out / in
	twice := max(2*i+1-f, 0)
	low, rest := twice/(2*f), twice%(2*f)
	return neighbours{[2]int{low, min(low+1, in-1)}, [2]int{2*f - rest, rest}}
}

// blend is one output value: positions in the input, their weights, and the sum of those.
type blend struct {
	at, weight []int
	sum        int
}

// blendOf is output value i, in order.
func (a *ResizeAttrs) blendOf(i int) blend {
	pixel := i / a.NChan
	rows := between(pixel/a.OutWidth, a.InHeight, a.OutHeight)
	return a.blend(rows, between(pixel%a.OutWidth, a.InWidth, a.OutWidth), i%a.NChan)
}

func (a *ResizeAttrs) blend(rows, cols neighbours, channel int) blend {
	var b blend
	for k, row := range rows.at {
		for l, col := range cols.at {
			if w := rows.share[k] * cols.share[l]; w > 0 {
				b.at = append(b.at, (row*a.InWidth+col)*a.NChan+channel)
				b.weight = append(b.weight, w)
				b.sum += w
			}
		}
	}
	return b
}

// checkBilinear wants what the arithmetic above is defined for.
func (a *ResizeAttrs) checkBilinear(n *ir.Node) error {
	switch {
	case a.OutHeight%a.InHeight != 0 || a.OutWidth%a.InWidth != 0:
		return n.Errorf("size: got %d by %d pixels from %d by %d, want multiples for bilinear",
			a.OutHeight, a.OutWidth, a.InHeight, a.InWidth)
	case a.AlignCorners:
		return n.Errorf("align_corners: got true, want false for bilinear")
	case !n.In(0).Type.Format.IsFixedOrInt() && n.In(0).Type.Format != fixed.Auto:
		return n.Errorf("input: got %s, want fixed or int for bilinear", n.In(0).Type.Format)
	}
	return nil
}

// phase is what output pixels of an axis have in common that lie at one place between input pixels: from
// which pixel on they take shares, relative to the one that they come from, and the shares of that and the
// next. At the edges both are one pixel, so that it gets all of the shares.
func phase(p, f int) (first int, share [2]int) {
	rest := 2*p + 1 - f
	if rest < 0 {
		first, rest = -1, rest+2*f
	}
	return first, [2]int{2*f - rest, rest}
}

// clamped is n positions from first on, those outside at the edge.
func clamped(first, n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(min(max(first+i, 0), n-1))
	}
	return out
}

// gridBilinear makes a picture of each place between pixels, all of the input's size, and weaves them.
func gridBilinear(lo *sim.Lowering, n *ir.Node) (bool, error) {
	a, x := ir.Attrs[ResizeAttrs](n), lo.In(n, 0)
	if err := a.check(n); err != nil {
		return false, err
	}
	h, w := a.InHeight, a.InWidth
	fh, fw := a.OutHeight/h, a.OutWidth/w
	moved := map[[2]int][]sim.Plane{}
	at := func(row, col int) ([]sim.Plane, bool) {
		k := [2]int{row, col}
		ok := moved[k] != nil
		if !ok {
			moved[k], ok = lo.Moved(n, h, w, clamped(row, h), clamped(col, w))
		}
		return moved[k], ok
	}
	var parts [][]sim.Plane
	for p := range fh {
		for q := range fw {
			row, rows := phase(p, fh)
			col, cols := phase(q, fw)
			part := make([]sim.Plane, a.NChan)
			for k := range 4 {
				share := int64(rows[k/2] * cols[k%2])
				if share == 0 {
					continue
				}
				from, ok := at(row+k/2, col+k%2)
				if !ok {
					return false, nil
				}
				for c := range part {
					y := lo.Scale(from[c], share, 0)
					if k > 0 {
						y = lo.Add(part[c], x.Format, y, x.Format)
					}
					part[c] = y
				}
			}
			for c, acc := range part {
				part[c] = lo.Quo(acc, int64(4*fh*fw))
			}
			parts = append(parts, part)
		}
	}
	passOn(lo, n, lo.Woven(parts, fh, fw))
	return true, nil
}

// bilinearKernel mirrors nnet::resize_bilinear in nnet_image.h and nnet_image_stream.h.
var bilinearKernel = sim.Kernel{
	Lower: func(lo *sim.Lowering, n *ir.Node) error {
		x, t := lo.In(n, 0), n.Out().Type.Format
		out, a := make([]sim.Plane, n.Out().Size()), ir.Attrs[ResizeAttrs](n)
		for i := range out {
			b := a.blendOf(i)
			acc := lo.Scale(x.Planes[b.at[0]], int64(b.weight[0]), 0)
			for k, at := range b.at[1:] {
				acc = lo.Add(acc, x.Format, lo.Scale(x.Planes[at], int64(b.weight[k+1]), 0), x.Format)
			}
			out[i] = convert(lo, lo.Quo(acc, int64(b.sum)), x.Format, t)
		}
		lo.SetOut(n, 0, out)
		return nil
	},
	Eval: func(_ *sim.Env, n *ir.Node) (sim.Evaluator, error) {
		a, t := ir.Attrs[ResizeAttrs](n), n.Out().Type.Format
		return func(in, out [][]sim.Num) {
			for i := range out[0] {
				b := a.blendOf(i)
				acc := new(big.Int)
				for k, at := range b.at {
					acc.Add(acc, new(big.Int).Mul(in[0][at].X, big.NewInt(int64(b.weight[k]))))
				}
				acc.Quo(acc, big.NewInt(int64(b.sum)))
				out[0][i] = sim.Num{X: acc, T: in[0][0].T}.Cast(t)
			}
		}, nil
	},
}

// resizeKernel is the kernel of the node's algorithm.
var resizeKernel = bilinearOnGrid(onGrid(sim.Kernel{
	Lower: func(lo *sim.Lowering, n *ir.Node) error {
		k, err := kernelOf(n)
		if err != nil {
			return err
		}
		return k.Lower(lo, n)
	},
	Eval: func(env *sim.Env, n *ir.Node) (sim.Evaluator, error) {
		k, err := kernelOf(n)
		if err != nil {
			return nil, err
		}
		return k.Eval(env, n)
	},
}, resizePlaces))

// bilinearOnGrid adds gridBilinear to the kernel of the other algorithm.
func bilinearOnGrid(k sim.Kernel) sim.Kernel {
	nearest := k.Grid
	k.Grid = func(lo *sim.Lowering, n *ir.Node) (bool, error) {
		if ir.Attrs[ResizeAttrs](n).Algorithm == "bilinear" {
			return gridBilinear(lo, n)
		}
		return nearest(lo, n)
	}
	return k
}

func kernelOf(n *ir.Node) (sim.Kernel, error) {
	a := ir.Attrs[ResizeAttrs](n)
	if a.Algorithm == "bilinear" {
		return bilinearKernel, a.check(n)
	}
	return moveKernel(resizeSource), nil
}

var resizeRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	a := ir.Attrs[ResizeAttrs](n)
	if a.Algorithm != "bilinear" {
		return moveRef(repeatedSource)(n)
	}
	if err := a.checkSizes(n); err != nil {
		return nil, err
	}
	return func(in [][]float64, out []float64) {
		for i := range out {
			b := a.blendOf(i)
			sum := 0.0
			for k, at := range b.at {
				sum += in[0][at] * float64(b.weight[k])
			}
			out[i] = sum / float64(b.sum)
		}
	}, nil
}
