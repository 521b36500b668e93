package act

import (
	"fmt"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// HardAttrs are the attributes of HardActivation: clip(slope*x + shift, 0, 1), and twice that less one for
// hard_tanh.
type HardAttrs struct {
	Base
	Slope     float64       `hls:"slope"`
	Shift     float64       `hls:"shift"`
	SlopePrec *fixed.Format `hls:"slope_prec"` // nil: ufixed<16,0>
	ShiftPrec *fixed.Format `hls:"shift_prec"` // nil: ufixed<2,0>
	// FrameworkSlope is the slope that the framework has where hls4ml has Slope all the same; 0: the same.
	FrameworkSlope float64 `hls:"framework_slope,ignored"`
}

var hardDef = layers.Def{
	Kind:   "HardActivation",
	Doc:    "piecewise linear activation: hard_sigmoid, hard_tanh",
	Traits: layers.Activation,
	Attrs:  func() any { return &HardAttrs{Base: Base{TableSize: DefaultTable}, Slope: 0.2, Shift: 0.5} },
	Options: options(
		ir.Option{Name: "slope", Default: 0.2},
		ir.Option{Name: "shift", Default: 0.5},
		layers.TypeRole("slope_t"),
		layers.TypeRole("shift_t"),
	),
	Init: initHard,
	Bits: functionBits,
	Ref:  hardRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: hardKernel, Emit: hardEmit,
			Constants: func(n *ir.Node) []layers.Array {
				return []layers.Array{{Format: n.Format("slope_t"), N: 1}, {Format: n.Format("shift_t"), N: 1}}
			},
		},
	},
}

// initHard mirrors HardActivation.initialize, which overrides types given in the configuration.
func initHard(n *ir.Node, _ ir.Data) error {
	a := ir.Attrs[HardAttrs](n)
	if err := initBase(n, &a.Base); err != nil {
		return err
	}
	slope, shift := fixed.UFixed(16, 0), fixed.UFixed(2, 0)
	if a.SlopePrec != nil {
		slope = *a.SlopePrec
	}
	if a.ShiftPrec != nil {
		shift = *a.ShiftPrec
	}
	n.SetType("slope_t", &ir.Type{Name: fmt.Sprintf("slope%d_t", n.Index), Format: slope})
	n.SetType("shift_t", &ir.Type{Name: fmt.Sprintf("shift%d_t", n.Index), Format: shift})
	return nil
}
