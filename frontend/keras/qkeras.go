package keras

import (
	"fmt"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/conv"
	"github.com/hlsgo/hlsgo/layers/quant"
)

// quantizedHandlers read the layers of QKeras 0.9. Mirrors hls4ml's converters/keras/qkeras.py.
var quantizedHandlers = []build.Handler{
	{
		Classes: []string{"QDense"}, Unsupported: checked(quantizersProblem(nil, "kernel")),
		Variables: variables("kernel", "bias?use_bias"), Read: readQDense,
	},
	{
		Classes:     []string{"QConv1D", "QConv2D", "QConv2DBatchnorm"},
		Unsupported: checked(quantizersProblem(convolutionProblem, "kernel")),
		Variables:   convolutionVariables, Read: readQConv,
	},
	{
		Classes:     []string{"QDepthwiseConv2D"},
		Unsupported: checked(quantizersProblem(convolutionProblem, "depthwise")),
		Variables:   convolutionVariables, Read: readQConv,
	},
	{
		Classes:     []string{"QSeparableConv1D", "QSeparableConv2D"},
		Unsupported: checked(quantizersProblem(convolutionProblem, "depthwise", "pointwise")),
		Variables:   convolutionVariables, Read: readQConv,
	},
	{
		Classes:     []string{"QBatchNormalization"},
		Unsupported: checked(quantizersProblem(nil, "mean", "variance", "beta", "gamma")),
		Variables:   variables(statisticsVariables...), Read: readQBatchNorm,
	},
	own("QActivation", checked(qactivationProblem), readQActivation),
}

// quantizersProblem says which quantizer of a layer cannot be converted, behind what other says.
func quantizersProblem(
	other func(string, Config) string, weights ...string,
) func(class string, c Config) string {
	return func(class string, c Config) string {
		if other != nil {
			if reason := other(class, c); reason != "" {
				return reason
			}
		}
		for _, w := range append(weights, "bias") {
			if _, err := c.quantizer(class, w); err != nil {
				return err.Error()
			}
		}
		return ""
	}
}

// quantizer reads the quantizer of a weight, such as "kernel"; nil when there is none. Mirrors
// get_quantizer_from_config.
func (c Config) quantizer(class, weight string) (*quant.Weights, error) {
	key := weight + "_quantizer"
	if !c.Has(key) {
		return nil, nil
	}
	q, err := quant.FromDict(c[key])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	make := func(q quant.Config) (*quant.Weights, error) { return quant.ForWeight(q, weight == "kernel") }
	if class == "QBatchNormalization" {
		make = quant.Plain
	}
	w, err := make(q)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	return w, nil
}

// quantize gives the roles of hls4ml the quantizers of the weights: pairs of a role and Keras's name.
func quantize(c *build.Call, out *build.Out, pairs ...string) error {
	for i := 0; i < len(pairs); i += 2 {
		q, err := raw(c).quantizer(c.Class, pairs[i+1])
		if err != nil {
			return err
		}
		if q != nil {
			out.Quantizer(pairs[i]+"_quantizer", q)
		}
	}
	return nil
}

func readQDense(c *build.Call) (*build.Out, error) {
	out, err := readDense(c)
	if err != nil {
		return nil, err
	}
	return out, quantize(c, out, "weight", "kernel", "bias", "bias")
}

func readQConv(c *build.Call) (*build.Out, error) {
	read := readConv2D
	if strings.HasSuffix(c.Class, "1D") {
		read = readConv1D
	}
	out, err := read(c)
	if err != nil {
		return nil, err
	}
	if c.Class == "QConv2DBatchnorm" {
		if err := batchNorm(c, out); err != nil {
			return nil, err
		}
	}
	roles := []string{"weight", "kernel", "bias", "bias"}
	switch {
	case strings.HasPrefix(c.Class, "QDepthwise"):
		roles = []string{"depthwise", "depthwise", "bias", "bias"}
	case strings.HasPrefix(c.Class, "QSeparable"):
		roles = []string{"depthwise", "depthwise", "pointwise", "pointwise", "bias", "bias"}
	}
	return out, quantize(c, out, roles...)
}

// batchNorm reads the batch normalization inside a convolution.
func batchNorm(c *build.Call, out *build.Out) error {
	a := build.Attrs[conv.BatchnormAttrs](out)
	a.NIn, a.NOut = ir.Size(out.Shape), ir.Size(out.Shape)
	if err := statistics(c, out, out.Shape[len(out.Shape)-1]); err != nil {
		return err
	}
	_, err := out.Done()
	return err
}

func readQBatchNorm(c *build.Call) (*build.Out, error) {
	out, err := readBatchNorm(c)
	if err != nil {
		return nil, err
	}
	return out, quantize(c, out, "mean", "mean", "variance", "variance", "beta", "beta", "gamma", "gamma")
}

func qactivationProblem(_ string, c Config) string {
	if _, err := activationQuantizer(c["activation"]); err != nil {
		return err.Error()
	}
	return ""
}

// activationQuantizer reads the quantizer of an activation: an object or its text.
func activationQuantizer(v any) (*quant.Activation, error) {
	read := quant.FromDict
	if text, ok := v.(string); ok {
		read = func(any) (quant.Config, error) { return quant.Parse(text) }
	}
	q, err := read(v)
	if err != nil {
		return nil, fmt.Errorf("activation: %w", err)
	}
	a, err := quant.ForActivation(q)
	if err != nil {
		return nil, fmt.Errorf("activation: %w", err)
	}
	return a, nil
}

// readQActivation makes the kind that computes the function of the quantizer. Mirrors
// get_activation_quantizer.
func readQActivation(c *build.Call) (*build.Out, error) {
	q, err := activationQuantizer(raw(c)["activation"])
	if err != nil {
		return nil, err
	}
	out, err := quantizedActivation(c, q)
	if err != nil {
		return nil, err
	}
	out.Quantizer("activation_quantizer", q)
	build.Attrs[act.Base](out).Trusted = true
	return out.Done()
}

func quantizedActivation(c *build.Call, q *quant.Activation) (*build.Out, error) {
	switch f := q.Function(); f {
	case "ternary_tanh":
		out, err := plain(c, "TernaryTanh", "TernaryTanh", f)
		if err == nil {
			threshold := q.Threshold()
			build.Attrs[act.TernaryAttrs](out).Threshold = &threshold
		}
		return out, err
	case "hard_sigmoid", "hard_tanh":
		out, err := plain(c, "HardActivation", "HardActivation", f)
		if err == nil {
			a, narrow := build.Attrs[act.HardAttrs](out), fixed.UFixed(2, 0)
			a.Slope, a.Shift, a.SlopePrec, a.ShiftPrec = 0.5, 0.5, &narrow, &narrow
		}
		return out, err
	case "leaky_relu":
		return parametrize(c, "LeakyReLU", f, q.Slope())
	default:
		return plain(c, "Activation", "Activation", f)
	}
}
