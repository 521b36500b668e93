package hlsgo

import (
	"cmp"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"

	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/ir"
)

// source is what the configuration of a model was read from, so that it can be written again.
type source struct {
	text      []byte            // of the file, or of the generated configuration
	generated bool              // there is no file
	gone      bool              // the model's file was a stream, which no configuration can name
	overrides Overrides         // not yet part of text
	files     map[string]string // where the model's files were found, by their keys
	from      candidate         // what read the network
}

// ConfigOptions tune how a configuration is written.
type ConfigOptions struct {
	// Dir is the folder where the configuration will stand: files are named from there. "" names them by
	// absolute paths, which also hls4ml finds, wherever it runs.
	Dir string
}

// set returns the model with settings, as Overrides.Set has them, over those of its configuration and of its
// overrides. They are settings of HLSConfig: the network is not read again.
func (m *Model) set(settings ...string) (*Model, error) {
	return m.with(m.overridesWith(settings))
}

// with is the model with other overrides.
func (m *Model) with(o Overrides) (*Model, error) {
	cfg, warnings, err := m.readAgain(m.source.text, o)
	if err != nil {
		return nil, err
	}
	out, err := m.toolkit.model(m.name, m.parsed, cfg, m.dir, warnings)
	if err != nil {
		return nil, err
	}
	out.source = m.source
	out.source.overrides = o
	return out, nil
}

// ConfigText returns the model's configuration as a file of its own, with its overrides, and settings as
// Overrides.Set has them, as part of it, and all keys that hls4ml needs. Of a configuration that was a file
// it keeps comments, order and quotes where it can; that of a model file is as `hlsgo config` writes it. The
// text has been read again: it says the same.
func (m *Model) ConfigText(o ConfigOptions, settings ...string) ([]byte, error) {
	overrides := m.overridesWith(settings)
	old := m.source.text
	switch {
	case m.source.gone:
		return nil, fmt.Errorf("%s: configuration: got a model from a stream, want one from a file to name", m.name)
	case old != nil:
	case m.config.Document == nil:
		return nil, fmt.Errorf("%s: it has no text: got a configuration that a program made", m.name)
	default:
		old = config.WriteYAML(m.config.Document)
	}
	want, _, err := m.readAgain(old, overrides)
	if err != nil {
		return nil, err
	}
	d, err := config.NewDocument(m.name, old)
	if err != nil {
		return nil, err
	}
	if err := d.Override(overrides); err != nil {
		return nil, err
	}
	b, ok := backendNamed(m.toolkit.reg.predicting(), want.Backend)
	if !ok {
		return nil, m.toolkit.unknownBackend(want.Backend)
	}
	d.Rename()
	d.Complete(want, ofConfig(b))
	d.Locate(m.locate(o.Dir), append(m.toolkit.reg.sourceKeys(), "InputData", "OutputPredictions")...)
	text, err := d.Bytes()
	if err != nil {
		return nil, err
	}
	got, _, err := m.readAgain(text, Overrides{StrictConfig: overrides.StrictConfig})
	if err != nil {
		return nil, fmt.Errorf("written again: %w", err)
	}
	return text, sameConfig(m.name, got, want)
}

func (m *Model) readAgain(text []byte, o Overrides) (*ir.Config, []string, error) {
	name := m.name
	if m.source.generated {
		name = "configuration" // messages with lines of a file that nobody has would mislead
	}
	return config.Read(name, text, o, m.toolkit.ConfigEnv())
}

// overridesWith are the overrides with settings behind them.
func (m *Model) overridesWith(settings []string) Overrides {
	o := m.source.overrides
	o.Set = slices.Concat(o.Set, m.keeping(settings))
	return o
}

// keeping puts before the first setting of a layer what its kind or the model says of ParallelizationFactor:
// hls4ml looks it up in the layer's entry alone as soon as there is one.
func (m *Model) keeping(settings []string) []string {
	var out []string
	done := map[string]bool{}
	for _, s := range settings {
		layer := config.LayerOf(s)
		if layer != "" && !done[layer] && m.config.Layer(layer) == nil {
			if v, ok := m.config.LayerValue(layer, m.kindOf(layer), parallelization); ok && v != nil {
				path := config.Join("LayerName", layer, parallelization)
				out = append(out, config.Setting{Path: path, Value: v}.String())
			}
		}
		done[layer] = true
		out = append(out, s)
	}
	return out
}

const parallelization = "ParallelizationFactor"

// kindOf is the kind of a layer of the network as read, or "".
func (m *Model) kindOf(layer string) string {
	for _, l := range m.parsed.Layers {
		if l.Name == layer {
			return l.Kind
		}
	}
	return ""
}

// locate returns how the files of the configuration are named from a folder; see ConfigOptions.
func (m *Model) locate(dir string) func(key, path string) string {
	return func(key, path string) string {
		found, ok := m.source.files[key]
		if !ok {
			found = config.RelativeTo(m.dir, path)
			if there, _, err := (config.Search{Dir: m.dir}).File(path); err == nil {
				found = there
			}
		}
		if dir != "" && filepath.Clean(config.RelativeTo(dir, path)) == filepath.Clean(found) {
			return path
		}
		return config.Seen(dir, found)
	}
}

// sameConfig wants a configuration that was written and read again to say what it did, apart from the names
// of files, and what was added because it was missing.
func sameConfig(name string, got, want *ir.Config) error {
	g, w := plainConfig(got), plainConfig(want)
	if w.Part == "" {
		w.Part = g.Part
	}
	if w.HLS.Model == nil {
		w.HLS.Model = g.HLS.Model
	}
	gv, wv := reflect.ValueOf(g), reflect.ValueOf(w)
	for i := range gv.NumField() {
		f := gv.Type().Field(i)
		if f.IsExported() && !reflect.DeepEqual(gv.Field(i).Interface(), wv.Field(i).Interface()) {
			return fmt.Errorf("%s: written again: %s: got another value than in the configuration, want the same",
				name, f.Name)
		}
	}
	return nil
}

// plainConfig is a configuration without lines of a file, names of files and what the model may leave out.
func plainConfig(c *ir.Config) ir.Config {
	p := *c
	p.Document, p.Source, p.InputData, p.OutputPredictions = nil, nil, "", ""
	p.HLS.Model = plainSection(p.HLS.Model)
	p.HLS.Types, p.HLS.Names = plainSections(p.HLS.Types), plainSections(p.HLS.Names)
	if p.HLS.Model != nil {
		p.HLS.Model.Keys = slices.DeleteFunc(p.HLS.Model.Keys, func(k ir.Key) bool {
			return k.Name == "ReuseFactor" && k.Value == 1
		})
	}
	return p
}

func plainSections(list []*ir.Section) []*ir.Section {
	out := make([]*ir.Section, len(list))
	for i, s := range list {
		out[i] = plainSection(s)
	}
	return out
}

// plainSection has its keys in the order of their names, which says nothing.
func plainSection(s *ir.Section) *ir.Section {
	if s == nil {
		return nil
	}
	p := &ir.Section{Name: s.Name}
	for _, x := range s.Precision {
		p.Precision = append(p.Precision, ir.Precision{Var: x.Var, Text: x.Text})
	}
	for _, k := range s.Keys {
		p.Keys = append(p.Keys, ir.Key{Name: k.Name, Value: k.Value})
	}
	slices.SortFunc(p.Precision, func(a, b ir.Precision) int { return cmp.Compare(a.Var, b.Var) })
	slices.SortFunc(p.Keys, func(a, b ir.Key) int { return cmp.Compare(a.Name, b.Name) })
	return p
}
