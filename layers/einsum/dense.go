package einsum

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// DenseAttrs are the attributes of EinsumDense.
type DenseAttrs struct {
	// Equation names the axes of input, weights and result, without the batch: "...i,io->...o".
	Equation string `hls:"equation"`
	// InpShape and OutShape are those of the framework, of as many values as the tensors have. Init fills those
	// in that a front end leaves out.
	InpShape []int `hls:"inp_shape"`
	OutShape []int `hls:"out_shape"`
	// ParallelizationFactor is how many rows are computed at once; nil: all.
	ParallelizationFactor *int `hls:"parallelization_factor"`
}

// DenseState is what the tools keep of an EinsumDense: its products of matrices. See Recipe.
type DenseState struct {
	InpTranspose []int `hls:"inp_tpose_idxs"`
	OutTranspose []int `hls:"out_tpose_idxs"`
	Between      []int `hls:"out_interpert_shape"`
	Rows         int   `hls:"n_free_data"`
	Cols         int   `hls:"n_free_kernel"`
	Blocks       int   `hls:"n_inplace"`
	Terms        int   `hls:"n_contract"`
	layers.AddersState
}

var einsumDenseDef = layers.Def{
	Kind:  "EinsumDense",
	Doc:   "product with weights along named axes",
	Attrs: func() any { return &DenseAttrs{} },
	Options: []ir.Option{
		{Name: "weight", Class: ir.WeightOption},
		{Name: "bias", Class: ir.WeightOption},
		layers.TypeRole("weight_t"),
		layers.TypeRole("bias_t"),
		layers.TypeRole("accum_t"),
		{Name: "equation"},
		{Name: "inp_shape"},
		{Name: "out_shape"},
	},
	Init: initDense,
	Bits: denseBits,
	Ref:  denseRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: denseKernel, Emit: codegen.Emitter{Emit: emitDense},
			State:      func() any { return &DenseState{} },
			Setup:      setupDense,
			Strategies: []ir.Strategy{ir.Latency, ir.DistributedArithmetic},
			Limits: []layers.Limit{
				{IOType: ir.Stream, Why: arraysAlone},
				{Setting: "Strategy Resource", Why: denseStrategies},
				{
					Setting: "Strategy da",
					Why:     "hls4ml knows the long name alone here: Latency is taken, with a warning",
				},
			},
		},
	},
}

const (
	arraysAlone     = "there is code for arrays alone, as in hls4ml: use io_parallel"
	denseStrategies = "as in hls4ml there is no such kernel: use Latency"
)

// initDense adds the result and the weights, of any shape that the equation takes. Mirrors
// EinsumDense.initialize.
func initDense(n *ir.Node, data ir.Data) error {
	a, in := ir.Attrs[DenseAttrs](n), n.In(0)
	if in == nil {
		return n.Errorf("input %q: got no such tensor", n.Inputs[0])
	}
	w := data.Tensors["weight_data"]
	if w == nil {
		return n.Errorf("weight: got no data, want a tensor")
	}
	if a.InpShape == nil {
		a.InpShape = in.Shape
	}
	if ir.Size(a.InpShape) != in.Size() {
		return n.Errorf("inp_shape: got %v for an input of shape %v, want as many values", a.InpShape, in.Shape)
	}
	r, err := Parse(a.Equation, a.InpShape, w.Shape)
	if err != nil {
		return n.Errorf("%w", err)
	}
	if a.OutShape, err = resultShape(n, a.OutShape, r); err != nil {
		return err
	}
	if err := n.AddOutput(a.OutShape); err != nil {
		return err
	}
	if err := n.AddWeight(ir.WeightSpec{Role: "weight", Var: fmt.Sprintf("w%d", n.Index), Data: w}); err != nil {
		return err
	}
	return addBias(n, data.Tensors["bias_data"], a.OutShape)
}

// resultShape is the shape declared, which may have axes of one more or less than that of the equation; a
// single value has an axis.
func resultShape(n *ir.Node, declared []int, r Recipe) ([]int, error) {
	switch {
	case declared == nil && len(r.Shape) == 0:
		return []int{1}, nil
	case declared == nil:
		return r.Shape, nil
	case ir.Size(declared) != ir.Size(r.Shape):
		return nil, n.Errorf("out_shape: got %v, want %v, which the equation gives", declared, r.Shape)
	}
	return declared, nil
}

