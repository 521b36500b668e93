package keras

import (
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
)

// unsupported lists the layers of m, and of the models inside, that cannot be converted.
func (r *Reader) unsupported(m *model, path []string) []build.Unsupported {
	var list []build.Unsupported
	for _, n := range m.layers {
		full := append(path[:len(path):len(path)], n.name)
		if reason := r.problem(n); reason != "" {
			list = append(list, build.Unsupported{Name: strings.Join(full, "/"), Class: n.class, Reason: reason})
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
	if n.inner != nil {
		return ""
	}
	for _, c := range n.inbound {
		if reason := c.problem(); reason != "" {
			return reason
		}
	}
	if n.wrapped != nil {
		return r.wrappedProblem(n.wrapped)
	}
	if reason := problem3(n); r.three && reason != "" {
		return reason
	}
	h, ok := r.handler(n.class)
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
	case class == "PruneLowMagnitude":
		return "a wrapper that prunes in training: take it off with strip_pruning of " +
			"tensorflow_model_optimization and save the model again"
	case class == "QuantizeLayer" || class == "QuantizeWrapper" || class == "QuantizeWrapperV2":
		return "a wrapper of tensorflow_model_optimization for integers of TensorFlow Lite: train with QKeras, " +
			"or without it"
	case strings.Contains(class, ">"):
		return "a custom class: only a plugin with a handler of its own can read it"
	case strings.HasPrefix(class, operationPrefix):
		return "an operation for which there is no layer of the firmware: replace it by layers of Keras"
	case class == "Lambda" || strings.HasPrefix(class, "TFOp") || class == "TensorFlowOpLayer":
		return "code instead of a layer: write it with layers of Keras"
	}
	return "not a layer that can be read: replace it, or bring a plugin with a handler for it"
}
