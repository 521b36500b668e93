package quant

import (
	"fmt"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Activation is the quantizer of an activation, and the type that hls4ml gives to its results.
type Activation struct {
	fn     *Func
	format fixed.Format
}

var _ ir.ValueQuantizer = (*Activation)(nil)

// activations lists the quantizers that hls4ml reads as activations.
var activations = []string{
	"quantized_bits", "quantized_relu", "quantized_tanh", "quantized_sigmoid", "binary", "ternary",
	"binary_tanh", "binary_sigmoid",
}

// ForActivation makes the quantizer of an activation. Mirrors the checks of get_activation_quantizer in
// hls4ml's converters/keras/qkeras.py and the types of _get_precision_from_quantizer in utils/config.py.
func ForActivation(c Config) (*Activation, error) {
	known := false
	for _, name := range activations {
		known = known || name == c.Class
	}
	if _, exists := signatures[c.Class]; exists && !known {
		return nil, fmt.Errorf("quantizer %q: no firmware for it as an activation, want one of %s",
			c.Class, strings.Join(activations, ", "))
	}
	fn, err := New(c)
	if err != nil {
		return nil, err
	}
	f := c.activationFormat()
	if f.W < 1 {
		return nil, fmt.Errorf("quantizer %q: bits: got %d, want at least 1", c.Class, c.bits())
	}
	return &Activation{fn, f}, nil
}

// activationFormat is the type of the results; without fractional bits it is an integer.
func (c Config) activationFormat() fixed.Format {
	f := fixed.Format{W: c.bits(), I: c.integer() + 1, Signed: true}
	o := fixed.SAT
	switch c.Class {
	case "quantized_bits":
	case "quantized_relu":
		if number(c.value("negative_slope")) == 0 {
			f.Signed, f.I = false, f.I-1
		}
	case "quantized_tanh":
		f.I = 1
		if number(c.value("symmetric")) != 0 {
			o = fixed.SATSym
		}
	case "quantized_sigmoid":
		f.Signed, f.I = false, 0
	default:
		return fixed.Int(2)
	}
	switch {
	case f.W > f.I:
		return f.With(fixed.RNDConv, o)
	case f.Signed:
		return fixed.Int(f.I)
	}
	return fixed.UInt(f.I)
}

// Format implements ir.Quantizer.
func (a *Activation) Format() fixed.Format { return a.format }

// String implements ir.Quantizer.
func (a *Activation) String() string { return a.fn.String() }

// Config returns the quantizer as the model's file has it.
func (a *Activation) Config() Config { return a.fn.config }

// Quantize implements ir.Quantizer.
func (a *Activation) Quantize(t *ir.Tensor) (*ir.Tensor, error) {
	y, _, err := a.fn.Quantize(single(t), t.Shape)
	if err != nil {
		return nil, err
	}
	return tensorOf(y, t.Shape, a.fn)
}

// Value implements ir.ValueQuantizer: float32 in and out.
func (a *Activation) Value() (func(x float64) float64, error) { return a.fn.reference() }

// reference is the function of one value.
func (f *Func) reference() (func(x float64) float64, error) {
	if !f.Pointwise() {
		return nil, fmt.Errorf("quantizer %s: QKeras finds its scale from all samples of a batch: "+
			"there is no reference for one sample", f)
	}
	return func(x float64) float64 { return float64(f.Value(float32(x))) }, nil
}

// Function is the activation that hls4ml's firmware computes for the quantizer, before the result type rounds
// and limits: "linear", "relu", "leaky_relu", "tanh", "hard_tanh", "binary_tanh", ...
func (a *Activation) Function() string {
	c := a.fn.config
	switch c.Class {
	case "quantized_bits":
		return "linear"
	case "quantized_relu":
		if number(c.value("negative_slope")) != 0 {
			return "leaky_relu"
		}
		return "relu"
	case "quantized_tanh":
		if number(c.value("use_real_tanh")) == 0 {
			return "hard_tanh"
		}
		return "tanh"
	case "quantized_sigmoid":
		if number(c.value("use_real_sigmoid")) == 0 {
			return "hard_sigmoid"
		}
		return "sigmoid"
	case "ternary":
		return "ternary_tanh"
	}
	return "binary_tanh"
}

// Slope is the slope of the negative side of a leaky relu.
func (a *Activation) Slope() float64 { return number(a.fn.config.value("negative_slope")) }

// Threshold is from where on a ternary activation is not zero.
func (a *Activation) Threshold() float64 {
	const usual = 0.33
	if v := a.fn.config.value("threshold"); v != nil {
		return number(v)
	}
	return usual
}
