package torch

import (
	"regexp"
	"strings"
)

// layer is what hls4ml sees as one node of the network: the call of a module or of a function, with the
// operators that it is made of.
type layer struct {
	path  string // of the module, such as features.0; "" for functions
	class string // of the module, such as Linear
	name  string // candidate for the layer's name
	nodes []*node
}

// frame is one module around a call, the outermost first.
type frame struct {
	key   string // tells calls of one module apart
	path  string
	class string // with its package
}

// stack reads nn_module_stack: entries of three fields.
func (n *node) stack() []frame {
	var out []frame
	if n.Metadata.Stack == "" {
		return nil
	}
	for _, text := range strings.Split(n.Metadata.Stack, ";") {
		key, rest, _ := strings.Cut(text, ",")
		end := strings.LastIndex(rest, ",") // a path may hold commas
		if fields := []string{key, rest[:max(end, 0)], rest[end+1:]}; end >= 0 {
			out = append(out, frame{fields[0], plainPath(fields[1]), fields[2]})
		}
	}
	return out
}

var (
	attribute = regexp.MustCompile(`getattr\(([^()]*), '([^']*)'\)`)
	item      = regexp.MustCompile(`(?:\._modules)?\['([^']*)'\]`)
	local     = regexp.MustCompile(`^L\['[^']*'\]`)
)

// plainPath is the path of a module. Programs of PyTorch before 2.8 have it as an expression of Python:
// getattr(L['self'].features, '0').
func plainPath(path string) string {
	for range 64 {
		next := attribute.ReplaceAllString(path, "$1.$2")
		if next == path {
			break
		}
		path = next
	}
	return strings.TrimPrefix(item.ReplaceAllString(local.ReplaceAllString(path, ""), ".$1"), ".")
}

// short is the class without its package.
func (f frame) short() string { return f.class[strings.LastIndex(f.class, ".")+1:] }

// whole lists the packages whose modules are layers with all that they call; of those of torch.nn the
// innermost counts, since a Transformer is made of others.
var whole = []string{"brevitas.nn.", "torch.ao.nn."}

// leaf finds the module around a call that is a layer; ok is false for calls of the user's own code.
func (r *Reader) leaf(n *node) (f frame, ok bool) {
	for _, m := range n.stack() {
		if _, handled := r.handlers[m.short()]; handled && !strings.HasPrefix(m.class, "torch.nn.") {
			return m, true
		}
		for _, pack := range whole {
			if strings.HasPrefix(m.class, pack) {
				return m, true
			}
		}
		if strings.HasPrefix(m.class, "torch.nn.") && !container(m.short()) {
			f, ok = m, true
		}
	}
	return f, ok
}

// container reports whether modules of the class only call others.
func container(class string) bool {
	switch class {
	case "Sequential", "ModuleList", "ModuleDict", "Module":
		return true
	}
	return strings.HasPrefix(class, "Transformer")
}

// layers puts the calls of operators together into layers. Calls of one module stand together, and so do the
// operators that one function is made of.
func (r *Reader) layers(nodes []node) []*layer {
	var out []*layer
	last := ""
	for i := range nodes {
		n := &nodes[i]
		f, ok := r.leaf(n)
		key := f.key
		if !ok {
			key = "\x00" + n.function()
		}
		if len(out) > 0 && key == last && n.Metadata.Function+n.Metadata.Stack != "" {
			out[len(out)-1].nodes = append(out[len(out)-1].nodes, n)
			continue
		}
		last = key
		l := &layer{nodes: []*node{n}, path: f.path, class: f.short(), name: moduleName(f.path)}
		if !ok {
			l.name = functionName(n)
		}
		out = append(out, l)
	}
	return out
}

// function tells calls of functions apart: "relu_1;function.relu". Without it every operator stands alone.
func (n *node) function() string {
	if n.Metadata.Function == "" && len(n.Outputs) > 0 {
		return n.Outputs[0].kind + strings.Join(n.Outputs[0].tensors(), ",")
	}
	return n.Metadata.Function
}

// functionName is the candidate for the call of a function: the name of the Python function, or that of the
// operator where the program does not tell.
func functionName(n *node) string {
	name := n.Metadata.Function[strings.LastIndexAny(n.Metadata.Function, ".;")+1:]
	if name == "" {
		name = n.operator()
	}
	return moduleName(strings.TrimSuffix(strings.TrimPrefix(name, "__"), "__"))
}

// operator is the name of what the node calls: linear for torch.ops.aten.linear.default, and with the package
// for operators that are not PyTorch's, mine::op.
func (n *node) operator() string {
	parts := strings.Split(strings.TrimPrefix(n.Target, "torch.ops."), ".")
	switch {
	case len(parts) >= 2 && parts[0] == "aten":
		return parts[1]
	case len(parts) >= 2:
		return parts[0] + "::" + parts[1]
	}
	return n.Target
}
