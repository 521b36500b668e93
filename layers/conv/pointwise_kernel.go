package conv

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/sim"
)

// pixelMap says which input pixel each output pixel of a pointwise convolution reads; -1 is padding.
type pixelMap struct {
	*Common
	from []int
}

func pixels1D(n *ir.Node) pixelMap {
	a := ir.Attrs[Conv1DAttrs](n)
	p := pixelMap{Common: &a.Common}
	for i := range a.OutWidth {
		p.from = append(p.from, inside(i*a.StrideWidth-a.PadLeft, a.InWidth))
	}
	return p
}

func pixels2D(n *ir.Node) pixelMap {
	a := ir.Attrs[Conv2DAttrs](n)
	p := pixelMap{Common: &a.Common}
	for i := range a.OutHeight {
		row := inside(i*a.StrideHeight-a.PadTop, a.InHeight)
		for j := range a.OutWidth {
			col := inside(j*a.StrideWidth-a.PadLeft, a.InWidth)
			if row < 0 || col < 0 {
				p.from = append(p.from, -1)
			} else {
				p.from = append(p.from, row*a.InWidth+col)
			}
		}
	}
	return p
}

// inside is i, or -1 where it lies in the padding.
func inside(i, size int) int {
	if i < 0 || i >= size {
		return -1
	}
	return i
}

func (p pixelMap) matrix() sim.Matrix {
	return sim.Matrix{NIn: p.NChan, NOut: p.NFilt, Transposed: p.WeightsTransposed}
}

// check looks for a map that does not fit the tensors.
func (p pixelMap) check(n *ir.Node) error {
	if p.DataFormat == "channels_first" {
		return n.Errorf("data_format: got channels_first, want channels_last")
	}
	if len(p.from)*p.NFilt != n.Out().Size() {
		return n.Errorf("geometry: got %d pixels of %d values, want %d values", len(p.from), p.NFilt, n.Out().Size())
	}
	for _, s := range p.from {
		if s >= 0 && (s+1)*p.NChan > n.In(0).Size() {
			return n.Errorf("geometry: pixel %d lies outside of %d values", s, n.In(0).Size())
		}
	}
	return nil
}

// pointwiseKernel mirrors nnet::pointwise_conv_1d_latency_cl in nnet_conv1d_latency.h, conv_1d_resource_cl in
// nnet_conv1d_resource.h, pointwise_mult_buffer in nnet_sepconv_stream.h, and those for two axes: each pixel
// is a Dense over its channels.
func pointwiseKernel(pixels func(n *ir.Node) pixelMap) sim.Kernel {
	return sim.Kernel{
		Lower: func(lo *sim.Lowering, n *ir.Node) error {
			p := pixels(n)
			if err := p.check(n); err != nil {
				return err
			}
			x := lo.In(n, 0)
			taps := make([][]sim.Plane, len(p.from))
			for i, s := range p.from {
				if s < 0 {
					taps[i] = make([]sim.Plane, p.NChan)
					for c := range taps[i] {
						taps[i][c] = sim.NoPlane
					}
					continue
				}
				taps[i] = x.Planes[s*p.NChan:][:p.NChan]
			}
			sum, err := p.matrix().Sum(n, x.Format, taps)
			if err != nil {
				return err
			}
			lo.SetOut(n, 0, lo.Sum(sum))
			return nil
		},
		Eval: func(_ *sim.Env, n *ir.Node) (sim.Evaluator, error) {
			p := pixels(n)
			dense, err := p.matrix().Eval(n)
			if err == nil {
				err = p.check(n)
			}
			return func(in, out [][]sim.Num) { p.eval(n, dense, in[0], out[0]) }, err
		},
	}
}

func (p pixelMap) eval(n *ir.Node, dense func(data, res []sim.Num), in, out []sim.Num) {
	for i, s := range p.from {
		data := make([]sim.Num, p.NChan)
		for c := range data {
			data[c] = sim.NewNum(0, n.In(0).Type.Format)
			if s >= 0 {
				data[c] = in[s*p.NChan+c]
			}
		}
		dense(data, out[i*p.NFilt:][:p.NFilt])
	}
}

// pointwiseRef is the float reference.
func pointwiseRef(pixels func(n *ir.Node) pixelMap) layers.RefFunc {
	return func(n *ir.Node) (func(in [][]float64, out []float64), error) {
		p := pixels(n)
		w, b := n.Weight("weight").Unquantized.Data, n.Weight("bias").Unquantized.Data
		return func(in [][]float64, out []float64) {
			for i, s := range p.from {
				res := out[i*p.NFilt:][:p.NFilt]
				copy(res, b)
				for c := 0; s >= 0 && c < p.NChan; c++ {
					for f := range res {
						res[f] += in[0][s*p.NChan+c] * w[c*p.NFilt+f]
					}
				}
			}
		}, p.check(n)
	}
}
