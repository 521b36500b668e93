package keras

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/fixed/kif"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/quant"
)

// hgqQuantizer is a quantizer of HGQ2 as training left it: bits for every value, or one set for all values
// along an axis, and how it rounds and overflows.
type hgqQuantizer struct {
	shape    []int // of the bits: the axes of the tensor, of data with one for the batch; ones where shared
	k, i, f  []int // sign, integer bits without it, fractional bits; a sum of no bits is zero
	rnd, sat string
	// unwrapped marks weights that are rounded and never wrapped: those of a quantizer that wraps and can be
	// trained, which widens itself before anything would.
	unwrapped bool
	scale     float64 // values are multiples of it times the step; one but for quantizers with a scaler
}

// hgqVariable is one numbered variable of a file.
type hgqVariable struct {
	shape  []int
	values []float64
	whole  bool // it is of an integer type
}

// newHGQQuantizer reads a quantizer from its config and its variables in the order of the file. The order
// of the two float variables depends on which of them are trained.
func newHGQQuantizer(config any, vars []hgqVariable) (*hgqQuantizer, error) {
	c, err := quantizerConfig(config)
	if err != nil {
		return nil, err
	}
	q := &hgqQuantizer{scale: 1}
	kind, err := c.Text("q_type", "")
	if err != nil {
		return nil, err
	}
	if q.rnd, err = c.Text("round_mode", ""); err != nil {
		return nil, err
	}
	// HardTanh and HardSigmoid leave it out
	if q.sat, err = c.Text("overflow_mode", "SAT"); err != nil {
		return nil, err
	}
	q.rnd, q.sat = strings.TrimPrefix(strings.ToUpper(q.rnd), "S_"), strings.ToUpper(q.sat)
	if err := q.settings(c, kind); err != nil {
		return nil, err
	}
	return q, q.bits(kind, vars)
}

// quantizerConfig is the inside of a serialized QuantizerConfig.
func quantizerConfig(v any) (Config, error) {
	object, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("got no quantizer, want the settings of one")
	}
	inner, ok := object["config"].(map[string]any)
	if !ok {
		return nil, fmt.Errorf("config: got none, want an object")
	}
	return Config(inner), nil
}

// settings reads what is no variable, and refuses what no firmware has.
func (q *hgqQuantizer) settings(c Config, kind string) error {
	if kind != "kbi" && kind != "kif" {
		return fmt.Errorf("q_type: got %q, want kbi or kif: firmware has fixed-point numbers only", kind)
	}
	if _, err := fixed.Parse(fmt.Sprintf("fixed<8,4,%s,%s>", q.rnd, q.sat)); err != nil {
		return fmt.Errorf("round_mode, overflow_mode: %w", err)
	}
	if q.sat == "WRAP_SM" {
		return fmt.Errorf("overflow_mode: got WRAP_SM, which HGQ2 computes in another way than firmware does, " +
			"want WRAP, SAT or SAT_SYM")
	}
	if c.Has("affine") {
		return fmt.Errorf("affine: got a scale and a shift behind the quantizer, want none")
	}
	weight, err := c.Bool("is_weight", false)
	if err != nil {
		return err
	}
	trainable, err := c.Bool("trainable", true)
	if err != nil {
		return err
	}
	q.unwrapped = weight && trainable && q.sat == "WRAP" && (kind == "kif" || q.rnd == "RND")
	if !c.Has("scaler") {
		return nil
	}
	if q.scale, err = c.Float("scaler", 1); err != nil {
		return err
	}
	if frac, _ := math.Frexp(q.scale); frac != 0.5 {
		return fmt.Errorf("scaler: got %v, want a power of two", q.scale)
	}
	return nil
}

