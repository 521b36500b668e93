package quant

import (
	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// emitFixedPoint writes a function for the node, with one conversion for every value, and calls it.
func emitFixedPoint(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	if env.Stream() {
		return nil, env.Unsupported(n, "values of different types")
	}
	name := "quantize_" + n.Name
	if !codegen.IsIdentifier(name) {
		return nil, n.Errorf("name: not for C++: got %q, want letters, digits and _", n.Name)
	}
	a, in, out := ir.Attrs[FixedPointAttrs](n), n.In(0), n.Out()
	var w codegen.Writer
	w.Line("template <class data_T, class res_T>")
	w.Open("void %s(const data_T *data, res_T *res) {", name)
	w.Line("%s", env.Spell.Inline())
	for i, f := range a.types(out.Shape) {
		if f.W == 0 {
			w.Line("res[%d] = 0;", i)
		} else {
			w.Line("res[%d] = %s(data[%d]);", i, env.Spell.Type(f), i)
		}
	}
	w.Close("}")
	return &codegen.Fragment{
		Code: w.String(),
		Call: &codegen.Call{
			Function: env.Owner() + "::" + name, Template: []string{in.Type.Name, out.Type.Name},
			Args: []string{in.Name, out.Name},
		},
	}, nil
}
