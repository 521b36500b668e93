package shape

import (
	"math/bits"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// bilinearAccum holds every sum of neighbours times their shares.
func bilinearAccum(n *ir.Node, a *ResizeAttrs) fixed.Format {
	f := n.In(0).Type.Format
	f.Q, f.O, f.N = fixed.TRN, fixed.WRAP, 0
	grow := bits.Len(uint(4 * (a.OutHeight / a.InHeight) * (a.OutWidth / a.InWidth)))
	f.W, f.I = f.W+grow, f.I+grow
	return f
}

// resizeEmit writes a configuration with the sizes and a call of nnet::resize_nearest or resize_bilinear.
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
	if a.Algorithm == "bilinear" {
		c.Type("accum_t", env.Spell.Type(bilinearAccum(n, a)))
	}
	call := env.Call(n, "nnet::resize_"+a.Algorithm, c.Name)
	call.Template = []string{n.In(0).Type.Name, c.Name}
	return &codegen.Fragment{
		Configs:  []*codegen.Config{c},
		Call:     call,
		Includes: []string{"nnet_image.h", "nnet_image_stream.h"},
	}, nil
}
