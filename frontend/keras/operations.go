package keras

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/norm"
)

// operationHandlers read functions of keras.ops in functional models, for which hls4ml has no handlers, as
// the layers that compute the same.
var operationHandlers = slices.Concat([]build.Handler{
	operation(readArithmetic, "Add", "Subtract", "Multiply", "Divide", "TrueDivide", "Negative"),
	operation(readPick, "Maximum", "Minimum"),
	operation(readConcatenate, "Concatenate"),
	operation(readShaping, "Reshape", "Squeeze", "ExpandDims"),
	operation(readTransposing, "Transpose"),
	operation(func(c *build.Call) (*build.Out, error) {
		alpha, err := c.Config.Float("alpha", 1)
		if err != nil {
			return nil, err
		}
		return parametrize(c, "ELU", "elu", alpha)
	}, "Elu"),
	operation(func(c *build.Call) (*build.Out, error) {
		slope, err := c.Config.Float("negative_slope", 0.2)
		if err != nil {
			return nil, err
		}
		return parametrize(c, "LeakyReLU", "leaky_relu", slope)
	}, "LeakyRelu"),
	operation(readSoftmax3, "Softmax"),
}, functionOperations())

// operation is a handler of functions of keras.ops.
func operation(read func(*build.Call) (*build.Out, error), names ...string) build.Handler {
	h := build.Handler{OwnActivation: true, Read: read}
	for _, name := range names {
		h.Classes = append(h.Classes, operationPrefix+name)
	}
	return h
}

// functionOperations are those without settings that are an activation by themselves.
func functionOperations() []build.Handler {
	var list []build.Handler
	for name, function := range map[string]string{
		"Relu": "relu", "Relu6": "relu6", "Sigmoid": "sigmoid", "Tanh": "tanh", "Softplus": "softplus",
		"Softsign": "softsign", "Selu": "selu", "HardSigmoid": "hard_sigmoid", "Identity": "linear",
	} {
		list = append(list, operation(func(c *build.Call) (*build.Out, error) {
			named := *c
			named.Config = Config{"activation": function}
			return readActivation3(&named)
		}, name))
	}
	return list
}

// operationName is the name of the function without the prefix.
func operationName(c *build.Call) string { return strings.TrimPrefix(c.Class, operationPrefix) }

// readArithmetic reads an operation of two tensors, or of one and a number.
func readArithmetic(c *build.Call) (*build.Out, error) {
	op := operationName(c)
	if len(c.Shapes) == 1 {
		return readScale(c, op)
	}
	if op != "Add" && op != "Subtract" && op != "Multiply" {
		return nil, fmt.Errorf("inputs: got %d tensors, want one and a number: the firmware has no division",
			len(c.Shapes))
	}
	return mergeOperation(c)
}

func readPick(c *build.Call) (*build.Out, error) {
	if len(c.Shapes) != 2 {
		return nil, fmt.Errorf("inputs: got %d, want two tensors", len(c.Shapes))
	}
	return mergeOperation(c)
}

func mergeOperation(c *build.Call) (*build.Out, error) {
	layer := *c
	layer.Class = operationName(c)
	return readMerge(&layer)
}

// readScale reads an operation of one tensor and a number, in either order, as a scale and a shift.
func readScale(c *build.Call, op string) (*build.Out, error) {
	number, first := 1.0, false
	if op != "Negative" {
		if len(c.Args) != 2 {
			return nil, fmt.Errorf("arguments: got %d, want two", len(c.Args))
		}
		_, first = c.Args[0].(json.Number)
		at := 1
		if first {
			at = 0
		}
		var ok bool
		if number, ok = asFloat(c.Args[at]); !ok {
			return nil, fmt.Errorf("arguments: got neither a tensor nor a number, want one of them")
		}
	}
	scale, shift := 1.0, 0.0
	switch op {
	case "Negative":
		scale = -1
	case "Add":
		shift = number
	case "Subtract":
		if shift = -number; first {
			scale, shift = -1, number
		}
	case "Multiply":
		scale = number
	default:
		if first || number == 0 {
			return nil, fmt.Errorf("arguments: got a division by a tensor or by 0, want one by another number")
		}
		scale = 1 / number
	}
	return scaled(c, scale, shift)
}

