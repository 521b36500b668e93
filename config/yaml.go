package config

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/hlsgo/hlsgo/ir"
)

// Bounds of a configuration; anchors let a short text stand for a huge one.
const (
	maxYAMLDepth  = 64
	maxYAMLValues = 1 << 18
)

// note is a remark about a line.
type note struct {
	line int
	text string
}

// ParseYAML reads a document whose top is a mapping as PyYAML's safe_load does, in order. name stands for the
// file in messages.
func ParseYAML(name string, text []byte) (*ir.Tree, error) {
	v, _, err := parseYAML(name, text)
	if err != nil {
		return nil, err
	}
	return v.tree(), nil
}

// parseYAML reads one document whose top is a mapping, with the scalar rules of PyYAML. Of a key that is
// there twice the last counts, as in PyYAML; the notes name such keys.
func parseYAML(name string, text []byte) (*value, []note, error) {
	doc, c, err := parseNodes(name, text)
	if err != nil {
		return nil, nil, err
	}
	return c.of[doc], c.repeated, nil
}

// parseNodes is parseYAML that gives the nodes of the text, and a converter that has what they say.
func parseNodes(name string, text []byte) (*yaml.Node, *converter, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, nil, fmt.Errorf("%s: %s", name, strings.Join(strings.Fields(err.Error()), " "))
	}
	if len(doc.Content) == 0 {
		return nil, nil, fmt.Errorf("%s: got nothing, want a configuration", name)
	}
	c := &converter{of: map[*yaml.Node]*value{}}
	root, err := c.value(doc.Content[0], 0)
	if err != nil {
		return nil, nil, fmt.Errorf("%s:%w", name, err)
	}
	if !root.isMap {
		return nil, nil, fmt.Errorf("%s:%d: got %s, want a mapping of keys", name, root.line, root)
	}
	return doc.Content[0], c, nil
}

// converter turns YAML nodes into values.
type converter struct {
	count    int
	repeated []note
	of       map[*yaml.Node]*value // what each node says
}

func (c *converter) value(n *yaml.Node, depth int) (*value, error) {
	v, err := c.convert(n, depth)
	c.of[n] = v
	return v, err
}

func (c *converter) convert(n *yaml.Node, depth int) (*value, error) {
	if c.count++; depth > maxYAMLDepth || c.count > maxYAMLValues {
		return nil, fmt.Errorf("%d: got more than %d levels or %d values, want fewer",
			n.Line, maxYAMLDepth, maxYAMLValues)
	}
	switch n.Kind {
	case yaml.AliasNode:
		return c.value(n.Alias, depth+1)
	case yaml.SequenceNode:
		return c.list(n, depth)
	case yaml.MappingNode:
		return c.mapping(n, depth)
	}
	return &value{scalar: scalarOf(n), line: n.Line}, nil
}

func (c *converter) list(n *yaml.Node, depth int) (*value, error) {
	v := &value{isList: true, line: n.Line}
	for _, e := range n.Content {
		x, err := c.value(e, depth+1)
		if err != nil {
			return nil, err
		}
		v.list = append(v.list, x)
	}
	return v, nil
}

func (c *converter) mapping(n *yaml.Node, depth int) (*value, error) {
	v := &value{isMap: true, line: n.Line}
	place := map[string]int{} // of a key in v.entries: a file may name 60,000 layers
	var merged []*value
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			return nil, fmt.Errorf("%d: key: got a mapping or list, want a text", key.Line)
		}
		x, err := c.value(n.Content[i+1], depth+1)
		if err != nil {
			return nil, err
		}
		if key.Value == "<<" && key.Style == 0 {
			merged = append(merged, x)
			continue
		}
		own := entry{key.Value, key.Line, x}
		if at, again := place[key.Value]; again {
			c.repeated = append(c.repeated, note{key.Line, key.Value + ": got it a second time, this one counts"})
			v.entries[at] = own
			continue
		}
		place[key.Value] = len(v.entries)
		v.entries = append(v.entries, own)
	}
	for _, m := range merged {
		v.merge(m, place)
	}
	return v, nil
}
