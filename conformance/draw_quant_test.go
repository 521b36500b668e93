package conformance_test

import (
	"fmt"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/quant"
)

// quantizedBlock makes the network one of QKeras and appends a first block of it.
func (b *builder) quantizedBlock() {
	b.quantized = true
	if b.chance(0.3) {
		b.quantizedActivation()
	}
	switch {
	case len(b.shape) == 2 && b.chance(0.3):
		b.recurrent()
	case len(b.shape) == 2:
		b.conv1d()
	case len(b.shape) == 3 && b.chance(0.8):
		b.conv2d()
	default:
		b.dense()
	}
	b.quantizedActivation()
}

// weightQuantizer draws a quantizer; scaled ones leave a scale to a layer behind.
func (b *builder) weightQuantizer(scaled bool) string {
	alpha := "1"
	if scaled {
		alpha = choose(b, "1", "1", "0.5", "'auto'", "'auto_po2'", "None")
	}
	signs := map[bool]string{false: alpha, true: "1"}[alpha == "None"]
	switch b.IntN(9) {
	case 0:
		return fmt.Sprintf("binary(alpha=%s)", signs)
	case 1:
		return fmt.Sprintf("ternary(alpha=%s)", signs)
	case 2:
		return fmt.Sprintf("quantized_po2(%d)", 2+b.IntN(4))
	case 3:
		return fmt.Sprintf("stochastic_%s(alpha=%s)", choose(b, "binary", "ternary"), signs)
	}
	return b.bits(alpha)
}

func (b *builder) bits(alpha string) string {
	width := 2 + b.IntN(8)
	text := fmt.Sprintf("quantized_bits(%d,%d", width, b.IntN(min(width, 4)+1))
	if b.chance(0.3) {
		text += ",1"
	}
	if b.chance(0.1) {
		text += ",keep_negative=False"
	}
	if alpha != "None" { // as a text it would mean something else
		text += ",alpha=" + alpha
	}
	return text + ")"
}

// quantizer gives the layer the quantizer of a weight.
func (b *builder) quantizer(l *ir.Layer, role, text string) {
	c, err := quant.Parse(text)
	if err != nil {
		b.fail(err)
		return
	}
	q, err := quant.ForWeight(c, role == "weight")
	if err != nil {
		b.fail(err)
		return
	}
	b.keep(l, role+"_quantizer", q)
}

func (b *builder) keep(l *ir.Layer, role string, q ir.Quantizer) {
	if l.Data.Quantizers == nil {
		l.Data.Quantizers = map[string]ir.Quantizer{}
	}
	l.Data.Quantizers[role] = q
}

// denseQuantizers draws those of a Dense, whose shape is still that of its input: those of QKeras, or those
// of BinaryDense and TernaryDense.
func (b *builder) denseQuantizers(l *ir.Layer) {
	switch {
	case b.quantized && b.chance(0.85):
		l.ClassName = "QDense"
		b.quantizer(l, "weight", b.weightQuantizer(len(b.shape) == 1)) // over several axes without a scale
		b.biasQuantizer(l)
	case b.exact || b.quantized || !b.chance(0.08):
	case b.chance(0.5):
		l.ClassName = "BinaryDense"
		b.keep(l, "weight_quantizer", quant.Binary{Bits: 2})
		b.keep(l, "bias_quantizer", quant.Binary{Bits: 2})
	default:
		l.ClassName = "TernaryDense"
		b.keep(l, "weight_quantizer", quant.Ternary{})
		b.keep(l, "bias_quantizer", quant.Ternary{})
	}
}

func (b *builder) biasQuantizer(l *ir.Layer) {
	if b.chance(0.9) {
		b.quantizer(l, "bias", choose(b, b.bits("1"), b.bits("1"), "ternary(alpha=1)", "binary(alpha=1)"))
	}
}

// convQuantizers draws those of a convolution.
func (b *builder) convQuantizers(l *ir.Layer, kind string) {
	if kind == "Conv2DBatchnorm" {
		b.quantizer(l, "weight", b.bits(choose(b, "1", "'auto_po2'")))
		b.quantizer(l, "bias", b.bits("1"))
		b.statistics(l, b.channels())
		return
	}
	if !b.quantized || b.chance(0.15) {
		return
	}
	l.ClassName = "Q" + kind
	scaled := kind == "Conv1D" || kind == "Conv2D"
	for _, role := range []string{"weight", "depthwise", "pointwise"} {
		if l.Data.Tensors[role+"_data"] != nil {
			b.quantizer(l, role, b.weightQuantizer(scaled))
		}
	}
	b.biasQuantizer(l)
}

// recurrentQuantizers draws those of a recurrent layer, which say types and no more.
func (b *builder) recurrentQuantizers(l *ir.Layer) {
	if !b.quantized || b.chance(0.3) {
		return
	}
	l.ClassName = "Q" + l.Kind
	for _, role := range []string{"weight", "recurrent_weight", "bias", "accum"} {
		if b.chance(0.8) {
			b.quantizer(l, role, b.bits("1"))
		}
	}
}

