package sim

import (
	"math"
	"math/big"
	"slices"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/ir"
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
		p.inputCounts = append(p.inputCounts, newInputCount(lo.health.slot(RoleInput, f), f))
	}
	p.slots, p.taps = lo.health.slots, lo.health.taps
	p.static = make([][]TensorHealth, len(g.Nodes))
	for i, n := range g.Nodes {
		for _, w := range n.Weights {
			p.static[i] = append(p.static[i], weightHealth(n, w))
		}
		for _, t := range lo.health.tables {
			if t.Layer == n.Name {
				p.static[i] = append(p.static[i], t)
			}
		}
	}
}

// weightHealth tells how the numbers of a weight fare in its type.
func weightHealth(n *ir.Node, w *ir.Weight) TensorHealth {
	t, f := newTally(), w.Type.Format
	for _, v := range w.Data.Data {
		t.weight(v, f)
	}
	h := t.row(n, Role{w.Role, w.Role + "_t"}, f)
	h.Static = true
	return h
}

// weight counts one weight on its way into a format, through the text that hls4ml prints.
func (t *tally) weight(v float64, f fixed.Format) {
	t.values++
	if !countable(f) {
		return
	}
	x := fixed.QuantizeWeightBig(new(big.Int), v, f)
	q := fixed.QuantizeWeightBig(new(big.Int), v, endless(f))
	t.becomes(v, q, x, f)
	if x.Sign() != 0 {
		t.fine = min(t.fine, int(x.TrailingZeroBits()))
	}
}

// table tells how the entries of a table fare in its type; of a table told twice the first counts.
func (h *healthLowering) table(n *ir.Node, key string, entries []Num) {
	known := func(t TensorHealth) bool { return t.Layer == n.Name && t.Key == key }
	if len(entries) == 0 || slices.ContainsFunc(h.tables, known) {
		return
	}
	t := newTally()
	for _, e := range entries {
		if e.isFloat {
			t.entry(e)
		}
	}
	r := t.row(n, Role{"table", key}, entries[0].T)
	r.Static = true
	h.tables = append(h.tables, r)
}

// entry counts one entry of a table. What is infinite, as 1/0, has no place in any type.
func (t *tally) entry(e Num) {
	t.values++
	if math.IsInf(e.float, 0) || math.IsNaN(e.float) || !countable(e.T) {
		return
	}
	q := fixed.FromFloat64Big(new(big.Int), e.float, endless(e.T))
	t.spanBig(e.float, q)
	switch {
	case q.Cmp(e.X) != 0:
		t.changed(1, e.T)
	case e.float != 0 && e.X.Sign() == 0:
		t.vanished++
	}
	if e.X.Sign() != 0 {
		t.fine = min(t.fine, int(e.X.TrailingZeroBits()))
	}
}
