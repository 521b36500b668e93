package torch

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// argument is a value of the graph: one of many kinds, which its only key names, such as as_tensor or as_int.
type argument struct {
	kind string
	raw  json.RawMessage
}

// UnmarshalJSON implements json.Unmarshaler.
func (a *argument) UnmarshalJSON(text []byte) error {
	if bytes.Equal(text, []byte("null")) {
		a.kind = "as_none"
		return nil
	}
	var one map[string]json.RawMessage
	if err := json.Unmarshal(text, &one); err != nil {
		return err
	}
	for kind, raw := range one {
		if len(one) > 1 {
			return fmt.Errorf("argument: got %d kinds of value, want one", len(one))
		}
		a.kind, a.raw = kind, raw
	}
	return nil
}

// none reports whether there is no value.
func (a argument) none() bool { return a.kind == "" || a.kind == "as_none" }

// tensors lists the names of all tensors in a, in order; "" stands for one that is left out.
func (a argument) tensors() []string {
	switch a.kind {
	case "as_tensor":
		var one tensorName
		if json.Unmarshal(a.raw, &one) == nil {
			return []string{one.Name}
		}
	case "as_tensors":
		var list []tensorName
		if json.Unmarshal(a.raw, &list) == nil {
			names := make([]string, len(list))
			for i, one := range list {
				names[i] = one.Name
			}
			return names
		}
	case "as_optional_tensor":
		var one argument
		if json.Unmarshal(a.raw, &one) == nil {
			return one.tensors()
		}
	case "as_optional_tensors":
		var list []argument
		if json.Unmarshal(a.raw, &list) == nil {
			var names []string
			for _, one := range list {
				names = append(names, append(one.tensors(), "")[0])
			}
			return names
		}
	}
	return nil
}

// number returns a value of int, float or bool.
func (a argument) number() (float64, bool) {
	var v float64
	switch a.kind {
	case "as_int", "as_float":
		return v, json.Unmarshal(a.raw, &v) == nil
	case "as_sym_int":
		var one struct {
			Int *float64 `json:"as_int"`
		}
		if json.Unmarshal(a.raw, &one) == nil && one.Int != nil {
			return *one.Int, true
		}
	case "as_bool":
		var b bool
		err := json.Unmarshal(a.raw, &b)
		if b {
			v = 1
		}
		return v, err == nil
	}
	return 0, false
}

// listed is one number of a list: known, or the name of one that is not.
type listed struct {
	value int
	name  string
}

// numbers returns a list of whole numbers.
func (a argument) numbers() ([]listed, bool) {
	switch a.kind {
	case "as_ints":
		var values []int
		if json.Unmarshal(a.raw, &values) != nil {
			return nil, false
		}
		out := make([]listed, len(values))
		for i, v := range values {
			out[i].value = v
		}
		return out, true
	case "as_sym_ints":
		var values []struct {
			Int  int    `json:"as_int"`
			Name string `json:"as_name"`
		}
		if json.Unmarshal(a.raw, &values) != nil {
			return nil, false
		}
		out := make([]listed, len(values))
		for i, v := range values {
			out[i] = listed{v.Int, v.Name}
		}
		return out, true
	}
	return nil, false
}

// text returns a string.
func (a argument) text() (string, bool) {
	var s string
	return s, a.kind == "as_string" && json.Unmarshal(a.raw, &s) == nil
}
