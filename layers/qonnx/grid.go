package qonnx

import (
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Grid is the quantizer of a Quant node whose scale the type says: it rounds to multiples of the type's step
// and stays in its range. Mirrors QuantNodeQuantizer of hls4ml's model/quantizers.py, which knows the modes
// RND_CONV and TRN.
type Grid struct{ Type fixed.Format }

var _ ir.ValueQuantizer = Grid{}

// Format implements ir.Quantizer.
func (g Grid) Format() fixed.Format { return g.Type }

// String implements ir.Quantizer.
func (g Grid) String() string { return fmt.Sprintf("Quant(%s)", g.Type) }

// Quantize implements ir.Quantizer. Steps are taken in the precision of t, in numpy's order: numbers are
// limited before they are rounded.
func (g Grid) Quantize(t *ir.Tensor) (*ir.Tensor, error) {
	round, err := g.rounding()
	if err != nil {
		return nil, err
	}
	step := math.Ldexp(1, g.Type.F())
	least, most := g.limits()
	units := t.Map(func(v float64) float64 { return v * step })
	limited := units.Map(func(v float64) float64 {
		if v > most {
			v = most
		}
		return max(v, least)
	})
	return limited.Map(round).Map(func(v float64) float64 { return v / step }), nil
}

// Value implements ir.ValueQuantizer.
func (g Grid) Value() (func(x float64) float64, error) {
	round, err := g.rounding()
	if err != nil {
		return nil, err
	}
	step := math.Ldexp(1, g.Type.F())
	least, most := g.limits()
	return func(x float64) float64 { return round(min(max(x*step, least), most)) / step }, nil
}

// limits are the least and largest number in units of the last place.
func (g Grid) limits() (least, most float64) {
	if !g.Type.Signed {
		return 0, math.Ldexp(1, g.Type.W) - 1
	}
	half := math.Ldexp(1, g.Type.W-1)
	if g.Type.O == fixed.SATSym {
		return -half + 1, half - 1
	}
	return -half, half - 1
}

func (g Grid) rounding() (func(x float64) float64, error) {
	switch g.Type.Q {
	case fixed.RNDConv:
		return math.RoundToEven, nil
	case fixed.TRN:
		return math.Floor, nil
	case fixed.TRNZero:
		return math.Trunc, nil
	case fixed.RNDInf:
		return math.Round, nil
	case fixed.RNDZero:
		return roundings["HALF_DOWN"], nil
	}
	return nil, fmt.Errorf("quantizer %s: got rounding mode %v, want one of QONNX", g, g.Type.Q)
}
