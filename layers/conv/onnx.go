package conv

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// OnnxAttrs are the attributes of Conv: the geometry of a convolution over one or two axes, channels last.
// Over one axis the heights are 1.
type OnnxAttrs struct {
	Conv2DAttrs
	NDim  int `hls:"n_dim"` // axes of pixels: 1 or 2
	Group int `hls:"group"`
	// DepthMultiplier is the number of filters for each channel, where groups are single channels.
	DepthMultiplier int `hls:"depth_multiplier"`
}

// OneAxis returns the geometry as that of a convolution over one axis.
func (a *OnnxAttrs) OneAxis() Conv1DAttrs {
	return Conv1DAttrs{
		Common: a.Common, InWidth: a.InWidth, OutWidth: a.OutWidth, FiltWidth: a.FiltWidth,
		StrideWidth: a.StrideWidth, PadLeft: a.PadLeft, PadRight: a.PadRight, DilationWidth: a.DilationWidth,
	}
}

func newOnnx() any {
	a := OnnxAttrs{Conv2DAttrs: *newConv2D().(*Conv2DAttrs), NDim: 2, Group: 1}
	a.InHeight, a.OutHeight, a.FiltHeight = 1, 1, 1
	return &a
}

// convDef is a convolution that has its weights and bias as inputs, as ONNX does. Weights are channels last,
// filters first. A pass makes a Conv1D, Conv2D or depthwise one of it. Mirrors Conv of hls4ml's
// model/layers.py.
var convDef = layers.Def{
	Kind:    "Conv",
	Doc:     "convolution of ONNX, until a pass makes a Conv1D, Conv2D or depthwise one of it",
	Attrs:   newOnnx,
	Options: []ir.Option{layers.AccumOption(), layers.ReuseFactorOption()},
	Init:    initOnnx,
	Ref:     onnxRef,
	Impl:    map[codegen.Dialect]layers.Impl{codegen.Xilinx: {Setup: refuseOnnx}},
	Missing: "a pass makes a Conv1D, Conv2D or depthwise convolution of it",
}

// refuseOnnx reports weights that the network computes, once the set-up begins.
func refuseOnnx(n *ir.Node) error {
	return n.Errorf("inputs %q: got weights that the network computes, want constants", n.Inputs[1:])
}

// initOnnx mirrors Conv.initialize.
func initOnnx(n *ir.Node, _ ir.Data) error {
	a := ir.Attrs[OnnxAttrs](n)
	switch {
	case a.NDim != 1 && a.NDim != 2:
		return n.Errorf("n_dim: got %d, want 1 or 2 axes of pixels", a.NDim)
	case len(n.Inputs) < 2 || len(n.Inputs) > 3:
		return n.Errorf("inputs: got %d, want a tensor, weights and perhaps a bias", len(n.Inputs))
	case a.Group < 1 || a.NChan%a.Group != 0 || a.NFilt%a.Group != 0:
		return n.Errorf("group: got %d of %d channels and %d filters, want one that divides both",
			a.Group, a.NChan, a.NFilt)
	}
	err := checkSizes(n, a.InHeight, a.InWidth, a.OutHeight, a.OutWidth, a.NChan, a.NFilt, a.FiltHeight,
		a.FiltWidth, a.StrideHeight, a.StrideWidth)
	if err != nil {
		return err
	}
	if w := n.In(1); w == nil || w.Size() != a.NFilt*a.FiltHeight*a.FiltWidth*(a.NChan/a.Group) {
		return n.Errorf("input %q: got no weights of %d filters of %d by %d pixels and %d channels",
			n.Inputs[1], a.NFilt, a.FiltHeight, a.FiltWidth, a.NChan/a.Group)
	}
	if len(n.Inputs) == 3 && (n.In(2) == nil || n.In(2).Size() != a.NFilt) {
		return n.Errorf("input %q: got no bias of %d numbers", n.Inputs[2], a.NFilt)
	}
	if in := n.In(0); in.Size() != a.InHeight*a.InWidth*a.NChan {
		return n.Errorf("input %q: got shape %v, want %d by %d pixels of %d channels",
			n.Inputs[0], in.Shape, a.InHeight, a.InWidth, a.NChan)
	}
	if a.NDim == 1 {
		return n.AddOutput([]int{a.OutWidth, a.NFilt})
	}
	return n.AddOutput([]int{a.OutHeight, a.OutWidth, a.NFilt})
}

var onnxRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	a := ir.Attrs[OnnxAttrs](n)
	g := a.windows()
	if err := layers.Fits(n, "a window", 8, g.size()); err != nil {
		return nil, err
	}
	each, taps := a.NChan/a.Group, a.FiltHeight*a.FiltWidth // channels of a group, pixels of a window
	return func(in [][]float64, out []float64) {
		g.each(func(i int, window []int) {
			for f := range a.NFilt {
				w, first := in[1][f*taps*each:], f/(a.NFilt/a.Group)*each
				sum := 0.0
				if len(in) == 3 {
					sum = in[2][f]
				}
				for t := range taps {
					for c := range each {
						if at := window[t*a.NChan+first+c]; at >= 0 {
							sum += in[0][at] * w[t*each+c]
						}
					}
				}
				out[i*a.NFilt+f] = sum
			}
		})
	}, nil
}
