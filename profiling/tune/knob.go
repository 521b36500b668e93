package tune

import (
	mathbits "math/bits"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/profiling"
)

// place is a type, or the size of a table, in the final graph.
type place struct {
	node, key string // key "accum_t", "result_t", or tableSize
}

const tableSize = "table_size"

// name is where a configuration sets something.
type name struct{ layer, key string }

// knob is a setting that can be turned, or some that have to be turned together, with what they turn in the
// final graph.
type knob struct {
	names  []name
	places []place      // the first is what the knob was looked for
	format fixed.Format // as it is; of a table's size, none
	size   int          // of a table, as it is
	// fit is what trained quantizers say of the type: it is the only value beside the one that there is.
	fit   *fixed.Format
	table *knob // the size of the table that the type addresses; nil: it addresses none, or one that stays

	now, safe value // in the search, and where nothing is lost
}

// value is one position of a knob; the zero value leaves the configuration as it is.
type value struct {
	format fixed.Format
	size   int
	on     bool
}

func (k *knob) isSize() bool { return k.places[0].key == tableSize }

// settings are the knob in a position; none where it is as it was.
func (k *knob) settings(v value) []Setting {
	if !v.on {
		return nil
	}
	if k.table != nil {
		v.format.W = min(v.format.W, mathbits.Len(uint(k.table.inEffect()))-1)
	}
	var out []Setting
	for _, n := range k.names {
		s := Setting{Layer: n.layer, Key: n.key, Value: v.format.String()}
		if k.isSize() {
			s.Value = v.size
		}
		out = append(out, s)
	}
	return out
}

// settings are those of all knobs as they are now.
func settings(knobs []*knob) []Setting {
	var out []Setting
	for _, k := range knobs {
		out = append(out, k.settings(k.now)...)
	}
	return out
}

// inEffect is the size of a table in the search.
func (k *knob) inEffect() int {
	if k.now.on {
		return k.now.size
	}
	return k.size
}

// position is the format in effect in the search.
func (k *knob) position() fixed.Format {
	if k.now.on {
		return k.now.format
	}
	return k.format
}

// link joins the types that address tables with the sizes of these. An address is the top bits of a value:
// with just as many bits as the table has places it is the rounded value, with more it is cut off.
func link(knobs []*knob) {
	for _, k := range knobs {
		if k.isSize() || profiling.GroupOf(k.places[0].key) != "index" {
			continue
		}
		at := slices.IndexFunc(knobs, func(o *knob) bool {
			return o.isSize() && o.places[0].node == k.places[0].node
		})
		if at >= 0 {
			k.table = knobs[at]
		}
	}
}

// join makes one knob of those whose types C++ wants to be equal: an LSTM has one type for its input, its
// sums and its states, and so have other recurrent layers that keep their state between calls. Types that
// differ already are left alone.
func join(knobs []*knob, g *ir.Graph) []*knob {
	at := func(p place) *knob {
		i := slices.IndexFunc(knobs, func(k *knob) bool { return slices.Contains(k.places, p) })
		if i < 0 {
			return nil
		}
		return knobs[i]
	}
	for _, n := range g.Nodes {
		for _, same := range equals(n, g) {
			first := at(same[0])
			for _, p := range same[1:] {
				other := at(p)
				if first == nil || other == nil || other == first || other.format != first.format {
					continue
				}
				first.names = append(first.names, other.names...)
				first.places = append(first.places, other.places...)
				knobs = slices.DeleteFunc(knobs, func(k *knob) bool { return k == other })
			}
		}
	}
	return knobs
}

// equals lists the types of a node that C++ wants to be equal.
func equals(n *ir.Node, g *ir.Graph) [][]place {
	static, hasStates := n.Get("static")
	if !hasStates || len(n.Inputs) == 0 {
		return nil
	}
	before := g.Producer(n.Inputs[0])
	out := []place{{n.Name, "result_t"}}
	if before != nil {
		out = append(out, place{before.Name, "result_t"})
	}
	switch {
	case n.Kind == "LSTM" || n.Kind == "Bidirectional":
		return [][]place{append(out, place{n.Name, "accum_t"})}
	case static == false:
		return [][]place{out}
	}
	return nil
}
