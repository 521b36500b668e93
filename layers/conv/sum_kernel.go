package conv

import (
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/sim"
)

// convolutionKernel mirrors nnet::conv_1d_cl and conv_2d_cl, on arrays and on streams, and their pointwise
// forms: the window of each output pixel goes through the dense kernel. One kernel serves all of these
// because they differ in how a window reaches the product (generated copies, line buffers, queues) and not
// in the product: once the windows are listed, what is left is dense arithmetic with n_filt outputs per
// pixel, bias first, then rows, columns and channels of the window.
var convolutionKernel = sim.Kernel{
	Lower: func(lo *sim.Lowering, n *ir.Node) error {
		w, err := gathered(lo.Env(), n)
		if err != nil {
			return err
		}
		x := layers.AdderTensor(lo, n)
		sum, err := matrix(lo.Env(), n).Sum(n, x.Format, planes(w, x.Planes))
		if err != nil {
			return err
		}
		// Sum answers pixel by pixel with the filters inside, which is the channels-last order of the
		// output.
		lo.SetOut(n, 0, lo.Sum(sum))
		return nil
	},
	Grid: func(lo *sim.Lowering, n *ir.Node) (bool, error) {
		taps, ok := gridWindows(lo, n)
		if !ok || layers.AdderData(n) != (fixed.Format{}) {
			return false, nil
		}
		sum, err := matrix(lo.Env(), n).Sum(n, lo.In(n, 0).Format, [][]sim.Plane{taps})
		if err != nil {
			return false, err
		}
		lo.SetOut(n, 0, lo.Sum(sum))
		return true, nil
	},
	Eval: func(env *sim.Env, n *ir.Node) (sim.Evaluator, error) {
		dense, err := matrix(env, n).Eval(n)
		if err != nil {
			return nil, err
		}
		run, err := overPixels(env, n, dense)
		if err != nil {
			return nil, err
		}
		values := layers.AdderValues(n)
		return func(in, out [][]sim.Num) { run([][]sim.Num{values(in[0])}, out) }, nil
	},
}

// depthwiseKernel mirrors nnet::depthwise_conv_1d_cl and depthwise_conv_2d_cl, on arrays and on streams.
var depthwiseKernel = sim.Kernel{
	Lower: func(lo *sim.Lowering, n *ir.Node) error {
		w, err := gathered(lo.Env(), n)
		if err != nil {
			return err
		}
		x := lo.In(n, 0)
		sums, err := channels(lo.Env(), n).Sums(n, x.Format, planes(w, x.Planes))
		if err != nil {
			return err
		}
		out := make([]sim.Plane, len(w)*len(sums))
		for c, s := range sums {
			// Each channel is a sum of its own over all pixels; the output wants the channels of one pixel
			// side by side.
			for p, plane := range lo.Sum(s) {
				out[p*len(sums)+c] = plane
			}
		}
		lo.SetOut(n, 0, out)
		return nil
	},
	Grid: func(lo *sim.Lowering, n *ir.Node) (bool, error) {
		taps, ok := gridWindows(lo, n)
		if !ok {
			return false, nil
		}
		sums, err := channels(lo.Env(), n).Sums(n, lo.In(n, 0).Format, [][]sim.Plane{taps})
		if err != nil {
			return false, err
		}
		out := make([]sim.Plane, len(sums))
		for c, s := range sums {
			out[c] = lo.Sum(s)[0]
		}
		lo.SetOut(n, 0, out)
		return true, nil
	},
	Eval: func(env *sim.Env, n *ir.Node) (sim.Evaluator, error) {
		product, err := channels(env, n).Eval(n)
		if err != nil {
			return nil, err
		}
		return overPixels(env, n, product)
	},
}

// matrix is the product of a window with all filters, with the node's strategy: its order of additions is
// what tells Latency from Resource once the accumulator saturates.
func matrix(env *sim.Env, n *ir.Node) sim.Matrix {
	c := CommonOf(n)
	m := sim.Matrix{
		NIn: geometry(n).size(), NOut: c.NFilt, Transposed: layers.Transposed(n), Data: layers.AdderData(n),
	}
	// BatchedDenseForConv1D makes one product of all pixels, and its configuration counts the inputs of all
	// of them. The numbers are those of separate windows but for bits times bits: there the number of terms
	// is part of the result (twice the sum less n_in), and n_in is the configuration's.
	if a := Attrs1D(n); !env.Stream && a != nil && a.batched(n) {
		m.XnorTerms = m.NIn * a.InWidth
	}
	return m
}

