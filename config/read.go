package config

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// config reads the outermost level.
func (r *configReader) config(root *value) *ir.Config {
	c := &ir.Config{
		Backend: "Vivado", Version: "1.0.0", ProjectName: "myproject", OutputDir: "my-hls-test",
		IOType: ir.Parallel, ClockPeriod: 5, Source: map[string]string{},
		Writer: ir.WriterConfig{WriteWeightsTxt: true, TBOutputStream: "both"},
	}
	r.unknown(root, "", slices.Concat(topKeys, r.env.topKeys()))
	r.backend(root.get("Backend"), c)
	r.text(root, "OutputDir", &c.OutputDir)
	r.identifier(root, "ProjectName", &c.ProjectName)
	r.text(root, "Version", &c.Version)
	r.part(root, c)
	r.clock(root, c)
	r.oneOf(root, "IOType", (*string)(&c.IOType), string(ir.Parallel), string(ir.Stream))
	r.flag(root, "TraceOutput", &c.TraceOutput)
	r.text(root, "InputData", &c.InputData)
	r.text(root, "OutputPredictions", &c.OutputPredictions)
	for _, key := range r.env.Sources {
		var path string
		if r.text(root, key, &path); path != "" {
			c.Source[key] = path
		}
	}
	r.writer(root.get("WriterConfig"), c)
	r.hls(root.get("HLSConfig"), c)
	return c
}

// unknown reports the keys of v that are not known.
func (r *configReader) unknown(v *value, where string, known []string) {
	for _, e := range v.entries {
		if !slices.Contains(known, e.key) {
			r.unknownEntry(e, where, known)
		}
	}
}

func (r *configReader) unknownEntry(e entry, where string, known []string) {
	at := &value{line: e.line, flag: e.value.flag}
	r.failAt(at, "%s: unknown key%s", where+e.key, nearest(e.key, known))
}

func (r *configReader) backend(v *value, c *ir.Config) {
	if v == nil || v.isNull() {
		return
	}
	known := BackendNames(r.env.Backends)
	name, ok := v.scalar.(string)
	if !ok {
		r.failAt(v, "Backend: got %s, want one of %s", v, strings.Join(known, ", "))
		return
	}
	if b, ok := findBackend(r.env.Backends, name); ok {
		c.Backend, c.Family = b.Name, b.Family
		return
	}
	r.failAt(v, "Backend: got %q, want one of %s%s", name, strings.Join(known, ", "), nearest(name, known))
}

// part reads Part, or XilinxPart, as it was called before hls4ml 0.6.
func (r *configReader) part(root *value, c *ir.Config) {
	r.text(root, "Part", &c.Part)
	if old := root.get("XilinxPart"); old != nil && root.get("Part") == nil {
		r.text(root, "XilinxPart", &c.Part)
		r.warn(old.line, "XilinxPart: hls4ml 1.3.0 reads Part instead; taken as Part")
	}
}

func (r *configReader) clock(root *value, c *ir.Config) {
	if v := root.get("ClockPeriod"); v != nil && !v.isNull() {
		if f, ok := v.number(); !ok || f <= 0 || math.IsInf(f, 0) {
			r.failAt(v, "ClockPeriod: got %s, want a number of ns above 0%s", v, numberHint(v))
		} else {
			c.ClockPeriod = f
		}
	}
	if v := root.get("ClockUncertainty"); v != nil && !v.isNull() {
		if v.isMap || v.isList {
			r.failAt(v, "ClockUncertainty: got %s, want a number of ns or a percentage", v)
		} else {
			c.ClockUncertainty = scalarText(v.scalar)
		}
	}
}

func (r *configReader) writer(v *value, c *ir.Config) {
	if v == nil || v.isNull() {
		return
	}
	if !v.isMap {
		r.failAt(v, "WriterConfig: got %s, want a mapping", v)
		return
	}
	r.unknown(v, "WriterConfig.", writerKeys)
	r.identifier(v, "Namespace", &c.Writer.Namespace)
	r.flag(v, "WriteWeightsTxt", &c.Writer.WriteWeightsTxt)
	r.flag(v, "WriteTar", &c.Writer.WriteTar)
	r.flag(v, "WriteEmulationConstants", &c.Writer.WriteEmulationConstants)
	r.oneOf(v, "TBOutputStream", &c.Writer.TBOutputStream, "stdout", "file", "both")
}

