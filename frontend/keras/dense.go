package keras

import (
	"fmt"
	"slices"
)

var denseHandlers = []Handler{
	{Classes: []string{"Dense"}, Read: readDense},
}

// readDense reads a Dense over the last axis of an input of any rank. Mirrors parse_dense_layer of hls4ml's
// converters/keras/core.py.
func readDense(c *Call) (*Out, error) {
	if len(c.Shape()) == 0 {
		return nil, fmt.Errorf("input: got a scalar, want at least one axis")
	}
	nIn := c.Shape()[len(c.Shape())-1]
	nOut, err := c.Config.Int("units", 0)
	if err != nil {
		return nil, err
	}
	out, err := c.Layer("Dense", "Dense")
	if err != nil {
		return nil, err
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
	out.Set("n_in", nIn)
	out.Set("n_out", nOut)
	out.Shape = slices.Clone(c.Shape())
	out.Shape[len(out.Shape)-1] = nOut
	return out.Done()
}