// activationQuantizer draws the quantizer of an activation.
func (b *builder) activationText() string {
	bits, integer := 2+b.IntN(8), b.IntN(4)
	switch b.IntN(10) {
	case 0:
		slope := choose(b, "0.25", "0.5", "0.125")
		return fmt.Sprintf("quantized_relu(%d,%d,negative_slope=%s)", bits, integer, slope)
	case 1, 2:
		return fmt.Sprintf("quantized_bits(%d,%d,alpha=1)", bits, integer)
	case 3:
		return fmt.Sprintf("quantized_tanh(%d%s)", bits, choose(b, "", ",symmetric=True", ",use_real_tanh=True"))
	case 4:
		return fmt.Sprintf("quantized_sigmoid(%d%s)", bits, choose(b, "", ",use_real_sigmoid=True"))
	case 5:
		return choose(b, "binary(alpha=1)", "binary", "binary_tanh", "binary_sigmoid")
	case 6:
		return choose(b, "ternary(alpha=1)", "ternary(threshold=0.5,alpha=1)", "ternary")
	}
	return fmt.Sprintf("quantized_relu(%d,%d)", bits, integer)
}

// quantizedActivation appends the layer that stands for a quantizer of QKeras.
func (b *builder) quantizedActivation() {
	c, err := quant.Parse(b.activationText())
	if err != nil {
		b.fail(err)
		return
	}
	q, err := quant.ForActivation(c)
	if err != nil {
		b.fail(err)
		return
	}
	f, kind, attrs := q.Function(), "Activation", map[string]any{}
	switch f {
	case "ternary_tanh": // a normalization absorbs it
		if len(b.shape) > 3 {
			return
		}
		b.unfolded()
		b.norm()
		kind, attrs["threshold"] = "TernaryTanh", q.Threshold()
	case "hard_sigmoid", "hard_tanh":
		narrow := fixed.UFixed(2, 0)
		kind, attrs["slope"], attrs["shift"] = "HardActivation", 0.5, 0.5
		attrs["slope_prec"], attrs["shift_prec"] = &narrow, &narrow
	case "leaky_relu":
		kind, attrs["activ_param"] = "ParametrizedActivation", q.Slope()
	}
	attrs["activation"], attrs["trusted"] = f, true
	l := b.add(kind, "QActivation", fmt.Sprintf("qact%d", b.next()), attrs)
	b.keep(l, "activation_quantizer", q)
	if b.chance(0.85) { // a configuration of granularity model does not say it
		b.types[l.Name] = q.Format().String()
	}
}

// exactBlock puts quantizers of HGQ into the network, whose types follow from them.
func (b *builder) exactBlock() {
	b.exact = true
	b.fixedPoint(b.chance(0.5))
	for range 1 + b.IntN(2) {
		b.block(func(f family) bool { return f.name != "pool" })
		if b.flat {
			b.dense()
		}
		if b.chance(0.4) {
			b.add("Activation", "Activation", fmt.Sprintf("act%d", b.next()), map[string]any{
				"activation": choose(b, "relu", "linear"),
			})
		}
		b.fixedPoint(b.chance(0.4))
		if b.chance(0.3) {
			b.lookup(b.fixedPoint(true))
			b.fixedPoint(b.chance(0.5))
		}
	}
}

// fixedPoint appends a quantizer of HGQ and returns its bits, 0 where values differ in theirs: a stream has
// one type for all, and a table one grid.
func (b *builder) fixedPoint(same bool) int {
	l := b.add("FixedPointQuantizer", "FixedPointQuantizer", fmt.Sprintf("q%d", b.next()), map[string]any{
		"RND": choose(b, "TRN", "RND", "RND", "RND_CONV"), "SAT": choose(b, "WRAP", "WRAP", "SAT", "SAT_SYM"),
		"fusible": b.chance(0.5),
	})
	a, n, uniform := l.Attrs.(*quant.FixedPointAttrs), 1, same || b.stream
	if !uniform {
		a.Mask.Shape = b.copyShape()
		for i := range a.Mask.Shape {
			if b.chance(0.4) {
				a.Mask.Shape[i] = 1
			}
		}
		n = ir.Size(a.Mask.Shape)
	}
	low, most := 0, 10
	if uniform {
		low = 1
	}
	for range n {
		bits := low + b.IntN(most)
		a.Mask.K = append(a.Mask.K, b.IntN(2))
		a.Mask.B = append(a.Mask.B, bits)
		a.Mask.I = append(a.Mask.I, b.IntN(bits+2)-1+a.Mask.K[len(a.Mask.K)-1])
	}
	if !uniform {
		return 0
	}
	return a.Mask.B[0]
}

// lookup appends a table with an entry for every value of so many bits.
func (b *builder) lookup(bits int) {
	l := b.add("UnaryLUT", "UnaryLUT", fmt.Sprintf("lut%d", b.next()), map[string]any{"activation": "unary_lut"})
	step := choose(b, 0.25, 0.0625, 1)
	l.Data.Tensors["table_data"] = b.tensor(func() float64 { return step * float64(b.IntN(33)-16) }, 1<<bits)
}
