package keras

import (
	"fmt"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/norm"
)

var normHandlers = []build.Handler{
	{
		Classes: []string{"BatchNormalization"}, Variables: variables(statisticsVariables...), Read: readBatchNorm,
	},
}

// statisticsVariables are the weights of a batch normalization.
var statisticsVariables = []string{"gamma?scale", "beta?center", "moving_mean", "moving_variance"}

// readBatchNorm mirrors parse_batchnorm_layer of hls4ml's converters/keras/core.py.
func readBatchNorm(c *build.Call) (*build.Out, error) {
	shape := c.Shape()
	if len(shape) < 1 || len(shape) > 3 {
		return nil, fmt.Errorf("input: got shape %v, want one to three axes", shape)
	}
	if err := lastAxis(raw(c), len(shape)+1); err != nil {
		return nil, err
	}
	out, err := Layer(c, "BatchNormalization", c.Class)
	if err != nil {
		return nil, err
	}
	a := build.Attrs[norm.Attrs](out)
	a.NIn, a.NOut, a.NFilt = ir.Size(shape), ir.Size(shape), -1
	if len(shape) > 1 {
		a.NFilt = shape[len(shape)-1]
	}
	if a.Axis, err = c.Config.Ints("axis"); err != nil {
		return nil, err
	}
	if err := statistics(c, out, shape[len(shape)-1]); err != nil {
		return nil, err
	}
	return out.Done()
}

// statistics reads the four vectors of a batch normalization.
func statistics(c *build.Call, out *build.Out, channels int) error {
	if err := optional(c, out, "scale", "gamma", 1, channels); err != nil {
		return err
	}
	if err := optional(c, out, "center", "beta", 0, channels); err != nil {
		return err
	}
	for _, name := range []string{"mean", "variance"} {
		t, err := c.Weight("moving_"+name, channels)
		if err != nil {
			return err
		}
		out.Tensor(name+"_data", t)
	}
	return nil
}

// lastAxis refuses a normalization over an axis that is not the last: hls4ml takes the last without looking.
func lastAxis(c Config, rank int) error {
	axes, err := c.Ints("axis")
	if err != nil {
		return err
	}
	if len(axes) == 0 || len(axes) == 1 && (axes[0] == rank-1 || axes[0] == -1) {
		return nil
	}
	return fmt.Errorf("axis: got %v, want the last", axes)
}

// optional reads a weight that the flag switches on; switched off it is the scalar neutral.
func optional(c *build.Call, out *build.Out, flag, name string, neutral float64, size int) error {
	use, err := c.Config.Bool(flag, true)
	if err != nil {
		return err
	}
	out.Set("use_"+name, use)
	t := ir.NewTensor(ir.Float32)
	t.Data[0] = neutral
	if use {
		if t, err = c.Weight(name, size); err != nil {
			return err
		}
	}
	out.Tensor(name+"_data", t)
	return nil
}
