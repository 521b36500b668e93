package conv

import (
	"math"
	"slices"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// BatchnormAttrs are the attributes of Conv2DBatchnorm.
type BatchnormAttrs struct {
	Conv2DAttrs
	NIn      int     `hls:"n_in"` // values of one sample behind the convolution
	NOut     int     `hls:"n_out"`
	UseGamma bool    `hls:"use_gamma"`
	UseBeta  bool    `hls:"use_beta"`
	Epsilon  float64 `hls:"epsilon"`
}

var conv2DBatchnormDef = layers.Def{
	Kind:   "Conv2DBatchnorm",
	Doc:    "convolution over two axes whose weights a batch normalization scales before they are quantized",
	Traits: layers.Matrix,
	Attrs:  func() any { return &BatchnormAttrs{Conv2DAttrs: *newConv2D().(*Conv2DAttrs), Epsilon: 1e-3} },
	Options: options("in_height", "in_width", "out_height", "out_width", "n_chan", "n_filt", "filt_height",
		"filt_width", "stride_height", "stride_width", "pad_top", "pad_bottom", "pad_left", "pad_right"),
	Init:  initConv2DBatchnorm,
	Infer: inferConv2D,
	Bits:  convBits,
	Ref:   batchnormRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {
			Kernel: conv2DKernel, Emit: conv2DEmit,
			State:      newState,
			Setup:      setupConv2D,
			Strategies: strategies(),
			Constants:  masks,
			Limits:     convLimits(),
		},
	},
}

// initConv2DBatchnorm makes a convolution and puts the folded weights in the place of its own: counts and
// the bias' type stay what they were. Without a quantizer the bias is not folded at all. Tools that
// have layers.FoldsByOutput store weights of the resource strategy by output here and once more in the pass
// for that. Mirrors
// Conv2DBatchnorm.initialize.
func initConv2DBatchnorm(n *ir.Node, data ir.Data) error {
	if err := initConv2D(n, data); err != nil {
		return err
	}
	// The fold is followed by the quantizer: what QKeras trained are weights scaled first and rounded
	// after, and not the other way round.
	q := n.Quantizer("weight")
	if q == nil {
		return n.Errorf("kernel_quantizer: got none, want one: hls4ml cannot convert the layer without")
	}
	kernel, bias, err := foldBatchnorm(n, data)
	if err != nil {
		return n.Errorf("batch normalization: %w", err)
	}
	if mixesWeights(n) {
		// The filter axis goes to the front here, and the pass for Resource moves an axis to the front
		// again: the second time it is not the filters'.
		kernel = kernel.Transpose(3, 0, 1, 2)
		n.Graph().Warnf("%s %q: strategy Resource: like hls4ml 1.3.0 for Vivado, hlsgo mixes up the weights: "+
			"the answer is not the network's; use Vitis or another strategy", n.Kind, n.Name)
	}
	w, b := n.Weight("weight"), n.Weight("bias")
	// hls4ml counted zeros when the plain weights were added and does not count again; the counts are in
	// the generated configuration.
	w.KeepCount(w.Count())
	b.KeepCount(b.Count())
	w.Unquantized, b.Unquantized = kernel, bias
	if w.Data, err = q.Quantize(kernel); err != nil {
		return n.Errorf("weight: %w", err)
	}
	if bq := n.Quantizer("bias"); bq != nil {
		if b.Data, err = bq.Quantize(bias); err != nil {
			return n.Errorf("bias: %w", err)
		}
	}
	return nil
}

// mixesWeights reports whether the folded weights are stored by output twice.
func mixesWeights(n *ir.Node) bool {
	cfg := n.Graph().Config
	return cfg.Strategy(n.Name, n.Kind) == ir.Resource && cfg.Tool().Has(layers.FoldsByOutput)
}

// batchnormRef is the reference of the convolution with its weights where the network has them.
var batchnormRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	if !mixesWeights(n) {
		return conv2DRef(n)
	}
	c, w := *n, *n.Weight("weight")
	w.Unquantized = w.Unquantized.Transpose(1, 2, 3, 0)
	c.Weights = slices.Clone(n.Weights)
	c.SetWeight(&w)
	return conv2DRef(&c)
}

// foldBatchnorm returns kernel * inv and (bias - mean) * inv + beta, with inv the product of gamma and the
// reciprocal of sqrt(variance + epsilon), each step in the precision of the arrays.
func foldBatchnorm(n *ir.Node, data ir.Data) (kernel, bias *ir.Tensor, err error) {
	variance, mean := data.Tensors["variance_data"], data.Tensors["mean_data"]
	if variance == nil || mean == nil {
		return nil, nil, n.Errorf("mean and variance: got no data, want one value per filter")
	}
	eps := ir.Attrs[BatchnormAttrs](n).Epsilon
	if variance.DType == ir.Float32 {
		eps = float64(float32(eps)) // numpy: a Python number takes the precision of the array
	}
	// A reciprocal times gamma, and not gamma over the root as in BatchNormalization: in float32 the two
	// round differently, and hls4ml follows QKeras here.
	inv := variance.Map(func(v float64) float64 { return v + eps }).Map(math.Sqrt).
		Map(func(v float64) float64 { return 1 / v })
	times := func(a, b float64) float64 { return a * b }
	if inv, err = combine(inv, data.Tensors["gamma_data"], times); err != nil {
		return nil, nil, err
	}
	if kernel, err = ir.Elementwise(inv, data.Tensors["weight_data"], times); err != nil {
		return nil, nil, err
	}
	// A convolution without bias has zeros, of the weights' float32 so that they do not widen the sums.
	bias = data.Tensors["bias_data"]
	if bias == nil {
		bias = ir.NewTensor(ir.Float32, len(mean.Data))
	}
	if bias, err = ir.Elementwise(bias, mean, func(b, m float64) float64 { return b - m }); err != nil {
		return nil, nil, err
	}
	if bias, err = ir.Elementwise(inv, bias, times); err != nil {
		return nil, nil, err
	}
	bias, err = combine(bias, data.Tensors["beta_data"], func(a, b float64) float64 { return a + b })
	return kernel, bias, err
}

// combine applies f to t and other, which may be missing.
func combine(t, other *ir.Tensor, f func(a, b float64) float64) (*ir.Tensor, error) {
	if other == nil {
		return t, nil
	}
	return ir.Elementwise(t, other, f)
}
