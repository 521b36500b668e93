package config

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
)

// Document is the text of a configuration that is to be changed and written again. What is not changed stays
// as its author wrote it: comments, order, quotes, indentation.
type Document struct {
	name string // for messages
	text []byte
	root *value // what the text shall say
}

// Setting is one value of a configuration and its place.
type Setting struct {
	// Path is the keys on the way with dots between, as --set takes them: LayerName.fc1.Precision.result.
	// A key with dots in it stands in double quotes; Path of Join quotes them.
	Path string
	// Value is a bool, an int, a float64, a string, a list of them, or a *ir.Tree.
	Value any
}

// String is the setting as --set takes it.
func (s Setting) String() string {
	if text, ok := s.Value.(string); ok {
		return s.Path + "=" + stringText(text)
	}
	return s.Path + "=" + flowText(s.Value)
}

// Flag is the setting as an argument of a command line, quoted for a shell.
func (s Setting) Flag() string {
	return "--set '" + strings.ReplaceAll(s.String(), "'", `'\''`) + "'"
}

// TypeSetting is one of Overrides.Set that gives a type of a layer a format.
type TypeSetting struct {
	Set, Path  string // as written
	Layer, Key string // the type as hls4ml's graph has it: fc1, result_t
	Text       string // the type that it shall be
}

// TypesOf lists the settings of types among those of Overrides.Set.
func TypesOf(sets []string) []TypeSetting {
	var out []TypeSetting
	for _, set := range sets {
		path, raw, _ := strings.Cut(set, "=")
		layer := LayerOf(set)
		_, place, _ := strings.Cut((&value{}).canonical(path), Join(hlsKey, "LayerName", layer)+".")
		variable, under := strings.CutPrefix(place, precisionKey+".")
		variable, ended := strings.CutSuffix(variable, typeSuffix)
		v, err := parseFlag(raw)
		if layer == "" || !under && !ended || variable == "default" || err != nil {
			continue
		}
		if text, ok := v.scalar.(string); ok {
			out = append(out, TypeSetting{set, path, layer, variable + typeSuffix, text})
		}
	}
	return out
}

// LayerOf is the layer whose setting one of Overrides.Set is, or "".
func LayerOf(set string) string {
	path, _, _ := strings.Cut(set, "=")
	root := &value{}
	rest, ok := strings.CutPrefix(root.canonical(path), hlsKey+".LayerName.")
	if !ok {
		return ""
	}
	layer, _ := root.split(rest)
	return layer
}

// Join makes a path of keys.
func Join(keys ...string) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		if parts[i] = k; strings.Contains(k, ".") {
			parts[i] = `"` + k + `"`
		}
	}
	return strings.Join(parts, ".")
}

// NewDocument reads the text of a configuration; name stands for the file in messages.
func NewDocument(name string, text []byte) (*Document, error) {
	root, _, err := parseYAML(name, text)
	if err != nil {
		return nil, err
	}
	return &Document{name: name, text: text, root: root}, nil
}

// Override makes flags part of the configuration.
func (d *Document) Override(o Overrides) error {
	f := &findings{file: d.name}
	f.override(d.root, o)
	return f.err()
}

// Set changes settings, or adds them where they belong, each over those before. One type under Precision
// becomes that of `default` when a variable gets a type of its own.
func (d *Document) Set(settings ...Setting) error {
	f := &findings{file: d.name}
	for _, s := range settings {
		v := valueOf(s.Value)
		v.from(s.Path)
		f.setPath(d.root, s.Path, v)
	}
	return f.err()
}

// Complete adds the keys that hls4ml needs for the project of a backend and the configuration has not: with
// the values of cfg, which was read from it, or of a starting configuration.
func (d *Document) Complete(cfg *ir.Config, b Backend) {
	hls := ir.NewTree("Model", ir.NewTree("Precision", defaultPrecision, "ReuseFactor", 1))
	start := Start(b, StartOptions{
		OutputDir: cfg.OutputDir, ProjectName: cfg.ProjectName, Part: cfg.Part, IOType: string(cfg.IOType),
		ClockPeriod: cfg.ClockPeriod,
	}, hls)
	needed := valueOf(start)
	needed.entries = slices.DeleteFunc(needed.entries, func(e entry) bool {
		return d.root.get(e.key) == nil && slices.Contains(optional, e.key)
	})
	d.root.complete(needed, true)
}

// Rename gives types under Precision that go by a name that commands print, result_t, the one that hls4ml
// reads.
func (d *Document) Rename() {
	hls := d.root.get(hlsKey)
	if hls == nil {
		return
	}
	for _, e := range hls.entries {
		if e.key == "Model" {
			e.value.rename()
		}
		if e.key == "LayerType" || e.key == "LayerName" {
			for _, layer := range e.value.entries {
				layer.value.rename()
			}
		}
	}
}

// rename does that for one section of settings.
func (v *value) rename() {
	types := v.get(precisionKey)
	if types == nil {
		return
	}
	for i, e := range types.entries {
		variable, ok := strings.CutSuffix(e.key, typeSuffix)
		if ok && types.get(variable) == nil && PlaceOfType(e.key) == precisionKey+"."+variable {
			types.entries[i].key = variable
		}
	}
}

// optional are keys of starting configurations that hls4ml does without. A WriterConfig that is there must be
// whole.
var optional = []string{"Version", "ClockUncertainty", "WriterConfig"}

// complete adds the entries of start that v has not. WriterConfig and HLSConfig have entries of their own.
func (v *value) complete(start *value, deep bool) {
	for _, e := range start.entries {
		have := v.get(e.key)
		switch {
		case have == nil || have.isNull() && !e.value.isNull():
			v.set(e.key, e.value)
		case have.isMap && e.value.isMap && deep:
			have.complete(e.value, e.key != precisionKey)
		}
	}
}

// Locate passes the paths under keys through find, which tells where the file is; paths that are "" or no
// text stay as they are.
func (d *Document) Locate(find func(key, path string) string, keys ...string) {
	for _, key := range keys {
		v := d.root.get(key)
		if v == nil {
			continue
		}
		if path, ok := v.scalar.(string); ok && path != "" {
			d.root.set(key, &value{scalar: find(key, path)})
		}
	}
}

// Tree is what the document says.
func (d *Document) Tree() *ir.Tree { return d.root.tree() }

// Bytes is the text with all changes. What it says has been read again and compared with Tree.
func (d *Document) Bytes() ([]byte, error) {
	return edited(d.name, d.text, d.root)
}

// Seen returns path as it is named from a folder; "" gives an absolute one.
func Seen(dir, path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if dir == "" {
		return abs
	}
	from, err := filepath.Abs(dir)
	if err != nil {
		return abs
	}
	if rel, err := filepath.Rel(from, abs); err == nil {
		return rel
	}
	return abs
}
