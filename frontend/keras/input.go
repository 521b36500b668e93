package keras

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/layers/io"
)

var inputHandlers = []build.Handler{
	{Classes: []string{"InputLayer"}, Unsupported: checked(inputProblem), Read: readInput},
}

// integerBits are the widths of the integer input types of Keras.
var integerBits = []int{8, 16, 32, 64}

func inputProblem(_ string, c Config) string {
	for _, key := range []string{"sparse", "ragged"} {
		if on, _ := c[key].(bool); on {
			return key + " input: not supported, want a dense one"
		}
	}
	dtype, _ := c["dtype"].(string)
	if _, _, ok := integerType(dtype); isInteger(dtype) && !ok {
		return fmt.Sprintf("dtype %q: not supported, want a float or an integer of 8, 16, 32 or 64 bits", dtype)
	}
	return ""
}

// readInput mirrors parse_input_layer of hls4ml's converters/keras/core.py: integer inputs are typed by their
// dtype.
func readInput(c *build.Call) (*build.Out, error) {
	if c.Config.Has("batch_shape") && !c.Config.Has("batch_input_shape") {
		return nil, fmt.Errorf("batch_input_shape: got the form of Keras 3, want a model saved by Keras 2")
	}
	shape, err := raw(c).BatchShape("batch_input_shape")
	if err != nil {
		return nil, err
	}
	dtype, err := c.Config.Text("dtype", "float32")
	if err != nil {
		return nil, err
	}
	out, err := Layer(c, "Input", "InputLayer")
	if err != nil {
		return nil, err
	}
	out.Shape = shape
	a := build.Attrs[io.Attrs](out)
	a.InputShape, a.DType = slices.Clone(shape), dtype
	if format, signed, ok := integerType(dtype); ok {
		a.TypeName = "integer_input_t"
		f := fixed.UInt(format)
		if signed {
			f = fixed.Int(format)
		}
		a.Precision = &f
	}
	return out.Done()
}

func isInteger(dtype string) bool {
	return strings.HasPrefix(dtype, "int") || strings.HasPrefix(dtype, "uint")
}

func integerType(dtype string) (bits int, signed, ok bool) {
	text, unsigned := strings.CutPrefix(dtype, "u")
	for _, bits := range integerBits {
		if text == fmt.Sprintf("int%d", bits) {
			return bits, !unsigned, true
		}
	}
	return 0, false, false
}