func (r *configReader) hls(v *value, c *ir.Config) {
	if v == nil || !v.isMap {
		at := v
		if at == nil {
			at = &value{}
		}
		r.failAt(at, "HLSConfig: got %s, want a mapping with the settings of the model", at)
		return
	}
	r.unknown(v, "HLSConfig.", hlsKeys)
	for _, e := range v.entries {
		switch e.key {
		case "Model":
			c.HLS.Model = r.section("Model", entry{"", e.line, e.value}, c.Backend)
		case "LayerType":
			c.HLS.Types = r.sections("LayerType", e.value, c.Backend)
		case "LayerName":
			c.HLS.Names = r.sections("LayerName", e.value, c.Backend)
		case "Flows":
			c.HLS.Flows = r.texts("HLSConfig.Flows", e.value)
		case "Optimizers", "SkipOptimizers":
			r.warn(e.line, "HLSConfig.%s: has no effect in hls4ml 1.3.0; set Flows instead", e.key)
		}
	}
}

func (r *configReader) sections(level string, v *value, backend string) []*ir.Section {
	if v.isNull() {
		return nil
	}
	if !v.isMap {
		r.failAt(v, "HLSConfig.%s: got %s, want a mapping of names", level, v)
		return nil
	}
	var list []*ir.Section
	for _, e := range v.entries {
		list = append(list, r.section(level, e, backend))
	}
	return list
}

// section reads Model or one entry of LayerType or LayerName. Whether a key belongs to the layer's kind is
// for Check to say; here it must belong to some kind.
func (r *configReader) section(level string, e entry, backend string) *ir.Section {
	s := &ir.Section{Name: e.key, Line: e.line}
	where := strings.TrimSuffix(level+"."+e.key, ".") + "."
	if e.value.isNull() {
		return s
	}
	if !e.value.isMap {
		r.failAt(e.value, "%s: got %s, want a mapping of settings", strings.TrimSuffix(where, "."), e.value)
		return s
	}
	for _, k := range e.value.entries {
		if k.key == "Precision" {
			s.Precision = r.precision(level, where, k.value, backend)
			continue
		}
		if !r.knownSetting(level, where, k, backend) {
			continue
		}
		r.setting(level, where, k)
		s.Keys = append(s.Keys, ir.Key{Name: k.key, Value: k.value.any(), Line: k.line})
	}
	return s
}

// knownSetting reports a key that has no place at its level.
func (r *configReader) knownSetting(level, where string, e entry, backend string) bool {
	ofLayer := slices.Contains(layerKeys, e.key) || r.anyKindKey(backend, e.key)
	switch {
	case level != "Model" && !ofLayer:
		r.unknownEntry(e, where, r.layerKeyNames(backend))
		return false
	case level != "Model" || slices.Contains(modelKeys, e.key):
		return true
	case !ofLayer:
		r.unknownEntry(e, where, modelKeys)
		return false
	}
	r.warn(e.line, "%s: has no effect in hls4ml 1.3.0; set it under LayerType or LayerName", where+e.key)
	return true
}

// precision reads one type for everything, or a mapping of one per variable.
func (r *configReader) precision(level, where string, v *value, backend string) []ir.Precision {
	if v.isNull() {
		return nil
	}
	if !v.isMap {
		return r.precisionText(level, where+"Precision", "default", v)
	}
	known := r.allVars(backend)
	if level == "Model" {
		known = append(known, "maximum")
	}
	var list []ir.Precision
	for _, e := range v.entries {
		if !slices.Contains(known, e.key) {
			r.unknownEntry(e, where+"Precision.", known)
			continue
		}
		if _, idle := idleVars[e.key]; idle && level == "Model" {
			r.warn(e.line, "%s: %s", where+"Precision."+e.key, idleText(e.key, 1))
		}
		list = append(list, r.precisionText(level, where+"Precision."+e.key, e.key, e.value)...)
	}
	return list
}

