package act

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Base are the attributes that every activation has.
type Base struct {
	DataFormat string `hls:"data_format"`
	// Activation is the function: "relu", "tanh", "linear", ...; the kinds with a class of their own have
	// the framework's class name here ("LeakyReLU", "ELU", "PReLU").
	Activation string `hls:"activation"`
	NIn        int    `hls:"n_in"` // values of one sample
	TableSize  int    `hls:"table_size"`
	// Trusted says that the result type is what the framework computes in, and no wish of the configuration.
	Trusted bool `hls:"trusted"`
}

// Function implements layers.Activated.
func (b *Base) Function() string { return b.Activation }

// TrustMark implements layers.Trusting.
func (b *Base) TrustMark() *bool { return &b.Trusted }

func (b *Base) base() *Base { return b }

// ActivationAttrs are the attributes of Activation.
type ActivationAttrs struct {
	Base
	// QuantizerPrecision is the result type that a quantizer of the front end dictates; nil: configured.
	QuantizerPrecision *fixed.Format `hls:"quantizer_precision"`
	// MaxValue, NegativeSlope and Threshold are those of a Keras ReLU layer, which hls4ml reads past.
	MaxValue      *float64 `hls:"max_value,ignored"`
	NegativeSlope float64  `hls:"negative_slope,ignored"`
	Threshold     float64  `hls:"threshold,ignored"`
}

var activationDef = layers.Def{
	Kind:    "Activation",
	Doc:     "activation without parameters: linear, relu, sigmoid, tanh, softplus, softsign, selu, binary_tanh",
	Traits:  layers.Activation,
	Attrs:   func() any { return &ActivationAttrs{Base: Base{TableSize: DefaultTable}} },
	Options: options(),
	Init:    initActivation,
	Bits:    functionBits,
	Ref:     activationRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: activationKernel, Emit: activationEmit,
			Limits: []layers.Limit{
				{
					IOType: ir.Stream, Setting: "relu6 and relu1",
					Why: "there is no such function of streams: use relu with a saturating type, or io_parallel",
				},
			},
		},
	},
}

// options lists the expected attributes of an activation: the base ones, then own, then the backend's.
func options(own ...ir.Option) []ir.Option {
	out := []ir.Option{{Name: "n_in"}, {Name: "activation"}}
	out = append(out, own...)
	out = append(out, layers.ReuseFactorOption())
	return append(out, layers.TableOptions()...)
}

func initActivation(n *ir.Node, _ ir.Data) error {
	a := ir.Attrs[ActivationAttrs](n)
	if err := initBase(n, &a.Base); err != nil {
		return err
	}
	if a.QuantizerPrecision != nil {
		n.Out().Type.Format = *a.QuantizerPrecision
	}
	return nil
}

// DefaultTable is the size of the tables of functions.
const DefaultTable = 1024

// maxTable bounds the tables of the functions.
const maxTable = 1 << 20

// checkTableSize is for tables sized by the user, and for those sized by a pass for the grid of their input.
func checkTableSize(n *ir.Node, b *Base) error {
	if b.TableSize < 1 || b.TableSize > maxTable {
		return n.Errorf("table_size: got %d, want 1 to %d", b.TableSize, maxTable)
	}
	return nil
}

// initBase adds an output like the input. Mirrors Activation.initialize.
func initBase(n *ir.Node, b *Base) error {
	in := n.In(0)
	if in == nil {
		return n.Errorf("input %q: got no such tensor", n.Inputs[0])
	}
	if b.Activation == "" {
		return n.Errorf("activation: got none, want the name of a function")
	}
	if err := checkTableSize(n, b); err != nil {
		return err
	}
	if b.NIn == 0 {
		b.NIn = in.Size()
	}
	return n.AddOutput(in.Shape)
}
