package quant

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Config is a quantizer as a model file describes it: the name of its class and its arguments. Values are
// nil, bool, int, float64 or string; arguments that are left out have QKeras's defaults.
type Config struct {
	Class string
	Args  map[string]any
}

// parameter is an argument of a quantizer's constructor.
type parameter struct {
	name string
	def  any
}

// signatures lists the arguments of every class in the order of its constructor.
var signatures = map[string][]parameter{
	"quantized_bits": {
		{"bits", 8}, {"integer", 0}, {"symmetric", 0}, {"keep_negative", true}, {"alpha", nil},
		{"use_stochastic_rounding", false}, {"scale_axis", nil}, {"qnoise_factor", 1.0}, {"var_name", nil},
		{"use_ste", true}, {"use_variables", false},
	},
	"quantized_relu": {
		{"bits", 8}, {"integer", 0}, {"use_sigmoid", 0}, {"negative_slope", 0.0},
		{"use_stochastic_rounding", false}, {"relu_upper_bound", nil}, {"is_quantized_clip", true},
		{"qnoise_factor", 1.0}, {"var_name", nil}, {"use_ste", true}, {"use_variables", false},
	},
	"quantized_tanh": {
		{"bits", 8}, {"use_stochastic_rounding", false}, {"symmetric", false}, {"use_real_tanh", false},
	},
	"quantized_sigmoid": {
		{"bits", 8}, {"symmetric", false}, {"use_real_sigmoid", false}, {"use_stochastic_rounding", false},
	},
	"quantized_po2": {
		{"bits", 8}, {"max_value", nil}, {"use_stochastic_rounding", false}, {"quadratic_approximation", false},
		{"log2_rounding", "rnd"}, {"qnoise_factor", 1.0}, {"var_name", nil}, {"use_ste", true},
		{"use_variables", false},
	},
	"quantized_relu_po2": {
		{"bits", 8}, {"max_value", nil}, {"negative_slope", 0}, {"use_stochastic_rounding", false},
		{"quadratic_approximation", false}, {"log2_rounding", "rnd"}, {"qnoise_factor", 1.0}, {"var_name", nil},
		{"use_ste", true}, {"use_variables", false},
	},
	"binary": {{"use_01", false}, {"alpha", nil}, {"use_stochastic_rounding", false}},
	"ternary": {
		{"alpha", nil}, {"threshold", nil}, {"use_stochastic_rounding", false}, {"number_of_unrolls", 5},
	},
	"stochastic_binary": {{"alpha", nil}, {"temperature", 6.0}, {"use_real_sigmoid", true}},
	"stochastic_ternary": {
		{"alpha", nil}, {"threshold", nil}, {"temperature", 8.0}, {"use_real_sigmoid", true},
		{"number_of_unrolls", 5},
	},
	"bernoulli": {{"alpha", nil}, {"temperature", 6.0}, {"use_real_sigmoid", true}},
	// Two functions of QKeras without arguments that hls4ml takes for the binary tanh.
	"binary_tanh": {}, "binary_sigmoid": {},
}

// functions are the classes that are plain functions.
var functions = []string{"binary_tanh", "binary_sigmoid"}

// Classes lists the quantizers that can be read, sorted.
func Classes() []string {
	var names []string
	for name := range signatures {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// FromDict reads a quantizer as Keras stores objects: {"class_name": ..., "config": {...}}, numbers as
// json.Number.
func FromDict(v any) (Config, error) {
	dict, ok := v.(map[string]any)
	if !ok {
		return Config{}, fmt.Errorf("quantizer: got %s, want an object with class_name and config", show(v))
	}
	class, ok := dict["class_name"].(string)
	if !ok {
		return Config{}, fmt.Errorf("quantizer: class_name: got %s, want a text", show(dict["class_name"]))
	}
	args, ok := dict["config"].(map[string]any)
	if !ok && dict["config"] != nil {
		return Config{}, fmt.Errorf("quantizer %q: config: got %s, want an object", class, show(dict["config"]))
	}
	c := Config{class, map[string]any{}}
	for name, arg := range args {
		value, err := plain(arg)
		if err != nil {
			return c, fmt.Errorf("quantizer %q: %s: %w", class, name, err)
		}
		c.Args[name] = value
	}
	return c, c.check()
}

// plain turns a value of JSON into one of Config.
func plain(v any) (any, error) {
	switch v := v.(type) {
	case nil, bool, string, int, float64:
		return v, nil
	case json.Number:
		if i, err := strconv.Atoi(v.String()); err == nil {
			return i, nil
		}
		if f, err := v.Float64(); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
			return f, nil
		}
	}
	return nil, fmt.Errorf("got %s, want a number, a text, true, false or null", show(v))
}

// show prints a value of a file in one short line.
func show(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("a %T", v)
	}
	const most = 60
	if len(text) > most {
		return string(text[:most]) + "..."
	}
	return string(text)
}

