package merge

import (
	"slices"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Attrs are the attributes of Merge.
type Attrs struct {
	DataFormat string `hls:"data_format"`
	// Op is "add", "subtract", "multiply", "divide", "average", "maximum" or "minimum".
	Op string `hls:"op"`
	// NTerms is, at the end of a chain that a pass made of an average, the number of tensors averaged.
	NTerms *int `hls:"n_terms"`
}

// Chain implements layers.Chained: an average is a sum, divided once at the end by the number of all tensors.
func (a *Attrs) Chain(tensors int) any {
	first := ir.CloneAttrs(a).(*Attrs)
	if a.Op == "average" {
		first.Op, a.NTerms = "add", &tensors
	}
	return first
}

// divisor is the number that an average of so many tensors divides the sum by.
func (a *Attrs) divisor(tensors int) int {
	if a.NTerms != nil {
		return *a.NTerms
	}
	return tensors
}

var mergeDef = layers.Def{
	Kind:    "Merge",
	Doc:     "arithmetic of tensors, value by value",
	Traits:  layers.Elementwise,
	Attrs:   func() any { return &Attrs{DataFormat: "channels_last"} },
	Options: []ir.Option{layers.ReuseFactorOption()},
	Init:    initMerge,
	Infer:   inferMerge,
	Bits:    layers.Bits{Make: layers.MakeBits(makeMerge)},
	Ref:     mergeRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {Kernel: mergeKernel, Emit: mergeEmit},
	},
}

// twoInputs returns the shapes of the inputs, of which there must be two.
func twoInputs(n *ir.Node) (a, b []int, err error) {
	if len(n.Inputs) != 2 {
		return nil, nil, n.Errorf("inputs: got %d, want two", len(n.Inputs))
	}
	for i, name := range n.Inputs {
		if n.In(i) == nil {
			return nil, nil, n.Errorf("input %q: got no such tensor", name)
		}
	}
	return n.In(0).Shape, n.In(1).Shape, nil
}

// manyInputs returns the shapes of the inputs, of which there must be two at least. A pass makes layers of
// two out of one of more.
func manyInputs(n *ir.Node) ([][]int, error) {
	if len(n.Inputs) < 2 {
		return nil, n.Errorf("inputs: got %d, want two at least", len(n.Inputs))
	}
	var shapes [][]int
	for i, name := range n.Inputs {
		if n.In(i) == nil {
			return nil, n.Errorf("input %q: got no such tensor", name)
		}
		shapes = append(shapes, n.In(i).Shape)
	}
	return shapes, nil
}

// initMerge gives the output the shape of the largest input. Mirrors Merge.initialize.
func initMerge(n *ir.Node, _ ir.Data) error {
	shapes, err := manyInputs(n)
	if err != nil {
		return err
	}
	op := ir.Attrs[Attrs](n).Op
	switch {
	case !slices.Contains(operations, op):
		return n.Errorf("op: got %q, want one of %v", op, operations)
	case (op == "subtract" || op == "divide") && len(shapes) > 2:
		return n.Errorf("inputs: got %d, want two", len(shapes))
	}
	large := shapes[0]
	for _, s := range shapes {
		// constants may have the batch in front
		if ir.Size(s) > ir.Size(large) || ir.Size(s) == ir.Size(large) && len(s) < len(large) {
			large = s
		}
	}
	for _, s := range shapes {
		if _, err := spread(s, large); err != nil {
			return n.Errorf("inputs: %w", err)
		}
	}
	return n.AddOutput(large)
}

// operations lists those that a model may ask for. A pass makes a product of a division by constants, the
// only one for which there is firmware.
var operations = []string{"add", "subtract", "multiply", "divide", "average", "maximum", "minimum"}

// inferMerge mirrors _infer_merge_precision.
func inferMerge(n *ir.Node, env layers.InferEnv) error {
	a, b, f := n.In(0).Type.Format, n.In(1).Type.Format, env.Default
	sized := a.IsFixedOrInt() && b.IsFixedOrInt()
	switch op := ir.Attrs[Attrs](n).Op; {
	case op == "maximum" || op == "minimum":
		if a == b {
			f = a
		} else if sized {
			f = covering(a, b)
		}
	case !sized:
	case op == "multiply":
		f = env.Cap(fixed.Format{W: a.W + b.W, I: a.I + b.I, Signed: a.Signed || b.Signed})
	default:
		f = covering(a, b)
		f.W, f.I, f.Signed = f.W+1, f.I+1, f.Signed || op == "subtract"
		f = env.Cap(f)
	}
	layers.Resolve(n, "result_t", f)
	return nil
}

// covering is the smallest format that holds the values of both.
func covering(a, b fixed.Format) fixed.Format {
	signed := a.Signed || b.Signed
	whole := func(f fixed.Format) int {
		if signed && !f.Signed {
			return f.I + 1
		}
		return f.I
	}
	i := max(whole(a), whole(b))
	return fixed.Format{W: i + max(a.F(), b.F()), I: i, Signed: signed}
}