func (r *configReader) precisionText(level, where, variable string, v *value) []ir.Precision {
	text, ok := v.scalar.(string)
	if !ok || v.isMap || v.isList {
		r.failAt(v, "%s: got %s, want a type such as fixed<16,6>", where, v)
		return nil
	}
	f, err := fixed.Parse(text)
	switch {
	case err != nil:
		r.failAt(v, "%s: %v", where, err)
	case level == "Model" && variable == "default" && f == fixed.Auto:
		r.failAt(v, "%s: got auto, want an explicit type for the model", where)
	case variable == "maximum" && !f.IsFixedOrInt():
		r.failAt(v, "%s: got %q, want a fixed or integer type", where, text)
	}
	return []ir.Precision{{Var: variable, Text: text, Line: v.line}}
}

// isNull says that a key has no value.
func (v *value) isNull() bool { return v.scalar == nil && !v.isMap && !v.isList }

// number returns a number as float64.
func (v *value) number() (float64, bool) {
	switch x := v.scalar.(type) {
	case int:
		return float64(x), true
	case float64:
		return x, !math.IsNaN(x)
	}
	return 0, false
}

// numberHint explains why what looks like a number is none.
func numberHint(v *value) string {
	if s, ok := v.scalar.(string); ok && exponentOnly.MatchString(s) {
		return ": YAML reads a number with an exponent only as 1.0e+3"
	}
	return ""
}

var (
	exponentOnly = regexp.MustCompile(`^[-+]?[0-9]*\.?[0-9]*[eE][-+]?[0-9]+$`)
	identifier   = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// text reads a key that holds a text, when it is there and not null.
func (r *configReader) text(of *value, key string, into *string) {
	v := of.get(key)
	if v == nil || v.isNull() {
		return
	}
	if s, ok := v.scalar.(string); ok {
		*into = s
		return
	}
	if key == "Version" && !v.isMap && !v.isList { // 1.0 is meant as text
		*into = scalarText(v.scalar)
		return
	}
	r.failAt(v, "%s: got %s, want a text (in quotes)", key, v)
}

func (r *configReader) identifier(of *value, key string, into *string) {
	var s string
	r.text(of, key, &s)
	if s == "" {
		return
	}
	if !identifier.MatchString(s) {
		r.failAt(of.get(key), "%s: got %q, want a name of C++", key, s)
		return
	}
	*into = s
}

func (r *configReader) flag(of *value, key string, into *bool) {
	v := of.get(key)
	if v == nil || v.isNull() {
		return
	}
	if b, ok := v.truth(); ok {
		*into = b
		return
	}
	r.failAt(v, "%s: got %s, want true or false", key, v)
}

// truth returns a truth value; Python takes 0 and 1 as one too.
func (v *value) truth() (bool, bool) {
	switch x := v.scalar.(type) {
	case bool:
		return x, true
	case int:
		return x != 0, x == 0 || x == 1
	}
	return false, false
}

func (r *configReader) oneOf(of *value, key string, into *string, choices ...string) {
	v := of.get(key)
	if v == nil || v.isNull() {
		return
	}
	if s, ok := v.scalar.(string); ok && slices.Contains(choices, s) {
		*into = s
		return
	}
	got, _ := v.scalar.(string)
	r.failAt(v, "%s: got %s, want one of %s%s", key, v, strings.Join(choices, ", "), nearest(got, choices))
}

func (r *configReader) texts(key string, v *value) []string {
	if v.isNull() {
		return nil
	}
	if !v.isList {
		r.failAt(v, "%s: got %s, want a list", key, v)
		return nil
	}
	var out []string
	for _, e := range v.list {
		s, ok := e.scalar.(string)
		if !ok {
			r.failAt(e, "%s: got %s, want a text", key, e)
			continue
		}
		out = append(out, s)
	}
	return out
}
