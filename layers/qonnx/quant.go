package qonnx

import (
	"math"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// QuantAttrs are the attributes of Quant. Its inputs are a tensor, scale, zero point and bits; a pass takes
// the last three over into the attributes.
type QuantAttrs struct {
	Signed       bool   `hls:"signed"`
	Narrow       bool   `hls:"narrow"` // without the lowest number
	RoundingMode string `hls:"rounding_mode"`

	Scale    *ir.Tensor `hls:"-"` // one number, or what repeats to the input; nil: still an input
	ZeroPt   *ir.Tensor `hls:"-"`
	BitWidth float64    `hls:"bitwidth"` // QONNX allows fractions
	// KeepZero says that a zero point counts where the scale is a power of two, too. hls4ml 1.3.0 reads past it
	// there; readers of formats that it does not take set it.
	KeepZero bool `hls:"-"`
}

// Scaling implements Scaled.
func (a *QuantAttrs) Scaling() *ir.Tensor { return a.Scale }

var quantDef = layers.Def{
	Kind:    "Quant",
	Doc:     "rounding to multiples of a scale, until a pass makes types or scales of it",
	Attrs:   func() any { return &QuantAttrs{Signed: true, RoundingMode: "ROUND"} },
	Options: []ir.Option{layers.ReuseFactorOption()},
	Init:    initQuantizer,
	Ref:     quantRef,
	Impl:    map[codegen.Dialect]layers.Impl{codegen.Xilinx: {Setup: refuse}},
	Missing: missing,
}

const missing = "passes make types, scales and activations of it"

// refuse reports a quantizer that no pass took, once the set-up begins.
func refuse(n *ir.Node) error {
	return n.Errorf("scale, zero point, bits: got tensors that the network computes, want constants")
}

// initQuantizer mirrors Quant.initialize and BipolarQuant.initialize.
func initQuantizer(n *ir.Node, _ ir.Data) error {
	in := n.In(0)
	if in == nil {
		return n.Errorf("input %q: got no such tensor", n.Inputs[0])
	}
	return n.AddOutput(in.Shape)
}

// Rounding is the quantization mode of a rounding mode of QONNX; ok is false for one that no type has.
// hls4ml 1.3.0 knows ROUND and FLOOR.
func Rounding(mode string) (q fixed.Q, ok bool) {
	switch strings.ToUpper(mode) {
	case "ROUND", "HALF_EVEN":
		return fixed.RNDConv, true
	case "FLOOR":
		return fixed.TRN, true
	case "DOWN", "ROUND_TO_ZERO":
		return fixed.TRNZero, true
	case "HALF_UP":
		return fixed.RNDInf, true
	case "HALF_DOWN":
		return fixed.RNDZero, true
	}
	return fixed.TRN, false
}

// Format is the type whose steps are those of the quantizer when 2 to the power of exponent is its scale.
// Mirrors _calculate_precision_quantizer of hls4ml's model/optimizer/passes/quant_opt.py.
func (a *QuantAttrs) Format(n *ir.Node, exponent int) (fixed.Format, error) {
	q, ok := Rounding(a.RoundingMode)
	switch {
	case !ok:
		return fixed.Auto, n.Errorf("rounding_mode: got %q, which no type of the firmware has, want ROUND, FLOOR, "+
			"DOWN, HALF_UP or HALF_DOWN", a.RoundingMode)
	case a.Narrow && !a.Signed:
		return fixed.Auto, n.Errorf("narrow: got an unsigned quantizer without its highest number, which no type " +
			"has, want narrow=0 or signed=1")
	}
	bits := int(math.Ceil(a.BitWidth))
	f := fixed.Format{W: bits, I: bits + exponent, Signed: a.Signed}.With(q, fixed.SAT)
	if a.Narrow {
		f.O = fixed.SATSym
	}
	if err := f.Validate(); err != nil {
		return fixed.Auto, n.Errorf("bitwidth %g, scale 2^%d: %w", a.BitWidth, exponent, err)
	}
	return f.In(n.Graph().Config.Family), nil
}

// PowerOfTwo is the exponent of a quantizer whose scales are one power of two; ok is false for others, and
// for those with a zero point that is to be kept.
func (a *QuantAttrs) PowerOfTwo() (exponent int, ok bool) {
	if a.KeepZero && !a.ZeroPt.AllEqual(0) || !a.Scale.AllEqual(a.Scale.Data[0]) {
		return 0, false
	}
	mantissa, exponent := math.Frexp(a.Scale.Data[0])
	return exponent - 1, mantissa == 0.5
}

// limits are the least and largest number before the scale.
func (a *QuantAttrs) limits(bits float64) (least, most float64) {
	half, narrow := math.Exp2(bits-1), 0.0
	if a.Narrow {
		narrow = 1
	}
	if a.Signed {
		return -half + narrow, half - 1
	}
	return 0, 2*half - 1 - narrow
}

// quantRef is the float reference, in the order and precision of QONNX's own.
var quantRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	a := ir.Attrs[QuantAttrs](n)
	round, ok := roundings[strings.ToUpper(a.RoundingMode)]
	if !ok {
		return nil, n.Errorf("rounding_mode: got %q, want one of QONNX", a.RoundingMode)
	}
	if len(n.Inputs) != 4 {
		return nil, n.Errorf("inputs: got %d, want a tensor, scale, zero point and bits", len(n.Inputs))
	}
	scaleAt, err := spread(n, 1)
	if err != nil {
		return nil, err
	}
	zeroAt, err := spread(n, 2)
	if err != nil {
		return nil, err
	}
	bitsAt, err := spread(n, 3)
	if err != nil {
		return nil, err
	}
	return func(in [][]float64, out []float64) {
		for i, x := range in[0] {
			bits := in[3][bitsAt(i)]
			least, most := a.limits(bits)
			scale, zero := float32(in[1][scaleAt(i)]), float32(in[2][zeroAt(i)])
			y := float64(float32(x)/scale + zero)
			switch {
			case bits == 1 && a.Signed && y >= 0: // QONNX takes one signed bit for a sign
				y = 1
			case bits == 1 && a.Signed:
				y = -1
			default:
				y = round(min(max(y, least), most))
			}
			out[i] = float64((float32(y) - zero) * scale)
		}
	}, nil
}

