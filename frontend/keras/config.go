package keras

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/frontend/build"
)

// Config is the configuration of one layer, as get_config of its class wrote it. Numbers are json.Number.
type Config map[string]any

var _ build.Attributes = Config{}

// raw is the configuration of a call with all that Attributes cannot say: objects, and lists of them. This
// package's reader hands out nothing but Config.
func raw(c *build.Call) Config { return c.Config.(Config) }

// checked is a handler's Unsupported that looks at the whole configuration.
func checked(problem func(class string, c Config) string) func(string, build.Attributes) string {
	return func(class string, a build.Attributes) string { return problem(class, a.(Config)) }
}

// Has reports whether key is there with a value other than null.
func (c Config) Has(key string) bool { return c[key] != nil }

// Int returns a whole number; def when key is absent or null.
func (c Config) Int(key string, def int) (int, error) {
	if !c.Has(key) {
		return def, nil
	}
	if v, ok := asInt(c[key]); ok {
		return v, nil
	}
	return 0, c.wrong(key, "a whole number")
}

// Float returns a finite number; def when key is absent or null.
func (c Config) Float(key string, def float64) (float64, error) {
	if !c.Has(key) {
		return def, nil
	}
	if v, ok := asFloat(c[key]); ok {
		return v, nil
	}
	return 0, c.wrong(key, "a number")
}

// Bool returns a truth value; def when key is absent or null.
func (c Config) Bool(key string, def bool) (bool, error) {
	if !c.Has(key) {
		return def, nil
	}
	if v, ok := c[key].(bool); ok {
		return v, nil
	}
	return false, c.wrong(key, "true or false")
}

// Text returns a string; def when key is absent or null.
func (c Config) Text(key, def string) (string, error) {
	if !c.Has(key) {
		return def, nil
	}
	if v, ok := c[key].(string); ok {
		return v, nil
	}
	return "", c.wrong(key, "a text")
}

// Ints returns a list of whole numbers, nil when key is absent or null. A number alone is a list of one.
func (c Config) Ints(key string) ([]int, error) {
	if !c.Has(key) {
		return nil, nil
	}
	list, ok := c[key].([]any)
	if !ok {
		list = []any{c[key]}
	}
	out := make([]int, len(list))
	for i, v := range list {
		if out[i], ok = asInt(v); !ok {
			return nil, c.wrong(key, "whole numbers")
		}
	}
	return out, nil
}

// BatchShape returns a shape without its batch axis.
func (c Config) BatchShape(key string) ([]int, error) {
	list, ok := c[key].([]any)
	if !ok || len(list) == 0 {
		return nil, c.wrong(key, "a shape with its batch axis")
	}
	shape := make([]int, len(list)-1)
	for i, v := range list[1:] {
		d, ok := asInt(v)
		if !ok || d < 1 {
			return nil, c.wrong(key, "a fixed size on every axis but the first")
		}
		shape[i] = d
	}
	return shape, build.CheckSize(shape, build.MaxValues)
}

func (c Config) wrong(key, want string) error {
	text, err := json.Marshal(c[key])
	if err != nil || len(text) > 80 {
		text = []byte("something else")
	}
	return fmt.Errorf("%s: got %s, want %s", key, text, want)
}

func asInt(v any) (int, bool) {
	f, ok := asFloat(v)
	if !ok || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int(f), true
}

// asFloat understands plain numbers and the wrapping {"type": "ndarray", "value": 0.3} of early Keras 2.
func asFloat(v any) (float64, bool) {
	switch v := v.(type) {
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	case map[string]any:
		n, ok := v["value"].(json.Number)
		if !ok {
			return 0, false
		}
		f, err := n.Float64()
		return f, err == nil
	}
	return 0, false
}
