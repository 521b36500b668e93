package passes

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/conv"
	"github.com/hlsgo/hlsgo/layers/dense"
)

// ReplaceMultidimensionalDenseWithConv turns a Dense over the last of several axes into a convolution with a
// kernel of one pixel: the same matrix at every place of the axes before. It starts from the weights as read:
// what was folded into the Dense before is lost, as in hls4ml 1.3.0.
var ReplaceMultidimensionalDenseWithConv = ir.Pass{
	Name: "replace_multidimensional_dense_with_conv",
	Doc:  "turn dense layers over several axes into convolutions",
	Match: func(n *ir.Node) bool { // a rule from one kind to another, both hls4ml's
		return n.Kind == "Dense" && len(n.In(0).Shape) > 1
	},
	Apply: replaceDense,
}

func replaceDense(n *ir.Node) (bool, error) {
	a, in := ir.Attrs[dense.Attrs](n), n.In(0).Shape
	kind, attrs, err := pixelDense(n, a, in)
	if err != nil {
		return false, err
	}
	w, outputFirst := n.Data.Tensors["weight_data"], n.Data.OutputFirst
	if outputFirst && n.ChannelsLast {
		w, outputFirst = w.OutputLast(), false
	}
	kernel, err := pixelKernel(n, w, in)
	if err != nil {
		return false, err
	}
	c, err := n.Graph().NewNode(ir.NodeSpec{
		Kind: kind, Name: n.Name, Attrs: attrs, Inputs: slices.Clone(n.Inputs), Origin: n.Origin,
		Data: ir.Data{Tensors: map[string]*ir.Tensor{
			"weight_data": kernel, "bias_data": n.Data.Tensors["bias_data"],
		}, OutputFirst: outputFirst},
	})
	if err != nil {
		return false, err
	}
	c.ChannelsLast = n.ChannelsLast
	return true, n.Graph().Replace(n, c)
}

// pixelDense is the convolution with a kernel of one pixel that does what a Dense does to an input of several
// axes.
func pixelDense(n *ir.Node, a *dense.Attrs, in []int) (kind string, attrs any, err error) {
	switch len(in) {
	case 2:
		return "Conv1D", &conv.Conv1DAttrs{
			Common: pixelwise(a), InWidth: in[0], OutWidth: in[0], FiltWidth: 1, StrideWidth: 1, DilationWidth: 1,
		}, nil
	case 3:
		return "Conv2D", &conv.Conv2DAttrs{
			Common: pixelwise(a), InHeight: in[0], InWidth: in[1], OutHeight: in[0], OutWidth: in[1],
			FiltHeight: 1, FiltWidth: 1, StrideHeight: 1, StrideWidth: 1, DilationHeight: 1, DilationWidth: 1,
		}, nil
	}
	return "", nil, n.Errorf("input: got %d axes, want at most 3", len(in))
}

// pixelKernel is the matrix as a kernel of one pixel, for an input of that shape.
func pixelKernel(n *ir.Node, w *ir.Tensor, in []int) (*ir.Tensor, error) {
	kernel, err := w.Reshape(append(slices.Repeat([]int{1}, len(in)-1), w.Shape...)...)
	if err != nil {
		return nil, n.Errorf("weight: %w", err)
	}
	return kernel, nil
}

func pixelwise(a *dense.Attrs) conv.Common {
	c := conv.Common{
		DataFormat: "channels_last", NChan: a.NIn, NFilt: a.NOut,
		ParallelizationFactor: 1, ConvImplementation: "LineBuffer",
	}
	if a.ParallelizationFactor != nil {
		c.ParallelizationFactor = *a.ParallelizationFactor
	}
	return c
}
