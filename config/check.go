package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
)

// Check checks the names, keys and values of LayerType and LayerName against the network as it was
// read, with the layers that the front end added and those of nested models. name stands for the file in
// messages. It returns the warnings: keys that hls4ml 1.3.0 accepts and that have no effect.
func Check(name string, cfg *ir.Config, p *ir.Parsed, env Env) ([]string, error) {
	c := &checker{
		findings: findings{file: name, strict: cfg.StrictKeys}, env: env, cfg: cfg, inputs: p.Inputs,
		keys:  newKeys(env, &ir.Config{}),
		kinds: map[string]*kindKeys{}, byName: map[string]*ir.Layer{}, idle: map[string]*idleUse{},
	}
	c.collect(p.Layers)
	for _, s := range cfg.HLS.Names {
		c.name(s)
	}
	for _, s := range cfg.HLS.Types {
		c.kind(s)
	}
	c.report()
	c.rest()
	return c.warnings, c.err()
}

// checker is the check of one configuration.
type checker struct {
	findings
	env    Env
	cfg    *ir.Config
	keys   *keys
	kinds  map[string]*kindKeys // of the kinds looked at so far
	inputs []string
	layers []string             // names in the order of the network
	byName map[string]*ir.Layer // the first of a name, under it and under its lower case
	idle   map[string]*idleUse
	order  []string // of the keys of idle
}

// idleUse counts how often the same entry of Precision without effect stands in the file, for one warning.
type idleUse struct {
	where   string
	instead string
	line    int
	count   int
}

// collect lists the layers, those of nested models and of repeated steps included.
func (c *checker) collect(list []*ir.Layer) {
	for _, l := range list {
		c.layers = append(c.layers, l.Name)
		for _, name := range []string{l.Name, foldedName(l.Name)} {
			if c.byName[name] == nil {
				c.byName[name] = l
			}
		}
		for _, list := range []string{"layer_list", "wrapped_layer"} {
			inner, _ := ir.GetAttr(l.Attrs, list)
			if inner, ok := inner.([]*ir.Layer); ok {
				c.collect(inner)
			}
		}
	}
}

// foldedName is the key of a name in any capitals. No layer's own name has the byte in it.
func foldedName(name string) string { return "\x00" + strings.ToLower(name) }

// name checks an entry of LayerName. hls4ml looks some keys up in lower case, and the others exactly.
func (c *checker) name(s *ir.Section) {
	if l := c.byName[s.Name]; l != nil {
		c.section("LayerName", s, l.Kind)
		return
	}
	if l := c.byName[foldedName(s.Name)]; l != nil {
		c.warn(s.Line, "LayerName.%s: of keys with other capitals than the layer %q only Precision, ReuseFactor, "+
			"Strategy, TargetCycles, ConvImplementation and Compression have an effect", s.Name, l.Name)
		c.section("LayerName", s, l.Kind)
		return
	}
	name := "LayerName." + s.Name
	c.unknown(&value{line: s.Line}, name, "the model has no such layer", func() string {
		// Keras calls the input of a model without InputLayer after the first layer, hls4ml's reader does not.
		if strings.HasSuffix(s.Name, "_input") && len(c.inputs) == 1 {
			return fmt.Sprintf(", the model's input is %q", c.inputs[0])
		}
		return nearest(s.Name, c.layers)
	})
}

// kind checks an entry of LayerType.
func (c *checker) kind(s *ir.Section) {
	if _, ok := c.env.Schema.Kind(s.Name); ok {
		c.section("LayerType", s, s.Name)
		return
	}
	if kind, ok := c.env.Classes[s.Name]; ok {
		if !c.asGenerated(s, kind) {
			c.warn(s.Line, "LayerType.%s: %s", s.Name, noEffect("LayerType."+kind))
		}
		return
	}
	kinds := c.env.Schema.KindNames()
	for _, kind := range kinds {
		if strings.EqualFold(kind, s.Name) {
			c.warn(s.Line, "LayerType.%s: of keys with other capitals than %s only Precision, ReuseFactor and "+
				"Strategy have an effect", s.Name, kind)
			c.section("LayerType", s, kind)
			return
		}
	}
	c.unknown(&value{line: s.Line}, "LayerType."+s.Name, "unknown layer type", func() string {
		for class := range c.env.Classes {
			kinds = append(kinds, class)
		}
		slices.Sort(kinds)
		return nearest(s.Name, kinds)
	})
}

