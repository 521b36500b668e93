package quant

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Defs returns the kinds of the family, values of the caller's own.
func Defs() []layers.Def {
	return layers.Fresh(fixedPointDef)
}

// FixedPointAttrs are the attributes of FixedPointQuantizer, a layer of HGQ's proxy models.
type FixedPointAttrs struct {
	DataFormat string `hls:"data_format"`
	NIn        int    `hls:"n_in"` // values of one sample
	RND        string `hls:"RND"`  // quantization mode as ap_fixed spells it, without AP_
	SAT        string `hls:"SAT"`  // overflow mode
	Fusible    bool   `hls:"fusible"`
	Mask
	// Overrides are settings of other layers that the quantizer carries, by layer and setting; nil: the
	// file has no place for any.
	Overrides map[string]map[string]any `hls:"-"`
}

// Carried implements layers.Quantizing.
func (a *FixedPointAttrs) Carried() map[string]map[string]any { return a.Overrides }

var fixedPointDef = layers.Def{
	Kind:  "FixedPointQuantizer",
	Doc:   "conversion of every value to a fixed-point type of its own",
	Attrs: func() any { return &FixedPointAttrs{RND: "TRN", SAT: "WRAP"} },
	Init:  initFixedPoint,
	Bits:  fixedPointBits,
	Ref:   fixedPointRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: fixedPointKernel, Emit: codegen.Emitter{Emit: emitFixedPoint},
			Limits: []layers.Limit{
				{
					IOType: ir.Stream,
					Why: "a word has one type for its values: use one type for all, which folds into the layer before, " +
						"or io_parallel",
				},
			},
		},
	},
}

// initFixedPoint mirrors FixedPointQuantizer.initialize of hls4ml's
// model/optimizer/passes/hgq_proxy_model.py.
func initFixedPoint(n *ir.Node, _ ir.Data) error {
	a, in := ir.Attrs[FixedPointAttrs](n), n.In(0)
	if in == nil {
		return n.Errorf("input %q: got no such tensor", n.Inputs[0])
	}
	if _, err := a.modes(); err != nil {
		return n.Errorf("RND, SAT: %w", err)
	}
	m := a.Mask
	switch {
	case len(m.B) == 0 || len(m.K) != len(m.B) || len(m.I) != len(m.B):
		return n.Errorf("bits: got none, want those of every value")
	case !m.Fits(in.Shape):
		return n.Errorf("bits: got shape %v, want that of the input %v, or ones in it", m.Shape, in.Shape)
	}
	for k := range m.B {
		if m.B[k] < 0 || m.B[k] > fixed.MaxW || m.K[k] != 0 && m.K[k] != 1 || m.I[k] < -fixed.MaxW ||
			m.I[k] > fixed.MaxW {
			return n.Errorf("bits: got keep_negative %d, bits %d, integers %d, want 0 or 1 and at most %d bits",
				m.K[k], m.B[k], m.I[k], fixed.MaxW)
		}
	}
	a.NIn = in.Size()
	return n.AddOutput(in.Shape)
}

// fixedPointRef converts each float to its type. Of one bit, the sign, a symmetric one leaves nothing:
// that the number types of the firmware have -1 then is not what was trained.
var fixedPointRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	types := ir.Attrs[FixedPointAttrs](n).types(n.Out().Shape)
	return func(in [][]float64, out []float64) {
		for i, x := range in[0] {
			out[i] = 0
			if t := types[i]; t.W != 0 && (t.W > 1 || !t.Signed || t.O != fixed.SATSym) {
				out[i] = nearest(x, types[i])
			}
		}
	}, nil
}
