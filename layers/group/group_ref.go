package group

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/sim"
)

// groupRef runs the float reference of the model inside.
var groupRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	schema := n.Graph().Schema
	lookup, ok := schema.(sim.RefLookup)
	if !ok {
		return nil, n.Errorf("float reference: got a schema without those of the layers inside")
	}
	if len(ir.Attrs[Attrs](n).Layers) == 0 {
		return nil, n.Errorf("the model inside: got no layers, want at least one")
	}
	g, err := ir.Build(inner(n), n.Graph().Config, schema)
	if err != nil {
		return nil, n.Errorf("%w", err)
	}
	ref, err := sim.NewReference(g, lookup)
	if err != nil {
		return nil, n.Errorf("%w", err)
	}
	return func(in [][]float64, out []float64) {
		values := ref.NewValues()
		if err := ref.Run(values, in); err != nil {
			panic("BUG: " + err.Error()) // the sizes were checked when the graph was built
		}
		copy(out, ref.Outputs(values)[0])
	}, nil
}

// inner is the model inside, of at least one layer, as a network of its own. Its last layer gives the
// output, as in the pass that expands it.
func inner(n *ir.Node) *ir.Parsed {
	list := ir.Attrs[Attrs](n).Layers
	p := &ir.Parsed{}
	for _, l := range list {
		l := *l
		l.Attrs = ir.CloneAttrs(l.Attrs)
		p.Layers = append(p.Layers, &l)
		if l.Kind == "Input" {
			p.Inputs = append(p.Inputs, l.Name)
		}
	}
	p.Outputs = []string{list[len(list)-1].Name}
	return p
}
