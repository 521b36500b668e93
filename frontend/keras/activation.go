package keras

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/quant"
	"github.com/hlsgo/hlsgo/layers/softmax"
)

var activationHandlers = []build.Handler{
	own("Activation", checked(activationUnsupported), readActivation),
	own("ReLU", nil, readReLU),
	own("LeakyReLU", nil, parametrized("LeakyReLU", 0.3, "negative_slope", "alpha")),
	own("ThresholdedReLU", nil, parametrized("ThresholdedReLU", 1, "theta")),
	own("ELU", nil, parametrized("ELU", 1, "alpha")),
	{
		Classes: []string{"PReLU"}, OwnActivation: true, Unsupported: checked(preluProblem),
		Variables: variables("alpha"), Read: readPReLU,
	},
	own("Softmax", checked(softmaxProblem), readSoftmaxLayer),
}

// own is a handler of layers that are an activation themselves.
func own(
	class string, problem func(string, build.Attributes) string, read func(*build.Call) (*build.Out, error),
) build.Handler {
	return build.Handler{Classes: []string{class}, OwnActivation: true, Unsupported: problem, Read: read}
}

// functions lists the activations that firmware exists for.
var functions = []string{
	"linear", "relu", "relu6", "relu1", "sigmoid", "tanh", "hard_sigmoid", "hard_tanh", "softmax", "softplus",
	"softsign", "selu", "elu", "leaky_relu", "binary_tanh", "ternary_tanh",
}

func activationUnsupported(_ string, c Config) string {
	switch v := c["activation"].(type) {
	case string:
		return functionProblem(v)
	case map[string]any:
		class, _ := v["class_name"].(string)
		return fmt.Sprintf("activation: got %s, want the name of a function", objectName(class, v))
	}
	return "activation: got neither a name nor an object"
}

func functionProblem(name string) string {
	if slices.Contains(functions, name) {
		return ""
	}
	return fmt.Sprintf("activation %q: no firmware for it, want one of %v", name, functions)
}

// activationProblem says what is wrong with the activation argument of another layer.
func (r *Reader) activationProblem(value any) string {
	switch v := value.(type) {
	case string:
		return functionProblem(v)
	case map[string]any:
		class, _ := v["class_name"].(string)
		if h, ok := r.handler(class); ok && h.OwnActivation && class != "QActivation" {
			return fmt.Sprintf("activation: got a layer of class %s, want the name of a function: put the layer "+
				"itself behind this one", class)
		}
		if !slices.Contains(quant.Classes(), class) {
			return fmt.Sprintf("activation: got %s, which is neither a function of Keras with firmware, %v, nor a "+
				"quantizer of QKeras", objectName(class, v), functions)
		}
		if h, ok := r.handlers["QActivation"]; ok && h.Unsupported != nil {
			return h.Unsupported("QActivation", Config{"activation": value})
		} else if ok {
			return ""
		}
		return fmt.Sprintf("activation: got the object %q, want the name of a function", class)
	}
	return "activation: got neither a name nor an object"
}

// objectName is an object in the words of those who wrote the model: functions of their own stand in files as
// objects that give their names.
func objectName(class string, object map[string]any) string {
	if name, ok := object["config"].(string); ok && class == "function" {
		return fmt.Sprintf("the function %q", name)
	}
	return fmt.Sprintf("an object of class %q", class)
}

// readActivation makes the kind that computes the named function. It mirrors parse_activation_layer of
// hls4ml's converters/keras/core.py.
func readActivation(c *build.Call) (*build.Out, error) {
	name, ok := raw(c)["activation"].(string)
	if !ok {
		return nil, fmt.Errorf("activation: got an object, want the name of a function")
	}
	switch name {
	case "softmax":
		return readSoftmax(c, name)
	case "elu":
		return parametrize(c, "ELU", name, 1)
	case "leaky_relu": // as an argument its default differs from the layer's
		return parametrize(c, "LeakyReLU", name, 0.2)
	case "hard_sigmoid":
		return plain(c, "HardActivation", "HardActivation", name)
	}
	return plain(c, "Activation", "Activation", name)
}

func plain(c *build.Call, kind, class, function string) (*build.Out, error) {
	out, err := Layer(c, kind, class)
	if err != nil {
		return nil, err
	}
	build.Attrs[act.Base](out).Activation = function
	return out.Done()
}

// readReLU keeps the ceiling, slope and threshold for the float reference; hls4ml computes a plain ReLU.
func readReLU(c *build.Call) (*build.Out, error) {
	out, err := plain(c, "Activation", "Activation", "ReLU")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[act.ActivationAttrs](out)
	if c.Config.Has("max_value") { // none: no ceiling
		ceiling, err := c.Config.Float("max_value", 0)
		if err != nil {
			return nil, err
		}
		a.MaxValue = &ceiling
	}
	if a.NegativeSlope, err = c.Config.Float("negative_slope", 0); err != nil {
		return nil, err
	}
	if a.Threshold, err = c.Config.Float("threshold", 0); err != nil {
		return nil, err
	}
	return out.Done()
}

// parametrized reads an activation layer with one parameter: the first of keys that is there, or def.
func parametrized(class string, def float64, keys ...string) func(*build.Call) (*build.Out, error) {
	return func(c *build.Call) (*build.Out, error) {
		param := def
		for _, key := range keys {
			if c.Config.Has(key) {
				var err error
				if param, err = c.Config.Float(key, def); err != nil {
					return nil, err
				}
				break
			}
		}
		return parametrize(c, class, class, param)
	}
}

func parametrize(c *build.Call, class, function string, param float64) (*build.Out, error) {
	out, err := plain(c, "ParametrizedActivation", class, function)
	if err != nil {
		return nil, err
	}
	build.Attrs[act.ParametrizedAttrs](out).ActivParam = param
	return out.Done()
}

func preluProblem(_ string, c Config) string {
	if c.Has("shared_axes") {
		return "shared_axes: not supported, want a slope of its own for every value"
	}
	return ""
}

func readPReLU(c *build.Call) (*build.Out, error) {
	out, err := plain(c, "PReLU", "PReLU", "PReLU")
	if err != nil {
		return nil, err
	}
	alpha, err := c.Weight("alpha", c.Shape()...)
	if err != nil {
		return nil, err
	}
	out.Tensor("param_data", alpha)
	return out.Done()
}

func softmaxProblem(_ string, c Config) string {
	if axes, err := c.Ints("axis"); err != nil || len(axes) > 1 {
		return "axis: got several, want one"
	}
	return ""
}

func readSoftmaxLayer(c *build.Call) (*build.Out, error) { return readSoftmax(c, "Softmax") }

func readSoftmax(c *build.Call, function string) (*build.Out, error) {
	out, err := Layer(c, "Softmax", "Softmax")
	if err != nil {
		return nil, err
	}
	axes, err := c.Config.Ints("axis")
	if err != nil {
		return nil, err
	}
	axis := -1
	if len(axes) > 0 {
		axis = axes[0]
	}
	if rank := len(c.Shape()) + 1; axis == 0 || axis <= -rank || axis >= rank {
		return nil, fmt.Errorf("axis: got %d, want one of the %d axes behind the batch axis", axis, rank-1)
	}
	a := build.Attrs[softmax.Attrs](out)
	a.Activation, a.Axis = function, axis
	return out.Done()
}
