package group

import (
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
	"github.com/hlsgo/hlsgo/sim"
)

// timeDistributedRef runs the float reference of the wrapped layers step by step, the activation included
// that the firmware does not have.
var timeDistributedRef layers.RefFunc = func(n *ir.Node) (func(in [][]float64, out []float64), error) {
	a := ir.Attrs[TimeDistributedAttrs](n)
	schema := n.Graph().Schema
	kind, ok := schema.Kind("Input")
	lookup, okRef := schema.(sim.RefLookup)
	if !ok || !okRef || len(a.Wrapped) == 0 {
		return nil, n.Errorf("float reference: got no wrapped layer, or a schema without what it needs")
	}
	first := &ir.Layer{Name: "_step", Kind: "Input", ClassName: "InputLayer", Attrs: kind.NewAttrs()}
	if _, err := ir.SetAttr(first.Attrs, "input_shape", a.Step); err != nil {
		return nil, n.Errorf("%w", err)
	}
	p := &ir.Parsed{Layers: []*ir.Layer{first}, Inputs: []string{first.Name}}
	for _, l := range a.Wrapped {
		l := *l
		l.Inputs, l.Attrs = []string{p.Layers[len(p.Layers)-1].Name}, ir.CloneAttrs(l.Attrs)
		p.Layers = append(p.Layers, &l)
	}
	p.Outputs = []string{a.Wrapped[len(a.Wrapped)-1].Name}
	g, err := ir.Build(p, n.Graph().Config, schema)
	if err != nil {
		return nil, n.Errorf("%w", err)
	}
	ref, err := sim.NewReference(g, lookup)
	if err != nil {
		return nil, n.Errorf("%w", err)
	}
	size := ir.Size(a.Step)
	return func(in [][]float64, out []float64) {
		values := ref.NewValues()
		each := len(out) / a.NTimeSteps
		for s := range a.NTimeSteps {
			if err := ref.Run(values, [][]float64{in[0][s*size : (s+1)*size]}); err != nil {
				panic("BUG: " + err.Error()) // the sizes were checked when the graph was built
			}
			copy(out[s*each:(s+1)*each], ref.Outputs(values)[0])
		}
	}, nil
}
