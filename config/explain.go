package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Effective is one setting as it counts, and where it came from.
type Effective struct {
	Layer  string `json:"layer,omitempty"` // "" for the keys of the whole project
	Key    string `json:"key"`             // "ReuseFactor", "Precision.weight", "TableSize"
	Path   string `json:"path"`            // layer and key with a dot between
	Value  string `json:"value"`
	Origin string `json:"origin"` // "config.yml:12", with the level, or "inferred", or "hls4ml default"
}

const hls4mlDefault = "hls4ml default"

// Explain lists the effective settings of the project, and of every layer of the final graph g. name stands
// for the configuration file.
func Explain(name string, g *ir.Graph) []Effective {
	e := &explainer{file: findings{file: name}, keys: newKeys(Env{}, &ir.Config{}), cfg: g.Config}
	e.project()
	for _, n := range g.Nodes {
		e.node(n)
	}
	return e.rows
}

type explainer struct {
	file findings
	keys *keys
	cfg  *ir.Config
	rows []Effective
}

func (e *explainer) add(layer, key, value, origin string) {
	path := key
	if layer != "" {
		path = layer + "." + key
	}
	e.rows = append(e.rows, Effective{layer, key, path, value, origin})
}

func (e *explainer) project() {
	c := e.cfg
	for _, row := range []struct{ key, value string }{
		{"Backend", c.Backend}, {"ProjectName", c.ProjectName}, {"OutputDir", c.OutputDir}, {"Part", c.Part},
		{"ClockPeriod", scalarText(wholeOr(c.ClockPeriod))}, {"ClockUncertainty", c.ClockUncertainty},
		{"IOType", string(c.IOType)},
	} {
		origin := hls4mlDefault
		if v, ok := c.Document.Get(row.key); ok && v != nil {
			origin = e.file.file
		}
		if row.value != "" {
			e.add("", row.key, row.value, origin)
		}
	}
}

func (e *explainer) node(n *ir.Node) {
	var options []ir.Option
	if k, ok := n.Graph().Schema.Kind(n.Kind); ok {
		options = k.Options(e.cfg.Tool())
	}
	if len(n.Vars) > 0 {
		e.typed(n, "result_t", n.Out().Type.Format, false)
	}
	for _, w := range n.Weights {
		e.typed(n, w.Role+typeSuffix, w.Type.Format, w.Quantizer != nil)
	}
	for _, t := range n.Types {
		e.typed(n, t.Key, t.Type.Format, false)
	}
	if n.Strategy != "" {
		e.setting(n, "Strategy", string(n.Strategy), func(v any) bool {
			s, ok := v.(string)
			return ok && (ir.SnakeCase(s) == string(n.Strategy) || strings.EqualFold(s, string(n.Strategy)))
		})
	}
	if optionOf(options, "reuse_factor") != nil {
		e.setting(n, "ReuseFactor", fmt.Sprint(n.ReuseFactor), func(v any) bool { return v == n.ReuseFactor })
	}
	for _, o := range options {
		e.option(n, o)
	}
	if n.Trace {
		e.setting(n, "Trace", "true", func(v any) bool { return v == true })
	}
}

// option explains a setting that is an attribute of the kind.
func (e *explainer) option(n *ir.Node, o ir.Option) {
	if o.Class != ir.Configurable && o.Class != ir.Choice || o.NotConfigurable ||
		o.Name == "trace" || o.Name == "reuse_factor" || o.Name == "strategy" {
		return
	}
	if v, ok := n.Get(o.Name); ok {
		text := scalarText(v)
		e.setting(n, ir.PascalCase(o.Name), text, func(asked any) bool { return scalarText(asked) == text })
	}
}

// setting finds where a key was set: by name, by type, in the model.
func (e *explainer) setting(n *ir.Node, key, value string, same func(any) bool) {
	origin := hls4mlDefault
	for _, l := range e.levels(n) {
		k := keyOf(l.section, key)
		if k == nil || k.Value == nil {
			continue
		}
		origin = e.at(k.Line, l.label)
		if !same(k.Value) {
			origin = fmt.Sprintf("adjusted, asked for %s at %s", scalarText(k.Value), origin)
		}
		break
	}
	e.add(n.Name, key, value, origin)
}

// tier is one place where a layer's settings are looked up.
type tier struct {
	section *ir.Section
	label   string
}

func (e *explainer) levels(n *ir.Node) []tier {
	return []tier{
		{e.cfg.ByName(n.Name), ""}, {e.cfg.ByType(n.Kind), "LayerType " + n.Kind}, {e.cfg.HLS.Model, "Model"},
	}
}

func (e *explainer) at(line int, label string) string {
	place := e.file.place(line)
	if line == 0 {
		place = "flag or default"
	}
	if label == "" {
		return place
	}
	return place + " (" + label + ")"
}

func keyOf(s *ir.Section, name string) *ir.Key {
	if s == nil {
		return nil
	}
	for i := range s.Keys {
		if ir.SnakeCase(s.Keys[i].Name) == ir.SnakeCase(name) {
			return &s.Keys[i]
		}
	}
	return nil
}

// typed explains a type.
func (e *explainer) typed(n *ir.Node, key string, f fixed.Format, quantized bool) {
	variable := strings.TrimSuffix(key, typeSuffix)
	origin := hls4mlDefault
	switch text, place, ok := e.typeSetting(n, key, variable); {
	case quantized:
		origin = "quantizer of the model"
	case ok:
		asked, err := fixed.Parse(text)
		switch {
		case asked == fixed.Auto:
			origin = "inferred, auto at " + place
		case err == nil && asked == f:
			origin = place
		default:
			origin = fmt.Sprintf("inferred, asked for %s at %s", text, place)
		}
	}
	e.add(n.Name, PlaceOfType(key), f.String(), origin)
}

// typeSetting looks a type up in hls4ml's order: the layer's own key, then Precision by name, type and model.
func (e *explainer) typeSetting(n *ir.Node, key, variable string) (text, place string, ok bool) {
	for _, l := range e.levels(n)[:2] {
		if k := keyOf(l.section, key); k != nil {
			text, ok := k.Value.(string)
			return text, e.at(k.Line, l.label), ok
		}
	}
	if k := e.keys.row(atVariable, variable); k != nil && k.idle {
		return "", "", false
	}
	for _, l := range e.levels(n) {
		for _, v := range []string{variable, "default"} {
			if l.section == nil {
				continue
			}
			i := slices.IndexFunc(l.section.Precision, func(p ir.Precision) bool { return p.Var == v })
			if i >= 0 {
				p := l.section.Precision[i]
				return p.Text, e.at(p.Line, l.label), true
			}
		}
	}
	return "", "", false
}