// bits finds k, i and f among the variables. mirrors the properties of HGQ2's fixed_point_quantizer.py; the
// order in the file is that of Keras: trained variables first, each kind in the order of creation.
func (q *hgqQuantizer) bits(kind string, vars []hgqVariable) error {
	var floats []hgqVariable
	var sign *hgqVariable
	for n, v := range vars {
		switch {
		case v.whole && sign == nil:
			sign = &vars[n]
		case !v.whole && len(v.shape) > 0: // a scalar is a speed of training
			floats = append(floats, v)
		}
	}
	if sign == nil || len(floats) != 2 {
		return fmt.Errorf("variables: got %d, want bits of sign, of integers and of fractions", len(vars))
	}
	first, second := rounded(floats[0]), rounded(floats[1])
	if len(first) != len(second) || len(sign.values) != len(first) ||
		!slices.Equal(floats[0].shape, floats[1].shape) || !slices.Equal(sign.shape, floats[0].shape) {
		return fmt.Errorf("variables: got shapes %v, %v and %v, want one", sign.shape, floats[0].shape,
			floats[1].shape)
	}
	q.shape, q.k, q.i, q.f = floats[0].shape, rounded(*sign), second, first
	if kind == "kif" && q.sat != "WRAP" { // saturating ones train both
		q.i, q.f = first, second
	}
	for n := range q.k {
		if kind == "kbi" {
			q.f[n] = first[n] - q.i[n]
		}
		if q.k[n] != 0 && q.k[n] != 1 {
			return fmt.Errorf("variables: got sign %d, want 0 or 1", q.k[n])
		}
		if b := q.k[n] + q.i[n] + q.f[n]; b > fixed.MaxW || q.i[n] > fixed.MaxW || q.i[n] < -fixed.MaxW {
			return fmt.Errorf("variables: got %d bits, of them %d before the point, want at most %d", b, q.i[n],
				fixed.MaxW)
		}
	}
	return nil
}

// rounded are the values as whole numbers; HGQ2 trains bits as floats and rounds ties to even. What no
// number of bits can be comes out as one that bits refuses.
func rounded(v hgqVariable) []int {
	out := make([]int, len(v.values))
	for n, x := range v.values {
		out[n] = int(math.RoundToEven(max(-4096, min(4096, x))))
	}
	return out
}

// exponent is log2 of the scale.
func (q *hgqQuantizer) exponent() int {
	_, exp := math.Frexp(q.scale)
	return exp - 1
}

// mask gives the bits of a quantizer of data to the layer that stands for it. A tensor of the shape,
// without batch, has bits for each value, or one set for all. mirrors extract_fixed_quantizer_config of
// hls4ml's converters/keras_v3/hgq2/_base.py.
func (q *hgqQuantizer) mask(shape []int) (quant.Mask, error) {
	m := quant.Mask{K: slices.Clone(q.k)}
	for n := range q.k {
		b, i := max(0, q.k[n]+q.i[n]+q.f[n]), q.k[n]+q.i[n]+q.exponent()
		if b == 0 {
			i = 0
		}
		m.B, m.I = append(m.B, b), append(m.I, i)
	}
	if len(q.k) == 1 {
		return m, nil
	}
	if len(q.shape) != len(shape)+1 || q.shape[0] != 1 {
		return m, fmt.Errorf("bits: got shape %v for values of shape %v", q.shape, shape)
	}
	small := quant.Mask{Shape: q.shape[1:], K: m.K, B: m.B, I: m.I}
	if !small.Fits(shape) {
		return m, fmt.Errorf("bits: got shape %v for values of shape %v", q.shape, shape)
	}
	return spreadMask(small, shape), nil
}

// spreadMask writes the bits of every value of a tensor of the shape out.
func spreadMask(m quant.Mask, shape []int) quant.Mask {
	n := ir.Size(shape)
	out := quant.Mask{Shape: shape, K: make([]int, n), B: make([]int, n), I: make([]int, n)}
	for v := range n {
		at := m.Index(shape, v)
		out.K[v], out.B[v], out.I[v] = m.K[at], m.B[at], m.I[at]
	}
	return out
}

