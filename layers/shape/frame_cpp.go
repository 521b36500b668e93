package shape

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

var (
	padding1DEmit = frameEmit("nnet::padding1d_config", "nnet::zeropad1d_cl",
		[]string{"nnet_padding.h", "nnet_padding_stream.h"},
		"in_width", "n_chan", "out_width", "pad_left", "pad_right")
	padding2DEmit = frameEmit("nnet::padding2d_config", "nnet::zeropad2d_cl",
		[]string{"nnet_padding.h", "nnet_padding_stream.h"},
		"in_height", "in_width", "n_chan", "out_height", "out_width",
		"pad_top", "pad_bottom", "pad_left", "pad_right")
	cropping1DEmit = frameEmit("nnet::cropping1d_config", "nnet::cropping1d_cl",
		[]string{"nnet_cropping.h", "nnet_cropping_stream.h"},
		"in_width", "n_chan", "out_width", "crop_left", "crop_right")
	cropping2DEmit = frameEmit("nnet::cropping2d_config", "nnet::cropping2d_cl",
		[]string{"nnet_cropping.h", "nnet_cropping_stream.h"},
		"in_height", "in_width", "n_chan", "out_height", "out_width",
		"crop_top", "crop_bottom", "crop_left", "crop_right")
)

// frameEmit writes a configuration of the listed attributes and a call of the function.
func frameEmit(base, function string, includes []string, attributes ...string) codegen.Emitter {
	return codegen.Emitter{Emit: func(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
		if f, _ := ir.GetAttr(n.Attrs, "data_format"); f == "channels_first" {
			return nil, env.Unsupported(n, "data_format channels_first")
		}
		c := env.Config(n, base)
		for _, name := range attributes {
			v, _ := ir.GetAttr(n.Attrs, name)
			size, ok := v.(int)
			if !ok {
				return nil, n.Errorf("BUG: attribute %s: got %v, want a whole number", name, v)
			}
			c.Uint(name, size)
		}
		return &codegen.Fragment{
			Configs: []*codegen.Config{c}, Call: env.Call(n, function, c.Name), Includes: includes,
		}, nil
	}}
}
