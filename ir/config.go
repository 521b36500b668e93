package ir

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
)

// Config is hls4ml's configuration after reading: what to convert, for which tool, and how.
type Config struct {
	OutputDir   string
	ProjectName string
	Backend     string // the tool, by hls4ml's name
	// Dialect, Family and Can follow from the backend; see SetTool. Family is that of every type of the
	// configuration, whatever prefix it has.
	Dialect           Dialect
	Family            fixed.Family
	Can               []Capability
	Version           string
	Part              string
	ClockPeriod       float64 // ns
	ClockUncertainty  string  // such as "12.5%"
	IOType            IOType
	TraceOutput       bool
	InputData         string
	OutputPredictions string
	// Source holds the paths of the model's files as written, by the keys of the front ends.
	Source map[string]string
	Writer WriterConfig
	HLS    HLSConfig
	// StrictKeys refuses settings that hls4ml passes over, such as those of layers that the network has not.
	StrictKeys bool
	// Document is the whole file as an ordered tree, for writing hls4ml_config.yml again.
	Document *Tree

	sections *sectionIndex // of HLS.Names, in the copy that a graph holds
}

// WriterConfig is the WriterConfig section.
type WriterConfig struct {
	Namespace               string
	WriteWeightsTxt         bool
	WriteTar                bool
	TBOutputStream          string // "stdout", "file" or "both"
	WriteEmulationConstants bool
}

// HLSConfig is the HLSConfig section: the model's settings and those by layer type and layer name.
type HLSConfig struct {
	Model *Section // nil when absent
	Types []*Section
	Names []*Section
	Flows []string
}

// Precision is one entry of a Precision setting; Var is "default" when the setting is a plain string.
type Precision struct {
	Var  string
	Text string
	Line int
}

// Key is one setting of a section other than Precision, with the value YAML gave it (nil, bool, int,
// float64, string, or a nested []any / *Tree).
type Key struct {
	Name  string // as written, PascalCase: "ReuseFactor", "TableSize", "table_t"
	Value any
	Line  int
}

// Section is one block of settings: Model, or one entry of LayerType or LayerName.
type Section struct {
	Name      string // "" for Model, else the layer's type or name
	Precision []Precision
	Keys      []Key
	Line      int
}

// Tree is an ordered YAML mapping.
// Ordered, because hls4ml_config.yml is written again with its keys where the user had them. A linear search
// will do: sections have tens of keys.
type Tree struct {
	Keys   []string
	Values []any
}

// NewTree makes a tree of keys and values in turn.
func NewTree(pairs ...any) *Tree {
	t := &Tree{}
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			panic(fmt.Sprintf("BUG: tree: got the key %v, want a text", pairs[i]))
		}
		t.Set(key, pairs[i+1])
	}
	return t
}

// Get returns the value of key.
func (t *Tree) Get(key string) (any, bool) {
	if t == nil {
		return nil, false
	}
	for i, k := range t.Keys {
		if k == key {
			return t.Values[i], true
		}
	}
	return nil, false
}

// Set replaces or appends key.
func (t *Tree) Set(key string, value any) {
	for i, k := range t.Keys {
		if k == key {
			t.Values[i] = value
			return
		}
	}
	t.Keys, t.Values = append(t.Keys, key), append(t.Values, value)
}

// Get returns the setting called name.
func (s *Section) Get(name string) (any, bool) {
	if s == nil {
		return nil, false
	}
	for _, k := range s.Keys {
		if k.Name == name {
			return k.Value, true
		}
	}
	return nil, false
}

func (s *Section) precision(v string) (string, bool) {
	if s == nil {
		return "", false
	}
	for _, p := range s.Precision {
		if p.Var == v {
			return p.Text, true
		}
	}
	return "", false
}

// ByName returns the LayerName section of a layer, or nil. Like hls4ml's tables, names compare without case.
func (c *Config) ByName(layer string) *Section {
	if ix := c.indexed(); ix != nil {
		return ix.folded[foldCase(layer)]
	}
	return find(c.HLS.Names, layer)
}

// ByType returns the LayerType section of a layer kind, or nil.
func (c *Config) ByType(kind string) *Section { return find(c.HLS.Types, kind) }

