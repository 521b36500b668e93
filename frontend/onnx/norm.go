package onnx

import (
	"fmt"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
)

var normHandlers = []build.Handler{
	{
		Classes: []string{"BatchNormalization"}, Unsupported: batchNormProblem, Read: readBatchNorm,
	},
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
