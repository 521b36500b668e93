package keras

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/conv"
	"github.com/hlsgo/hlsgo/layers/dense"
	"github.com/hlsgo/hlsgo/layers/norm"
)

// hgqWeights are the weights that a layer's inference uses, under the names of Keras.
type hgqWeights map[string]*ir.Tensor

var _ build.Weights = hgqWeights{}

// Find implements build.Weights.
func (w hgqWeights) Find(_, _, name string) (shape []int, ok bool, err error) {
	t, ok := w[name]
	if !ok {
		return nil, false, nil
	}
	return t.Shape, true, nil
}

// Tensor implements build.Weights.
func (w hgqWeights) Tensor(_, _, name string, shape []int) (*ir.Tensor, error) {
	t, ok := w[name]
	if !ok {
		return nil, fmt.Errorf("weight %q: got none, want one of shape %v", name, shape)
	}
	if !slices.Equal(t.Shape, shape) {
		return nil, fmt.Errorf("weight %q: got shape %v, want %v", name, t.Shape, shape)
	}
	return t, nil
}

// Integers implements build.Weights.
func (w hgqWeights) Integers(_, _, name string) ([]int, error) {
	return nil, fmt.Errorf("weight %q: got none, want one", name)
}

// File implements build.Weights.
func (w hgqWeights) File() string { return "the model" }

// weight reads a quantized weight: the variable of the number with the quantizer called kq or bq.
func (h *hgqLayer) weight(number int, quantizer string) (*ir.Tensor, error) {
	t, err := h.variable("", number)
	if err != nil {
		return nil, err
	}
	return h.quantized(t, quantizer)
}

// quantized applies one of the layer's quantizers of weights.
func (h *hgqLayer) quantized(t *ir.Tensor, quantizer string) (*ir.Tensor, error) {
	q, err := h.quantizer(h.config()[quantizer+"_conf"], quantizer)
	if err != nil {
		return nil, err
	}
	out, err := q.quantize(t)
	if err != nil {
		return nil, fmt.Errorf("quantizer %s: %w", quantizer, err)
	}
	return out, nil
}

// kernelAndBias reads the weights of a layer that has both, or the first alone.
func (h *hgqLayer) kernelAndBias() (hgqWeights, error) {
	w := hgqWeights{}
	var err error
	if w["kernel"], err = h.weight(0, "kq"); err != nil {
		return nil, err
	}
	use, err := h.config().Bool("use_bias", true)
	if err == nil && use {
		w["bias"], err = h.weight(1, "bq")
	}
	return w, err
}

// readHGQDense reads a dense layer.
func readHGQDense(h *hgqLayer) (*build.Out, error) {
	w, err := h.kernelAndBias()
	if err != nil {
		return nil, err
	}
	return h.dense(w)
}

// dense is the Dense of Keras with these weights. Over several axes it becomes a convolution that computes
// so many pixels at once as the layer says, or all.
func (h *hgqLayer) dense(w hgqWeights) (*build.Out, error) {
	c := h.With(w)
	c.Class = "Dense"
	out, err := readDense(c)
	if err != nil || len(h.Shape()) < 2 {
		return out, err
	}
	pixels, err := h.parallel(out)
	if err != nil {
		return nil, err
	}
	build.Attrs[dense.Attrs](out).ParallelizationFactor = &pixels
	return out.Done()
}

// parallel is how many pixels of the result are computed at once.
func (h *hgqLayer) parallel(out *build.Out) (int, error) {
	n, err := h.config().Int("parallelization_factor", -1)
	if n < 1 {
		n = ir.Size(out.Shape[:len(out.Shape)-1])
	}
	return n, err
}

// readHGQBatchNormDense folds the normalization into the weights, as the layer's inference does: the
// kernel is scaled, and the mean goes through the kernel as it was before. mirrors
// get_fused_qkernel_and_qbias of HGQ2's layers/core/dense.py.
func readHGQBatchNormDense(h *hgqLayer) (*build.Out, error) {
	v, err := h.normalized("scale")
	if err != nil {
		return nil, err
	}
	s, err := v.scales(h)
	if err != nil {
		return nil, err
	}
	if len(v.kernel.Shape) != 2 || v.kernel.Shape[0] != len(s) || len(v.bias.Data) != v.kernel.Shape[1] {
		return nil, fmt.Errorf("weights: got a kernel of shape %v, a bias of %v and %d scales", v.kernel.Shape,
			v.bias.Shape, len(s))
	}
	nOut := len(v.bias.Data)
	kernel, bias := ir.NewTensor(ir.Float32, v.kernel.Shape...), ir.NewTensor(ir.Float32, nOut)
	for o := range nOut {
		sum := 0.0 // TensorFlow adds float32 in an order of its own
		for i := range s {
			at := i*nOut + o
			kernel.Data[at] = float64(s[i] * float32(v.kernel.Data[at]))
			sum += v.mean.Data[i] * v.kernel.Data[at]
		}
		bias.Data[o] = float64(float32(v.bias.Data[o]) - float32(sum))
	}
	w := hgqWeights{}
	if w["kernel"], err = h.quantized(kernel, "kq"); err != nil {
		return nil, err
	}
	if w["bias"], err = h.quantized(bias, "bq"); err != nil {
		return nil, err
	}
	return h.dense(w)
}

// hgqNormalized are the weights of a layer that normalizes: nil where it has none.
type hgqNormalized struct{ kernel, bias, gamma, mean, variance *ir.Tensor }

// normalized reads the weights of a layer with a kernel and a bias that normalizes, and has a scale where
// the setting says so. Between the trained ones and the statistics stand two numbers of the cost of the
// layer, where it counts that.
func (h *hgqLayer) normalized(scale string) (v hgqNormalized, err error) {
	use, err := h.config().Bool(scale, true)
	if err != nil {
		return v, err
	}
	to := []**ir.Tensor{&v.kernel, &v.bias}
	if use {
		to = append(to, &v.gamma)
	}
	return v, h.read(append(to, &v.mean, &v.variance))
}