// scaled is a layer that multiplies and then adds.
func scaled(c *build.Call, scale, shift float64) (*build.Out, error) {
	out, err := Layer(c, "BatchNormalization", "BatchNormalization")
	if err != nil {
		return nil, err
	}
	size, channels := ir.Size(c.Shape()), c.Shape()[len(c.Shape())-1]
	a := build.Attrs[norm.Attrs](out)
	a.NIn, a.NOut, a.NFilt = size, size, -1
	if len(c.Shape()) > 1 {
		a.NFilt = channels
	}
	for name, v := range map[string]float64{"scale_data": scale, "bias_data": shift} {
		t := ir.NewTensor(ir.Float32, channels)
		for i := range t.Data {
			t.Data[i] = float64(float32(v))
		}
		out.Tensor(name, t)
	}
	return out.Done()
}

// readShaping reads what changes the shape and moves nothing.
func readShaping(c *build.Call) (*build.Out, error) {
	target, err := targetShape(c)
	if err != nil {
		return nil, err
	}
	return reshape(c, target)
}

// targetShape is the shape behind the batch axis.
func targetShape(c *build.Call) ([]int, error) {
	shape := slices.Clone(c.Shape())
	if operationName(c) == "Reshape" {
		list, ok := raw(c)["newshape"].([]any)
		if !ok || len(list) < 1 {
			return nil, raw(c).wrong("newshape", "a list that begins with the batch axis")
		}
		if n, ok := asInt(list[0]); list[0] != nil && (!ok || n != -1) {
			return nil, raw(c).wrong("newshape", "-1 for the batch axis")
		}
		return Config{"newshape": list[1:]}.Ints("newshape")
	}
	axes, err := c.Config.Ints("axis")
	if err != nil {
		return nil, err
	}
	if operationName(c) == "ExpandDims" {
		if len(axes) != 1 {
			return nil, raw(c).wrong("axis", "one axis")
		}
		at := axes[0] - 1
		if axes[0] < 0 {
			at = len(shape) + 1 + axes[0]
		}
		if at < 0 || at > len(shape) {
			return nil, raw(c).wrong("axis", "an axis behind the batch axis")
		}
		return slices.Insert(shape, at, 1), nil
	}
	return squeezed(c, shape, axes)
}

// squeezed is the shape without the axes, or without all of one value where none is named.
func squeezed(c *build.Call, shape, axes []int) ([]int, error) {
	drop := make([]bool, len(shape))
	for i, d := range shape {
		drop[i] = len(axes) == 0 && d == 1
	}
	for _, axis := range axes {
		at := axis - 1
		if axis < 0 {
			at = len(shape) + axis
		}
		if at < 0 || at >= len(shape) || shape[at] != 1 {
			return nil, raw(c).wrong("axis", "axes of one value")
		}
		drop[at] = true
	}
	var out []int
	for i, d := range shape {
		if !drop[i] {
			out = append(out, d)
		}
	}
	return out, nil
}

// readTransposing reads a transposition that leaves the batch axis where it is.
func readTransposing(c *build.Call) (*build.Out, error) {
	axes, err := c.Config.Ints("axes")
	if err != nil {
		return nil, err
	}
	if len(axes) < 1 || axes[0] != 0 {
		return nil, raw(c).wrong("axes", "a list that begins with 0, the batch axis")
	}
	dims := make([]any, len(axes)-1)
	for i, axis := range axes[1:] {
		if axis < 0 {
			axis += len(axes)
		}
		dims[i] = json.Number(fmt.Sprint(axis))
	}
	permuted := *c
	permuted.Config = Config{"dims": dims}
	return readPermute(&permuted)
}