// check wants a known class with known arguments.
func (c Config) check() error {
	sig, ok := signatures[c.Class]
	if !ok {
		return fmt.Errorf("quantizer %q: got an unknown class, want one of %s",
			c.Class, strings.Join(Classes(), ", "))
	}
	var unknown []string
	for name := range c.Args {
		if !slices.ContainsFunc(sig, func(p parameter) bool { return p.name == name }) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	if len(unknown) > 0 {
		return fmt.Errorf("quantizer %q: got an unknown argument %s, want one of %s",
			c.Class, unknown[0], strings.Join(names(sig), ", "))
	}
	return nil
}

func names(sig []parameter) []string {
	var out []string
	for _, p := range sig {
		out = append(out, p.name)
	}
	return out
}

// value is the argument, or its default.
func (c Config) value(name string) any {
	if v, ok := c.Args[name]; ok {
		return v
	}
	for _, p := range signatures[c.Class] {
		if p.name == name {
			return p.def
		}
	}
	return nil
}

// With returns a copy with one argument changed.
func (c Config) With(name string, value any) Config {
	out := Config{c.Class, map[string]any{name: value}}
	for k, v := range c.Args {
		if k != name {
			out.Args[k] = v
		}
	}
	return out
}

// String is the quantizer as a call of its class, with the arguments that differ from their defaults.
func (c Config) String() string {
	var args []string
	for _, p := range signatures[c.Class] {
		v, ok := c.Args[p.name]
		if !ok || v == p.def {
			continue
		}
		args = append(args, p.name+"="+python(v))
	}
	if slices.Contains(functions, c.Class) {
		return c.Class
	}
	return c.Class + "(" + strings.Join(args, ",") + ")"
}

// python writes a value as Python does.
func python(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case string:
		return "'" + v + "'"
	}
	return fmt.Sprint(v)
}

// reader collects the first error of reading arguments.
type reader struct {
	Config
	err error
}

func (r *reader) fail(name string, want string) {
	if r.err == nil {
		r.err = fmt.Errorf("quantizer %q: %s: got %s, want %s", r.Class, name, python(r.value(name)), want)
	}
}

// int reads a whole number from lo to hi.
func (r *reader) int(name string, lo, hi int) int {
	switch v := r.value(name).(type) {
	case int:
		if v >= lo && v <= hi {
			return v
		}
	case float64:
		if v == math.Trunc(v) && v >= float64(lo) && v <= float64(hi) {
			return int(v)
		}
	case bool:
		if n := int(number(v)); n >= lo && n <= hi {
			return n
		}
	}
	r.fail(name, fmt.Sprintf("a whole number from %d to %d", lo, hi))
	return lo
}

// float reads a number.
func (r *reader) float(name string) float64 {
	switch v := r.value(name).(type) {
	case int, float64, bool:
		return number(v)
	}
	r.fail(name, "a number")
	return 0
}

// optional reads a number or None.
func (r *reader) optional(name string) *float64 {
	if r.value(name) == nil {
		return nil
	}
	v := r.float(name)
	return &v
}

// truth reads a flag; like Python it takes numbers for flags.
func (r *reader) truth(name string) bool { return r.float(name) != 0 }

func number(v any) float64 {
	switch v := v.(type) {
	case int:
		return float64(v)
	case float64:
		return v
	case bool:
		if v {
			return 1
		}
	}
	return 0
}
