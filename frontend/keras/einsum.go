package keras

import (
	"fmt"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/layers/einsum"
)

// einsumHandlers read products along named axes, which only Keras 3 has.
var einsumHandlers = []build.Handler{
	{
		Classes: []string{"EinsumDense"}, Variables: einsumVariables, Read: readEinsumDense,
	},
	operation(readEinsum, "Einsum"),
	operation(readMatmul, "Matmul"),
}

func einsumVariables(_ string, c build.Attributes) []build.Variables {
	if c.Has("bias_axes") {
		return []build.Variables{{Names: []string{"kernel", "bias"}}}
	}
	return []build.Variables{{Names: []string{"kernel"}}}
}

// readEinsumDense mirrors EinsumDenseHandler of hls4ml's converters/keras_v3/einsum_dense.py.
func readEinsumDense(c *build.Call) (*build.Out, error) {
	whole, err := c.Config.Text("equation", "")
	if err != nil {
		return nil, err
	}
	equation, err := withoutBatch(whole, 1)
	if err != nil {
		return nil, err
	}
	out, err := Layer(c, "EinsumDense", "EinsumDense")
	if err != nil {
		return nil, err
	}
	kernel, err := c.Whole("kernel")
	if err != nil {
		return nil, err
	}
	out.Tensor("weight_data", kernel)
	axes, err := c.Config.Text("bias_axes", "")
	if err != nil {
		return nil, err
	}
	if axes != "" {
		bias, err := c.Whole("bias")
		if err != nil {
			return nil, err
		}
		out.Tensor("bias_data", bias)
	}
	r, err := einsum.Parse(equation, c.Shape(), kernel.Shape)
	if err != nil {
		return nil, err
	}
	a := build.Attrs[einsum.DenseAttrs](out)
	a.Equation, a.InpShape, a.OutShape = equation, c.Shape(), atLeastOne(r.Shape)
	out.Shape = a.OutShape
	return out.Done()
}

// withoutBatch takes the batch axis out of an equation of Keras. It is the first letter of the result and of
// so many operands, those that are no weights, or among the axes of "...".
func withoutBatch(equation string, operands int) (string, error) {
	operandsText, result, ok := strings.Cut(strings.ReplaceAll(equation, " ", ""), "->")
	list := strings.Split(operandsText, ",")
	if !ok || len(list) != 2 || result == "" {
		return "", fmt.Errorf("equation: got %q, want one of two operands and a result", equation)
	}
	batch := result[:1]
	terms := append(list[:operands:operands], result)
	for i, t := range terms {
		if batch == "." && strings.HasPrefix(t, "...") {
			continue
		}
		if !strings.HasPrefix(t, batch) || batch == "." {
			return "", fmt.Errorf("equation: got %q, want the batch as the first axis of operands and result",
				equation)
		}
		terms[i] = t[1:]
	}
	if operands == 1 {
		if strings.Contains(list[1], batch) && batch != "." {
			return "", fmt.Errorf("equation: got %q, want no batch axis in the weights", equation)
		}
		return terms[0] + "," + list[1] + "->" + terms[1], nil
	}
	return terms[0] + "," + terms[1] + "->" + terms[2], nil
}

func atLeastOne(shape []int) []int {
	if len(shape) == 0 {
		return []int{1}
	}
	return shape
}

// readEinsum reads keras.ops.einsum of two tensors.
func readEinsum(c *build.Call) (*build.Out, error) {
	whole, err := c.Config.Text("subscripts", "")
	if err != nil {
		return nil, err
	}
	equation, err := withoutBatch(whole, 2)
	if err != nil {
		return nil, err
	}
	return productOf(c, equation)
}

// readMatmul reads a product of matrices, of which tensors of more axes hold several.
func readMatmul(c *build.Call) (*build.Out, error) {
	if len(c.Shapes) != 2 || len(c.Shapes[0]) != len(c.Shapes[1]) || len(c.Shape()) < 2 || len(c.Shape()) > 4 {
		return nil, fmt.Errorf("inputs: got shapes %v, want two of as many axes, two at least", c.Shapes)
	}
	outer := "ab"[:len(c.Shape())-2]
	return productOf(c, outer+"ij,"+outer+"jk->"+outer+"ik")
}

func productOf(c *build.Call, equation string) (*build.Out, error) {
	if len(c.Shapes) != 2 {
		return nil, fmt.Errorf("inputs: got %d, want two tensors", len(c.Shapes))
	}
	r, err := einsum.Parse(equation, c.Shapes[0], c.Shapes[1])
	if err != nil {
		return nil, err
	}
	out, err := Layer(c, "Einsum", "Einsum")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[einsum.Attrs](out)
	a.Equation, a.Inp0Shape, a.Inp1Shape, a.OutShape = equation, c.Shapes[0], c.Shapes[1], atLeastOne(r.Shape)
	out.Shape = a.OutShape
	return out.Done()
}