func find(list []*Section, name string) *Section {
	for _, s := range list {
		if strings.EqualFold(s.Name, name) {
			return s
		}
	}
	return nil
}

// Layer is the section of settings under exactly that name of a layer, or nil.
func (c *Config) Layer(name string) *Section {
	if ix := c.indexed(); ix != nil {
		return ix.exact[name]
	}
	return exact(c.HLS.Names, name)
}

// SetsPrecision reports whether the section gives the variable a type.
func (s *Section) SetsPrecision(v string) bool {
	_, ok := s.precision(v)
	return ok
}

// Precision looks a type up in hls4ml's order: the layer's name (this variable, then its default), the
// layer's type, the model. It returns the text, and the C++ type name that hls4ml gives such a type.
// It mirrors HLSConfig.get_precision of model/graph.py.
func (c *Config) Precision(layer, kind, v string) (text, typeName string, ok bool) {
	// The name tells the level at which the type was found. Types of one name are one C++ type, so this
	// decides which tensors share a typedef.
	name := strings.ToLower(layer) + "_" + v + "_t"
	if t, ok := c.ByName(layer).precision(v); ok {
		return t, name, true
	}
	if t, ok := c.ByName(layer).precision("default"); ok {
		return t, name, true
	}
	if t, ok := c.ByType(kind).precision(v); ok {
		return t, kind + "_" + v + "_t", true
	}
	if t, ok := c.ByType(kind).precision("default"); ok {
		return t, kind + "_default_t", true
	}
	if t, ok := c.HLS.Model.precision(v); ok {
		return t, v + "_default_t", true
	}
	if t, ok := c.HLS.Model.precision("default"); ok {
		return t, "model_default_t", true
	}
	return "", "", false
}

// Format reads a precision. The type is of the configuration's family, whatever the prefix says: hls4ml's
// backends print every type in their own spelling.
func (c *Config) Format(text string) (fixed.Format, error) {
	f, err := fixed.Parse(text)
	if err != nil {
		return f, err
	}
	if f.Kind == fixed.KindAuto {
		return fixed.Auto, nil
	}
	return f.In(c.Family), nil
}

// Default is the model's default precision; an error when there is none or it is auto.
func (c *Config) Default() (fixed.Format, error) {
	t, ok := c.HLS.Model.precision("default")
	if !ok {
		return fixed.Auto, errors.New("model precision: got none, want a default type")
	}
	f, err := c.Format(t)
	if err == nil && f == fixed.Auto {
		err = errors.New("got auto, want an explicit type")
	}
	if err != nil {
		return f, fmt.Errorf("model precision: %w", err)
	}
	return f, nil
}

// Maximum is the model's largest allowed precision, when one is set.
func (c *Config) Maximum() (fixed.Format, bool, error) {
	t, ok := c.HLS.Model.precision("maximum")
	if !ok {
		return fixed.Auto, false, nil
	}
	f, err := c.Format(t)
	if err == nil && !f.IsFixedOrInt() {
		err = fmt.Errorf("got %s, want a fixed-point or integer type", f)
	}
	if err != nil {
		return f, false, fmt.Errorf("model precision: maximum: %w", err)
	}
	return f, true, nil
}

// Setting looks key up by name, type and model, each level only when the one before does not have it.
// ReuseFactor, TargetCycles, Strategy, ConvImplementation and Compression are looked up like this.
func (c *Config) Setting(layer, kind, key string) (any, bool) {
	for _, s := range []*Section{c.ByName(layer), c.ByType(kind), c.HLS.Model} {
		if v, ok := s.Get(key); ok && v != nil {
			return v, true
		}
	}
	return nil, false
}

// LayerValue looks key up as hls4ml's get_layer_config_value does: when the layer has an entry by name only
// that entry counts, else the one by type, else the model's.
func (c *Config) LayerValue(layer, kind, key string) (any, bool) {
	for _, s := range []*Section{c.Layer(layer), exact(c.HLS.Types, kind), c.HLS.Model} {
		if s != nil {
			return s.Get(key)
		}
	}
	return nil, false
}

// exact compares with case, for those of hls4ml's look-ups that go through the dictionary as it was read.
func exact(list []*Section, name string) *Section {
	for _, s := range list {
		if s.Name == name {
			return s
		}
	}
	return nil
}
