package keras

import "github.com/hlsgo/hlsgo/frontend/build"

// Layer starts the result of a call: build.Call's Layer with the settings that hls4ml stores for layers of
// every class. Mirrors parse_default_keras_layer of hls4ml's converters/keras_v2_to_hls.py.
func Layer(c *build.Call, kind, class string) (*build.Out, error) {
	out, err := c.Layer(kind, class)
	if err != nil {
		return nil, err
	}
	format, err := c.Config.Text("data_format", "channels_last")
	if err != nil {
		return nil, err
	}
	out.Offer("data_format", format)
	if name, ok := raw(c)["activation"].(string); ok { // objects are quantizers
		out.Offer("activation", name)
	}
	if c.Config.Has("epsilon") {
		epsilon, err := c.Config.Float("epsilon", 0)
		if err != nil {
			return nil, err
		}
		out.Offer("epsilon", epsilon)
	}
	if c.Config.Has("use_bias") {
		use, err := c.Config.Bool("use_bias", true)
		if err != nil {
			return nil, err
		}
		out.Offer("use_bias", use)
	}
	return out, nil
}
