package einsum

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Attrs are the attributes of Einsum.
type Attrs struct {
	// Equation names the axes of both inputs and of the result, without the batch: "ij,jk->ik".
	Equation string `hls:"equation"`
	// Inp0Shape, Inp1Shape and OutShape are those of the framework, of as many values as the tensors have:
	// PyTorch counts the batch as an axis of one. Init fills those in that a front end leaves out.
	Inp0Shape []int `hls:"inp0_shape"`
	Inp1Shape []int `hls:"inp1_shape"`
	OutShape  []int `hls:"out_shape"`
	// ParallelizationFactor says nothing to the firmware.
	ParallelizationFactor *int `hls:"parallelization_factor"`
}

// State is what the tools keep of an Einsum: its products of matrices. See Recipe.
type State struct {
	Inp0Transpose []int `hls:"inp0_tpose_idxs"`
	Inp1Transpose []int `hls:"inp1_tpose_idxs"`
	OutTranspose  []int `hls:"out_tpose_idxs"`
	Between       []int `hls:"out_interpert_shape"`
	Rows          int   `hls:"n_free0"`
	Cols          int   `hls:"n_free1"`
	Blocks        int   `hls:"n_inplace"`
	Terms         int   `hls:"n_contract"`
}

var einsumDef = layers.Def{
	Kind:   "Einsum",
	Doc:    "product of two tensors along named axes",
	Traits: layers.Contracts,
	Attrs:  func() any { return &Attrs{} },
	Options: []ir.Option{
		layers.TypeRole("accum_t"),
		{Name: "equation"},
		{Name: "inp0_shape"},
		{Name: "inp1_shape"},
		{Name: "out_shape"},
	},
	Init: initEinsum,
	Bits: einsumBits,
	Ref:  einsumRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: einsumKernel, Emit: codegen.Emitter{Emit: emitEinsum},
			State:      func() any { return &State{} },
			Setup:      setupEinsum,
			Strategies: []ir.Strategy{ir.Latency},
			Limits: []layers.Limit{
				{IOType: ir.Stream, Why: arraysAlone},
				{Setting: "Strategy Resource", Why: denseStrategies},
			},
		},
	},
}

// initEinsum adds the result. Mirrors Einsum.initialize.
func initEinsum(n *ir.Node, _ ir.Data) error {
	a := ir.Attrs[Attrs](n)
	if len(n.Inputs) != 2 {
		return n.Errorf("inputs: got %d, want two", len(n.Inputs))
	}
	for i, shape := range []*[]int{&a.Inp0Shape, &a.Inp1Shape} {
		in := n.In(i)
		if in == nil {
			return n.Errorf("input %q: got no such tensor", n.Inputs[i])
		}
		if *shape == nil {
			*shape = in.Shape
		}
		if ir.Size(*shape) != in.Size() {
			return n.Errorf("inp%d_shape: got %v for an input of shape %v, want as many values", i, *shape, in.Shape)
		}
	}
	r, err := a.recipe(n)
	if err != nil {
		return err
	}
	if a.OutShape, err = resultShape(n, a.OutShape, r); err != nil {
		return err
	}
	return n.AddOutput(a.OutShape)
}

func (a *Attrs) recipe(n *ir.Node) (Recipe, error) {
	r, err := Parse(a.Equation, a.Inp0Shape, a.Inp1Shape)
	if err != nil {
		return r, n.Errorf("%w", err)
	}
	return r, nil
}

// setupEinsum finds the products of matrices. Mirrors VivadoBackend.init_einsum.
func setupEinsum(n *ir.Node) error {
	if err := strategy(n); err != nil {
		return err
	}
	a := ir.Attrs[Attrs](n)
	r, err := a.recipe(n)
	if err != nil {
		return err
	}
	*n.State.(*State) = State{r.Left, r.Right, r.Out, r.Between, r.Rows, r.Cols, r.Blocks, r.Terms}
	if a.ParallelizationFactor == nil {
		a.ParallelizationFactor = &r.Rows
	}
	return nil
}
