package act

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// parametrizedEmit writes a call of nnet::<function>, with the parameter as a number between the tensors.
var parametrizedEmit = codegen.Emitter{Emit: emitParametrized}

func emitParametrized(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	a := ir.Attrs[ParametrizedAttrs](n)
	function := a.Function()
	if !slices.Contains([]string{"leaky_relu", "thresholded_relu", "elu"}, function) {
		return nil, env.Unsupported(n, fmt.Sprintf("activation %q", a.Activation))
	}
	return parameterized(env, n, &a.Base, function, codegen.FloatText(a.ActivParam)), nil
}

// parameterized is the code of an activation with a parameter of type param_t, a number or an array.
func parameterized(env *codegen.Env, n *ir.Node, b *Base, function, param string) *codegen.Fragment {
	c := tableConfig(env, n, b)
	paramType := n.Type("param_t").Name
	c.Type("param_t", paramType)
	in, out := n.In(0), n.Out()
	return fragment(c, &codegen.Call{
		Function: "nnet::" + strings.ToLower(function),
		Template: []string{in.Type.Name, paramType, out.Type.Name, c.Name},
		Args:     []string{in.Name, param, out.Name},
	})
}
