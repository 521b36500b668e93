package garnet

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/codegen"
	"github.com/hlsgo/hlsgo/ir"
)

// emitGarNet writes a configuration for every layer and a call of nnet::garnet, which takes the weights of
// each layer as one argument.
func emitGarNet(env *codegen.Env, n *ir.Node) (*codegen.Fragment, error) {
	if env.Stream() {
		return nil, env.Unsupported(n, "vertices as a stream")
	}
	subs, err := sublayers(n)
	if err != nil {
		return nil, err
	}
	t, err := typesOf(n)
	if err != nil {
		return nil, err
	}
	f := &codegen.Fragment{Includes: []string{"nnet_garnet.h"}}
	in, out := n.In(0), n.Out()
	f.Call = &codegen.Call{
		Function: "nnet::garnet", Args: []string{in.Name, n.In(1).Name, out.Name},
	}
	var names []string
	if len(subs) == 1 {
		names = []string{codegen.ConfigName(n)}
		c := codegen.NewConfig(names[0], "nnet::garnet_config")
		addCommon(c, env.Spell, n, subs[0], t)
		addSizes(c, n, subs[0])
		f.Configs = []*codegen.Config{c}
	} else {
		f.Configs, names = stackConfigs(env, n, subs, t)
	}
	for i, s := range subs {
		var weights []string
		for _, w := range weightRoles {
			weights = append(weights, n.Weight(w.op+s.suffix+"_"+w.what).Var)
		}
		f.Call.Args = append(f.Call.Args,
			fmt.Sprintf("nnet::garnet_weights<%s>{%s}", names[i], strings.Join(weights, ", ")))
	}
	f.Call.Template = append([]string{in.Type.Name, n.In(1).Type.Name, out.Type.Name}, names...)
	return f, nil
}

// stackConfigs returns what all layers of a stack share, and one configuration derived from it for each, the
// last layer's first, as hls4ml has them; names lists those of the layers from the first on.
func stackConfigs(
	env *codegen.Env, n *ir.Node, subs []sublayer, t types,
) (configs []*codegen.Config, names []string) {
	base := codegen.NewConfig(codegen.ConfigName(n)+"_base", "nnet::garnet_config")
	addCommon(base, env.Spell, n, subs[0], t)
	configs = []*codegen.Config{base}
	for i := range subs {
		names = append(names, codegen.ConfigName(n)+fmt.Sprintf("_%d", i))
	}
	for i, s := range slices.Backward(subs) {
		c := codegen.NewConfig(names[i], base.Name)
		c.Uint("n_in_features", s.in)
		addSizes(c, n, s)
		configs = append(configs, c)
	}
	return configs, names
}

// weightRoles lists the weights of a layer in the order of nnet::garnet_weights.
var weightRoles = []struct{ op, what, member string }{
	{"input_transform", "weights", "input_transform_weights_t"},
	{"input_transform", "biases", "input_transform_biases_t"},
	{"aggregator_distance", "weights", "aggregator_distance_weights_t"},
	{"aggregator_distance", "biases", "aggregator_distance_biases_t"},
	{"output_transform", "biases", "output_transform_biases_t"},
}

// addCommon writes what all layers of n have in common, and the features that the first reads.
func addCommon(c *codegen.Config, spell codegen.Spelling, n *ir.Node, first sublayer, t types) {
	a := common(n)
	c.Uint("n_vertices", a.NVertices)
	c.Uint("n_vertices_width", t.logVertices)
	c.Uint("n_in_features", first.in)
	c.Uint("distance_width", distanceBits)
	c.Bool("collapse", a.Collapse != "")
	c.Bool("mean_by_nvert", a.MeanByNVert)
	c.Type("norm_t", spell.Type(t.norm))
	c.Type("distance_t", spell.Type(t.distance))
	c.Type("edge_weight_t", spell.Type(t.edge))
	c.Type("edge_weight_aggr_t", spell.Type(t.edgeSum))
	c.Type("aggr_t", spell.Type(t.aggregate))
	c.Uint("reuse_factor", n.ReuseFactor)
	c.Uint("log2_reuse_factor", t.logReuse)
}

// addSizes writes the sizes of one layer and the types of its weights.
func addSizes(c *codegen.Config, n *ir.Node, s sublayer) {
	c.Uint("n_propagate", s.propagate)
	c.Uint("n_aggregators", s.aggregators)
	c.Uint("n_out_features", s.out)
	for _, w := range weightRoles {
		c.Type(w.member, n.Weight(w.op+s.suffix+"_"+w.what).Type.Name)
	}
}
