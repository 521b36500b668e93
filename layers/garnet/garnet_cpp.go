package garnet

import (
	"fmt"
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
	for i, s := range subs {
		c := config(n, s, t)
		if len(subs) > 1 {
			c.Name += fmt.Sprintf("_%d", i)
		}
		names = append(names, c.Name)
		f.Configs = append(f.Configs, c)
		var weights []string
		for _, w := range weightRoles {
			weights = append(weights, n.Weight(w.op+s.suffix+"_"+w.what).Var)
		}
		f.Call.Args = append(f.Call.Args,
			fmt.Sprintf("nnet::garnet_weights<%s>{%s}", c.Name, strings.Join(weights, ", ")))
	}
	f.Call.Template = append([]string{in.Type.Name, n.In(1).Type.Name, out.Type.Name}, names...)
	return f, nil
}

// weightRoles lists the weights of a layer in the order of nnet::garnet_weights.
var weightRoles = []struct{ op, what, member string }{
	{"input_transform", "weights", "input_transform_weights_t"},
	{"input_transform", "biases", "input_transform_biases_t"},
	{"aggregator_distance", "weights", "aggregator_distance_weights_t"},
	{"aggregator_distance", "biases", "aggregator_distance_biases_t"},
	{"output_transform", "biases", "output_transform_biases_t"},
}

func config(n *ir.Node, s sublayer, t types) *codegen.Config {
	a := common(n)
	c := codegen.NewConfig(codegen.ConfigName(n), "nnet::garnet_config")
	c.Uint("n_vertices", a.NVertices)
	c.Uint("n_vertices_width", t.logVertices)
	c.Uint("n_in_features", s.in)
	c.Uint("n_propagate", s.propagate)
	c.Uint("n_aggregators", s.aggregators)
	c.Uint("n_out_features", s.out)
	c.Uint("distance_width", distanceBits)
	c.Bool("collapse", a.Collapse != "")
	c.Bool("mean_by_nvert", a.MeanByNVert)
	c.Uint("reuse_factor", n.ReuseFactor)
	c.Uint("log2_reuse_factor", t.logReuse)
	c.Type("norm_t", t.norm.CPP())
	c.Type("distance_t", t.distance.CPP())
	c.Type("edge_weight_t", t.edge.CPP())
	c.Type("edge_weight_aggr_t", t.edgeSum.CPP())
	c.Type("aggr_t", t.aggregate.CPP())
	for _, w := range weightRoles {
		c.Type(w.member, n.Weight(w.op+s.suffix+"_"+w.what).Type.Name)
	}
	return c
}
