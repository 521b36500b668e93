package config

import (
	"strings"

	"github.com/hlsgo/hlsgo/ir"
)

// reader walks down a configuration by the table of keys and fills in cfg.
type reader struct {
	findings
	env  Env
	keys *keys
	cfg  *ir.Config
}

// newReader starts from hls4ml's defaults.
func newReader(file string, env Env, strict bool) *reader {
	c := &ir.Config{
		Backend: "Vivado", Version: "1.0.0", ProjectName: "myproject", OutputDir: "my-hls-test",
		IOType: ir.Parallel, ClockPeriod: 5, Source: map[string]string{},
		Writer:     ir.WriterConfig{WriteWeightsTxt: true, TBOutputStream: "both"},
		StrictKeys: strict,
	}
	if b, ok := findBackend(env.Backends, c.Backend); ok {
		c.SetTool(b.Tool) // hls4ml's default, for configurations that name none
	}
	return &reader{findings: findings{file: file, strict: strict}, env: env, keys: newKeys(env, c), cfg: c}
}

// project reads the outermost level.
func (r *reader) project(root *value) {
	// The backend comes first, wherever it stands: it decides which keys layers have.
	for _, e := range root.entries {
		if e.key == "Backend" {
			r.entry(root, e, atTop, e.key)
		}
	}
	r.keys.declare(r.env.Schema, r.cfg.Tool())
	for _, e := range root.entries {
		if e.key != "Backend" {
			r.entry(root, e, atTop, e.key)
		}
	}
}

// defaults gives a configuration without settings those of a generated one. hls4ml has none, and fails.
func (r *reader) defaults(root *value) {
	if h := root.get("HLSConfig"); h != nil && !h.isNull() {
		return
	}
	const precision, reuse = "fixed<16,6>", 1
	r.warn(0, "HLSConfig: got none: using Precision %s and ReuseFactor %d for the whole model", precision, reuse)
	root.set("HLSConfig", valueOf(ir.NewTree("Model", ir.NewTree("Precision", precision, "ReuseFactor", reuse))))
}

// entry reads one key of the mapping of. name is the key as messages have it.
func (r *reader) entry(of *value, e entry, at level, name string) {
	k := r.keys.row(at, e.key)
	switch {
	case k == nil:
		r.unknownKey(e, at, name)
	case k.in != nil:
		k.in(r, e)
	case k.renamed != "" && of.get(k.renamed) != nil:
	default:
		if at == atWriter {
			name = e.key // no other level has such a key, so that it needs no path
		}
		if k.renamed != "" {
			r.warn(e.value.line, "%s: hls4ml 1.3.0 reads %s instead; taken as %[2]s", name, k.renamed)
		}
		if x := r.take(k, e, at, name); x != nil && k.keep != nil {
			k.keep(x)
		}
	}
}

// misplaced reports a key of layers among those of the model.
func (r *reader) misplaced(e entry, name string) {
	if r.strict {
		r.unknownKey(e, atModel, name)
		return
	}
	// Here a flag is let pass like the file: the key is kept, only that nothing looks for it.
	r.warn(e.line, "%s: %s", name, noEffect("it under LayerType or LayerName"))
}

// unknownKey reports a key that has no place at its level, called name in messages: the right place for it
// where there is one, or else the nearest key.
func (r *reader) unknownKey(e entry, at level, name string) {
	where := &value{line: e.line, flag: e.value.flag}
	if place := r.keys.elsewhere(e.key, at); place != "" {
		r.passOver(where, func() string { return name + ": " + noEffect("it "+place) })
		return
	}
	r.unknown(where, name, "unknown key", func() string {
		if at == atLayer {
			at |= atKind
		}
		return nearest(e.key, r.keys.names(at))
	})
}

// take checks the value of a key that stands at a level, and returns it in the form that it must have; nil
// for none.
func (r *reader) take(k *key, e entry, at level, name string) any {
	var x any
	if k.form != nil && !e.value.isNull() {
		x = k.form(&r.findings, name, e.value)
	}
	// What layers do with a key is for Check to say, which knows what was generated for them.
	ofLayers := at&(atLayer|atKind|atVariable) != 0
	if k.idle && k.at&at != 0 && !ofLayers && (k.lost == nil || k.lost(e.value)) {
		r.warn(e.line, "%s: %s", name, noEffect(k.instead))
	}
	return x
}

