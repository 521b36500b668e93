package quant

import (
	"fmt"
	"math"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Weights is a quantizer of weights as hls4ml wraps it: a Func, and the type of the numbers it gives. It is a
// value that does not change.
type Weights struct {
	fn     *Func
	format fixed.Format
	signs  bool // keep the sign alone: bits in Xnor, else -1 and 1
	scaled bool // alpha may be taken out of the weights
}

var (
	_ ir.FrameworkQuantizer = (*Weights)(nil)
	_ ir.ValueQuantizer     = (*Weights)(nil)
)

// ForWeight makes the quantizer of a weight; kernel says that it multiplies data, where binary weights become
// bits. Mirrors get_quantizer_from_config of hls4ml's converters/keras/qkeras.py.
func ForWeight(c Config, kernel bool) (*Weights, error) {
	w, err := Plain(c)
	switch {
	case err != nil:
		return nil, err
	case strings.Contains(c.Class, "binary"):
		w.signs, w.format = true, fixed.Int(2)
		if kernel {
			w.format = fixed.Xnor()
		}
	case c.Class == "quantized_po2":
		w.scaled, w.format = false, fixed.Exponent(w.fn.config.bits(), true)
	}
	return w, nil
}

// Plain makes a quantizer whose values are taken as they are, with the type that hls4ml knows for its class;
// for a class that it does not know it takes ap_fixed<16,6>. Mirrors QKerasQuantizer of model/quantizers.py.
func Plain(c Config) (*Weights, error) {
	fn, err := New(c)
	if err != nil {
		return nil, err
	}
	w := &Weights{fn: fn, format: fixed.Fixed(16, 6), scaled: true}
	switch {
	case isFunction(c.Class):
		return nil, fmt.Errorf("quantizer %q: got a function, want one for weights", c.Class)
	case c.Class == "quantized_bits":
		if w.format, err = c.weightFormat(); err != nil {
			return nil, err
		}
	case strings.Contains(c.Class, "ternary"):
		w.format = fixed.Int(2)
	case strings.Contains(c.Class, "binary"):
		w.format = fixed.Xnor()
	}
	return w, nil
}

// weightFormat mirrors QKerasQuantizer._get_type.
func (c Config) weightFormat() (fixed.Format, error) {
	bits, integer := c.bits(), c.integer()
	switch {
	case bits < 1:
		return fixed.Auto, fmt.Errorf("quantizer %q: bits: got %d, want at least 1", c.Class, bits)
	case bits == integer && bits == 1:
		return fixed.Xnor(), nil
	case bits == integer:
		return fixed.Int(bits), nil
	}
	return fixed.Fixed(bits, integer+1), nil
}

func (c Config) bits() int    { return int(number(c.value("bits"))) }
func (c Config) integer() int { return int(number(c.value("integer"))) }

// Format implements ir.Quantizer.
func (w *Weights) Format() fixed.Format { return w.format }

// String implements ir.Quantizer.
func (w *Weights) String() string { return w.fn.String() }

// Func returns the quantizer as QKeras has it.
func (w *Weights) Func() *Func { return w.fn }

// Quantize implements ir.Quantizer. What it returns is float32, as QKeras has it, but for bits: those are
// integers in numpy, which with floats promote to double precision.
func (w *Weights) Quantize(t *ir.Tensor) (*ir.Tensor, error) {
	out, err := w.Framework(t)
	if err != nil || !w.signs {
		return out, err
	}
	low := -1.0
	if w.format.Kind == fixed.KindXnor {
		low, out.DType = 0, ir.Float64
	}
	for i, v := range out.Data {
		out.Data[i] = low
		if v >= 0 {
			out.Data[i] = 1
		}
	}
	return out, nil
}

// Framework implements ir.FrameworkQuantizer.
func (w *Weights) Framework(t *ir.Tensor) (*ir.Tensor, error) {
	y, _, err := w.fn.Quantize(single(t), t.Shape)
	if err != nil {
		return nil, err
	}
	return tensorOf(y, t.Shape, w.fn)
}

// Value implements ir.ValueQuantizer, for states of recurrent layers, whose quantizers hls4ml reads as those
// of weights.
func (w *Weights) Value() (func(x float64) float64, error) { return w.fn.reference() }

// single returns the values in float32, in which QKeras computes.
func single(t *ir.Tensor) []float32 {
	x := make([]float32, len(t.Data))
	for i, v := range t.Data {
		x[i] = float32(v)
	}
	return x
}

func tensorOf(y []float32, shape []int, fn *Func) (*ir.Tensor, error) {
	out := ir.NewTensor(ir.Float32, shape...)
	for i, v := range y {
		out.Data[i] = float64(v)
		if math.IsNaN(out.Data[i]) || math.IsInf(out.Data[i], 0) {
			return nil, fmt.Errorf("quantizer %s: it makes %v of the weight at flat index %d, want a number", fn, v, i)
		}
	}
	return out, nil
}

// HasScale reports whether alpha is something else than 1, so that hls4ml takes a scale out of the weights.
func (w *Weights) HasScale() bool { return w.scaled && !w.fn.Alpha().One() }

// HasAlpha reports whether the class knows a scale at all: powers of two do not.
func (w *Weights) HasAlpha() bool { return w.scaled }

// Settled returns the quantizer with its scale taken for one that is part of the weights.
func (w *Weights) Settled() *Weights {
	cp := *w
	cp.scaled = false
	return &cp
}

// Factors are weights and what was taken out of them.
type Factors struct {
	Weights *ir.Tensor
	Scale   *ir.Tensor // one value per output
	// Rest quantizes the weights without the scale.
	Rest *Weights
	// PowersOfTwo says that the scale was rounded to those.
	PowersOfTwo bool
}

// Factorize quantizes the weights t, divides them by their scale and quantizes again without. A scale that is
// one number becomes nOut of them in double precision. Mirrors QKerasFactorizeAlpha.transform of hls4ml's
// model/optimizer/passes/qkeras.py.
func (w *Weights) Factorize(t *ir.Tensor, nOut int) (*Factors, error) {
	y, s, err := w.fn.Quantize(single(t), t.Shape)
	if err != nil {
		return nil, err
	}
	rest, err := w.fn.WithoutScale()
	if err != nil {
		return nil, err
	}
	f := &Factors{PowersOfTwo: w.fn.Alpha().Auto == "auto_po2"}
	inverse := make([]float32, len(s.Values))
	if s.Values == nil {
		f.Scale = ir.NewTensor(ir.Float64, nOut).Map(func(float64) float64 { return s.Number })
		inverse = []float32{float32(1 / s.Number)}
	} else {
		f.Scale = ir.NewTensor(ir.Float32, keepAxes(t.Shape)...)
		for i, v := range s.Values {
			f.Scale.Data[i], inverse[i] = float64(v), 1/v
		}
	}
	for i := range y {
		y[i] *= inverse[i%len(inverse)]
		if y[i] != y[i] && !w.signs {
			return nil, fmt.Errorf("quantizer %s: got only zeros in channel %d, whose scale is zero then, "+
				"want alpha 'auto_po2' or a number, or other weights", w.fn, i%len(inverse))
		}
	}
	cp := *w
	cp.fn = rest
	f.Rest = &cp
	f.Weights, err = f.Rest.Quantize(&ir.Tensor{Shape: t.Shape, DType: ir.Float32, Data: double(y)})
	return f, err
}

// keepAxes is the shape of a reduction over all axes but the last that keeps their number.
func keepAxes(shape []int) []int {
	out := make([]int, len(shape))
	for i := range out {
		out[i] = 1
	}
	out[len(out)-1] = shape[len(shape)-1]
	return out
}

func double(x []float32) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

// ScalePowers is the quantizer of a scale of powers of two: with as many bits as their exponents need.
func ScalePowers(scale *ir.Tensor) (*Weights, error) {
	bits := 2
	for _, v := range scale.Data {
		bits = max(bits, int(math.Abs(math.Log2(v)))+1)
	}
	return ForWeight(Config{"quantized_po2", map[string]any{"bits": bits}}, true)
}
