package act

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// hardEmit writes a configuration with slope and shift as constants of their types, and a call of
// nnet::hard_sigmoid or nnet::hard_tanh.
var hardEmit = codegen.Emitter{Emit: emitHard}

func emitHard(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	a := ir.Attrs[HardAttrs](n)
	function := strings.ToLower(a.Activation)
	if !slices.Contains([]string{"hard_sigmoid", "hard_tanh"}, function) {
		return nil, env.Unsupported(n, fmt.Sprintf("activation %q", a.Activation))
	}
	c := codegen.NewConfig(configName(n, &a.Base), "")
	c.Uint("n_in", a.NIn)
	c.Static(n.Type("slope_t").Name, "slope", codegen.FloatText(a.Slope))
	c.Static(n.Type("shift_t").Name, "shift", codegen.FloatText(a.Shift))
	c.Expr("io_type", env.IOEnum())
	c.Uint("reuse_factor", n.ReuseFactor)
	return fragment(c, env.Call(n, "nnet::"+function, c.Name)), nil
}
