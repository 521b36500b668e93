package keras

import (
	"fmt"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/softmax"
)

// activationsOfKeras3 read the activation layers that hls4ml's converters/keras_v3/core.py enters into its
// list under other names than those of Keras 2.
var activationsOfKeras3 = []build.Handler{
	own("Activation", checked(activationUnsupported), readActivation3),
	own("ReLU", checked(reluProblem3), readReLU3),
	own("LeakyReLU", nil, readReLU3),
	own("ELU", nil, func(c *build.Call) (*build.Out, error) {
		alpha, err := c.Config.Float("alpha", 1)
		if err != nil {
			return nil, err
		}
		return parametrize(c, "ELU", "elu", alpha)
	}),
	{
		Classes: []string{"PReLU"}, OwnActivation: true, Variables: variables("alpha"), Read: readPReLU3,
	},
	own("Softmax", checked(softmaxProblem), readSoftmax3),
}

// readActivation3 is readActivation with the hard sigmoid of Keras 3. hls4ml gives it that of Keras 2.
func readActivation3(c *build.Call) (*build.Out, error) {
	out, err := readActivation(c)
	if err != nil || out.Kind != "HardActivation" {
		return out, err
	}
	build.Attrs[act.HardAttrs](out).FrameworkSlope = 1. / 6
	return out.Done()
}

// ceilings are the functions for a ReLU that stops at a value.
var ceilings = map[float64]string{1: "relu1", 6: "relu6"}

func reluProblem3(_ string, c Config) string {
	slope, err := c.Float("negative_slope", 0)
	if err != nil {
		return err.Error()
	}
	threshold, err := c.Float("threshold", 0)
	if err != nil {
		return err.Error()
	}
	if slope != 0 && threshold != 0 {
		return fmt.Sprintf("negative_slope %v and threshold %v: the firmware has one of them, not both", slope,
			threshold)
	}
	ceiling, bounded, err := c.ceiling()
	if err != nil {
		return err.Error()
	}
	if bounded && (ceilings[ceiling] == "" || slope != 0 || threshold != 0) {
		return fmt.Sprintf("max_value: got %v, want none, or 1 or 6 without slope and threshold: the firmware has "+
			"no other: take a saturating type", ceiling)
	}
	return ""
}

// ceiling is the largest value that a ReLU gives.
func (c Config) ceiling() (v float64, bounded bool, err error) {
	if !c.Has("max_value") || c["max_value"] == "Infinity" {
		return 0, false, nil
	}
	v, err = c.Float("max_value", 0)
	return v, true, err
}

// readReLU3 reads a ReLU as what hls4ml makes of it: a threshold, though it be 0, or a slope.
func readReLU3(c *build.Call) (*build.Out, error) {
	slope, err := c.Config.Float("negative_slope", 0)
	if err != nil {
		return nil, err
	}
	threshold, err := c.Config.Float("threshold", 0)
	if err != nil {
		return nil, err
	}
	ceiling, bounded, err := raw(c).ceiling()
	switch {
	case err != nil:
		return nil, err
	case bounded:
		return plain(c, "Activation", "Activation", ceilings[ceiling])
	case slope != 0:
		return parametrize(c, "LeakyReLU", "leakyrelu", slope)
	}
	return parametrize(c, "ThresholdedReLU", "thresholdedrelu", threshold)
}

// readPReLU3 repeats slopes that axes share, of which hls4ml knows nothing.
func readPReLU3(c *build.Call) (*build.Out, error) {
	shared, err := c.Config.Ints("shared_axes")
	if err != nil {
		return nil, err
	}
	shape := append([]int(nil), c.Shape()...)
	for _, axis := range shared {
		if axis < 1 || axis > len(shape) {
			return nil, fmt.Errorf("shared_axes: got %v, want axes 1 to %d", shared, len(shape))
		}
		shape[axis-1] = 1
	}
	out, err := plain(c, "PReLU", "PReLU", "prelu")
	if err != nil {
		return nil, err
	}
	alpha, err := c.Weight("alpha", shape...)
	if err != nil {
		return nil, err
	}
	whole := ir.NewTensor(alpha.DType, c.Shape()...)
	all, err := ir.Elementwise(whole, alpha, func(_, a float64) float64 { return a })
	if err != nil {
		return nil, err
	}
	out.Tensor("param_data", all)
	return out.Done()
}

// readSoftmax3 is readSoftmax with the sizes of the axes around the normalized one.
func readSoftmax3(c *build.Call) (*build.Out, error) {
	out, err := readSoftmax(c, "softmax")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[softmax.Attrs](out)
	at := a.Axis - 1
	if a.Axis < 0 {
		at = len(c.Shape()) + a.Axis
	}
	for i, d := range c.Shape() {
		switch {
		case i < at:
			a.NOuter *= d
		case i > at:
			a.NInner *= d
		}
	}
	return out.Done()
}
