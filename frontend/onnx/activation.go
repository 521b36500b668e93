package onnx

import (
	"fmt"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/softmax"
)

var activationHandlers = []build.Handler{
	{Classes: []string{"Relu"}, Read: plain("ReLU")},
	{Classes: []string{"Tanh", "Sigmoid", "Selu", "Softsign", "Softplus"}, Read: readFunction},
	{Classes: []string{"LeakyRelu"}, Read: parametrized("LeakyReLU", 0.01)},
	{Classes: []string{"Elu"}, Read: parametrized("ELU", 1)},
	{Classes: []string{"ThresholdedRelu"}, Read: parametrized("ThresholdedReLU", 1)},
	{Classes: []string{"HardSigmoid"}, Unsupported: hardSigmoidProblem, Read: readHardSigmoid},
	{Classes: []string{"Softmax"}, Unsupported: softmaxProblem, Read: readSoftmax},
	{Classes: []string{"Clip"}, Unsupported: clipProblem, Read: readClip},
	{Classes: []string{"PRelu"}, Unsupported: constantInputs(1), Read: readPReLU},
}

// plain reads a function without settings under hls4ml's name for it.
func plain(function string) func(*build.Call) (*build.Out, error) {
	return func(c *build.Call) (*build.Out, error) { return activation(c, "Activation", "Activation", function) }
}

func readFunction(c *build.Call) (*build.Out, error) {
	return activation(c, "Activation", "Activation", strings.ToLower(c.Class))
}

func activation(c *build.Call, kind, class, function string) (*build.Out, error) {
	out, err := c.Layer(kind, class)
	if err != nil {
		return nil, err
	}
	build.Attrs[act.Base](out).Activation = function
	return out.Done()
}

// parametrized reads a function with one number, alpha. hls4ml takes 0.01 where the file names none, whatever
// the operator's own default, which is def.
func parametrized(class string, def float64) func(*build.Call) (*build.Out, error) {
	return func(c *build.Call) (*build.Out, error) {
		out, err := activation(c, "ParametrizedActivation", class, class)
		if err != nil {
			return nil, err
		}
		a := build.Attrs[act.ParametrizedAttrs](out)
		if a.ActivParam, err = c.Config.Float("alpha", 0.01); err != nil {
			return nil, err
		}
		if !c.Config.Has("alpha") && def != a.ActivParam {
			a.Meant = &def
		}
		return out.Done()
	}
}

func hardSigmoidProblem(_ string, a build.Attributes) string {
	alpha, err := a.Float("alpha", 0.2)
	if err == nil && alpha <= 0 {
		return fmt.Sprintf("alpha: got %v, want a positive number", alpha)
	}
	return ""
}

func readHardSigmoid(c *build.Call) (*build.Out, error) {
	out, err := activation(c, "HardActivation", "HardActivation", "hard_sigmoid")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[act.HardAttrs](out)
	if a.Slope, err = c.Config.Float("alpha", 0.2); err != nil {
		return nil, err
	}
	if a.Shift, err = c.Config.Float("beta", 0.5); err != nil {
		return nil, err
	}
	return out.Done()
}

// softmaxAxis is the axis that is normalized. Before version 13 the operator took all axes from the given one
// on together; hls4ml reads past that, and knows one axis.
func softmaxAxis(n Node) (axis int, err error) {
	rank := n.rank()
	axis, err = n.Int("axis", -1)
	if err != nil {
		return 0, err
	}
	if axis < 0 {
		axis += rank
	}
	if axis < 1 || axis >= rank {
		return 0, fmt.Errorf("axis: got %d, want one of the %d axes behind that of the batch", axis, rank-1)
	}
	return axis, nil
}

func softmaxProblem(_ string, a build.Attributes) string {
	n := a.(Node)
	if n.Of.Opsets[""] >= 13 || n.rank() == 2 {
		return ""
	}
	if axis, err := n.Int("axis", 1); err == nil && axis != n.rank()-1 && axis != -1 {
		return fmt.Sprintf("axis: got %d of %d axes in a file of opset %d, which means that one and all behind "+
			"it: flatten them before, or export with opset 13 or newer", axis, n.rank(), n.Of.Opsets[""])
	}
	return ""
}

func readSoftmax(c *build.Call) (*build.Out, error) {
	n := node(c)
	axis, err := softmaxAxis(n)
	if err != nil {
		return nil, err
	}
	if axis == n.rank()-1 {
		axis = -1
	}
	out, err := c.Layer("Softmax", "Softmax")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[softmax.Attrs](out)
	a.Activation, a.Axis = "softmax", axis
	return out.Done()
}

// readPReLU reads slopes that spread over the input's values. hls4ml makes a layer that has none.
func readPReLU(c *build.Call) (*build.Out, error) {
	out, err := activation(c, "PReLU", "PReLU", "PReLU")
	if err != nil {
		return nil, err
	}
	slopes, err := spreadConstant(c, 1, c.Shape())
	if err != nil {
		return nil, err
	}
	out.Tensor("param_data", slopes)
	return out.Done()
}
