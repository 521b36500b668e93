package act

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// activationEmit writes a configuration derived from nnet::activ_config and a call of nnet::<function>.
var activationEmit = codegen.Emitter{Emit: emitActivation}

// functions lists what nnet_activation.h computes for arrays; streams lack the clipped relus.
func functions(stream bool) []string {
	list := []string{
		"linear", "relu", "sigmoid", "tanh", "softplus", "softsign", "selu", "elu", "binary_tanh", "ternary_tanh",
	}
	if !stream {
		list = append(list, "relu6", "relu1")
	}
	return list
}

func emitActivation(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	a := ir.Attrs[ActivationAttrs](n)
	function := strings.ToLower(a.Activation)
	if !slices.Contains(functions(env.Stream()), function) {
		return nil, env.Unsupported(n, fmt.Sprintf("activation %q", a.Activation))
	}
	if err := checkTabled(n, a); err != nil {
		return nil, err
	}
	c := tableConfig(env, n, &a.Base)
	return fragment(c, env.Call(n, "nnet::"+function, c.Name)), nil
}

// tableConfig is the configuration of activations, <activation>_config<index>. Every one names a table, also
// where the function needs none.
func tableConfig(env *codegen.Env, n *ir.Node, b *Base) *codegen.Config {
	c := codegen.NewConfig(configName(n, b), "nnet::activ_config")
	c.Uint("n_in", b.NIn)
	c.Uint("table_size", b.TableSize)
	c.Expr("io_type", env.IOEnum())
	c.Uint("reuse_factor", n.ReuseFactor)
	c.Type("table_t", n.Type("table_t").Name)
	return c
}

func configName(n *ir.Node, b *Base) string { return b.Activation + "_" + codegen.ConfigName(n) }

func fragment(c *codegen.Config, call *codegen.Call) *codegen.Fragment {
	return &codegen.Fragment{
		Configs: []*codegen.Config{c}, Call: call,
		Includes: []string{"nnet_activation.h", "nnet_activation_stream.h"},
	}
}
