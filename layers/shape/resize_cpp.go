package shape

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// resizeEmit writes a configuration with the sizes and a call of nnet::resize_nearest.
var resizeEmit = codegen.Emitter{Emit: emitResize}

func emitResize(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	a := ir.Attrs[ResizeAttrs](n)
	if err := a.check(n); err != nil {
		return nil, err
	}
	c := env.Config(n, "nnet::resize_config")
	c.Uint("height", a.InHeight)
	c.Uint("width", a.InWidth)
	c.Uint("n_chan", a.NChan)
	c.Uint("new_height", a.OutHeight)
	c.Uint("new_width", a.OutWidth)
	call := env.Call(n, "nnet::resize_nearest", c.Name)
	call.Template = []string{n.In(0).Type.Name, c.Name}
	return &codegen.Fragment{
		Configs:  []*codegen.Config{c},
		Call:     call,
		Includes: []string{"nnet_image.h", "nnet_image_stream.h"},
	}, nil
}
