package conv

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers"
)

// separableSplit splits a separable convolution into a depthwise one and one with a kernel of one pixel: what
// the layer is, by its definition, with a rounding between the two that hls4ml has as well. The layer's
// settings count for both, with those of the two steps under the steps' own names.
var separableSplit = []layers.Rewrite{{
	Pass:  "separable_to_depthwise_and_conv",
	Match: func(*ir.Node) bool { return true },
	Apply: splitSeparable,
}}

func splitSeparable(n *ir.Node) (bool, error) {
	g, dim := n.Graph(), "2D"
	if Attrs1D(n) != nil {
		dim = "1D"
	}
	// The new nodes have names and kinds that no section of the configuration speaks of. Without sections
	// of their own they would get the model's defaults.
	section := g.Config.Merged(n.Name, n.Kind)
	depthwise, pointwise := separableSteps(n)

	name := n.Name + "_depthwise"
	setSection(g, name, section, "depthwise", "pointwise")
	dw, err := g.NewNode(ir.NodeSpec{
		Kind: "DepthwiseConv" + dim, Name: name, Attrs: depthwise, Inputs: slices.Clone(n.Inputs), Origin: n.Origin,
		Data: part(n.Data, map[string]string{"depthwise": "depthwise"}),
	})
	if err != nil {
		return false, err
	}
	name = n.Name + "_pointwise"
	setSection(g, name, section, "pointwise", "depthwise")
	pw, err := g.NewNode(ir.NodeSpec{
		Kind: "Conv" + dim, Name: name, Attrs: pointwise, Inputs: slices.Clone(dw.Outputs), Origin: n.Origin,
		Data: part(n.Data, map[string]string{"pointwise": "weight", "bias": "bias"}),
	})
	if err != nil {
		return false, err
	}
	// What reads the layer reads the second step from here on.
	return true, g.Replace(n, dw, pw)
}

// separableSteps makes the attributes of the two convolutions. What the settings of the layer gave the
// node is not handed on: the settings are read again. The first step has the geometry and as many filters
// as channels, the second the pixels of the first one's output and a kernel of one pixel; only the second
// has a bias, as in the framework's layer.
func separableSteps(n *ir.Node) (depthwise, pointwise any) {
	fresh := Common{
		DataFormat: CommonOf(n).DataFormat, NChan: CommonOf(n).NChan, NFilt: CommonOf(n).NChan,
		ParallelizationFactor: 1, ConvImplementation: "LineBuffer",
	}
	last := fresh
	last.NFilt, last.UseBias = CommonOf(n).NFilt, CommonOf(n).UseBias
	if a := Attrs1D(n); a != nil {
		first := *a
		first.Common = fresh
		first.DilationRate = a.DilationRate
		return &Depthwise1DAttrs{Conv1DAttrs: first, DepthMultiplier: 1}, &Conv1DAttrs{
			Common: last, InWidth: a.OutWidth, OutWidth: a.OutWidth, FiltWidth: 1, StrideWidth: 1, DilationWidth: 1,
		}
	}
	a := Attrs2D(n)
	first := *a
	first.Common = fresh
	first.DilationRate = a.DilationRate
	return &Depthwise2DAttrs{Conv2DAttrs: first, DepthMultiplier: 1}, &Conv2DAttrs{
		Common: last, InHeight: a.OutHeight, InWidth: a.OutWidth, OutHeight: a.OutHeight, OutWidth: a.OutWidth,
		FiltHeight: 1, FiltWidth: 1, StrideHeight: 1, StrideWidth: 1, DilationHeight: 1, DilationWidth: 1,
	}
}

// part takes tensors and quantizers out of data, by role, under new roles. Tensors that are not there stay
// away: layers.AddBias makes zeros of a bias that is missing, in a type that says so.
func part(data ir.Data, roles map[string]string) ir.Data {
	out := ir.Data{Tensors: map[string]*ir.Tensor{}, Quantizers: map[string]ir.Quantizer{}}
	for from, to := range roles {
		if t := data.Tensors[from+"_data"]; t != nil {
			out.Tensors[to+"_data"] = t
		}
		if q := data.Quantizers[from+"_quantizer"]; q != nil {
			out.Quantizers[to+"_quantizer"] = q
		}
	}
	return out
}

// setSection gives the layer called name a section of its own, in a configuration of the graph's own: the
// precisions of the step lose their prefix, those of the other step go.
func setSection(g *ir.Graph, name string, s *ir.Section, step, other string) {
	if s == nil {
		return
	}
	own := &ir.Section{Name: name, Keys: s.Keys, Line: s.Line}
	renamed := map[string]string{step: "weight", step + "_accum": "accum", step + "_result": "result"}
	for _, p := range s.Precision {
		if p.Var != other && p.Var != other+"_accum" && renamed[p.Var] == "" && !overwritten(s, p.Var, renamed) {
			own.Precision = append(own.Precision, p)
		}
	}
	for _, p := range s.Precision {
		if to := renamed[p.Var]; to != "" {
			own.Precision = append(own.Precision, ir.Precision{Var: to, Text: p.Text, Line: p.Line})
		}
	}
	g.SetSection(own)
}

// overwritten reports whether a renamed entry takes the place of v.
func overwritten(s *ir.Section, v string, renamed map[string]string) bool {
	return slices.ContainsFunc(s.Precision, func(p ir.Precision) bool { return renamed[p.Var] == v })
}
