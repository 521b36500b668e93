package passes

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/layers/conv"
)

// SeparableToDepthwiseAndConv splits separable convolutions into a depthwise one and one with a kernel of one
// pixel. The layer's settings count for both, with those of the two steps under the steps' own names.
var SeparableToDepthwiseAndConv = ir.Pass{
	Name:  "separable_to_depthwise_and_conv",
	Doc:   "split separable convolutions",
	Match: func(n *ir.Node) bool { return n.Kind == "SeparableConv1D" || n.Kind == "SeparableConv2D" },
	Apply: splitSeparable,
}

func splitSeparable(n *ir.Node) (bool, error) {
	g := n.Graph()
	dim := n.Kind[len(n.Kind)-2:]
	section := layerSection(g.Config, n)
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
	return true, g.Replace(n, dw, pw)
}

// separableSteps makes the attributes of the two convolutions. What the settings of the layer gave the
// node is not handed on: the settings are read again.
func separableSteps(n *ir.Node) (depthwise, pointwise any) {
	fresh := conv.Common{
		DataFormat: conv.CommonOf(n).DataFormat, NChan: conv.CommonOf(n).NChan, NFilt: conv.CommonOf(n).NChan,
		ParallelizationFactor: 1, ConvImplementation: "LineBuffer",
	}
	last := fresh
	last.NFilt, last.UseBias = conv.CommonOf(n).NFilt, conv.CommonOf(n).UseBias
	if a := conv.Attrs1D(n); a != nil {
		first := *a
		first.Common = fresh
		first.DilationRate = a.DilationRate
		return &conv.Depthwise1DAttrs{Conv1DAttrs: first, DepthMultiplier: 1}, &conv.Conv1DAttrs{
			Common: last, InWidth: a.OutWidth, OutWidth: a.OutWidth, FiltWidth: 1, StrideWidth: 1, DilationWidth: 1,
		}
	}
	a := conv.Attrs2D(n)
	first := *a
	first.Common = fresh
	first.DilationRate = a.DilationRate
	return &conv.Depthwise2DAttrs{Conv2DAttrs: first, DepthMultiplier: 1}, &conv.Conv2DAttrs{
		Common: last, InHeight: a.OutHeight, InWidth: a.OutWidth, OutHeight: a.OutHeight, OutWidth: a.OutWidth,
		FiltHeight: 1, FiltWidth: 1, StrideHeight: 1, StrideWidth: 1, DilationHeight: 1, DilationWidth: 1,
	}
}

// part takes tensors and quantizers out of data, by role, under new roles.
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

// layerSection is what the configuration says of the layer: the entry of its type, overwritten by that of its
// name, key by key. It is nil when there is neither. mirrors HLSConfig.get_layer_config.
func layerSection(c *ir.Config, n *ir.Node) *ir.Section {
	var out *ir.Section
	for _, list := range [][]*ir.Section{c.HLS.Types, c.HLS.Names} {
		for _, s := range list {
			if s.Name != n.Kind && s.Name != n.Name {
				continue
			}
			if out == nil {
				out = &ir.Section{Line: s.Line}
			}
			if len(s.Precision) > 0 {
				out.Precision = s.Precision
			}
			for _, k := range s.Keys {
				out.Keys = slices.DeleteFunc(out.Keys, func(o ir.Key) bool { return o.Name == k.Name })
				out.Keys = append(out.Keys, k)
			}
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
	addSection(g, own)
}

// addSection gives a layer a section of its own by name, in a configuration of the graph's own.
func addSection(g *ir.Graph, own *ir.Section) {
	c := *g.Config
	same := func(o *ir.Section) bool { return o.Name == own.Name }
	c.HLS.Names = append(slices.DeleteFunc(slices.Clone(c.HLS.Names), same), own)
	g.Config = &c
}

// overwritten reports whether a renamed entry takes the place of v.
func overwritten(s *ir.Section, v string, renamed map[string]string) bool {
	return slices.ContainsFunc(s.Precision, func(p ir.Precision) bool { return renamed[p.Var] == v })
}
