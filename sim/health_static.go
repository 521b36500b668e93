package sim

import (
	"slices"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/sim/health"
)

// count prepares a program for its report: the tallies of what was lowered, and what is known without data.
func (p *Program) count(g *ir.Graph, lo *Lowering) {
	if lo.health == nil {
		return
	}
	p.counts, p.graphNodes = true, g.Nodes
	for _, name := range g.Inputs {
		i := slices.Index(g.Nodes, g.Node(name))
		lo.health.begin(i)
		f := g.Nodes[i].Out().Type.Format
		p.inputCounts = append(p.inputCounts, newInputCount(lo.health.slot(health.RoleInput, f), f))
	}
	p.slots, p.taps, p.places = lo.health.slots, lo.health.taps, lo.health.places
	p.static = make([][]TensorHealth, len(g.Nodes))
	for i, n := range g.Nodes {
		if p.opts.Moving {
			break
		}
		for _, w := range n.Weights {
			if n.Strategy == ir.DistributedArithmetic { // whose weights are in no type
				break
			}
			p.static[i] = append(p.static[i], weightHealth(n, w))
		}
		for _, t := range lo.health.tables {
			if t.Layer == n.Name {
				p.static[i] = append(p.static[i], t)
			}
		}
	}
}

// Constants are counted at once, by exact numbers: there are few of them, and they are converted once,
// whatever the samples.

// weightHealth tells how the numbers of a weight fare in its type.
func weightHealth(n *ir.Node, w *ir.Weight) TensorHealth {
	t, f := health.NewTally(), w.Type.Format
	for _, v := range w.Data.Data {
		t.Weight(v, f)
	}
	h := t.Row(n.Name, n.Kind, Role{Name: w.Role, Key: w.Role + "_t"}, f)
	h.Static = true
	return h
}

// table tells how the entries of a table fare in its type; of a table told twice the first counts.
func (h *healthLowering) table(n *ir.Node, key string, entries []Num) {
	known := func(t TensorHealth) bool { return t.Layer == n.Name && t.Key == key }
	if len(entries) == 0 || slices.ContainsFunc(h.tables, known) {
		return
	}
	t := health.NewTally()
	for _, e := range entries {
		if e.isFloat {
			t.Entry(e.float, e.X, e.T)
		}
	}
	r := t.Row(n.Name, n.Kind, Role{Name: health.RoleTable.Name, Key: key}, entries[0].T)
	r.Static = true
	h.tables = append(h.tables, r)
}
