package keras

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/dense"
	"github.com/hlsgo/hlsgo/layers/quant"
)

var denseHandlers = []build.Handler{
	{
		Classes: []string{"Dense", "BinaryDense", "TernaryDense"}, Variables: variables("kernel", "bias?use_bias"),
		Read: readDense,
	},
	{Classes: []string{"BiasAdd"}, Read: readBiasAdd},
}

// denseQuantizers are those that the classes of binary and ternary networks put on kernel and bias.
var denseQuantizers = map[string]ir.Quantizer{
	"BinaryDense":  quant.Binary{Bits: 2},
	"TernaryDense": quant.Ternary{},
}

// readDense reads a Dense over the last axis of an input of any rank; those of binary and ternary networks
// bring quantizers. Mirrors parse_dense_layer of hls4ml's converters/keras/core.py.
func readDense(c *build.Call) (*build.Out, error) {
	if len(c.Shape()) == 0 {
		return nil, fmt.Errorf("input: got a scalar, want at least one axis")
	}
	nIn := c.Shape()[len(c.Shape())-1]
	nOut, err := c.Config.Int("units", 0)
	if err != nil {
		return nil, err
	}
	out, err := Layer(c, "Dense", c.Class)
	if err != nil {
		return nil, err
	}
	if q := denseQuantizers[c.Class]; q != nil {
		out.Data.Quantizers = map[string]ir.Quantizer{"weight_quantizer": q, "bias_quantizer": q}
	}
	kernel, err := c.Weight("kernel", nIn, nOut)
	if err != nil {
		return nil, err
	}
	out.Tensor("weight_data", kernel)
	useBias, err := c.Config.Bool("use_bias", true)
	if err != nil {
		return nil, err
	}
	if useBias {
		bias, err := c.Weight("bias", nOut)
		if err != nil {
			return nil, err
		}
		out.Tensor("bias_data", bias)
	}
	a := build.Attrs[dense.Attrs](out)
	a.NIn, a.NOut = nIn, nOut
	out.Shape = slices.Clone(c.Shape())
	out.Shape[len(out.Shape)-1] = nOut
	return out.Done()
}

// readBiasAdd reads a layer of a bias alone. hls4ml has the layer and leaves reading it to handlers of its
// users: Keras has no such class.
func readBiasAdd(c *build.Call) (*build.Out, error) {
	if len(c.Shape()) == 0 {
		return nil, fmt.Errorf("input: got a scalar, want at least one axis")
	}
	out, err := Layer(c, "BiasAdd", "BiasAdd")
	if err != nil {
		return nil, err
	}
	bias, err := c.Weight("bias", c.Shape()[len(c.Shape())-1])
	if err != nil {
		return nil, err
	}
	out.Tensor("bias_data", bias)
	return out.Done()
}
