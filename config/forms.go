package config

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// form says what a value must be: it reports what is wrong with one, under the key's name as messages have
// it, and returns the value in the type that the configuration keeps, or nil for none. Values are never null.
type form func(f *findings, name string, v *value) any

func text(f *findings, name string, v *value) any {
	if s, ok := v.scalar.(string); ok {
		return s
	}
	f.failAt(v, "%s: got %s, want a text (in quotes)", name, v)
	return nil
}

// modelPath is the path of a model. Models of Keras 3 stand in configurations themselves, as objects of
// Python.
func modelPath(f *findings, name string, v *value) any {
	if v.isMap || v.isList {
		f.failAt(v, "%s: got an object of Python, want the path of a file: save the model as one", name)
		return nil
	}
	return text(f, name, v)
}

// version takes 1.0, which YAML reads as a number, as the text that was meant.
func version(f *findings, name string, v *value) any {
	if v.isMap || v.isList {
		return text(f, name, v)
	}
	if s, ok := v.scalar.(string); ok {
		return s
	}
	return scalarText(v.scalar)
}

var cppName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// identifier is a name that C++ takes; an empty one means the default.
func identifier(f *findings, name string, v *value) any {
	s, ok := text(f, name, v).(string)
	switch {
	case !ok || s == "":
		return nil
	case !cppName.MatchString(s):
		f.failAt(v, "%s: got %q, want a name of C++", name, s)
		return nil
	}
	return s
}

// truth takes 0 and 1 too, as Python does.
func truth(f *findings, name string, v *value) any {
	switch x := v.scalar.(type) {
	case bool:
		return x
	case int:
		if x == 0 || x == 1 {
			return x == 1
		}
	}
	f.failAt(v, "%s: got %s, want true or false", name, v)
	return nil
}

func isTrue(v *value) bool { return v.scalar == true }

// period takes a number in quotes too: hls4ml prints it as it is.
func period(f *findings, name string, v *value) any {
	x, ok := v.number()
	if s, quoted := v.scalar.(string); quoted && numeral.MatchString(s) {
		x, ok = (&value{scalar: plainScalar(s)}).number()
	}
	if !ok || x <= 0 || math.IsInf(x, 0) {
		f.failAt(v, "%s: got %s, want a number of ns above 0%s", name, v, numberHint(v))
		return nil
	}
	return x
}

func uncertainty(f *findings, name string, v *value) any {
	if v.isMap || v.isList {
		f.failAt(v, "%s: got %s, want a number of ns or a percentage", name, v)
		return nil
	}
	return scalarText(v.scalar)
}

// whole takes 2.0 as 2, as Python's numbers do.
func whole(f *findings, name string, v *value) any {
	if x, ok := v.number(); ok && x >= 1 && x == math.Trunc(x) && x < 1<<53 {
		return int(x)
	}
	f.failAt(v, "%s: got %s, want a whole number from 1%s", name, v, numberHint(v))
	return nil
}

func number(f *findings, name string, v *value) any {
	if x, ok := v.number(); ok && x >= 0 {
		return x
	}
	f.failAt(v, "%s: got %s, want a number from 0%s", name, v, numberHint(v))
	return nil
}

var numeral = regexp.MustCompile(`^[0-9]+(\.[0-9]*)?$`)

var exponentOnly = regexp.MustCompile(`^[-+]?[0-9]*\.?[0-9]*[eE][-+]?[0-9]+$`)

// numberHint explains why what looks like a number is none.
func numberHint(v *value) string {
	if s, ok := v.scalar.(string); ok && exponentOnly.MatchString(s) {
		return ": YAML reads a number with an exponent only as 1.0e+3"
	}
	return ""
}

// oneOf takes one of the choices as it is spelled.
func oneOf(choices ...string) form {
	return func(f *findings, name string, v *value) any {
		if s, ok := v.scalar.(string); ok && slices.Contains(choices, s) {
			return s
		}
		f.notOneOf(name, v, choices)
		return nil
	}
}

// folded takes one of the choices in any capitals, as the passes of hls4ml do.
func folded(choices ...string) form {
	return func(f *findings, name string, v *value) any {
		s, _ := v.scalar.(string)
		for _, c := range choices {
			if strings.EqualFold(c, s) {
				return c
			}
		}
		f.notOneOf(name, v, choices)
		return nil
	}
}

func (f *findings) notOneOf(name string, v *value, choices []string) {
	got, _ := v.scalar.(string)
	f.failAt(v, "%s: got %s, want one of %s%s", name, v, strings.Join(choices, ", "), nearest(got, choices))
}