// roundings are the rounding modes of QONNX.
var roundings = map[string]func(x float64) float64{
	"ROUND": math.RoundToEven, "HALF_EVEN": math.RoundToEven, "FLOOR": math.Floor, "CEIL": math.Ceil,
	"DOWN": math.Trunc, "ROUND_TO_ZERO": math.Trunc, "HALF_UP": math.Round,
	"UP":        func(x float64) float64 { return math.Copysign(math.Ceil(math.Abs(x)), x) },
	"HALF_DOWN": func(x float64) float64 { return math.Copysign(math.Ceil(math.Abs(x)-0.5), x) },
}

// spread is where the value of input i is for each value of the output.
func spread(n *ir.Node, i int) (func(at int) int, error) {
	v := n.In(i)
	if v == nil {
		return nil, n.Errorf("input %q: got no such tensor", n.Inputs[i])
	}
	places := ir.NewTensor(ir.Float64, v.Shape...)
	for k := range places.Data {
		places.Data[k] = float64(k)
	}
	if len(places.Data) == 1 {
		return func(int) int { return 0 }, nil
	}
	all, err := places.BroadcastTo(n.Out().Shape...)
	if err != nil {
		return nil, n.Errorf("input %q: %w", n.Inputs[i], err)
	}
	return func(at int) int { return int(all.Data[at]) }, nil
}

// CheckScale refuses scales that nothing can be divided by, and what does not repeat to the input.
func CheckScale(n *ir.Node, scale *ir.Tensor) error {
	if i := slices.IndexFunc(scale.Data, func(v float64) bool { return v == 0 || v-v != 0 }); i >= 0 {
		return n.Errorf("scale: got %v at flat index %d, want finite numbers other than zero", scale.Data[i], i)
	}
	if _, err := scale.BroadcastTo(n.In(0).Shape...); err != nil {
		return n.Errorf("scale: %w", err)
	}
	return nil
}
