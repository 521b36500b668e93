package profiling

import (
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// Change gives one tensor of a final graph another type, or a layer's table another size.
type Change struct {
	Layer  string
	Key    string // "result_t", "accum_t", "weight_t", "table_t", ..., or TableSize
	Format fixed.Format
	Size   int // where Key is TableSize
}

// Apply makes the change; other tensors that share the type keep theirs.
// A new type is made and not the old one changed, for the reason that inference shares types: one ir.Type may
// be the result of a layer and the input of three.
func (c Change) Apply(g *ir.Graph) {
	n := g.Node(c.Layer)
	if n == nil {
		return
	}
	if c.Key == TableSize {
		// Every layer with the attribute takes an int; that it makes no network, kernels say.
		if _, err := n.Set(tableSize, c.Size); err != nil {
			panic("BUG: profiling: " + err.Error())
		}
		return
	}
	if c.Key == "result_t" {
		for _, v := range n.Vars {
			v.Type = &ir.Type{Name: v.Type.Name, Format: c.Format}
		}
		return
	}
	name := c.Layer + "_" + c.Key
	if t := n.Type(c.Key); t != nil {
		name = t.Name
	}
	n.SetType(c.Key, &ir.Type{Name: name, Format: c.Format})
}

// GroupOf is the part of a layer that a type belongs to, by its name.
// The order counts: inv_table_t and exp_table_t are tables, while inv_inp_t, which does not end in table_t,
// addresses one.
func GroupOf(key string) string {
	switch {
	case key == "result_t":
		return "result"
	case strings.HasSuffix(key, "accum_t"):
		return "accum"
	case key == "inv_inp_t" || key == "inp_norm_t":
		return "index"
	case strings.HasSuffix(key, "table_t"):
		return "table"
	}
	return "weights"
}

// keysOf lists the types of a node, by their names.
func keysOf(n *ir.Node) []string {
	var keys []string
	for _, t := range n.Types {
		keys = append(keys, t.Key)
	}
	for _, w := range n.Weights {
		keys = append(keys, w.Role+"_t")
	}
	// A type of indices has no values.
	return append(slices.DeleteFunc(keys, func(k string) bool { return k == "index_t" }), "result_t")
}
