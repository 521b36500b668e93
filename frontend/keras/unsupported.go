package keras

import (
	"fmt"
	"strings"
)

// Unsupported is one layer that cannot be converted.
type Unsupported struct {
	Name   string // with the names of the models around it: "inner/fc1"
	Class  string
	Reason string // what is wrong, and what to do
}

// UnsupportedError lists everything in a model that cannot be converted.
type UnsupportedError struct {
	File   string
	Layers []Unsupported
}

// Error has one line per layer behind a line that counts them.
func (e *UnsupportedError) Error() string {
	var b strings.Builder
	noun := "layers"
	if len(e.Layers) == 1 {
		noun = "layer"
	}
	fmt.Fprintf(&b, "%s: %d %s cannot be converted:", e.File, len(e.Layers), noun)
	for _, l := range e.Layers {
		fmt.Fprintf(&b, "\n  %s %q: %s", l.Class, l.Name, l.Reason)
	}
	return b.String()
}

// unsupported lists the layers of m, and of the models inside, that cannot be converted.
func (r *Reader) unsupported(m *model, path []string) []Unsupported {
	var list []Unsupported
	for _, n := range m.layers {
		full := append(path[:len(path):len(path)], n.name)
		if reason := r.problem(n); reason != "" {
			list = append(list, Unsupported{strings.Join(full, "/"), n.class, reason})
		}
		if w := n.wrapped; w != nil && w.inner != nil {
			list = append(list, r.unsupported(w.inner, append(full[:len(full):len(full)], w.name))...)
		}
		if n.inner != nil {
			list = append(list, r.unsupported(n.inner, full)...)
		}
	}
	return list
}

func (r *Reader) problem(n node) string {
	if len(n.inbound) > 1 {
		return fmt.Sprintf("called %d times: layers shared by several calls are not supported, give each call "+
			"a layer of its own", len(n.inbound))
	}
	if n.inner != nil {
		if in, out := len(n.inner.inputs), len(n.inner.outputs); in > 1 || out > 1 {
			return fmt.Sprintf("a model inside a model: got %d inputs and %d outputs, want one of each", in, out)
		}
		return ""
	}
	if n.wrapped != nil {
		return r.wrappedProblem(n.wrapped)
	}
	h, ok := r.handlers[n.class]
	switch {
	case !ok:
		return unknownClass(n.class)
	case h.Skip:
		return ""
	case h.Unsupported != nil:
		if reason := h.Unsupported(n.class, n.config); reason != "" {
			return reason
		}
	}
	if h.OwnActivation || !n.config.Has("activation") {
		return ""
	}
	return r.activationProblem(n.config["activation"])
}

func unknownClass(class string) string {
	switch {
	case strings.Contains(class, ">"):
		return "a custom class: only a plugin with a handler of its own can read it"
	case class == "Lambda" || strings.HasPrefix(class, "TFOp") || class == "TensorFlowOpLayer":
		return "code instead of a layer: write it with layers of Keras"
	}
	return "not a layer that can be read: replace it, or bring a plugin with a handler for it"
}