// backendOf takes the name of a backend in any capitals and returns the Backend.
func backendOf(list []Backend) form {
	return func(f *findings, name string, v *value) any {
		got, _ := v.scalar.(string)
		if b, ok := findBackend(list, got); ok {
			return b
		}
		hint := nearest(got, BackendNames(list))
		if hint == "" {
			hint = ": --backend puts one of these in its place"
		}
		f.failAt(v, "%s: got %s, want one of %s%s", name, v, strings.Join(BackendNames(list), ", "), hint)
		return nil
	}
}

// strategies are those that hls4ml compares with, in snake case.
var strategies = []string{
	"latency", "resource", "resource_unrolled", "distributed_arithmetic", "da", "compressed",
}

// idleStrategies are accepted in 1.3.0 and mean latency there, with what to write instead.
var idleStrategies = map[string]string{
	"unrolled": "Strategy: Resource_Unrolled", "stable": "Implementation: stable",
	"argmax": "Implementation: argmax", "legacy": "Implementation: legacy",
	"distributed _arithmetic": "Strategy: distributed_arithmetic",
	"distributed arithmetic":  "Strategy: distributed_arithmetic",
}

func strategy(f *findings, name string, v *value) any {
	s, ok := v.scalar.(string)
	snake := ir.SnakeCase(s)
	if instead, idle := idleStrategies[snake]; idle {
		f.warn(v.line, "%s: %s has no effect in hls4ml 1.3.0 and means Latency; set %s", name, s, instead)
		return s
	}
	if ok && slices.Contains(strategies, snake) {
		return s
	}
	// hls4ml puts a _ before every capital, so that it knows LATENCY as l_a_t_e_n_c_y, which is no strategy and
	// means Latency, and RESOURCE means Latency too.
	lower := strings.ToLower(s)
	if ok && lower == "latency" {
		return s
	}
	if ok && slices.Contains(strategies, lower) {
		f.warn(v.line, "%s: %s means Latency in hls4ml 1.3.0; write %s for an effect", name, s, lower)
		return s
	}
	// The others exist for single layers of hls4ml's: not to be offered.
	f.notOneOf(name, v, []string{"Latency", "Resource", "Resource_Unrolled", "distributed_arithmetic"})
	return nil
}

// typed is a type such as fixed<16,6>, or auto; the text is kept as it is.
func typed(f *findings, name string, v *value) any { return typeLike(f, name, v, "fixed<16,6>") }

// typeOfTable is typed with an example that suits a table.
func typeOfTable(f *findings, name string, v *value) any { return typeLike(f, name, v, "fixed<18,8>") }

func typeLike(f *findings, name string, v *value, example string) any {
	s, ok := v.scalar.(string)
	if !ok {
		f.failAt(v, "%s: got %s, want a type such as %s", name, v, example)
		return nil
	}
	if _, err := fixed.Parse(s); err != nil {
		f.failAt(v, "%s: %v", name, err)
		return nil
	}
	return s
}

// explicitType is the model's default, from which inference starts: auto would have nothing to stand on.
func explicitType(f *findings, name string, v *value) any {
	s, ok := typed(f, name, v).(string)
	if !ok {
		return nil
	}
	if got, _ := fixed.Parse(s); got == fixed.Auto {
		f.failAt(v, "%s: got auto, want an explicit type for the model", name)
		return nil
	}
	return s
}

// boundedType is the largest type that inference may choose.
func boundedType(f *findings, name string, v *value) any {
	s, ok := typed(f, name, v).(string)
	if !ok {
		return nil
	}
	if got, _ := fixed.Parse(s); !got.IsFixedOrInt() {
		f.failAt(v, "%s: got %q, want a fixed or integer type", name, s)
		return nil
	}
	return s
}

// style takes any text: what is none of hls4ml's styles is told by the pass that chooses one.
func style(f *findings, name string, v *value) any {
	s, ok := v.scalar.(string)
	if !ok {
		f.warn(v.line, "%s: got %s, want auto, pipeline or dataflow: using auto", name, v)
	}
	return s
}

func texts(f *findings, name string, v *value) any {
	if !v.isList {
		f.failAt(v, "%s: got %s, want a list", name, v)
		return nil
	}
	var out []string
	for _, e := range v.list {
		s, ok := e.scalar.(string)
		if !ok {
			f.failAt(e, "%s: got %s, want a text", name, e)
			continue
		}
		out = append(out, s)
	}
	return out
}
