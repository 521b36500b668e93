package onnx

import (
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/norm"
)

var normHandlers = []build.Handler{
	{
		Classes: []string{"BatchNormalization"}, Unsupported: batchNormProblem, Read: readBatchNorm,
	},
	{Classes: []string{"LayerNormalization"}, Unsupported: layerNormProblem, Read: readLayerNorm},
}

func batchNormProblem(class string, a build.Attributes) string {
	if on, err := a.Bool("training_mode", false); err == nil && on {
		return "training_mode: got a layer that learns, want the model in evaluation mode"
	}
	return constantInputs(1, 2, 3, 4)(class, a)
}

// readBatchNorm mirrors parse_batchnorm_layer of hls4ml's converters/onnx/core.py; a pass makes a
// BatchNormalization of it and its constants.
func readBatchNorm(c *build.Call) (*build.Out, error) {
	shape := c.Shape()
	if len(c.Shapes) != 5 || len(shape) < 1 || len(shape) > 3 {
		return nil, fmt.Errorf("inputs: got %d with shape %v, want five with one to three axes", len(c.Shapes),
			shape)
	}
	channels := shape[len(shape)-1]
	for i, s := range c.Shapes[1:] {
		if len(s) != 1 || s[0] != channels {
			return nil, fmt.Errorf("input %d: got shape %v, want [%d]", i+1, s, channels)
		}
	}
	out, err := c.Layer("BatchNormOnnx", "BatchNormOnnx")
	if err != nil {
		return nil, err
	}
	epsilon, err := c.Config.Float("epsilon", 1e-5)
	if err != nil {
		return nil, err
	}
	filters := -1
	if len(shape) > 1 {
		filters = channels
	}
	out.Set("epsilon", epsilon)
	out.Set("n_in", ir.Size(shape))
	out.Set("n_out", ir.Size(shape))
	out.Set("n_filt", filters)
	return out.Done()
}

func layerNormProblem(class string, a build.Attributes) string {
	n := a.(Node)
	rank := n.rank()
	if axis, err := n.Int("axis", -1); err != nil || axis != -1 && axis != rank-1 {
		return fmt.Sprintf("axis: got %d, want the last: the firmware normalizes rows", axis)
	}
	if rank != 2 && rank != 3 {
		return fmt.Sprintf("input: got shape %v, want rows and columns", n.Of.Shape(n.Input(0)))
	}
	return constantInputs(1, 2)(class, a)
}

// readLayerNorm makes the layer as hls4ml does of those of other frameworks: it does not read this one. The
// firmware adds a power of ten.
func readLayerNorm(c *build.Call) (*build.Out, error) {
	shape := c.Shape()
	epsilon, err := c.Config.Float("epsilon", 1e-5)
	if err != nil {
		return nil, err
	}
	power := -math.RoundToEven(math.Log10(epsilon))
	if epsilon <= 0 || power < 1 {
		return nil, fmt.Errorf("epsilon: got %v, want it positive and 0.1 or less", epsilon)
	}
	out, err := c.Layer("LayerNormalization", "LayerNormalization")
	if err != nil {
		return nil, err
	}
	size, columns := ir.Size(shape), shape[len(shape)-1]
	a := build.Attrs[norm.LayerNormAttrs](out)
	a.NIn, a.NOut, a.SeqLen, a.Axis = size, size, size/columns, 2
	a.Epsilon, a.EpsilonPower = epsilon, int(power)
	for i, name := range []string{"gamma", "beta"} {
		if node(c).Input(i+1) == "" {
			continue
		}
		t, err := c.Weight(fmt.Sprint(i+1), columns)
		if err != nil {
			return nil, err
		}
		out.Tensor(name+"_data", t)
	}
	return out.Done()
}
