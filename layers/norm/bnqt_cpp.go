package norm

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// quantizedTanhEmit writes a call of nnet::normalize_binary_tanh or nnet::normalize_ternary_tanh, whose
// result type follows from the function.
var quantizedTanhEmit = codegen.Emitter{Emit: emitQuantizedTanh}

func emitQuantizedTanh(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	a := ir.Attrs[QuantizedTanhAttrs](n)
	function, roles := "nnet::normalize_binary_tanh", []string{"threshold"}
	if a.Quantize == 3 {
		function, roles = "nnet::normalize_ternary_tanh", []string{"threshold_hi", "threshold_lo"}
	}
	c := env.Config(n, "nnet::batchnorm_quantized_tanh_config")
	channels(c, env, n, a.NFilt)
	in := n.In(0)
	call := &codegen.Call{
		Function: function, Template: []string{in.Type.Name, c.Name}, Args: []string{in.Name, n.Out().Name},
	}
	for _, role := range roles {
		call.Args = append(call.Args, n.Weight(role).Var)
	}
	return fragment(c, call), nil
}
