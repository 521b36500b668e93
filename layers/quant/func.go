package quant

import (
	"errors"
	"fmt"
	"slices"
)

// Func is a quantizer as QKeras applies it at inference.
type Func struct {
	config Config
	// value quantizes one number; nil where a number's answer depends on the others. wide says that the
	// number lies in a full register, where TensorFlow computes logarithms and tanh another way.
	value func(x float32, wide bool) float32
	// tensor quantizes a whole tensor and finds its scale.
	tensor func(x []float32, shape []int) ([]float32, Scale, error)
}

// Scale is the factor that a quantizer found for every channel, or a constant.
type Scale struct {
	// Values has one entry per channel, or per value where the tensor has one axis; nil: the constant Number.
	Values []float32
	Number float64
}

// at is the factor of the element i in C order.
func (s Scale) at(i int) float32 {
	if s.Values == nil {
		return float32(s.Number)
	}
	return s.Values[i%len(s.Values)]
}

// New makes the function of a quantizer. Arguments that QKeras refuses are errors, and so is chance: what a
// bernoulli quantizer answers is drawn anew at every call.
func New(c Config) (*Func, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	build, ok := builders[c.Class]
	if !ok {
		return nil, fmt.Errorf("quantizer %q: its answers are drawn at random at inference too: there is no "+
			"number to predict, want another quantizer", c.Class)
	}
	r := &reader{Config: c}
	f := build(r)
	if r.err != nil {
		return nil, r.err
	}
	f.config = c
	return f, nil
}

// builders makes the functions; bernoulli has none.
var builders = map[string]func(r *reader) *Func{
	"quantized_bits":     newBits,
	"quantized_relu":     newRelu,
	"quantized_tanh":     newTanh,
	"quantized_sigmoid":  newSigmoid,
	"quantized_po2":      newPo2,
	"quantized_relu_po2": newReluPo2,
	"binary":             newBinary,
	"stochastic_binary":  newBinary, // without chance at inference
	"ternary":            newTernary,
	"stochastic_ternary": newTernary,
	"binary_tanh":        newBinaryTanh,
	"binary_sigmoid":     newBinarySigmoid,
}

// Config returns what the function was made from.
func (f *Func) Config() Config { return f.config }

// String is the quantizer as a call of its class.
func (f *Func) String() string { return f.config.String() }

// Value quantizes one number. Functions with a scale of their own take it for a tensor of one value.
func (f *Func) Value(x float32) float32 {
	if f.value != nil {
		return f.value(x, true)
	}
	y, _, err := f.tensor([]float32{x}, []int{1})
	if err != nil {
		return 0
	}
	return y[0]
}

// Pointwise reports whether every number is quantized on its own.
func (f *Func) Pointwise() bool { return f.value != nil }

// Quantize quantizes a tensor in C order; x is not changed.
func (f *Func) Quantize(x []float32, shape []int) ([]float32, Scale, error) {
	if f.tensor != nil {
		y, s, err := f.tensor(x, shape)
		if err != nil {
			err = fmt.Errorf("quantizer %q: %w", f.config.Class, err)
		}
		return y, s, err
	}
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = f.value(v, wide(i, len(x)))
	}
	return y, Scale{Number: f.Alpha().factor()}, nil
}

// Alpha is the alpha argument of a quantizer.
type Alpha struct {
	Set  bool    // it is not None
	Auto string  // "auto", "auto_po2" or ""
	Num  float64 // when Set and not Auto
}

// Alpha returns the alpha argument; classes without one have none set.
func (f *Func) Alpha() Alpha {
	switch v := f.config.value("alpha").(type) {
	case string:
		return Alpha{Set: true, Auto: v}
	case int, float64, bool:
		return Alpha{Set: true, Num: number(v)}
	}
	return Alpha{}
}

func (a Alpha) factor() float64 {
	if a.Set && a.Auto == "" {
		return a.Num
	}
	return 1
}

// One reports whether alpha asks for no scale: it is None or 1.
func (a Alpha) One() bool { return !a.Set || a.Auto == "" && a.Num == 1 }

// lost are the arguments that QKeras leaves out of the configuration of a quantizer.
var lost = []string{"scale_axis", "var_name", "use_ste", "use_variables", "is_quantized_clip"}

// WithoutScale returns the quantizer with alpha 1, made anew from its configuration as hls4ml does it.
func (f *Func) WithoutScale() (*Func, error) {
	c := f.config.With("alpha", 1)
	if f.config.Class == "quantized_bits" && f.Alpha().Auto != "" {
		c.Args["symmetric"] = true
	}
	for _, name := range lost {
		delete(c.Args, name)
	}
	return New(c)
}

// alpha reads the alpha argument, which may be a number, None or one of two words.
func (r *reader) alpha() Alpha {
	switch v := r.value("alpha").(type) {
	case string:
		if v != "auto" && v != "auto_po2" {
			r.fail("alpha", "None, a number, 'auto' or 'auto_po2'")
		}
		return Alpha{Set: true, Auto: v}
	case nil:
		return Alpha{}
	}
	return Alpha{Set: true, Num: r.float("alpha")}
}

// slope reads negative_slope: zero or a power of two.
func (r *reader) slope() float64 {
	v := r.float("negative_slope")
	if v < 0 || v != 0 && !powerOfTwo(v) {
		r.fail("negative_slope", "0 or a power of two")
	}
	return v
}

// checkShape wants a tensor of the size of x.
func checkShape(x []float32, shape []int) error {
	size := 1
	for _, d := range shape {
		size *= d
	}
	if size != len(x) || len(x) == 0 {
		return errors.New("got a tensor whose shape does not fit its values")
	}
	return nil
}

// isFunction reports whether the class is a plain function of QKeras.
func isFunction(class string) bool { return slices.Contains(functions, class) }
