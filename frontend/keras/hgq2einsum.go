package keras

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/einsum"
)

// readHGQEinsumDense reads a product with weights along named axes.
func readHGQEinsumDense(h *hgqLayer) (*build.Out, error) {
	kernel, err := h.weight(0, "kq")
	if err != nil {
		return nil, err
	}
	var bias *ir.Tensor
	if h.config().Has("bias_axes") {
		if bias, err = h.weight(1, "bq"); err != nil {
			return nil, err
		}
	}
	return h.einsumDense(kernel, bias)
}

// einsumDense makes the layer with these weights; bias may be nil.
func (h *hgqLayer) einsumDense(kernel, bias *ir.Tensor) (*build.Out, error) {
	equation, err := h.equation(1)
	if err != nil {
		return nil, err
	}
	recipe, err := einsum.Parse(equation, h.Shape(), kernel.Shape)
	if err != nil {
		return nil, err
	}
	out, err := Layer(h.Call, "EinsumDense", "EinsumDense")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[einsum.DenseAttrs](out)
	a.Equation, a.InpShape, a.OutShape = equation, h.Shape(), recipe.Shape
	out.Tensor("weight_data", kernel)
	if bias != nil {
		out.Tensor("bias_data", bias)
	}
	out.Shape = recipe.Shape
	return out.Done()
}

// equation is the equation without the batch: the first axis of that many inputs, and of the result.
func (h *hgqLayer) equation(batches int) (string, error) {
	text, err := h.config().Text("equation", "")
	if err != nil {
		return "", err
	}
	text = strings.ReplaceAll(text, " ", "")
	left, out, ok := strings.Cut(text, "->")
	terms := strings.Split(left, ",")
	if !ok || len(terms) != 2 {
		return "", fmt.Errorf("equation: got %q, want one of two tensors", text)
	}
	if strings.HasPrefix(terms[0], "...") && strings.HasPrefix(out, "...") {
		return text, nil // the batch is among the axes without names
	}
	batch := terms[0]
	for _, part := range append(slices.Clone(terms[:batches]), out) {
		if part == "" || batch == "" || part[0] != batch[0] {
			return "", fmt.Errorf("equation: got %q, want the batch as first axis of input and output", text)
		}
	}
	for i := range batches {
		terms[i] = terms[i][1:]
	}
	return strings.Join(terms, ",") + "->" + out[1:], nil
}

// readHGQEinsum reads a product of two tensors.
func readHGQEinsum(h *hgqLayer) (*build.Out, error) {
	if len(h.Inputs) != 2 {
		return nil, fmt.Errorf("inputs: got %d, want two", len(h.Inputs))
	}
	equation, err := h.equation(2)
	if err != nil {
		return nil, err
	}
	recipe, err := einsum.Parse(equation, h.Shapes[0], h.Shapes[1])
	if err != nil {
		return nil, err
	}
	out, err := h.Layer("Einsum", "Einsum")
	if err != nil {
		return nil, err
	}
	if out.Shape = recipe.Shape; len(out.Shape) == 0 {
		out.Shape = []int{1}
	}
	a := build.Attrs[einsum.Attrs](out)
	a.Equation, a.Inp0Shape, a.Inp1Shape, a.OutShape = equation, h.Shapes[0], h.Shapes[1], out.Shape
	return out.Done()
}

// readHGQEinsumDenseBatchnorm folds a normalization into the weights. It adds Keras's own small number to
// the variances, and not the layer's, as the layer's inference does. mirrors get_fused_qkernel_and_qbias
// of HGQ2's layers/einsum_dense_batchnorm.py.
func readHGQEinsumDenseBatchnorm(h *hgqLayer) (*build.Out, error) {
	v, err := h.normalized("scale")
	if err != nil {
		return nil, err
	}
	const epsilon = 1e-7
	s, err := v.scalesWith(epsilon)
	if err != nil {
		return nil, err
	}
	kernelAxes, outAxes, err := h.axes()
	if err != nil {
		return nil, err
	}
	key := "normalize_axes"
	if !h.config().Has(key) {
		key = "bias_axes"
	}
	axes, err := h.config().Text(key, "")
	if err != nil {
		return nil, err
	}
	scale := &ir.Tensor{Data: make([]float64, len(s))}
	offset := &ir.Tensor{Data: make([]float64, len(s))}
	for i := range s {
		scale.Data[i], offset.Data[i] = float64(s[i]), float64(-float32(v.mean.Data[i])*s[i])
	}
	if scale.Shape, err = spreadAlong(kernelAxes, axes, v.mean.Shape); err != nil {
		return nil, err
	}
	if offset.Shape, err = spreadAlong(outAxes, axes, v.mean.Shape); err != nil {
		return nil, err
	}
	kernel, err := ir.Elementwise(v.kernel, scale, func(x, y float64) float64 { return x * y })
	if err != nil {
		return nil, fmt.Errorf("normalize_axes: %w", err)
	}
	bias, err := ir.Elementwise(v.bias, offset, func(x, y float64) float64 { return x + y })
	if err != nil {
		return nil, fmt.Errorf("normalize_axes: %w", err)
	}
	if kernel, err = h.quantized(kernel, "kq"); err != nil {
		return nil, err
	}
	if bias, err = h.quantized(bias, "bq"); err != nil {
		return nil, err
	}
	return h.einsumDense(kernel, bias)
}

// axes are the letters of the kernel and of the output.
func (h *hgqLayer) axes() (kernel, out string, err error) {
	equation, err := h.equation(1)
	left, out, _ := strings.Cut(equation, "->")
	_, kernel, _ = strings.Cut(left, ",")
	return kernel, out, err
}

// spreadAlong is the shape in which values of some axes spread over a tensor: that of the axes from the
// first of them on, with ones for the others.
func spreadAlong(all, some string, sizes []int) ([]int, error) {
	var shape []int
	n := 0
	for _, axis := range all {
		switch {
		case strings.ContainsRune(some, axis):
			if n >= len(sizes) {
				return nil, fmt.Errorf("normalize_axes: got %q for %d axes", some, len(sizes))
			}
			shape = append(shape, sizes[n])
			n++
		case len(shape) > 0:
			shape = append(shape, 1)
		}
	}
	if n != len(sizes) {
		return nil, fmt.Errorf("normalize_axes: got %q for %d axes", some, len(sizes))
	}
	return shape, nil
}