// one is the type of a quantizer with the same bits for all values; at least one bit wide, as hls4ml makes
// it for tables.
func (q *hgqQuantizer) one() (fixed.Format, error) {
	if len(q.k) != 1 {
		return fixed.Format{}, fmt.Errorf("bits: got shape %v, want one number of bits for all values", q.shape)
	}
	f, err := fixed.Parse(fmt.Sprintf("fixed<8,4,%s,%s>", q.rnd, q.sat))
	f.W, f.I, f.Signed = max(1, q.k[0]+q.i[0]+q.f[0]), q.k[0]+q.i[0]+q.exponent(), q.k[0] != 0
	return f, err
}

// quantize returns the values of a tensor as the framework's inference uses them, computed in float32 in
// its order. The bits must spread over the shape.
func (q *hgqQuantizer) quantize(t *ir.Tensor) (*ir.Tensor, error) {
	shape, at, err := kif.Spread(q.shape, t.Shape)
	if err != nil || !slices.Equal(shape, t.Shape) {
		return nil, fmt.Errorf("bits: got shape %v for values of shape %v", q.shape, t.Shape)
	}
	out := &ir.Tensor{Shape: t.Shape, Data: make([]float64, len(t.Data))}
	scale := float32(q.scale)
	for n, x := range t.Data {
		b, _ := at(n)
		out.Data[n] = float64(q.value(float32(x)/scale, b) * scale)
	}
	return out, nil
}

// value quantizes one number with the bits of entry n.
func (q *hgqQuantizer) value(x float32, n int) float32 {
	k, i, f := q.k[n], q.i[n], q.f[n]
	if q.unwrapped {
		return q.round(x, f)
	}
	if k+i+f <= 0 {
		return 0
	}
	if q.sat != "WRAP" {
		return q.round(q.limit(x, k, i, f), f)
	}
	x, span, bias := q.round(x, f), power(i+k), float32(0)
	if k != 0 {
		bias = power(i + k - 1)
	}
	return floorMod(x+bias, span) - bias
}

// power is 2^n in float32.
func power(n int) float32 { return float32(math.Ldexp(1, n)) }

// limit saturates before rounding, as HGQ2 does.
func (q *hgqQuantizer) limit(x float32, k, i, f int) float32 {
	high := power(i) - power(-f)
	low := -power(i) * float32(k)
	if q.sat == "SAT_SYM" {
		low = -high * float32(k)
	}
	switch {
	case x > high:
		return high
	case x < low:
		return low
	}
	return x
}

// round brings x to multiples of 2^-f.
func (q *hgqQuantizer) round(x float32, f int) float32 {
	step := power(f)
	return hgqRoundings[q.rnd](float32(x*step)) / step
}

// hgqRoundings are the modes of HGQ2 by name, in float32.
var hgqRoundings = map[string]func(v float32) float32{
	"TRN":         floor32,
	"RND":         func(v float32) float32 { return floor32(v + 0.5) },
	"RND_CONV":    func(v float32) float32 { return float32(math.RoundToEven(float64(v))) },
	"TRN_ZERO":    func(v float32) float32 { return float32(math.Trunc(float64(v))) },
	"RND_ZERO":    func(v float32) float32 { return sign32(v) * -floor32(-abs32(v)+0.5) },
	"RND_MIN_INF": func(v float32) float32 { return -floor32(-v + 0.5) },
	"RND_INF":     func(v float32) float32 { return sign32(v) * floor32(abs32(v)+0.5) },
}

func floor32(v float32) float32 { return float32(math.Floor(float64(v))) }
func abs32(v float32) float32   { return float32(math.Abs(float64(v))) }

func sign32(v float32) float32 {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// floorMod is x modulo y > 0, never negative. mirrors TensorFlow's FloorMod.
func floorMod(x, y float32) float32 {
	m := float32(math.Mod(float64(x), float64(y)))
	if m < 0 {
		m += y
	}
	return m
}
