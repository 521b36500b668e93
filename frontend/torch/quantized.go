package torch

import (
	"math"
	"math/bits"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/qonnx"
)

// Quantized networks hold numbers on a grid: those of torch.ao between fake quantizers, those of PT2E between
// pairs of quantize and dequantize. On tensors such an operator is a Quant as QONNX has it; on weights it is
// computed, and the grid is their type.

// The names of the operators.
const (
	fakeTensor  = "fake_quantize_per_tensor_affine"
	fakeChannel = "fake_quantize_per_channel_affine"
	quantize    = "quantized_decomposed::quantize_per_tensor"
	quantizeCh  = "quantized_decomposed::quantize_per_channel"
	dequantize  = "quantized_decomposed::dequantize_per_tensor"
	dequantizeC = "quantized_decomposed::dequantize_per_channel"
)

var quantizedHandlers = []build.Handler{
	{Classes: []string{fakeTensor, quantize}, Read: readQuantizer},
	{Classes: []string{dequantize}, Skip: true}, // its scale is that of the quantize before it
}

// affine are the numbers of a quantizer: multiples of scale from low to high, less the zero point.
type affine struct {
	scale, zero *ir.Tensor // one number, or one per channel
	low, high   int
	axis        int
}

// affineOf reads the numbers of a call; ok is false where it is no quantizer.
func affineOf(a *arguments) (q affine, ok bool, err error) {
	keys := map[string][2]string{
		fakeTensor: {"scale", "zero_point"}, quantize: {"scale", "zero_point"}, dequantize: {"scale", "zero_point"},
		fakeChannel: {"scale", "zero_point"}, quantizeCh: {"scales", "zero_points"},
		dequantizeC: {"scales", "zero_points"},
	}
	names, ok := keys[a.nodes[0].operator()]
	if !ok {
		return q, false, nil
	}
	if q.scale, err = a.constant(names[0]); err != nil {
		return q, true, err
	}
	if q.zero, err = a.constant(names[1]); err != nil {
		return q, true, err
	}
	if q.low, err = a.Int("quant_min", -128); err != nil {
		return q, true, err
	}
	if q.high, err = a.Int("quant_max", 127); err != nil {
		return q, true, err
	}
	q.axis, err = a.Int("axis", 0)
	if len(q.scale.Data) != len(q.zero.Data) && len(q.zero.Data) != 1 {
		return q, true, refusal("scale: got %d and %d zero points, want as many", len(q.scale.Data),
			len(q.zero.Data))
	}
	return q, true, err
}

// constant is an argument that is a number or a known tensor.
func (a *arguments) constant(key string) (*ir.Tensor, error) {
	arg := a.args[key]
	if v, ok := arg.number(); ok {
		t := ir.NewTensor(ir.Float32)
		t.Data[0] = v
		return t, nil
	}
	list := arg.tensors()
	if len(list) != 1 || !a.values.known(list[0]) {
		return nil, refusal("%s: got a tensor that the network computes, or none, want a constant", key)
	}
	return a.values.tensor(list[0])
}

// width counts the bits of the numbers from low to high; ok is false where no type has these alone.
func (q affine) width() (width int, signed, narrow, ok bool) {
	if q.low > 0 || q.high < 1 || q.high-q.low >= 1<<32 {
		return 0, false, false, false
	}
	width = bits.Len(uint(q.high))
	if q.low == 0 {
		return width, false, false, q.high == 1<<width-1
	}
	full, less := q.low == -q.high-1, q.low == -q.high
	return width + 1, true, less, (full || less) && q.high == 1<<width-1
}

// readQuantizer reads a quantizer of a tensor.
func readQuantizer(c *build.Call) (*build.Out, error) {
	q, _, err := affineOf(of(c))
	if err != nil {
		return nil, err
	}
	width, signed, narrow, ok := q.width()
	if !ok {
		return nil, refusal("quant_min, quant_max: got %d and %d, want the range of a number of some bits",
			q.low, q.high)
	}
	out, err := c.Layer("Quant", "Quant")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[qonnx.QuantAttrs](out)
	a.Signed, a.Narrow, a.BitWidth, a.KeepZero = signed, narrow, float64(width), true
	a.Scale, a.ZeroPt = oneAxis(q.scale), oneAxis(q.zero)
	return out.Done()
}

