package onnx

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend"
	"github.com/hlsgo/hlsgo/frontend/onnx/clean"
	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

var _ frontend.Staged = (*Reader)(nil)

// cleanup is the stage behind all rewrites, whose names follow it.
const cleanup = "cleanup"

// Stages implements frontend.Staged.
func (r *Reader) Stages() []frontend.Stage {
	var list []frontend.Stage
	for _, w := range clean.Rewrites() {
		list = append(list, frontend.Stage{Name: cleanup + ":" + w.Name, Why: w.Why})
	}
	return append(list, frontend.Stage{Name: cleanup, Why: "the network of which layers are made"})
}

// After implements frontend.Staged.
func (r *Reader) After(src frontend.Source, stage string) (string, error) {
	g, shut, err := graph.Open(src.Files[key])
	if err != nil {
		return "", err
	}
	defer shut()
	if prepared(g) {
		return "# taken as it is: nodes have names, shapes and the order that hls4ml wants\n" + textOf(g), nil
	}
	text := ""
	err = clean.Run(g, func(w clean.Rewrite) {
		if stage == cleanup+":"+w.Name {
			text = fmt.Sprintf("# %s\n%s", w.Why, textOf(g))
		}
	})
	if err != nil {
		return "", named(g.File, err)
	}
	if stage == cleanup {
		text = textOf(g)
	}
	return text, nil
}

// textOf is a graph with a line for each input, constant, node and output.
func textOf(g *graph.Graph) string {
	var b strings.Builder
	for _, in := range g.Inputs {
		fmt.Fprintf(&b, "input %s %s\n", shown(in), shapeText(g, in))
	}
	for _, t := range g.Inits {
		fmt.Fprintf(&b, "constant %s %s %s\n", shown(t.Name), t.Type, shapeText(g, t.Name))
	}
	for _, n := range g.Nodes {
		fmt.Fprintf(&b, "%s(%s) -> %s %s%s\n", n.Op, shown(n.Inputs...), shown(n.Outputs...),
			shapeText(g, n.Outputs[0]), labels(n))
	}
	fmt.Fprintf(&b, "output %s\n", shown(g.Outputs...))
	return b.String()
}

// shown lists names of tensors. Those that a rewrite made have none that a file could have.
func shown(names ...string) string {
	return strings.ReplaceAll(strings.Join(names, ", "), "\x00", "%")
}

func shapeText(g *graph.Graph, tensor string) string {
	dims := g.Shape(tensor)
	if dims == nil {
		return "[?]"
	}
	return strings.ReplaceAll(fmt.Sprint(dims), "-1", "batch")
}

// labels are the name of a node, if it has one by now, that in the file where it differs, and the layout.
func labels(n *graph.Node) string {
	var list []string
	for _, name := range []string{n.Name, n.Origin} {
		if name != "" && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	if n.Domain == graph.ChannelsLast {
		list = append(list, "channels last")
	}
	if len(list) == 0 {
		return ""
	}
	return "  # " + strings.Join(list, ", ")
}
