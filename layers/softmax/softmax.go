package softmax

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Attrs are the attributes of Softmax.
type Attrs struct {
	DataFormat     string         `hls:"data_format"`
	Activation     string         `hls:"activation"`
	Axis           int            `hls:"axis"`    // 0 is the batch; -1 the last
	NIn            int            `hls:"n_in"`    // values of one sample
	NOuter         int            `hls:"n_outer"` // product of the axes before the normalized one
	NInner         int            `hls:"n_inner"` // product of the axes after it
	Implementation Implementation `hls:"implementation"`
	Skip           bool           `hls:"skip"` // leave the layer out of the firmware
	TableSize      int            `hls:"table_size"`
	// ExpTableSize and InvTableSize are set by front ends that size the tables themselves; nil: TableSize.
	ExpTableSize *int `hls:"exp_table_size"`
	InvTableSize *int `hls:"inv_table_size"`
	// ExpScale multiplies the argument of the exponential; nil: one.
	ExpScale *float64 `hls:"exp_scale"`
	// ParallelizationFactor is how many slices are computed at once; nil: all.
	ParallelizationFactor *int `hls:"parallelization_factor"`
	// Trained are the types of the tables that the layer was trained with; nil: those of the configuration.
	Trained *Tables `hls:"-"`
}

// at is the normalized axis of a tensor of the shape, which has no axis for the batch.
func (a *Attrs) at(shape []int) int {
	if a.Axis < 0 {
		return len(shape) + a.Axis
	}
	return a.Axis - 1
}

// last reports whether it is the last.
func (a *Attrs) last(shape []int) bool { return a.at(shape) == len(shape)-1 }

// Function implements layers.Activated.
func (a *Attrs) Function() string { return a.Activation }

// wide is the default of the softmax types.
func wide() fixed.Format { return fixed.Fixed(18, 8).With(fixed.RND, fixed.SAT) }

func typeOption(name string) ir.Option {
	return ir.Option{Name: name, Class: ir.TypeOption, Default: wide(), Needs: layers.FixedPoint}
}

var softmaxDef = layers.Def{
	Kind:   "Softmax",
	Doc:    "normalized exponential",
	Traits: layers.Activation,
	Attrs: func() any {
		return &Attrs{
			Activation: "softmax", Axis: -1, NOuter: 1, NInner: 1, Implementation: Stable, TableSize: 1024,
		}
	},
	Options: append(append([]ir.Option{{Name: "n_in"}, {Name: "activation"}, layers.ReuseFactorOption()},
		layers.TableOptions()...),
		ir.Option{Name: "n_outer", Default: 1, Needs: layers.FixedPoint},
		ir.Option{Name: "n_inner", Default: 1, Needs: layers.FixedPoint},
		ir.Option{
			Name: "implementation", Class: ir.Choice, Default: string(Stable),
			Choices: choices(), Needs: layers.FixedPoint,
		},
		ir.Option{Name: "skip", Class: ir.Configurable, Default: false, Needs: layers.FixedPoint},
		typeOption("exp_table_t"),
		typeOption("inv_table_t"),
		typeOption("inv_inp_t"),
		// Of the stable form: what it is without a setting follows from the input.
		ir.Option{
			Name: "inp_norm_t", Class: ir.TypeOption, NotConfigurable: true, Optional: true, Needs: layers.FixedPoint,
		},
		typeOption("accum_t"),
	),
	Init:     initSoftmax,
	Bits:     softmaxBits,
	Rewrites: rewrites,
	Ref:      softmaxRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: softmaxKernel, Emit: softmaxEmit,
			Limits: []layers.Limit{
				{
					IOType: ir.Stream, Setting: "an axis other than the last",
					Why: "a word of the stream holds the last axis: permute before it, or take io_parallel",
				},
			},
		},
	},
}
