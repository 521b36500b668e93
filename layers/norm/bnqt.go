package norm

import (
	"fmt"
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// QuantizedTanhAttrs are the attributes of BatchNormalizationQuantizedTanh: comparisons with thresholds that
// stand for a batch normalization and the binary or ternary tanh behind it.
type QuantizedTanhAttrs struct {
	NIn      int `hls:"n_in"`
	NOut     int `hls:"n_out"`
	NFilt    int `hls:"n_filt"`
	Quantize int `hls:"quantize"` // 2: binary, 3: ternary
	// Scale, Bias and Threshold are those of the layers merged; the thresholds come from them.
	Scale, Bias *ir.Tensor `hls:"-"`
	Threshold   float64    `hls:"-"`
}

var quantizedTanhDef = layers.Def{
	Kind:   "BatchNormalizationQuantizedTanh",
	Doc:    "batch normalization and binary or ternary tanh as comparisons with thresholds",
	Traits: layers.Thresholds,
	Attrs:  func() any { return &QuantizedTanhAttrs{} },
	Options: []ir.Option{
		{Name: "n_in"},
		{Name: "n_filt", Default: 0},
		layers.TypeRole("accum_t"),
		{Name: "reuse_factor", Class: ir.Configurable, Default: 1},
	},
	Init: initQuantizedTanh,
	Ref:  quantizedTanhRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {Kernel: quantizedTanhKernel, Emit: quantizedTanhEmit},
	},
}

// initQuantizedTanh computes the thresholds on the grid of the input type. Mirrors
// BatchNormalizationQuantizedTanh.set_thresholds.
func initQuantizedTanh(n *ir.Node, _ ir.Data) error {
	a := ir.Attrs[QuantizedTanhAttrs](n)
	in := n.In(0)
	name, typeName := fmt.Sprintf("layer%d_out", n.Index), fmt.Sprintf("layer%d_t", n.Index)
	// hls4ml divides by it and writes C++ that does not compile.
	if i := slices.Index(a.Scale.Data, 0); i >= 0 {
		return n.Errorf("scale: got 0 at flat index %d (gamma of the normalization), want another number: a "+
			"comparison with a threshold cannot give an answer that no input changes", i)
	}
	flip, err := ir.Elementwise(a.Bias.Map(func(b float64) float64 { return -b }), a.Scale,
		func(b, s float64) float64 { return b / s })
	if err != nil {
		return n.Errorf("thresholds: %w", err)
	}
	switch a.Quantize {
	case 2:
		n.AddOutputOf(in.Shape, name, typeName, fixed.Xnor())
		return addThreshold(n, "threshold", "t", "threshold%d_t", flip)
	case 3:
		n.AddOutputOf(in.Shape, name, typeName, fixed.Int(2))
		half := a.Scale.Map(func(s float64) float64 { return a.Threshold / s })
		hi, _ := ir.Elementwise(half, flip, func(h, t float64) float64 { return h + t })
		lo, _ := ir.Elementwise(half, flip, func(h, t float64) float64 { return -h + t })
		if err := addThreshold(n, "threshold_hi", "th", "threshold_hi_%d_t", hi); err != nil {
			return err
		}
		return addThreshold(n, "threshold_lo", "tl", "threshold_lo_%d_t", lo)
	}
	return n.Errorf("quantize: got %d, want 2 (binary) or 3 (ternary)", a.Quantize)
}

// floatSteps is the number of fractional bits from which numpy multiplies float32 arrays by 2^F in double
// precision: the factor no longer fits an integer of 16 bits.
const floatSteps = 16

func addThreshold(n *ir.Node, role, letter, typeName string, t *ir.Tensor) error {
	f := n.In(0).Type.Format
	step := math.Ldexp(1, -f.F())
	if f.F() >= floatSteps {
		t = &ir.Tensor{Shape: t.Shape, DType: ir.Float64, Data: t.Data}
	}
	grid := t.Map(func(v float64) float64 { return v / step }).Map(math.Floor)
	return n.AddWeight(ir.WeightSpec{
		Role: role, Var: fmt.Sprintf("%s%d", letter, n.Index),
		Data:      grid.Map(func(v float64) float64 { return v * step }),
		Precision: f, HasPrecision: true, TypeName: fmt.Sprintf(typeName, n.Index),
	})
}
