package tune

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/ir"
)

// Setting is one key of a configuration, below LayerName.
type Setting struct {
	Layer string `json:"layer"`
	Key   string `json:"key"`   // "Precision.accum", "exp_table_t", "TableSize"
	Value any    `json:"value"` // the text of a type, or an int
}

const precision = "Precision."

// Config is the setting as one of a configuration.
func (s Setting) Config() config.Setting {
	return config.LayerSetting(s.Layer, s.Key, fmt.Sprint(s.Value))
}

// Path is the setting's place in a configuration, as --set takes it.
func (s Setting) Path() string { return s.Config().Path }

// String is the setting as --set takes it.
func (s Setting) String() string { return s.Config().String() }

// Apply returns a copy of a configuration with settings changed.
func Apply(c *ir.Config, list []Setting) *ir.Config {
	out := *c
	out.HLS.Names = slices.Clone(c.HLS.Names)
	own := map[string]*ir.Section{} // copies: the sections of c belong to it
	for _, s := range list {
		section := own[s.Layer]
		if section == nil {
			section = copySection(&out, s.Layer)
			own[s.Layer] = section
		}
		set(section, s)
	}
	return &out
}

// copySection replaces the section of a layer by a copy, or adds one.
func copySection(c *ir.Config, layer string) *ir.Section {
	at := slices.IndexFunc(c.HLS.Names, func(s *ir.Section) bool { return s.Name == layer })
	if at < 0 {
		section := &ir.Section{Name: layer}
		// First, so that a section whose name differs in capitals alone does not hide it.
		c.HLS.Names = append([]*ir.Section{section}, c.HLS.Names...)
		return section
	}
	section := *c.HLS.Names[at]
	section.Keys, section.Precision = slices.Clone(section.Keys), slices.Clone(section.Precision)
	c.HLS.Names[at] = &section
	return &section
}

func set(section *ir.Section, s Setting) {
	variable, ok := strings.CutPrefix(s.Key, precision)
	if ok {
		p := ir.Precision{Var: variable, Text: fmt.Sprint(s.Value)}
		at := slices.IndexFunc(section.Precision, func(o ir.Precision) bool { return o.Var == variable })
		if at < 0 {
			section.Precision = append(section.Precision, p)
		} else {
			section.Precision[at] = p
		}
		return
	}
	k := ir.Key{Name: s.Key, Value: s.Value}
	// hls4ml makes snake case of keys, so an old spelling must not stay beside the new one. In its place, since
	// a node has its types in the order of the keys.
	same := func(o ir.Key) bool { return ir.SnakeCase(o.Name) == ir.SnakeCase(s.Key) }
	at := slices.IndexFunc(section.Keys, same)
	if at < 0 {
		section.Keys = append(section.Keys, k)
	} else {
		section.Keys[at] = k
	}
}
