package norm

import (
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// Attrs are the attributes of BatchNormalization.
type Attrs struct {
	DataFormat string  `hls:"data_format"`
	Epsilon    float64 `hls:"epsilon"`
	NIn        int     `hls:"n_in"` // values of one sample
	NOut       int     `hls:"n_out"`
	NFilt      int     `hls:"n_filt"` // channels; -1: one scale per value
	UseGamma   bool    `hls:"use_gamma"`
	UseBeta    bool    `hls:"use_beta"`
	// Axis is the normalized axis of the framework's layer.
	Axis []int `hls:"axis,ignored"`
}

var batchNormDef = layers.Def{
	Kind:   "BatchNormalization",
	Doc:    "scale and shift per channel",
	Traits: layers.Scale,
	Attrs:  func() any { return &Attrs{NFilt: -1, UseGamma: true, UseBeta: true, Epsilon: 1e-3} },
	Options: []ir.Option{
		{Name: "n_in"},
		{Name: "n_filt", Default: -1},
		{Name: "scale", Class: ir.WeightOption},
		{Name: "bias", Class: ir.WeightOption},
		layers.TypeRole("scale_t"),
		layers.TypeRole("bias_t"),
		{Name: "use_gamma", Default: true},
		{Name: "use_beta", Default: true},
		layers.ReuseFactorOption(),
	},
	Init:  initBatchNorm,
	Infer: layers.InferScale,
	Bits:  scaleBits,
	Ref:   batchNormRef,
	Impl: map[codegen.Dialect]layers.Impl{
		codegen.Xilinx: {Kernel: batchNormKernel, Emit: batchNormEmit},
	},
}

// initBatchNorm folds the four vectors of the framework into scale and bias, in numpy's precision, unless
// the data hold scale and bias already. Mirrors BatchNormalization.initialize.
func initBatchNorm(n *ir.Node, data ir.Data) error {
	a := ir.Attrs[Attrs](n)
	in := n.In(0)
	if in == nil {
		return n.Errorf("input %q: got no such tensor", n.Inputs[0])
	}
	if a.NIn == 0 {
		a.NIn = in.Size()
	}
	if err := n.AddOutput(in.Shape); err != nil {
		return err
	}
	scale, bias, err := fold(n, a, data)
	if err != nil {
		return err
	}
	err = n.AddWeight(ir.WeightSpec{Role: "scale", Var: fmt.Sprintf("s%d", n.Index), Data: scale})
	if err != nil {
		return err
	}
	return n.AddWeight(ir.WeightSpec{Role: "bias", Var: fmt.Sprintf("b%d", n.Index), Data: bias})
}

// fold returns scale = gamma/sqrt(variance+epsilon) and bias = beta - scale*mean, each operation rounded to
// the precision of the arrays.
func fold(n *ir.Node, a *Attrs, data ir.Data) (scale, bias *ir.Tensor, err error) {
	if scale = data.Tensors["scale_data"]; scale == nil {
		if scale, err = foldScale(n, a, data); err != nil {
			return nil, nil, err
		}
	}
	if bias = data.Tensors["bias_data"]; bias == nil {
		mean := data.Tensors["mean_data"]
		if mean == nil {
			return nil, nil, n.Errorf("mean: got no data, want one value per channel")
		}
		prod, err := ir.Elementwise(scale, mean, func(s, m float64) float64 { return s * m })
		if err != nil {
			return nil, nil, n.Errorf("mean: %w", err)
		}
		bias, err = constantOr(data.Tensors["beta_data"], 0, prod, func(b, p float64) float64 { return b - p })
		if err != nil {
			return nil, nil, n.Errorf("beta: %w", err)
		}
	}
	for _, t := range []*ir.Tensor{scale, bias} {
		if err := checkChannels(n, a, t); err != nil {
			return nil, nil, err
		}
	}
	return scale, bias, nil
}

func foldScale(n *ir.Node, a *Attrs, data ir.Data) (*ir.Tensor, error) {
	variance := data.Tensors["variance_data"]
	if variance == nil {
		return nil, n.Errorf("variance: got no data, want one value per channel")
	}
	eps := a.Epsilon
	if variance.DType == ir.Float32 {
		eps = float64(float32(eps)) // numpy: a Python number takes the precision of the array
	}
	std := variance.Map(func(v float64) float64 { return v + eps }).Map(math.Sqrt)
	scale, err := constantOr(data.Tensors["gamma_data"], 1, std, func(g, s float64) float64 { return g / s })
	if err != nil {
		return nil, n.Errorf("gamma: %w", err)
	}
	return scale, nil
}

// constantOr combines t with right, or the constant when there is no t; a constant has no precision of its
// own, as a Python number in numpy.
func constantOr(
	t *ir.Tensor, constant float64, right *ir.Tensor, f func(x, y float64) float64,
) (*ir.Tensor, error) {
	if t == nil {
		return right.Map(func(y float64) float64 { return f(constant, y) }), nil
	}
	return ir.Elementwise(t, right, f)
}

// checkChannels wants one value per channel, or one per value when n_filt is -1.
func checkChannels(n *ir.Node, a *Attrs, t *ir.Tensor) error {
	want := a.NFilt
	if want == -1 {
		want = a.NIn
	}
	if len(t.Data) != want {
		return n.Errorf("scale and bias: got %d values, want %d", len(t.Data), want)
	}
	return nil
}
