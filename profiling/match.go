package profiling

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
)

// Match joins a layer of the final graph with the layer of the network as read that answers the same.
type Match struct {
	Layer string // of the final graph
	Float string // of the graph as built, before any pass
	// Folded lists the source layers whose work the layer does beside its own, such as a batch normalization
	// in its weights.
	Folded []string
}

// MatchLayers finds, for each layer of the final graph, the layer of the graph as built (ir.Build, before any
// pass) whose answer is the same but for the types: the one of its name or, where passes took the layers
// behind that away and folded their work into it, the last of those. Where passes made several layers of one,
// the last of them answers what that one did. Layers that passes put in have none and are left out. The order
// is that of the final graph.
// Names alone do not do. Passes keep a layer's name while they fold the next layer into it, and what it
// answers then is the next one's answer; comparing it with its own float answer would show a difference that
// is none.
func MatchLayers(built, final *ir.Graph) []Match {
	var out []Match
	for i, n := range final.Nodes {
		f := built.Node(n.Name)
		if f == nil || continued(built, final, i) {
			f = split(built, final, i)
			if f == nil {
				f = renamed(built, final, i)
			}
		}
		if f == nil || len(n.Vars) == 0 {
			continue
		}
		own := f.Origin
		f = lastFolded(built, final, n, f)
		// The last guard: layers of unequal size cannot answer the same, whatever their names say.
		if f.Out().Size() == n.Vars[len(n.Vars)-1].Size() {
			out = append(out, Match{Layer: n.Name, Float: f.Name, Folded: folded(n, own)})
		}
	}
	return out
}

// split is the layer that passes made several of, the last of which is node i of the final graph; nil: there
// is none.
func split(built, final *ir.Graph, i int) *ir.Node {
	n := final.Nodes[i]
	first := slices.IndexFunc(final.Nodes, func(o *ir.Node) bool { return slices.Equal(o.Origin, n.Origin) })
	if built.Node(n.Name) != nil || first == i || continued(built, final, i) {
		return nil
	}
	for _, f := range built.Nodes {
		if slices.Equal(f.Origin, n.Origin) {
			at := slices.IndexFunc(final.Nodes, func(o *ir.Node) bool { return o.Name == f.Name })
			if at < 0 || continued(built, final, at) {
				return f
			}
		}
	}
	return nil
}

// renamed is the layer in whose place a pass put node i of the final graph under another name, as it makes a
// Dense of a product with constant weights; nil: there is none.
func renamed(built, final *ir.Graph, i int) *ir.Node {
	n := final.Nodes[i]
	if built.Node(n.Name) != nil || len(n.Origin) == 0 || continued(built, final, i) {
		return nil
	}
	at := slices.IndexFunc(built.Nodes, func(f *ir.Node) bool {
		return len(f.Origin) > 0 && f.Origin[0] == n.Origin[0] && final.Node(f.Name) == nil
	})
	// Two nodes of one source are for split to tell apart.
	twin := slices.IndexFunc(final.Nodes, func(o *ir.Node) bool {
		return o != n && len(o.Origin) > 0 && o.Origin[0] == n.Origin[0]
	})
	if at < 0 || twin >= 0 {
		return nil
	}
	return built.Nodes[at]
}

// continued reports whether passes put nodes behind node i of the final graph that do the rest of its layer's
// work, such as the scales of a quantizer.
func continued(built, final *ir.Graph, i int) bool {
	return slices.ContainsFunc(final.Nodes[i+1:], func(o *ir.Node) bool {
		return slices.Equal(o.Origin, final.Nodes[i].Origin) && built.Node(o.Name) == nil
	})
}

// lastFolded follows the layers behind f that the final graph lacks and n has taken over.
func lastFolded(built, final *ir.Graph, n, f *ir.Node) *ir.Node {
	for {
		// With two consumers the layer's own answer is needed by the other one, so it cannot have been folded
		// away.
		next := built.Consumers(f.Outputs[0])
		if len(next) != 1 || final.Node(next[0].Name) != nil || slices.Contains(built.Outputs, f.Outputs[0]) ||
			!within(next[0].Origin, n.Origin) {
			return f
		}
		f = next[0]
	}
}

func within(some, all []string) bool {
	return len(some) > 0 && !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}

// folded lists the sources of n beside its own.
func folded(n *ir.Node, own []string) []string {
	var out []string
	for _, s := range n.Origin {
		if !slices.Contains(own, s) && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