// oneAxis gives a number of no axes one.
func oneAxis(t *ir.Tensor) *ir.Tensor {
	if len(t.Shape) == 0 {
		return &ir.Tensor{Shape: []int{1}, DType: t.DType, Data: t.Data}
	}
	return t
}

// foldQuantizer computes what a quantizer, or a dequantize alone, makes of weights.
func foldQuantizer(v *values, a *arguments) (*ir.Tensor, error) {
	t, err := foldSame(v, a)
	if err != nil {
		return nil, err
	}
	q, _, err := affineOf(a)
	if err != nil {
		return nil, err
	}
	step := 1
	if n := len(q.scale.Data); n > 1 {
		if q.axis < 0 || q.axis >= len(t.Shape) || t.Shape[q.axis] != n {
			return nil, refusal("axis: got %d with %d scales for weights of shape %v, want as many", q.axis, n,
				t.Shape)
		}
		step = ir.Size(t.Shape[q.axis+1:])
	}
	out := ir.NewTensor(t.DType, t.Shape...)
	for i, x := range t.Data {
		k := i / step % len(q.scale.Data)
		s, z := q.scale.Data[k], q.zero.Data[k%len(q.zero.Data)]
		switch a.nodes[0].operator() {
		case dequantize, dequantizeC:
			out.Data[i] = float64(float32((x - z) * s))
		case quantize, quantizeCh:
			out.Data[i] = q.level(x, s, z)
		default:
			out.Data[i] = float64(float32((q.level(x, s, z) - z) * s))
		}
	}
	return out, nil
}

// level is the number of the step nearest to x, as PyTorch finds it in float32.
func (q affine) level(x, s, z float64) float64 {
	inverse := 1 / float32(s)
	n := math.RoundToEven(float64(float32(float32(x)*inverse))) + z
	return min(max(n, float64(q.low)), float64(q.high))
}

// grid is the type of weights that a quantizer with powers of two put on a grid; nil: they are on none.
func (v *values) grid(tensor string) (ir.Quantizer, error) {
	for range len(v.folded) {
		n := v.folded[tensor]
		if n == nil {
			return nil, nil
		}
		a := newArguments(v, []*node{n})
		q, ok, err := affineOf(a)
		if err != nil {
			return nil, err
		}
		if ok {
			return q.grid(), nil
		}
		list := append(a.args["self"].tensors(), a.args["input"].tensors()...)
		if len(list) != 1 {
			return nil, nil
		}
		tensor = list[0]
	}
	return nil, nil
}

// grid is the smallest type with the steps of all channels.
func (q affine) grid() ir.Quantizer {
	width, signed, narrow, ok := q.width()
	if !ok || !q.zero.AllEqual(0) {
		return nil
	}
	fine, coarse := math.MaxInt, math.MinInt
	for _, s := range q.scale.Data {
		mantissa, exponent := math.Frexp(s)
		if mantissa != 0.5 {
			return nil
		}
		fine, coarse = min(fine, exponent-1), max(coarse, exponent-1)
	}
	f := fixed.Format{W: width + coarse - fine, I: width + coarse, Signed: signed}.With(fixed.RNDConv, fixed.SAT)
	if narrow {
		f.O = fixed.SATSym
	}
	if f.Validate() != nil {
		return nil
	}
	return qonnx.Grid{Type: f}
}

// quantized gives weights their grid, where they are on one.
func quantized(c *build.Call, out *build.Out, argument, name string) error {
	list := of(c).args[argument].tensors()
	if len(list) != 1 {
		return nil
	}
	q, err := of(c).values.grid(list[0])
	if err == nil && q != nil {
		out.Quantizer(name, q)
	}
	return err
}
