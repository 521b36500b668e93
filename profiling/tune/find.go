package tune

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
)

// candidate is a knob to be tried, with other names for it.
type candidate struct {
	*knob
	others [][]name
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
				k.places, k.names = k.places[:1:1], c.others[0]
				next = append(next, candidate{&k, c.others[1:]})
			}
		}
		open = next
	}
	slices.SortStableFunc(found, func(a, b *knob) int { return cmp.Compare(f.order(a), f.order(b)) })
	found = join(found, f.base)
	link(found)
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
			k := &knob{names: names[0], places: []place{{n.Name, key}}, format: format}
			if !f.owned(n, k, key) {
				out = append(out, candidate{k, names[1:]})
			}
		}
		if size, ok := n.Get(tableSize); ok && f.tables[n.Name] {
			if names := f.only(n, "TableSize"); len(names) > 0 {
				k := &knob{names: names[0], places: []place{{n.Name, tableSize}}}
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
// work it does, or all of these: a linear activation goes when its type is that of the layer before.
func (f *finder) names(n *ir.Node, key string) [][]name {
	variable := precision + strings.TrimSuffix(key, "_t")
	list := f.only(n, variable)
	switch {
	case key == "result_t":
		return append(list, f.folded(n, variable)...)
	case strings.HasSuffix(key, "table_t"), key == "inv_inp_t", key == "inp_norm_t":
		return append(f.only(n, key), list...) // what hls4ml reads; see config
	case strings.HasSuffix(key, "accum_t"):
		return append(list, f.only(n, key)...)
	}
	return list
}

// folded lists the names of the layers that a node has taken over: one by one, and all with its own.
func (f *finder) folded(n *ir.Node, key string) [][]name {
	var list [][]name
	all := []name{{n.Name, key}}
	kept := f.keep(n.Name, key)
	for _, l := range slices.Backward(f.base.Parsed.Layers) {
		if l.Name == n.Name || !slices.Contains(n.Origin, l.Source) || f.base.Node(l.Name) != nil {
			continue
		}
		kept = kept || f.keep(l.Name, key)
		all = append(all, name{l.Name, key})
		list = append(list, []name{{l.Name, key}})
	}
	if kept {
		return nil
	}
	if len(all) > 1 {
		list = append(list, all)
	}
	return list
}

func (f *finder) only(n *ir.Node, key string) [][]name {
	if f.keep(n.Name, key) {
		return nil
	}
	return [][]name{{{n.Name, key}}}
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
		all = append(all, k.settings(value{format: mark(i), size: markSize(k.size), on: true})...)
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
