package tune

import (
	"cmp"
	"fmt"
	mathbits "math/bits"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/profiling"
)

// place is a type, or the size of a table, in the final graph.
type place struct {
	node, key string // key "accum_t", "result_t", or tableSize
}

const tableSize = "table_size"

// knob is a setting that can be turned, with what it turns in the final graph.
type knob struct {
	layer, key string
	places     []place      // the first is what the knob was looked for
	format     fixed.Format // as it is; of a table's size, none
	size       int          // of a table, as it is
	// fit is what trained quantizers say of the type: it is the only value beside the one that there is.
	fit *fixed.Format

	table *knob // the size of the table that the type addresses; nil: it addresses none, or one that stays

	now, safe value // in the search, and where nothing is lost
}

// value is one position of a knob; the zero value leaves the configuration as it is.
type value struct {
	format fixed.Format
	size   int
	on     bool
}

// setting is the knob in a position; ok is false where it is as it was.
func (k *knob) setting(v value) (s Setting, ok bool) {
	if !v.on {
		return s, false
	}
	s = Setting{Layer: k.layer, Key: k.key, Value: v.format.String()}
	if k.isSize() {
		s.Value = v.size
	}
	return s, true
}

func (k *knob) isSize() bool { return k.places[0].key == tableSize }

// settings are those of all knobs as they are now.
func settings(knobs []*knob) []Setting {
	var out []Setting
	for _, k := range knobs {
		v := k.now
		if k.table != nil {
			v.format.W = min(v.format.W, mathbits.Len(uint(k.table.inEffect()))-1)
		}
		if s, ok := k.setting(v); ok {
			out = append(out, s)
		}
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

// candidate is a knob to be tried, with other names for it.
type candidate struct {
	*knob
	others []Setting // layer and key
}

// finder looks for the settings that reach the types of the final graph.
// Passes rename, merge and copy types, so no table could tell; it sets types that nobody would and looks
// where they come out.
type finder struct {
	b    *bench
	base *ir.Graph
	keep func(layer, key string) bool
	// tables are the nodes that look tables up.
	tables map[string]bool
}

// find lists the knobs of the model.
func (f *finder) find() ([]*knob, error) {
	var found []*knob
	reached := map[place]bool{}
	open := f.candidates()
	for len(open) > 0 {
		var list []*knob
		for _, c := range open {
			if !reached[c.places[0]] {
				list = append(list, c.knob)
			}
		}
		for i := 0; i < len(list); i += markSizes * markBits {
			if err := f.reach(list[i:min(len(list), i+markSizes*markBits)]); err != nil {
				return nil, err
			}
		}
		var next []candidate
		for _, c := range open {
			switch {
			case reached[c.places[0]]:
			case len(c.places) > 1 && c.places[1] == c.places[0]: // it came out where it was looked for
				c.places = c.places[1:]
				for _, p := range c.places {
					reached[p] = true
				}
				found = append(found, c.knob)
			case len(c.others) > 0:
				k := *c.knob
				k.places = k.places[:1]
				k.layer, k.key = c.others[0].Layer, c.others[0].Key
				next = append(next, candidate{&k, c.others[1:]})
			}
		}
		open = next
	}
	link(found)
	slices.SortStableFunc(found, func(a, b *knob) int { return cmp.Compare(f.order(a), f.order(b)) })
	return found, nil
}

// order is the place of a knob's node in the graph.
func (f *finder) order(k *knob) int {
	return slices.IndexFunc(f.base.Nodes, func(n *ir.Node) bool { return n.Name == k.places[0].node })
}

// candidates lists what might be set, each with all the names that it might have.
func (f *finder) candidates() []candidate {
	var out []candidate
	for _, n := range f.base.Nodes {
		for _, key := range keysOf(n) {
			format := n.Format(key)
			if key != "inp_norm_t" && !format.IsFixedOrInt() {
				continue
			}
			if strings.HasSuffix(key, "table_t") && !f.tables[n.Name] {
				continue
			}
			names := f.names(n, key)
			if len(names) == 0 {
				continue
			}
			k := &knob{layer: names[0].Layer, key: names[0].Key, places: []place{{n.Name, key}}, format: format}
			if !f.owned(n, k, key) {
				out = append(out, candidate{k, names[1:]})
			}
		}
		if size, ok := n.Get(tableSize); ok && f.tables[n.Name] {
			if names := f.only(n, "TableSize"); len(names) > 0 {
				k := &knob{layer: n.Name, key: "TableSize", places: []place{{n.Name, tableSize}}}
				k.size, _ = size.(int)
				out = append(out, candidate{k, nil})
			}
		}
	}
	return out
}

// keysOf lists the types of a node by their names, those that a setting may add included.
func keysOf(n *ir.Node) []string {
	var keys []string
	for _, t := range n.Types {
		keys = append(keys, t.Key)
	}
	for _, w := range n.Weights {
		keys = append(keys, w.Role+"_t")
	}
	keys = append(keys, "result_t")
	if isStable(n) && n.Type("inp_norm_t") == nil {
		keys = append(keys, "inp_norm_t")
	}
	// A type of indices has no values.
	return slices.DeleteFunc(keys, func(k string) bool { return k == "index_t" })
}

// isStable reports whether a node is a softmax that subtracts the largest value first.
func isStable(n *ir.Node) bool {
	how, _ := n.Get("implementation")
	return n.Kind == "Softmax" && fmt.Sprint(how) == "stable"
}

// names lists where the type of a node may be set: under its own name, or for a result that of a layer whose
// work it does.
func (f *finder) names(n *ir.Node, key string) []Setting {
	variable := strings.TrimSuffix(key, "_t")
	list := f.only(n, precision+variable)
	switch {
	case key == "result_t":
		for _, l := range slices.Backward(f.base.Parsed.Layers) {
			if l.Name != n.Name && slices.Contains(n.Origin, l.Source) && !f.keep(l.Name, key) {
				list = append(list, Setting{Layer: l.Name, Key: precision + variable})
			}
		}
	case strings.HasSuffix(key, "table_t"), key == "inv_inp_t", key == "inp_norm_t":
		list = append(f.only(n, key), list...) // what hls4ml reads; see config
	case strings.HasSuffix(key, "accum_t"):
		list = append(list, f.only(n, key)...)
	}
	return list
}

func (f *finder) only(n *ir.Node, key string) []Setting {
	if f.keep(n.Name, key) {
		return nil
	}
	return []Setting{{Layer: n.Name, Key: key}}
}

// owned reports whether a type is a trained quantizer's and as the quantizer wants it. Where the
// configuration has another, the knob's one position is the quantizer's.
func (f *finder) owned(n *ir.Node, k *knob, key string) bool {
	role := strings.TrimSuffix(key, "_t")
	var q ir.Quantizer
	if w := n.Weight(role); w != nil {
		q = w.Quantizer
	}
	if key == "result_t" {
		q = n.Data.Quantizers["activation_quantizer"]
	}
	if q == nil {
		return false
	}
	want := q.Format().In(f.b.Config.Family)
	if want == k.format {
		return true
	}
	k.fit = &want
	return false
}

// Marks are types that nobody would set: their modes occur in no configuration, and their sizes tell knobs
// apart.
const (
	markSizes = 36
	markBits  = 16
)

func mark(i int) fixed.Format {
	f := fixed.Fixed(24+i%markSizes, 3+i/markSizes)
	f.Q, f.O = fixed.RNDMinInf, fixed.SATSym
	return f
}

// reach sets all knobs of a list at once and adds to each the places where it came out. Where that makes no
// network, or another one, halves of the list are tried.
func (f *finder) reach(list []*knob) error {
	if len(list) == 0 {
		return nil
	}
	if err := f.b.ctx.Err(); err != nil {
		return err
	}
	var all []Setting
	for i, k := range list {
		v := value{format: mark(i), size: markSize(k.size), on: true}
		s, _ := k.setting(v)
		all = append(all, s)
	}
	g, err := f.b.Build(Apply(f.b.Config, all))
	if err == nil && sameNodes(g, f.base) {
		f.collect(g, list)
		return nil
	}
	if len(list) == 1 {
		return nil
	}
	half := len(list) / 2
	if err := f.reach(list[:half]); err != nil {
		return err
	}
	return f.reach(list[half:])
}

// markSize is another power of two.
func markSize(size int) int {
	if size == 2048 {
		return 4096
	}
	return 2048
}

func (f *finder) collect(g *ir.Graph, list []*knob) {
	at := map[fixed.Format]*knob{}
	for i, k := range list {
		if !k.isSize() {
			at[mark(i).In(f.b.Config.Family)] = k
			continue
		}
		if size, ok := g.Node(k.places[0].node).Get(tableSize); ok && size == markSize(k.size) {
			k.places = append(k.places, k.places[0])
		}
	}
	for _, n := range g.Nodes {
		for _, key := range keysOf(n) {
			k := at[n.Format(key)]
			if k == nil {
				continue
			}
			p := place{n.Name, key}
			if p == k.places[0] && len(k.places) > 1 {
				k.places = slices.Insert(k.places, 1, p)
			} else {
				k.places = append(k.places, p)
			}
		}
	}
}

func sameNodes(a, b *ir.Graph) bool {
	return slices.EqualFunc(a.Nodes, b.Nodes, func(x, y *ir.Node) bool {
		return x.Name == y.Name && x.Kind == y.Kind
	})
}