func (r *reader) writer(e entry) {
	switch {
	case e.value.isNull():
		return
	case !e.value.isMap:
		r.failAt(e.value, "WriterConfig: got %s, want a mapping", e.value)
		return
	}
	for _, own := range e.value.entries {
		r.entry(e.value, own, atWriter, "WriterConfig."+own.key)
	}
}

func (r *reader) hls(e entry) {
	if !e.value.isMap {
		r.failAt(e.value, "HLSConfig: got %s, want a mapping with the settings of the model", e.value)
		return
	}
	for _, own := range e.value.entries {
		r.entry(e.value, own, atHLS, "HLSConfig."+own.key)
	}
}

func (r *reader) model(e entry) {
	r.cfg.HLS.Model = r.section(&ir.Section{Line: e.line}, atModel, "Model", e.value)
}

func (r *reader) types(e entry) { r.cfg.HLS.Types = r.sections(e) }
func (r *reader) names(e entry) { r.cfg.HLS.Names = r.sections(e) }

// sections reads LayerType or LayerName.
func (r *reader) sections(e entry) []*ir.Section {
	if !e.value.isMap && !e.value.isNull() {
		r.failAt(e.value, "HLSConfig.%s: got %s, want a mapping of names", e.key, e.value)
	}
	var list []*ir.Section
	for _, own := range e.value.entries {
		s := &ir.Section{Name: own.key, Line: own.line}
		list = append(list, r.section(s, atLayer, e.key+"."+own.key, own.value))
	}
	return list
}

// section reads Model or one entry of LayerType or LayerName, called name in messages. Whether a key belongs
// to the layer's kind is for Check to say; here it must belong to some kind.
func (r *reader) section(s *ir.Section, at level, name string, v *value) *ir.Section {
	if !v.isMap && !v.isNull() {
		r.failAt(v, "%s: got %s, want a mapping of settings", name, v)
	}
	for _, e := range v.entries {
		k := r.keys.setting(at, e.key)
		switch {
		case k == nil:
			r.unknownKey(e, at, name+"."+e.key)
		case k.name == precisionKey:
			s.Precision = r.precision(at, name+"."+e.key, e.value)
		default:
			if at == atModel && k.at&atModel == 0 {
				r.misplaced(e, name+"."+e.key)
			}
			x := e.value.any()
			if i, ok := r.take(k, e, at, name+"."+e.key).(int); ok {
				x = i // 2.0 is 2
			}
			s.Keys = append(s.Keys, ir.Key{Name: e.key, Value: x, Line: e.line})
		}
	}
	return s
}

// precisionKey is the key of types, whose value is one type for everything, or a mapping of one per variable.
const precisionKey = "Precision"

func (r *reader) precision(at level, name string, v *value) []ir.Precision {
	variables := atVariable
	if at == atModel {
		variables = atModelVariable
	}
	if !v.isMap {
		return r.variable(r.keys.row(variables, "default"), entry{"default", v.line, v}, variables, name)
	}
	var list []ir.Precision
	for _, e := range v.entries {
		own := name + "." + e.key
		k := r.keys.row(variables, e.key)
		if variable, ok := strings.CutSuffix(e.key, typeSuffix); k == nil && ok {
			if k = r.printed(v, e, variables, variable, own); k != nil {
				own = name + "." + variable
			}
		}
		switch {
		case k == nil:
			r.unknownKey(e, variables, own)
		case e.value.isNull(): // other keys may be named and left open, a type may not
			k.form(&r.findings, own, e.value)
		default:
			list = append(list, r.variable(k, e, variables, own)...)
		}
	}
	return list
}

// printed is the row of a variable under the name that commands print, result_t for result; nil where there
// is none, or the variable has an entry of its own.
func (r *reader) printed(v *value, e entry, at level, variable, name string) *key {
	k := r.keys.row(at, variable)
	if k == nil || k.idle || v.get(variable) != nil || r.strict {
		return nil
	}
	r.warn(e.line, "%s: hls4ml 1.3.0 reads %s instead; taken as that", name, variable)
	return k
}

// variable reads the type of one variable.
func (r *reader) variable(k *key, e entry, at level, name string) []ir.Precision {
	text, ok := r.take(k, e, at, name).(string)
	if !ok {
		return nil
	}
	return []ir.Precision{{Var: k.name, Text: text, Line: e.value.line}}
}
