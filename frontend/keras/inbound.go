package keras

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/frontend/build"
)

// A call is one use of a layer in a Functional model.
type call struct {
	refs []build.Ref // the tensors that it reads, in the order of the arguments
	// args are the arguments in the order of Keras 3, tensors as build.Ref; nil in the form of Keras 2.
	args   []any
	kwargs map[string]any
	// keywords are the names under which kwargs has the refs, "" for those in args.
	keywords []string
}

// inboundNodes reads the calls of a layer. Keras 2 writes [[["fc1", 0, 0, {}], ...], ...]: one list per call,
// one entry per tensor. Keras 3 writes [{"args": [...], "kwargs": {...}}, ...] with tensors anywhere inside.
func inboundNodes(text json.RawMessage) ([]call, error) {
	calls := []call{}
	if len(text) == 0 {
		return calls, nil
	}
	var raw []json.RawMessage
	if err := unmarshal(text, &raw); err != nil {
		return nil, err
	}
	for _, r := range raw {
		c := call{}
		var err error
		if isObject(r) {
			c, err = keras3Call(r)
		} else {
			c.refs, err = references(r)
		}
		if err != nil {
			return nil, err
		}
		calls = append(calls, c)
	}
	return calls, nil
}

// keras3Call reads the arguments of a call. Keras counts tensors in the order of the arguments, those by name
// behind the others and sorted.
func keras3Call(text json.RawMessage) (call, error) {
	var raw struct {
		Args   []any          `json:"args"`
		Kwargs map[string]any `json:"kwargs"`
	}
	if err := unmarshal(text, &raw); err != nil {
		return call{}, err
	}
	c := call{args: raw.Args, kwargs: raw.Kwargs}
	var err error
	for i := range c.args {
		if c.args[i], err = c.argument(c.args[i]); err != nil {
			return c, err
		}
	}
	c.keywords = make([]string, len(c.refs))
	for _, name := range slices.Sorted(maps.Keys(c.kwargs)) {
		if c.kwargs[name], err = c.argument(c.kwargs[name]); err != nil {
			return c, fmt.Errorf("%s: %w", name, err)
		}
		for len(c.keywords) < len(c.refs) {
			c.keywords = append(c.keywords, name)
		}
	}
	return c, nil
}

// argument puts references in the places of the tensors in an argument, and lists them.
func (c *call) argument(v any) (any, error) {
	var err error
	switch v := v.(type) {
	case []any:
		for i := range v {
			if v[i], err = c.argument(v[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		if v["class_name"] == "__keras_tensor__" {
			config, _ := v["config"].(map[string]any)
			ref, err := reference(config["keras_history"])
			c.refs = append(c.refs, ref)
			return ref, err
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if v[name], err = c.argument(v[name]); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// references reads [["a", 0, 0], ["b", 0, 0]], or ["a", 0, 0] for one tensor alone, or {"x": ["a", 0, 0]} in
// the order of the names.
func references(text json.RawMessage) ([]build.Ref, error) {
	if len(text) == 0 {
		return nil, nil
	}
	var raw any
	if err := unmarshal(text, &raw); err != nil {
		return nil, err
	}
	return appendReferences(nil, raw)
}

func appendReferences(refs []build.Ref, raw any) ([]build.Ref, error) {
	var err error
	switch raw := raw.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(raw)) {
			if refs, err = appendReferences(refs, raw[name]); err != nil {
				return nil, err
			}
		}
		return refs, nil
	case []any:
		if len(raw) == 0 {
			return refs, nil
		}
		if _, alone := raw[0].(string); alone {
			break
		}
		for _, r := range raw {
			if refs, err = appendReferences(refs, r); err != nil {
				return nil, err
			}
		}
		return refs, nil
	}
	ref, err := reference(raw)
	return append(refs, ref), err
}

// reference reads [layer, call, output], where Keras 2 may have arguments behind.
func reference(r any) (build.Ref, error) {
	list, ok := r.([]any)
	if !ok || len(list) < 3 {
		return build.Ref{}, fmt.Errorf("got %v, want [layer, call, output]", r)
	}
	name, ok := list[0].(string)
	at, okCall := asInt(list[1])
	output, okOutput := asInt(list[2])
	if !ok || !okCall || !okOutput || at < 0 || output < 0 {
		return build.Ref{}, fmt.Errorf("got %v, want [layer, call, output]", list[:3])
	}
	if len(list) > 3 {
		if args, _ := list[3].(map[string]any); args["initial_state"] != nil {
			return build.Ref{}, fmt.Errorf("initial_state: got numbers, want tensors of the model, such as those of " +
				"an input")
		}
	}
	return build.Ref{Layer: name, Output: output, Call: at}, nil
}

// problem names arguments of a call that no layer of the firmware has.
func (c call) problem() string {
	for _, name := range slices.Sorted(maps.Keys(c.kwargs)) {
		if _, tensor := c.kwargs[name].(build.Ref); tensor && strings.HasSuffix(name, "mask") {
			return fmt.Sprintf("%s: got a tensor, want none: the firmware has no masks", name)
		}
	}
	return ""
}