// read reads the layer's own variables in their order, those of its cost left out.
func (h *hgqLayer) read(to []**ir.Tensor) error {
	n := 0
	for _, t := range to {
		for ; ; n++ {
			v, ok := h.vars[h.at+fmt.Sprintf("vars/%d", n)]
			if !ok {
				return fmt.Errorf("variables: got %d, want %d, and those of the cost", n, len(to))
			}
			if len(v.Shape) > 0 { // those of the cost are scalars
				break
			}
		}
		var err error
		if *t, err = h.variable("", n); err != nil {
			return err
		}
		n++
	}
	return nil
}

// scales are gamma/sqrt(variance+epsilon) in float32.
func (v hgqNormalized) scales(h *hgqLayer) ([]float32, error) {
	epsilon, err := h.config().Float("epsilon", 1e-3)
	if err != nil {
		return nil, err
	}
	return v.scalesWith(float32(epsilon))
}

func (v hgqNormalized) scalesWith(epsilon float32) ([]float32, error) {
	if len(v.mean.Data) != len(v.variance.Data) || v.gamma != nil && len(v.gamma.Data) != len(v.mean.Data) {
		return nil, fmt.Errorf("weights: got a mean of shape %v and a variance of %v, want one shape",
			v.mean.Shape, v.variance.Shape)
	}
	out := make([]float32, len(v.variance.Data))
	for i, x := range v.variance.Data {
		gamma := float32(1)
		if v.gamma != nil {
			gamma = float32(v.gamma.Data[i])
		}
		if out[i] = gamma / float32(math.Sqrt(float64(float32(x)+epsilon))); out[i] != out[i] {
			return nil, fmt.Errorf("variance: got %v, want no negative number", x)
		}
	}
	return out, nil
}

// readHGQBatchNorm quantizes scale and offset. Without a beta HGQ2 adds one. mirrors _scaler_and_offset of
// HGQ2's layers/batch_normalization.py.
func readHGQBatchNorm(h *hgqLayer) (*build.Out, error) {
	shape := h.Shape()
	if len(shape) == 0 {
		return nil, fmt.Errorf("input: got a scalar, want at least one axis")
	}
	if err := lastAxis(h.config(), len(shape)+1); err != nil {
		return nil, err
	}
	scale, offset, err := h.scaleAndOffset()
	if err != nil {
		return nil, err
	}
	channels := shape[len(shape)-1]
	if len(scale.Data) != channels {
		return nil, fmt.Errorf("weights: got %d scales, want %d", len(scale.Data), channels)
	}
	out, err := Layer(h.Call, "BatchNormalization", "BatchNormalization")
	if err != nil {
		return nil, err
	}
	a := build.Attrs[norm.Attrs](out)
	a.NIn, a.NFilt = ir.Size(shape), channels
	for role, t := range map[string]*ir.Tensor{"scale": scale, "bias": offset} {
		quantizer := map[string]string{"scale": "kq", "bias": "bq"}[role]
		if t, err = h.quantized(t, quantizer); err != nil {
			return nil, err
		}
		out.Tensor(role+"_data", t)
	}
	return out.Done()
}

// scaleAndOffset are those of a normalization before they are quantized.
func (h *hgqLayer) scaleAndOffset() (scale, offset *ir.Tensor, err error) {
	var v hgqNormalized
	var beta *ir.Tensor
	var to []**ir.Tensor
	for _, w := range []struct {
		setting string
		to      **ir.Tensor
	}{{"scale", &v.gamma}, {"center", &beta}} {
		use, err := h.config().Bool(w.setting, true)
		if err != nil {
			return nil, nil, err
		}
		if use {
			to = append(to, w.to)
		}
	}
	if err := h.read(append(to, &v.mean, &v.variance)); err != nil {
		return nil, nil, err
	}
	s, err := v.scales(h)
	if err != nil {
		return nil, nil, err
	}
	if beta != nil && len(beta.Data) != len(s) {
		return nil, nil, fmt.Errorf("weights: got %d values of beta, want %d", len(beta.Data), len(s))
	}
	scale, offset = ir.NewTensor(ir.Float32, len(s)), ir.NewTensor(ir.Float32, len(s))
	for i := range s {
		b := float32(1)
		if beta != nil {
			b = float32(beta.Data[i])
		}
		scale.Data[i] = float64(s[i])
		offset.Data[i] = float64(b - float32(float32(v.mean.Data[i])*s[i]))
	}
	return scale, offset, nil
}

// readHGQConv reads a convolution.
func readHGQConv(h *hgqLayer) (*build.Out, error) {
	if reason := convolutionProblem(h.Class, h.config()); reason != "" {
		return nil, fmt.Errorf("%s", reason)
	}
	w, err := h.kernelAndBias()
	if err != nil {
		return nil, err
	}
	read := readConv2D
	if strings.HasSuffix(h.Class, "1D") {
		read = readConv1D
	}
	out, err := read(h.With(w))
	if err != nil {
		return nil, err
	}
	if build.Attrs[conv.Common](out).ParallelizationFactor, err = h.parallel(out); err != nil {
		return nil, err
	}
	return out.Done()
}

// readHGQAverage reads an average that divides by a power of two: for two inputs that is the average.
func readHGQAverage(h *hgqLayer) (*build.Out, error) {
	if len(h.Inputs) != 2 {
		return nil, fmt.Errorf("inputs: got %d, want two", len(h.Inputs))
	}
	c := *h.Call
	c.Class = "Average"
	return readMerge(&c)
}