// channels is the product of a window channel by channel. Only streams have a kernel for strategy Resource;
// arrays go through that of Latency whatever the configuration asks for.
func channels(env *sim.Env, n *ir.Node) sim.Depthwise {
	g := geometry(n)
	return sim.Depthwise{
		Positions: g.filtH * g.filtW, Chans: g.chans, Resource: env.Stream && n.Strategy == ir.Resource,
	}
}

// gathered lists the windows in the order in which the generated code answers them. It refuses geometries
// that do not fit the tensors. The kernels index planes without looking again, so that a geometry which
// reads or writes past a tensor must stop here: the sizes come from a file.
func gathered(env *sim.Env, n *ir.Node) ([][]int, error) {
	c := CommonOf(n)
	if c.DataFormat == "channels_first" {
		return nil, n.Errorf("data_format: got channels_first, want channels_last")
	}
	env.Need(sim.TapCost, geometry(n).outH, geometry(n).outW, geometry(n).size())
	w, err := answered(n, env.Stream)
	if err != nil {
		return nil, err
	}
	if len(w)*c.NFilt != n.Out().Size() {
		return nil, n.Errorf("geometry: got %d pixels of %d values, want %d values",
			len(w), c.NFilt, n.Out().Size())
	}
	if g := geometry(n); g.height*g.width*g.chans != n.In(0).Size() {
		return nil, n.Errorf("geometry: got %d by %d pixels of %d values, want %d values",
			g.height, g.width, g.chans, n.In(0).Size())
	}
	return w, nil
}

// gridWindows are the planes of the window of a node on a grid. It is false where there is more to the
// windows than their geometry; gathered then lists, or refuses, them.
func gridWindows(lo *sim.Lowering, n *ir.Node) ([]sim.Plane, bool) {
	g, c := geometry(n), CommonOf(n)
	if c.DataFormat == "channels_first" || g.outH*g.outW*c.NFilt != n.Out().Size() ||
		g.height*g.width*g.chans != n.In(0).Size() {
		return nil, false
	}
	if lo.Env().Stream {
		var ok bool
		if g, ok = streamed(n, g); !ok {
			return nil, false
		}
	}
	return lo.Windows(n, sim.Window{
		Height: g.height, Width: g.width, FiltH: g.filtH, FiltW: g.filtW, StrideH: g.strideH, StrideW: g.strideW,
		DilationH: g.dilationH, DilationW: g.dilationW, PadTop: g.padTop, PadLeft: g.padLeft,
		OutH: g.outH, OutW: g.outW,
	})
}

// planes puts the planes of the input into the windows. Padding is no plane at all rather than one of
// zeros: where the
// product of zero is zero, the sums may leave it out.
func planes(windows [][]int, x []sim.Plane) [][]sim.Plane {
	out := make([][]sim.Plane, len(windows))
	for i, w := range windows {
		out[i] = make([]sim.Plane, len(w))
		for k, at := range w {
			out[i][k] = sim.NoPlane
			if at >= 0 {
				out[i][k] = x[at]
			}
		}
	}
	return out
}

// overPixels runs product on every window. The evaluator multiplies the zeros of the padding like the
// firmware does; it is the judge of the kernels that leave them out. One buffer serves all windows, since
// product reads it before it returns.
func overPixels(env *sim.Env, n *ir.Node, product func(data, res []sim.Num)) (sim.Evaluator, error) {
	windows, err := gathered(env, n)
	if err != nil {
		return nil, err
	}
	filters := CommonOf(n).NFilt
	data := make([]sim.Num, geometry(n).size())
	return func(in, out [][]sim.Num) {
		zero := in[0][0].Zero()
		for i, w := range windows {
			for k, at := range w {
				data[k] = zero
				if at >= 0 {
					data[k] = in[0][at]
				}
			}
			product(data, out[0][i*filters:][:filters])
		}
	}, nil
}