// ofKind returns what a kind declares, or nil for one that is unknown.
func (c *checker) ofKind(name string) *kindKeys {
	if own, ok := c.kinds[name]; ok {
		return own
	}
	var own *kindKeys
	if k, ok := c.env.Schema.Kind(name); ok {
		own = newKindKeys(k, c.cfg.Tool())
	}
	c.kinds[name] = own
	return own
}

// asGenerated reports whether a section says nothing but the defaults that generated configurations write.
func (c *checker) asGenerated(s *ir.Section, kind string) bool {
	own := c.ofKind(kind)
	if own == nil {
		return false
	}
	for _, p := range s.Precision {
		o := own.option(p.Var + typeSuffix)
		if o == nil || !sameType(p.Text, o) {
			return false
		}
	}
	for _, key := range s.Keys {
		o := own.option(ir.SnakeCase(key.Name))
		if o == nil || key.Name != "ReuseFactor" && o.Default != key.Value {
			return false
		}
	}
	return true
}

// section checks the settings of one entry against the kind of its layers.
func (c *checker) section(level string, s *ir.Section, kind string) {
	own := c.ofKind(kind)
	if own == nil {
		return
	}
	where := level + "." + s.Name + "."
	for _, p := range s.Precision {
		c.variable(where, p, own)
	}
	for _, key := range s.Keys {
		c.setting(where, key, s, own)
	}
}

// setting checks one key of a section for layers of a kind.
func (c *checker) setting(where string, key ir.Key, s *ir.Section, own *kindKeys) {
	snake := ir.SnakeCase(key.Name)
	k := c.keys.row(atKind, key.Name)
	switch {
	case k != nil && k.idle:
		o := own.option(snake)
		// What takes its place anyway, or what is generated, loses nothing.
		if rf, _ := s.Get(k.instead); key.Value == rf || o != nil && key.Value == o.Default {
			return
		}
		c.warn(key.Line, "%s: %s", where+key.Name, noEffect(k.instead))
	case c.keys.row(atLayer, key.Name) != nil: // of every kind, and checked when it was read
	case own.settings[snake]:
		c.value(where, key, own)
	default:
		c.warn(key.Line, "%s: has no effect on layers of kind %s", where+key.Name, own.kind.Name)
	}
}

// variable checks one entry of Precision.
func (c *checker) variable(where string, p ir.Precision, own *kindKeys) {
	k := c.keys.row(atVariable, p.Var)
	o := own.option(p.Var + typeSuffix)
	switch {
	case k != nil && slices.Contains(k.quantizers, own.kind.Name): // as generated
	case k != nil && k.idle && o != nil && sameType(p.Text, o): // as generated: nothing is lost
	case k != nil && k.idle:
		c.use(where, p, k)
	case !own.has(p.Var):
		c.warn(p.Line, "%sPrecision.%s: has no effect on layers of kind %s", where, p.Var, own.kind.Name)
	}
}

// use notes an entry of Precision that hls4ml does not read.
func (c *checker) use(where string, p ir.Precision, k *key) {
	u, ok := c.idle[p.Var]
	if !ok {
		u = &idleUse{where: where, instead: k.instead, line: p.Line}
		c.idle[p.Var] = u
		c.order = append(c.order, p.Var)
	}
	u.count++
}

// report gives one warning per kind of entry.
func (c *checker) report() {
	for _, name := range c.order {
		u := c.idle[name]
		more := ""
		if u.count > 1 {
			more = " (here and in other layers)"
		}
		c.warn(u.line, "%sPrecision.%s: %s%s", u.where, name, noEffect(u.instead), more)
	}
}

// value checks the value of a key that the kind has.
func (c *checker) value(where string, key ir.Key, own *kindKeys) {
	name := ir.SnakeCase(key.Name)
	if strings.HasSuffix(name, typeSuffix) || key.Value == nil {
		return // types are checked when they are read
	}
	if o := own.option(name); o != nil && len(o.Choices) > 0 {
		got, _ := key.Value.(string)
		if !slices.Contains(o.Choices, got) {
			c.fail(key.Line, "%s: got %s, want one of %s%s", where+key.Name, valueOf(key.Value),
				strings.Join(o.Choices, ", "), nearest(got, o.Choices))
		}
		return
	}
	_, err := ir.SetAttr(own.kind.NewAttrs(), name, key.Value)
	switch v := valueOf(key.Value); {
	case err == nil:
	case v.isMap: // the error would print the tree's inside
		c.fail(key.Line, "%s: got %s, want one value", where+key.Name, v)
	default:
		c.fail(key.Line, "%s: %s", where+key.Name, strings.TrimPrefix(err.Error(), name+": "))
	}
}
