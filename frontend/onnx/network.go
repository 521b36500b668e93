package onnx

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
	"github.com/hlsgo/hlsgo/ir"
)

// network is one graph on its way to layers. Mirrors parse_onnx_model of hls4ml's converters/onnx_to_hls.py.
type network struct {
	*Reader
	g     *graph.Graph
	scope *build.Scope
	fixed map[string]bool   // see Node
	names map[string]string // the layer that makes a tensor of the file, for ends of the network
}

func (net *network) weights() weights {
	w := weights{net.g, make(map[string]*graph.Node, len(net.g.Nodes)+len(net.g.Inits))}
	for _, n := range net.g.Nodes {
		w.nodes[n.Name] = n
	}
	for _, t := range net.g.Inits {
		if w.nodes[t.Name] == nil {
			w.nodes[t.Name] = constantNode(t)
		}
	}
	return w
}

func (net *network) read() (*ir.Parsed, error) {
	var inputs []string
	for _, in := range net.g.Inputs {
		if net.g.Init(in) != nil {
			continue // files of the first versions list constants among the inputs
		}
		n := &graph.Node{Name: in, Op: inputClass, Outputs: []string{in}}
		if err := net.add(n, cleanName(in, inputClass)); err != nil {
			return nil, err
		}
		inputs = append(inputs, net.names[in])
	}
	if err := net.constants(); err != nil {
		return nil, err
	}
	for _, n := range net.g.Nodes {
		if err := net.node(n); err != nil {
			return nil, err
		}
	}
	outputs, err := net.outputs()
	if err != nil {
		return nil, err
	}
	return &ir.Parsed{
		Layers: net.scope.Layers(), Inputs: inputs, Outputs: outputs, Warnings: net.g.Notes,
	}, nil
}

// constants adds the layers of those constants that are layers, in the file's order.
func (net *network) constants() error {
	layers := map[string]bool{}
	for _, n := range net.g.Nodes {
		if slices.Contains(held, n.Op) {
			for _, in := range n.Inputs {
				layers[in] = true
			}
		}
	}
	for _, t := range net.g.Inits {
		if !layers[t.Name] {
			continue
		}
		if err := net.add(constantNode(t), cleanName(t.Name, constantClass)); err != nil {
			return err
		}
	}
	return nil
}

// node adds the layer of a node, or gives another name to what it reads.
func (net *network) node(n *graph.Node) error {
	if !net.handlers[n.Op].Skip {
		return net.add(n, cleanName(n.Name, n.Op))
	}
	t, err := net.scope.Tensor(build.Ref{Layer: n.Input(0)})
	if err != nil {
		return n.Errorf("%w", err)
	}
	net.scope.Bind(build.Ref{Layer: n.Outputs[0]}, t)
	net.names[n.Outputs[0]] = net.names[n.Input(0)]
	return nil
}

// add lets the handler of a node make a layer of the name.
func (net *network) add(n *graph.Node, name string) error {
	var inputs []build.Tensor
	for _, in := range n.Inputs {
		if in == "" || net.g.Init(in) != nil && !slices.Contains(held, n.Op) {
			continue
		}
		t, err := net.scope.Tensor(build.Ref{Layer: in})
		if err != nil {
			return n.Errorf("%w", err)
		}
		inputs = append(inputs, t)
	}
	c := net.scope.Call(n.Op, name, Node{n, net.g, net.fixed}, inputs...)
	c.Source = n.Name
	out, err := net.handlers[n.Op].Make(c)
	if err != nil {
		return n.Errorf("%w", err)
	}
	if n.Op != inputClass && n.Op != constantClass {
		out.Outputs = []string{n.Outputs[0]}
	}
	out.Source = n.Label()
	if err := net.scope.Add(n.Outputs[0], out); err != nil {
		return n.Errorf("%w", err)
	}
	net.names[n.Outputs[0]] = name
	return nil
}

// outputs lists the layers at the end. hls4ml has them in the order of nodes, and not in the file's.
func (net *network) outputs() ([]string, error) {
	wanted := map[string]bool{}
	for _, o := range net.g.Outputs {
		name, ok := net.names[o]
		if !ok {
			return nil, fmt.Errorf("output %q: got a constant, want what a layer computes", o)
		}
		wanted[name] = true
	}
	var out []string
	for _, l := range net.scope.Layers() {
		if wanted[l.Name] {
			out = append(out, l.Name)
		}
	}
	return out, nil
}

// cleanName is a name as hls4ml changes it: without dots, and no digit first.
func cleanName(name, class string) string {
	name = strings.ReplaceAll(name, ".", "_")
	if name != "" && name[0] >= '0' && name[0] <= '9' {
		name = strings.ToLower(class) + name
	}
	return name
}
