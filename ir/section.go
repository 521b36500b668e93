package ir

import "slices"

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

// SetSection gives a layer a section of its own by name, in a configuration of the graph's own: the one that
// the graph was built with may serve others.
func (g *Graph) SetSection(own *Section) {
	c := *g.Config
	same := func(o *Section) bool { return o.Name == own.Name }
	c.HLS.Names = append(slices.DeleteFunc(slices.Clone(c.HLS.Names), same), own)
	g.Config = &c
}
