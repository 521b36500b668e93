package config

import (
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Check checks the names, keys and values of LayerType and LayerName against the network as it was
// read, with the layers that the front end added and those of nested models. name stands for the file in
// messages. It returns the warnings: keys that hls4ml 1.3.0 accepts and that have no effect.
func Check(name string, cfg *ir.Config, p *ir.Parsed, env Env) ([]string, error) {
	c := &layerCheck{
		configReader: &configReader{file: name, env: env}, cfg: cfg, idle: map[string]*idleUse{},
	}
	c.collect(p.Layers)
	for _, s := range cfg.HLS.Names {
		c.name(s)
	}
	for _, s := range cfg.HLS.Types {
		c.kind(s)
	}
	c.report()
	return c.warnings, c.err()
}

// layerCheck is the check of one configuration.
type layerCheck struct {
	*configReader
	cfg    *ir.Config
	layers []*ir.Layer
	idle   map[string]*idleUse
	order  []string // of the keys of idle
}

// idleUse counts how often the same key without effect stands in the file, for one warning.
type idleUse struct {
	where string
	line  int
	count int
}

// collect lists the layers, those of nested models and of repeated steps included.
func (c *layerCheck) collect(list []*ir.Layer) {
	for _, l := range list {
		c.layers = append(c.layers, l)
		for _, list := range []string{"layer_list", "wrapped_layer"} {
			inner, _ := ir.GetAttr(l.Attrs, list)
			if inner, ok := inner.([]*ir.Layer); ok {
				c.collect(inner)
			}
		}
	}
}

func (c *layerCheck) name(s *ir.Section) {
	var names []string
	for _, l := range c.layers {
		if l.Name == s.Name {
			c.section("LayerName", s, l.Kind)
			return
		}
		names = append(names, l.Name)
	}
	for _, l := range c.layers {
		if strings.EqualFold(l.Name, s.Name) {
			c.warn(s.Line, "LayerName.%s: of keys with other capitals than the layer %q only Precision, ReuseFactor, "+
				"Strategy, TargetCycles, ConvImplementation and Compression have an effect", s.Name, l.Name)
			c.section("LayerName", s, l.Kind)
			return
		}
	}
	c.fail(s.Line, "LayerName.%s: the model has no such layer%s", s.Name, nearest(s.Name, names))
}

func (c *layerCheck) kind(s *ir.Section) {
	if _, ok := c.env.Schema.Kind(s.Name); ok {
		c.section("LayerType", s, s.Name)
		return
	}
	kinds := c.env.Schema.KindNames()
	if kind, ok := c.env.Classes[s.Name]; ok {
		if !c.asGenerated(s, kind) {
			c.warn(s.Line, "LayerType.%s: has no effect in hls4ml 1.3.0; set LayerType.%s", s.Name, kind)
		}
		return
	}
	for _, kind := range kinds {
		if strings.EqualFold(kind, s.Name) {
			c.warn(s.Line, "LayerType.%s: of keys with other capitals than %s only Precision, ReuseFactor and "+
				"Strategy have an effect", s.Name, kind)
			c.section("LayerType", s, kind)
			return
		}
	}
	for class := range c.env.Classes {
		kinds = append(kinds, class)
	}
	slices.Sort(kinds)
	c.fail(s.Line, "LayerType.%s: unknown layer type%s", s.Name, nearest(s.Name, kinds))
}

// asGenerated reports whether a section says nothing but the defaults that generated configurations write.
func (c *layerCheck) asGenerated(s *ir.Section, kind string) bool {
	k, ok := c.env.Schema.Kind(kind)
	if !ok {
		return false
	}
	options := k.Options(c.cfg.Backend)
	for _, p := range s.Precision {
		o := optionOf(options, p.Var+typeSuffix)
		if o == nil || !sameType(p.Text, *o) {
			return false
		}
	}
	for _, key := range s.Keys {
		o := optionOf(options, ir.SnakeCase(key.Name))
		if o == nil || key.Name != "ReuseFactor" && o.Default != key.Value {
			return false
		}
	}
	return true
}

func optionOf(options []ir.Option, name string) *ir.Option {
	for i := range options {
		if options[i].Name == name {
			return &options[i]
		}
	}
	return nil
}

// sameType reports whether text is the default of a type option.
func sameType(text string, o ir.Option) bool {
	def, ok := o.DefaultFormat()
	got, err := fixed.Parse(text)
	return ok && err == nil && got == def
}

// section checks the settings of one entry against the kind of its layers.
func (c *layerCheck) section(level string, s *ir.Section, kind string) {
	k, ok := c.env.Schema.Kind(kind)
	if !ok {
		return
	}
	where := level + "." + s.Name + "."
	vars := kindVars(k, c.cfg.Backend)
	for _, p := range s.Precision {
		c.variable(where, p, k, vars)
	}
	for _, key := range s.Keys {
		switch kindKey(k, c.cfg.Backend, key.Name) {
		case usedKey:
			c.value(where, key, k)
		case idleKey:
			o := optionOf(k.Options(c.cfg.Backend), ir.SnakeCase(key.Name))
			if rf, _ := s.Get("ReuseFactor"); key.Value == rf || o != nil && key.Value == o.Default {
				continue // as generated, or what takes its place anyway
			}
			c.warn(key.Line, "%s: has no effect in hls4ml 1.3.0; set ReuseFactor", where+key.Name)
		default:
			c.warn(key.Line, "%s: has no effect on layers of kind %s", where+key.Name, kind)
		}
	}
}

func (c *layerCheck) variable(where string, p ir.Precision, k *ir.Kind, vars []string) {
	o := optionOf(k.Options(c.cfg.Backend), p.Var+typeSuffix)
	_, idle := idleVars[p.Var]
	switch {
	case slices.Contains(quantizerVars[k.Name], p.Var): // as generated
	case idle && o != nil && sameType(p.Text, *o): // as generated: nothing is lost
	case idle:
		c.use(where, p)
	case !slices.Contains(vars, p.Var):
		c.warn(p.Line, "%sPrecision.%s: has no effect on layers of kind %s", where, p.Var, k.Name)
	}
}

// use notes an entry of Precision that hls4ml does not read.
func (c *layerCheck) use(where string, p ir.Precision) {
	u, ok := c.idle[p.Var]
	if !ok {
		u = &idleUse{where: where, line: p.Line}
		c.idle[p.Var] = u
		c.order = append(c.order, p.Var)
	}
	u.count++
}

// report gives one warning per kind of entry.
func (c *layerCheck) report() {
	for _, name := range c.order {
		u := c.idle[name]
		c.warn(u.line, "%sPrecision.%s: %s", u.where, name, idleText(name, u.count))
	}
}

// idleText says that an entry of Precision does nothing, and which key does.
func idleText(name string, count int) string {
	text := "has no effect in hls4ml 1.3.0"
	if key := idleVars[name]; key != "" {
		text += "; set " + key + " of the layer"
	}
	if count > 1 {
		text += " (here and in other layers)"
	}
	return text
}

// value checks the value of a key that the kind has.
func (c *layerCheck) value(where string, key ir.Key, k *ir.Kind) {
	name := ir.SnakeCase(key.Name)
	if slices.Contains(layerKeys, key.Name) || strings.HasSuffix(name, typeSuffix) || key.Value == nil {
		return // checked already
	}
	if o := optionOf(k.Options(c.cfg.Backend), name); o != nil && len(o.Choices) > 0 {
		got, _ := key.Value.(string)
		if !slices.Contains(o.Choices, got) {
			c.fail(key.Line, "%s: got %s, want one of %s%s", where+key.Name, valueOf(key.Value),
				strings.Join(o.Choices, ", "), nearest(got, o.Choices))
		}
		return
	}
	if _, err := ir.SetAttr(k.NewAttrs(), name, key.Value); err != nil {
		c.fail(key.Line, "%s: %s", where+key.Name, strings.TrimPrefix(err.Error(), name+": "))
	}
}
