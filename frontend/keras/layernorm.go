package keras

import (
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/norm"
)

var layerNormHandlers = []build.Handler{{
	Classes: []string{"LayerNormalization"}, Variables: variables("gamma?scale", "beta?center"),
	Read: readLayerNorm,
}}

// readLayerNorm mirrors parse_layernorm_layer of hls4ml's converters/keras/core.py.
func readLayerNorm(c *build.Call) (*build.Out, error) {
	shape := c.Shape()
	if len(shape) != 2 {
		return nil, fmt.Errorf("input: got shape %v, want rows and columns", shape)
	}
	if err := lastAxis(raw(c), len(shape)+1); err != nil {
		return nil, err
	}
	epsilon, err := c.Config.Float("epsilon", 1e-3)
	if err != nil {
		return nil, err
	}
	power := -math.RoundToEven(math.Log10(epsilon))
	if epsilon <= 0 || power < 1 {
		return nil, fmt.Errorf("epsilon: got %v, want it positive and 0.1 or less", epsilon)
	}
	out, err := Layer(c, "LayerNormalization", "LayerNormalization")
	if err != nil {
		return nil, err
	}
	size := ir.Size(shape)
	a := build.Attrs[norm.LayerNormAttrs](out)
	a.NIn, a.NOut, a.SeqLen, a.Axis, a.EpsilonPower = size, size, shape[0], 2, int(power)
	for _, w := range []struct{ flag, name string }{{"scale", "gamma"}, {"center", "beta"}} {
		use, err := c.Config.Bool(w.flag, true)
		if err != nil {
			return nil, err
		}
		if !use {
			continue
		}
		t, err := c.Weight(w.name, shape[1])
		if err != nil {
			return nil, err
		}
		out.Tensor(w.name+"_data", t)
	}
	return out.Done()
}
