package passes

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// InferPrecisionTypes resolves the types that are auto, node by node: by the rule of the kind, else with the
// model's default. The flow begins again after each node whose result type it found: the nodes behind start
// from that type, and passes before this one look at what is no longer auto.
var InferPrecisionTypes = ir.Pass{
	Name:  "infer_precision_types",
	Doc:   "resolve types that are auto",
	Match: func(n *ir.Node) bool { return len(n.AutoRoles()) > 0 },
	Apply: func(n *ir.Node) (bool, error) {
		env, err := inferEnv(n.Graph().Config)
		if err != nil {
			return false, n.Errorf("auto types: %w", err)
		}
		roles := n.AutoRoles()
		if d, ok := layers.DefOf(n); ok && d.Infer != nil {
			if err := d.Infer(n, env); err != nil {
				return false, err
			}
		}
		for _, role := range n.AutoRoles() {
			n.Type(role).Format = env.Default
		}
		return slices.Contains(roles, "result_t"), nil
	},
}

func inferEnv(c *ir.Config) (layers.InferEnv, error) {
	var env layers.InferEnv
	f, err := c.Default()
	if err != nil {
		return env, err
	}
	env.Default = f
	m, ok, err := c.Maximum()
	if ok {
		env.Max = &m
	}
	return env, err
}
