package shape

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

var (
	padding1DEmit  = frameEmit("nnet::padding1d_config", "nnet::zeropad1d_cl", "padding", "pad", -1)
	padding2DEmit  = frameEmit("nnet::padding2d_config", "nnet::zeropad2d_cl", "padding", "pad", -1)
	cropping1DEmit = frameEmit("nnet::cropping1d_config", "nnet::cropping1d_cl", "cropping", "crop", 1)
	cropping2DEmit = frameEmit("nnet::cropping2d_config", "nnet::cropping2d_cl", "cropping", "crop", 1)
)

// frameEmit writes a configuration of the sizes and of the pixels at the edges, whose members begin with
// edge, and a call of the function. Frames count pixels that are cut, the headers those that are added or
// cut: sign is -1 where they are added.
func frameEmit(base, function, header, edge string, sign int) codegen.Emitter {
	includes := []string{"nnet_" + header + ".h", "nnet_" + header + "_stream.h"}
	return codegen.Emitter{Emit: func(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
		f := frameOf(n)
		if f.format == "channels_first" {
			return nil, env.Unsupported(n, "data_format channels_first")
		}
		c := env.Config(n, base)
		f.members(c, edge, sign)
		return &codegen.Fragment{
			Configs: []*codegen.Config{c}, Call: env.Call(n, function, c.Name), Includes: includes,
		}, nil
	}}
}

func (f frame) members(c *codegen.Config, edge string, sign int) {
	if !f.flat {
		c.Uint("in_height", f.inH)
	}
	c.Uint("in_width", f.inW)
	c.Uint("n_chan", f.chans)
	if !f.flat {
		c.Uint("out_height", f.outH)
	}
	c.Uint("out_width", f.outW)
	if !f.flat {
		c.Uint(edge+"_top", sign*f.top)
		c.Uint(edge+"_bottom", sign*f.bottom)
	}
	c.Uint(edge+"_left", sign*f.left)
	c.Uint(edge+"_right", sign*f.end)
}
