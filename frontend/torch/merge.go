package torch

import (
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/merge"
)

// merges are the operators of two tensors in hls4ml's words.
var merges = map[string]string{
	"add": "add", "mul": "multiply", "multiply": "multiply", "sub": "subtract", "subtract": "subtract",
	"minimum": "minimum", "fmin": "minimum", "maximum": "maximum", "fmax": "maximum",
	"rsub": "subtract", "div": "divide", "true_divide": "divide",
}

var mergeHandlers = []build.Handler{
	{
		Classes: []string{
			"add", "mul", "multiply", "sub", "subtract", "minimum", "fmin", "maximum", "fmax", "add_", "mul_", "sub_",
			"rsub", "div", "div_", "true_divide",
		},
		Unsupported: mergeProblem, Read: readMerge,
	},
	{Classes: []string{"neg"}, Read: readNegation},
	{Classes: []string{"cat", "concat", "concatenate"}, Read: readCat},
}

func mergeProblem(_ string, a build.Attributes) string {
	if v, err := a.Float("alpha", 1); err != nil || v != 1 {
		return "alpha: got another factor than 1, want 1, or a multiplication before it"
	}
	return ""
}

// readMerge mirrors parse_merge_layer of hls4ml's converters/pytorch/merge.py.
func readMerge(c *build.Call) (*build.Out, error) {
	op := merges[strings.TrimSuffix(c.Class, "_")] // a graph of tensors has no "in place"
	o, err := fixedOperand(c)
	switch {
	case err != nil:
		return nil, err
	case o != nil:
		return readFixed(c, op, o)
	case len(c.Shapes) != 2 || op == "divide":
		return nil, refusal("operands: got %d tensors, want a sum, difference, product, most or least of two",
			len(c.Shapes))
	}
	out, err := c.Layer("Merge", "Merge")
	if err != nil {
		return nil, err
	}
	build.Attrs[merge.Attrs](out).Op = op
	if ir.Size(c.Shapes[1]) > ir.Size(c.Shapes[0]) {
		out.Shape = c.Shapes[1]
	}
	return out.Done()
}

// readCat mirrors parse_concat_layer.
func readCat(c *build.Call) (*build.Out, error) {
	dim, err := c.Config.Int("dim", 0)
	if err != nil {
		return nil, err
	}
	shape := slices.Clone(c.Shape())
	at := dim - 1
	if dim < 0 {
		at = len(shape) + dim
	}
	switch {
	case len(of(c).args["tensors"].tensors()) != len(c.Shapes):
		return nil, refusal("tensors: got parameters among them, want tensors that depend on the inputs alone")
	case len(c.Shapes) < 2:
		return nil, refusal("tensors: got %d, want two at least", len(c.Shapes))
	case len(shape) > 3 || at < 0 || at >= len(shape):
		return nil, refusal("dim: got %d for tensors of shape %v, want an axis behind the batch, of up to three",
			dim, shape)
	}
	for _, other := range c.Shapes[1:] {
		if len(other) != len(shape) {
			return nil, refusal("tensors: got shapes %v and %v, want as many axes", c.Shape(), other)
		}
		shape[at] += other[at]
	}
	out, err := c.Layer("Concatenate", "Concatenate")
	if err != nil {
		return nil, err
	}
	build.Attrs[merge.ConcatenateAttrs](out).Axis = dim
	out.Shape = shape
	return out.Done()
}
