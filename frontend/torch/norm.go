package torch

import (
	"math"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/norm"
)

var normHandlers = []build.Handler{
	{Classes: []string{"batch_norm", "_native_batch_norm_legit_no_training"},
		Unsupported: batchNormProblem, Read: readBatchNorm},
	{Classes: []string{"layer_norm", "native_layer_norm"}, Read: readLayerNorm},
}

func batchNormProblem(_ string, a build.Attributes) string {
	if on, err := a.Bool("training", false); err == nil && on {
		return "training: got true, want a network exported after model.eval()"
	}
	return ""
}

// readBatchNorm mirrors parse_batchnorm_layer of hls4ml's converters/pytorch/core.py.
func readBatchNorm(c *build.Call) (*build.Out, error) {
	shape := c.Shape()
	out, err := c.Layer("BatchNormalization", "BatchNormalization")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[norm.Attrs](out)
	a.DataFormat, a.NIn, a.NOut, a.NFilt = channelsFirst, ir.Size(shape), ir.Size(shape), -1
	if len(shape) > 1 {
		a.NFilt = shape[0]
	}
	if a.Epsilon, err = c.Config.Float("eps", 1e-5); err != nil {
		return nil, err
	}
	a.UseGamma, a.UseBeta = c.Config.Has("weight"), c.Config.Has("bias")
	for _, w := range []struct{ arg, data string }{
		{"weight", "gamma"}, {"bias", "beta"}, {"running_mean", "mean"}, {"running_var", "variance"},
	} {
		t, err := vector(c, w.arg, shape[0])
		switch {
		case err != nil:
			return nil, err
		case t != nil:
			out.Tensor(w.data+"_data", t)
		case w.data == "mean" || w.data == "variance":
			return nil, refusal("%s: got none, want track_running_stats: the statistics of each batch are no "+
				"constants", w.arg)
		}
	}
	return out.Done()
}

// readLayerNorm mirrors parse_layernorm_layer of hls4ml's converters/pytorch/core.py.
func readLayerNorm(c *build.Call) (*build.Out, error) {
	shape := c.Shape()
	over, err := c.Config.Ints("normalized_shape")
	if err != nil {
		return nil, err
	}
	if len(shape) != 2 || len(over) != 1 || over[0] != shape[1] {
		return nil, refusal("normalized_shape: got %v for an input of shape %v, want the last of two axes",
			over, shape)
	}
	epsilon, err := c.Config.Float("eps", 1e-5)
	if err != nil {
		return nil, err
	}
	power := -math.RoundToEven(math.Log10(epsilon))
	if epsilon <= 0 || power < 1 {
		return nil, refusal("eps: got %v, want it positive and 0.1 or less", epsilon)
	}
	out, err := c.Layer("LayerNormalization", "LayerNormalization")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[norm.LayerNormAttrs](out)
	a.NIn, a.NOut, a.SeqLen, a.Axis = ir.Size(shape), ir.Size(shape), shape[0], 2
	a.EpsilonPower, a.Epsilon = int(power), epsilon
	for _, w := range []struct{ arg, data string }{{"weight", "gamma"}, {"bias", "beta"}} {
		t, err := vector(c, w.arg, shape[1])
		if err != nil {
			return nil, err
		}
		if t != nil {
			out.Tensor(w.data+"_data", t)
		}
	}
	return out.Done()
}
