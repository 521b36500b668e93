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

// value is one value of a configuration and where it came from. Exactly one of scalar, list and entries
// counts, by isList and isMap.
type value struct {
	scalar  any // nil, bool, int, float64 or string
	list    []*value
	entries []entry
	isList  bool
	isMap   bool
	line    int    // in the file; 0 for values that no file holds
	flag    string // the flag that set it; "" for none
}

// entry is one key of a mapping.
type entry struct {
	key   string
	line  int
	value *value
}

// note is a remark about a line.
type note struct {
	line int
	text string
}

// get returns the value under key, or nil.
func (v *value) get(key string) *value {
	for i := range v.entries {
		if v.entries[i].key == key {
			return v.entries[i].value
		}
	}
	return nil
}

// set replaces the value under key, or appends it.
func (v *value) set(key string, to *value) {
	v.isMap = true
	for i := range v.entries {
		if v.entries[i].key == key {
			v.entries[i].value, v.entries[i].line = to, to.line
			return
		}
	}
	v.entries = append(v.entries, entry{key, to.line, to})
}

// any returns plain Go: *ir.Tree, []any or a scalar.
func (v *value) any() any {
	switch {
	case v.isMap:
		return v.tree()
	case v.isList:
		out := make([]any, len(v.list))
		for i, x := range v.list {
			out[i] = x.any()
		}
		return out
	}
	return v.scalar
}

func (v *value) tree() *ir.Tree {
	t := &ir.Tree{}
	for _, e := range v.entries {
		t.Keys, t.Values = append(t.Keys, e.key), append(t.Values, e.value.any())
	}
	return t
}

// valueOf is the way back from plain Go.
func valueOf(x any) *value {
	switch x := x.(type) {
	case *ir.Tree:
		v := &value{isMap: true}
		for i, k := range x.Keys {
			v.entries = append(v.entries, entry{k, 0, valueOf(x.Values[i])})
		}
		return v
	case []any:
		v := &value{isList: true}
		for _, e := range x {
			v.list = append(v.list, valueOf(e))
		}
		return v
	}
	return &value{scalar: x}
}

// String is the value as a message shows it.
func (v *value) String() string {
	switch {
	case v.isMap:
		return "a mapping"
	case v.isList:
		return "a list"
	case v.scalar == nil:
		return "null"
	}
	if s, ok := v.scalar.(string); ok {
		return fmt.Sprintf("%q", s)
	}
	return fmt.Sprint(v.scalar)
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
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, nil, fmt.Errorf("%s: %s", name, strings.Join(strings.Fields(err.Error()), " "))
	}
	if len(doc.Content) == 0 {
		return nil, nil, fmt.Errorf("%s: got nothing, want a configuration", name)
	}
	c := &converter{}
	root, err := c.value(doc.Content[0], 0)
	if err != nil {
		return nil, nil, fmt.Errorf("%s:%w", name, err)
	}
	if !root.isMap {
		return nil, nil, fmt.Errorf("%s:%d: got %s, want a mapping of keys", name, root.line, root)
	}
	return root, c.repeated, nil
}

// converter turns YAML nodes into values.
type converter struct {
	count    int
	repeated []note
}

func (c *converter) value(n *yaml.Node, depth int) (*value, error) {
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
		if v.get(key.Value) != nil {
			c.repeated = append(c.repeated, note{key.Line, key.Value + ": got it a second time, this one counts"})
		}
		v.set(key.Value, x)
		for k := range v.entries {
			if v.entries[k].key == key.Value {
				v.entries[k].line = key.Line
			}
		}
	}
	for _, m := range merged {
		v.merge(m)
	}
	return v, nil
}

// merge takes over the entries of m that v does not have, or of each in a list.
func (v *value) merge(m *value) {
	for _, x := range m.list {
		v.merge(x)
	}
	for _, e := range m.entries {
		if v.get(e.key) == nil {
			v.entries = append(v.entries, e)
		}
	}
}
