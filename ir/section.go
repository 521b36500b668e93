package ir

import (
	"slices"
	"strings"
	"unicode"
)

// sectionIndex finds the sections of layers by name. Where several have a name, the first counts.
type sectionIndex struct {
	exact, folded map[string]*Section // by the name as written, and without case
	length        int                 // of the list that it describes; another one has no index
}

// own returns a copy of c with a list of layers' sections of its own, and an index of it. A graph works with
// such a copy: what it was built with may serve other graphs, at the same time.
func (c *Config) own() *Config {
	o := *c
	o.HLS.Names, o.HLS.Types = slices.Clone(c.HLS.Names), slices.Clone(c.HLS.Types)
	o.reindex()
	return &o
}

func (c *Config) reindex() {
	c.sections = &sectionIndex{exact: map[string]*Section{}, folded: map[string]*Section{}}
	for _, s := range c.HLS.Names {
		c.sections.add(s)
	}
}

func (ix *sectionIndex) add(s *Section) {
	ix.length++
	if ix.exact[s.Name] == nil {
		ix.exact[s.Name] = s
	}
	if key := foldCase(s.Name); ix.folded[key] == nil {
		ix.folded[key] = s
	}
}

// indexed returns the index when it describes the sections as they are, else nil.
func (c *Config) indexed() *sectionIndex {
	if c.sections != nil && c.sections.length == len(c.HLS.Names) {
		return c.sections
	}
	return nil
}

// Merged is what the configuration says of a layer: the entry of its type, overwritten by that of its name,
// key by key. It is nil when there is neither. mirrors HLSConfig.get_layer_config.
func (c *Config) Merged(layer, kind string) *Section {
	var out *Section
	for _, list := range [][]*Section{c.HLS.Types, c.HLS.Names} {
		for _, s := range list {
			if s.Name != kind && s.Name != layer {
				continue
			}
			if out == nil {
				out = &Section{Line: s.Line}
			}
			if len(s.Precision) > 0 {
				out.Precision = s.Precision
			}
			for _, k := range s.Keys {
				out.Keys = slices.DeleteFunc(out.Keys, func(o Key) bool { return o.Name == k.Name })
				out.Keys = append(out.Keys, k)
			}
		}
	}
	return out
}

// SetSection gives a layer a section of its own by name, in the configuration of the graph alone.
func (g *Graph) SetSection(own *Section) {
	c := g.Config
	if ix := c.indexed(); ix != nil && ix.exact[own.Name] == nil {
		c.HLS.Names = append(c.HLS.Names, own)
		ix.add(own)
		return
	}
	same := func(o *Section) bool { return o.Name == own.Name }
	c.HLS.Names = append(slices.DeleteFunc(slices.Clone(c.HLS.Names), same), own)
	c.reindex()
}

// SetKindPrecision gives a variable another type in the section of a kind, in the configuration of the graph
// alone; nothing happens where there is none.
func (g *Graph) SetKindPrecision(kind, variable, text string) {
	types := g.Config.HLS.Types
	at := slices.IndexFunc(types, func(s *Section) bool { return s.Name == kind })
	if at < 0 {
		return
	}
	s := *types[at]
	is := func(p Precision) bool { return p.Var == variable }
	s.Precision = slices.DeleteFunc(slices.Clone(s.Precision), is)
	s.Precision = append(s.Precision, Precision{Var: variable, Text: text})
	types[at] = &s
}

// foldCase gives the same text for all names that strings.EqualFold takes for equal: of the letters that
// differ in case alone it takes the smallest.
func foldCase(s string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			least = min(least, other)
		}
		return least
	}, s)
}
