package onnx

import (
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/onnx/clean"
	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

// prepare brings the graph into the form that handlers read. One that hls4ml takes as it is keeps its names
// and its order, since configurations of its users call layers by them.
func prepare(g *graph.Graph) error {
	if !prepared(g) {
		return clean.Run(g, nil)
	}
	last := hasLast(g)
	for _, n := range g.Nodes {
		if last && n.Is("Pad", "Resize") {
			n.Domain = graph.ChannelsLast // hls4ml takes their layout from the others
		}
	}
	return clean.CheckOrder(g)
}

func hasLast(g *graph.Graph) bool {
	return slices.ContainsFunc(g.Nodes, func(n *graph.Node) bool { return n.Domain == graph.ChannelsLast })
}

// taken are the operators that hls4ml reads, and what it reads right of them.
var taken = map[string]func(*graph.Graph, *graph.Node) bool{
	"MatMul": nil, "Relu": nil, "Tanh": nil, "Sigmoid": nil, "LeakyRelu": nil, "ThresholdedRelu": nil,
	"Elu": nil, "Selu": nil, "Softmax": nil, "Softsign": nil, "Softplus": nil, "Add": twoInputs,
	"Sub": nil, "Mul": twoInputs, "Div": nil, "Max": twoInputs, "Min": twoInputs, "Sum": twoInputs,
	"Concat": twoInputs, "GlobalMaxPool": nil, "GlobalAveragePool": nil, "Flatten": nil, "Dropout": nil,
	"Identity": nil, "Quant": nil, "IntQuant": nil, "BipolarQuant": nil,
	"BatchNormalization": lastOrFlat, "Transpose": withSettings("perm"), "Reshape": constantShape,
	"Conv":        lastWith("strides", "pads", "dilations", "group", "kernel_shape"),
	"MaxPool":     lastWith("strides", "pads", "kernel_shape"),
	"AveragePool": lastWith("strides", "pads", "kernel_shape"),
	"Pad":         constantPads, "Resize": squareResize,
}

// prepared reports whether hls4ml takes the graph without a clean-up by qonnx.
func prepared(g *graph.Graph) bool {
	seen := map[string]bool{}
	for _, n := range g.Nodes {
		reads, ok := taken[n.Op]
		if !ok || !isIdentifier(n.Name) || seen[n.Name] || reads != nil && !reads(g, n) {
			return false
		}
		seen[n.Name] = true
		for _, in := range n.Inputs {
			if in != "" && g.Shape(in) == nil {
				return false
			}
		}
	}
	for _, in := range g.Inputs {
		name := strings.ReplaceAll(in, ".", "_")
		if !isIdentifier(name) || name == "input" { // hls4ml has one of that name itself
			return false
		}
	}
	return !g.Unknown()
}

// isIdentifier reports whether C++ could call something by the name.
func isIdentifier(name string) bool {
	for i, r := range name {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}

func twoInputs(_ *graph.Graph, n *graph.Node) bool { return len(n.Inputs) == 2 }

func lastOrFlat(g *graph.Graph, n *graph.Node) bool {
	return n.Domain == graph.ChannelsLast || len(g.Shape(n.Input(0))) == 2
}

func withSettings(names ...string) func(*graph.Graph, *graph.Node) bool {
	return func(_ *graph.Graph, n *graph.Node) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return !n.Has(name) })
	}
}

// lastWith wants channels last, two axes of pixels for a pooling, and no gaps in windows.
func lastWith(names ...string) func(*graph.Graph, *graph.Node) bool {
	settings := withSettings(names...)
	return func(g *graph.Graph, n *graph.Node) bool {
		gaps, err := n.Ints("dilations")
		ceil, _ := n.Int("ceil_mode", 0)
		return err == nil && ceil == 0 && n.Domain == graph.ChannelsLast && settings(g, n) &&
			!slices.ContainsFunc(gaps, func(d int) bool { return d != 1 }) &&
			(n.Op == "Conv" || len(g.Shape(n.Input(0))) == 4)
	}
}

func constantShape(g *graph.Graph, n *graph.Node) bool {
	t := g.Init(n.Input(1))
	if t == nil {
		return false
	}
	dims, err := t.Ints()
	return err == nil && !slices.Contains(dims, 0)
}

func constantPads(g *graph.Graph, n *graph.Node) bool {
	return hasLast(g) && g.Init(n.Input(1)) != nil && n.Input(3) == ""
}

// squareResize wants a picture as high as wide: hls4ml takes one for the other.
func squareResize(g *graph.Graph, n *graph.Node) bool {
	in, out := g.Shape(n.Input(0)), g.Shape(n.Outputs[0])
	return hasLast(g) && len(n.Inputs) == 3 && len(in) == 4 && len(out) == 4 && in[1] == in[2] &&
		out[1] == out[2]
}