// addBias adds a bias that spreads over the result, or none, as layers.AddBias does.
func addBias(n *ir.Node, bias *ir.Tensor, shape []int) error {
	if bias == nil {
		return layers.AddBias(n, ir.Data{}, shape[len(shape)-1])
	}
	if _, err := spread(bias, shape); err != nil {
		return n.Errorf("bias: %w", err)
	}
	return n.AddWeight(ir.WeightSpec{Role: "bias", Var: fmt.Sprintf("b%d", n.Index), Data: bias})
}

// spread repeats t along the axes of a shape, as numpy.broadcast_to does.
func spread(t *ir.Tensor, shape []int) (*ir.Tensor, error) {
	out, err := ir.Elementwise(ir.NewTensor(t.DType, shape...), t, func(_, v float64) float64 { return v })
	if err != nil || !slices.Equal(out.Shape, shape) {
		return nil, fmt.Errorf("got shape %v, want one that spreads over %v", t.Shape, shape)
	}
	return out, nil
}

// setupDense decides the strategy and brings weights and bias into the order of the blocks: (blocks, terms,
// columns), and a bias for every result, (blocks, rows, columns). Mirrors VivadoBackend.init_einsum_dense.
func setupDense(n *ir.Node) error {
	if err := strategy(n); err != nil {
		return err
	}
	a, s := ir.Attrs[DenseAttrs](n), n.State.(*DenseState)
	if s.Blocks > 0 { // it has run
		return nil
	}
	w := n.Weight("weight")
	r, err := Parse(a.Equation, a.InpShape, w.Data.Shape)
	if err != nil {
		return n.Errorf("%w", err)
	}
	*s = DenseState{
		InpTranspose: r.Left, OutTranspose: r.Out, Between: r.Between,
		Rows: r.Rows, Cols: r.Cols, Blocks: r.Blocks, Terms: r.Terms,
	}
	if a.ParallelizationFactor == nil {
		rows := r.Rows
		a.ParallelizationFactor = &rows
	}
	if err := layers.Fits(n, "a bias for every result", 16, a.OutShape...); err != nil {
		return err
	}
	matrices, err := w.Data.Transpose(r.Right...).Reshape(r.Blocks, r.Cols, r.Terms)
	if err != nil {
		return n.Errorf("weight: %w", err)
	}
	replace(n, "weight", matrices.Transpose(0, 2, 1), w.Type)
	return setupBias(n, a, r)
}

// setupBias makes a bias for every result. One that the network does not have takes the configured type with
// it, unless its type is exact.
func setupBias(n *ir.Node, a *DenseAttrs, r Recipe) error {
	b := n.Weight("bias")
	data, typ := b.Data, b.Type
	var err error
	if n.Data.Tensors["bias_data"] == nil {
		data = ir.NewTensor(data.DType, 1)
		if !n.Exact {
			if typ, err = n.Graph().LookupType(n, "bias"); err != nil {
				return err
			}
		}
	}
	if data, err = spread(data, a.OutShape); err != nil {
		return n.Errorf("bias: %w", err)
	}
	if data, err = data.Reshape(r.Shape...); err != nil {
		return n.Errorf("bias: %w", err)
	}
	replace(n, "bias", data.Transpose(inverse(r.Out)...), typ)
	return nil
}

// replace puts data in the place of those of a weight, as if they had been there from the beginning.
func replace(n *ir.Node, role string, data *ir.Tensor, typ *ir.Type) {
	w := n.Weight(role)
	n.SetWeight(&ir.Weight{
		Role: role, Var: w.Var, Type: typ, Shape: slices.Clone(data.Shape), Data: data, Unquantized: data,
		Storage: w.Storage,
	})
}

// inverse is the permutation that undoes perm.
func inverse(perm []int) []int {
	out := make([]int, len(perm))
	for i, p := range perm {
		out[p] = i
	}
	return out
}
