package keras

import (
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/layers/act"
	"github.com/hlsgo/hlsgo/layers/quant"
)

// hgqHandlers read the layers of HGQ's proxy models, under their plain names and under those of its package.
var hgqHandlers = []build.Handler{
	{
		Classes:   []string{"FixedPointQuantizer", "HGQ>FixedPointQuantizer"},
		Variables: variables("keep_negative", "bits", "integers"), Read: readFixedPoint,
	},
	{
		Classes: []string{"UnaryLUT", "HGQ>UnaryLUT"}, OwnActivation: true, Variables: variables("table"),
		Read: readUnaryLUT,
	},
}

// readFixedPoint mirrors fixedpoint_quantizer_handler of hls4ml's converters/keras/hgq_proxy_model.py: a
// quantizer that may be folded has the bits of its first value throughout.
func readFixedPoint(c *build.Call) (*build.Out, error) {
	out, err := Layer(c, "FixedPointQuantizer", c.Class)
	if err != nil {
		return nil, err
	}
	a := build.Attrs[quant.FixedPointAttrs](out)
	if a.Fusible, err = c.Config.Bool("fusible", false); err != nil {
		return nil, err
	}
	if a.RND, err = c.Config.Text("RND", "TRN"); err != nil {
		return nil, err
	}
	if a.SAT, err = c.Config.Text("SAT", "WRAP"); err != nil {
		return nil, err
	}
	if a.Mask, err = readMask(c, a.Fusible); err != nil {
		return nil, err
	}
	if a.Overrides, err = readOverrides(raw(c)); err != nil {
		return nil, err
	}
	return out.Done()
}

// readMask reads the three integer tensors of a quantizer. Their shape is that of the input with an axis of
// one for the batch, or one value alone.
func readMask(c *build.Call, first bool) (quant.Mask, error) {
	var m quant.Mask
	for _, part := range []struct {
		name string
		to   *[]int
	}{{"keep_negative", &m.K}, {"bits", &m.B}, {"integers", &m.I}} {
		shape, values, err := c.Integers(part.name, c.Shape())
		if err != nil {
			return m, err
		}
		if m.B != nil && part.name == "integers" && !slices.Equal(shape, m.Shape) || len(values) == 0 {
			return m, fmt.Errorf("weight %q: got shape %v, want %v as the others", part.name, shape, m.Shape)
		}
		m.Shape, *part.to = shape, values
		if first {
			*part.to = values[:1]
		}
	}
	if first || len(m.Shape) == 0 {
		m.Shape = nil
	}
	if len(m.K) != len(m.B) || len(m.I) != len(m.B) {
		return m, fmt.Errorf("weights: got %d, %d and %d values, want as many of each",
			len(m.K), len(m.B), len(m.I))
	}
	return m, nil
}

// readOverrides reads the settings that a quantizer carries for other layers; nil when it has no such
// object.
func readOverrides(c Config) (map[string]map[string]any, error) {
	top, ok := c["overrides"].(map[string]any)
	if !ok && c.Has("overrides") {
		return nil, c.wrong("overrides", "an object")
	}
	if len(top) == 0 {
		return nil, nil
	}
	layers, ok := top["layers"].(map[string]any)
	if !ok && top["layers"] != nil {
		return nil, c.wrong("overrides", "an object with layers")
	}
	out := map[string]map[string]any{}
	for name, v := range layers {
		settings, ok := v.(map[string]any)
		if !ok {
			return nil, c.wrong("overrides", "settings for each layer")
		}
		out[name] = map[string]any{}
		for key, value := range settings {
			if n, ok := asInt(value); ok {
				value = n
			} else if x, ok := asFloat(value); ok {
				value = x
			}
			out[name][key] = value
		}
	}
	return out, nil
}

// readUnaryLUT mirrors unary_lut_keras_handler.
func readUnaryLUT(c *build.Call) (*build.Out, error) {
	out, err := Layer(c, "UnaryLUT", c.Class)
	if err != nil {
		return nil, err
	}
	kif, err := c.Config.Ints("kif_in")
	if err != nil {
		return nil, err
	}
	if len(kif) == 3 {
		build.Attrs[act.UnaryLUTAttrs](out).FractionIn = kif[2]
	}
	table, err := c.Vector("table")
	if err != nil {
		return nil, err
	}
	out.Tensor("table_data", table)
	return out.Done()
}
