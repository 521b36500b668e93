package dense

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// initDense adds the output and the weights. Mirrors Dense.initialize.
func initDense(n *ir.Node, data ir.Data) error {
	a := ir.Attrs[Attrs](n)
	in := n.In(0)
	if in == nil {
		return n.Errorf("input %q: got no such tensor", n.Inputs[0])
	}
	if a.NIn < 1 || a.NOut < 1 {
		return n.Errorf("n_in, n_out: got %d, %d, want both positive", a.NIn, a.NOut)
	}
	if n.Graph().Config.Compression(n.Name, n.Kind) {
		return n.Errorf("Compression: got true, which hls4ml 1.3.0 cannot build either, want false")
	}
	if last := in.Shape[len(in.Shape)-1]; last != a.NIn {
		return n.Errorf("n_in is %d, its input has %d values on the last axis", a.NIn, last)
	}
	if data.OutputFirst && n.Graph().Config.ChannelsLastConversion() == "off" && min(a.NIn, a.NOut) > 1 {
		n.Graph().Warnf("Dense %q: like hls4ml 1.3.0 with ChannelsLastConversion off, the firmware does not turn "+
			"PyTorch's matrix: the answer is not the network's, set it to internal", n.Name)
	}
	shape := slices.Clone(in.Shape)
	shape[len(shape)-1] = a.NOut
	if err := n.AddOutput(shape); err != nil {
		return err
	}
	return layers.AddWeightAndBias(n, data, []int{a.NIn, a.NOut}, a.NOut)
}

// inferDense resolves the types from n_in products and a bias. Mirrors _infer_dense_precision.
func inferDense(n *ir.Node, env layers.InferEnv) error {
	return layers.InferSum(n, env, ir.Attrs[Attrs](n).NIn)
}
