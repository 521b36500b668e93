package config

import (
	"fmt"
	"math"

	"github.com/hlsgo/hlsgo/ir"
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

// merge takes over the entries of m that v does not have, or of each in a list. have holds the place of each
// key in v.entries.
func (v *value) merge(m *value, have map[string]int) {
	for _, x := range m.list {
		v.merge(x, have)
	}
	for _, e := range m.entries {
		if _, ok := have[e.key]; !ok {
			have[e.key] = len(v.entries)
			v.entries = append(v.entries, e)
		}
	}
}

// isNull says that a key has no value, which is as if it were absent.
func (v *value) isNull() bool { return v.scalar == nil && !v.isMap && !v.isList }

// number returns a number as float64.
func (v *value) number() (float64, bool) {
	switch x := v.scalar.(type) {
	case int:
		return float64(x), true
	case float64:
		return x, !math.IsNaN(x)
	}
	return 0, false
}
