package ir_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/stretchr/testify/require"
)

// TestSweepAsIfAllWereAsked runs flows of random rules over random graphs twice: with passes that are Near,
// which look again at what is near a change, and with passes that are not, which look at every node after
// every change, as hls4ml does. Which pass works on which node, when, and what results must be the same.
func TestSweepAsIfAllWereAsked(t *testing.T) {
	steps := 0
	for seed := range uint64(1000) {
		near, far := randomRun(t, seed, ir.Near), randomRun(t, seed, ir.Far)
		require.Equal(t, far.log, near.log, "seed %d", seed)
		require.Equal(t, far.text, near.text, "seed %d", seed)
		require.Equal(t, far.applied, near.applied, "seed %d", seed)
		require.LessOrEqual(t, near.asked, far.asked, "seed %d", seed)
		steps += len(near.log)
	}
	require.Greater(t, steps, 15_000)
}

// TestSweepCountsSteps wants the number of questions to grow with the number of nodes, not with its square,
// when every node makes the flow start again.
func TestSweepCountsSteps(t *testing.T) {
	asked := func(nodes int) int {
		var more []*ir.Layer
		for i := range nodes {
			from := "c"
			if i > 0 {
				from = fmt.Sprintf("n%d", i-1)
			}
			more = append(more, &ir.Layer{Name: fmt.Sprintf("n%d", i), Kind: "Unit", Inputs: []string{from}})
		}
		g := build(t, chain(more...), config())
		k := 0
		match := func(n *ir.Node) bool { k++; return n.Kind == "Unit" }
		none := ir.Pass{Name: "none", Match: func(*ir.Node) bool { k++; return false }}
		drop := ir.Pass{Name: "drop", Match: match, Apply: func(n *ir.Node) (bool, error) {
			return true, n.Graph().Remove(n)
		}}
		require.NoError(t, (&ir.Flow{Name: "f", Passes: ir.Near(none, drop, none)}).Run(g, nil))
		require.Len(t, g.Nodes, 1)
		return k
	}
	require.Less(t, asked(1000), 10*1003)
	require.Less(t, asked(2000), 10*2003)
}

// randomly is what one run of a random flow over a random graph did.
type randomly struct {
	log     []string // pass and node, application by application
	text    string
	applied []ir.AppliedFlow
	asked   int
}

func randomRun(t *testing.T, seed uint64, reach func(...ir.Pass) []ir.Pass) randomly {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 1))
	g := randomGraph(t, rng)
	var out randomly
	var list []ir.Pass
	for i := range 4 + rng.IntN(9) {
		list = append(list, randomPass(rng, fmt.Sprintf("p%d", i), &out))
	}
	half := len(list) / 2
	f := &ir.Flow{Name: "then", Passes: reach(list[half:]...), Requires: []*ir.Flow{
		{Name: "first", Passes: reach(list[:half]...)},
	}}
	err := f.Run(g, func(g *ir.Graph, _ ir.Pass) error { return ir.Verify(g, g.Schema) })
	if err != nil {
		out.log = append(out.log, err.Error())
	}
	var b bytes.Buffer
	require.NoError(t, g.WriteText(&b))
	for _, n := range g.Nodes {
		fmt.Fprintf(&b, "%s %d %+v\n", n.Name, n.Index, *ir.Attrs[unitAttrs](n))
	}
	out.text, out.applied = b.String(), g.Applied
	return out
}

// randomGraph is a network of some branches; the size of a node is how often it may still be changed, and the
// mode is what rules ask for.
func randomGraph(t *testing.T, rng *rand.Rand) *ir.Graph {
	t.Helper()
	p := &ir.Parsed{Layers: []*ir.Layer{{Name: "x", Kind: "Input", Attrs: &unitAttrs{Shape: []int{2}}}}}
	read := map[string]bool{}
	for i := range 5 + rng.IntN(30) {
		l := &ir.Layer{Name: fmt.Sprintf("n%d", i), Kind: "Unit"}
		for range 1 + rng.IntN(5)/4 {
			from := len(p.Layers) - 1 - min(rng.IntN(8)/5*rng.IntN(4), len(p.Layers)-1)
			l.Inputs = append(l.Inputs, p.Layers[from].Name)
			read[p.Layers[from].Name] = true
		}
		l.Attrs = &unitAttrs{Size: rng.IntN(4), Mode: randomMode(rng)}
		p.Layers = append(p.Layers, l)
	}
	for _, l := range p.Layers[1:] {
		if !read[l.Name] || rng.IntN(12) == 0 {
			p.Outputs = append(p.Outputs, l.Name)
		}
	}
	return build(t, p, config())
}

func randomMode(rng *rand.Rand) string { return string("abc"[rng.IntN(3)]) }

// randomPass asks for the mode of a node and of one next to it, and makes one of the edits that there are.
func randomPass(rng *rand.Rand, name string, out *randomly) ir.Pass {
	mode, beside, becomes := randomMode(rng), randomMode(rng), randomMode(rng)
	above, edit, restart := rng.IntN(2) == 0, rng.IntN(8), rng.IntN(4) > 0
	return ir.Pass{
		Name: name,
		Match: func(n *ir.Node) bool {
			out.asked++
			a := ir.Attrs[unitAttrs](n)
			return n.Kind == "Unit" && a.Mode == mode && a.Size > 0 && slices.ContainsFunc(
				nextTo(n, above), func(m *ir.Node) bool { return ir.Attrs[unitAttrs](m).Mode == beside })
		},
		Apply: func(n *ir.Node) (bool, error) {
			out.log = append(out.log, name+" "+n.Name)
			ir.Attrs[unitAttrs](n).Size--
			changed, err := randomEdit(n, edit, becomes, above)
			return changed || restart, err
		},
	}
}

// nextTo lists the nodes that n reads, or those that read it.
func nextTo(n *ir.Node, above bool) []*ir.Node {
	var out []*ir.Node
	if !above {
		return n.Graph().Consumers(n.Outputs[0])
	}
	for _, t := range n.Inputs {
		out = append(out, n.Graph().Producer(t))
	}
	return out
}

func randomEdit(n *ir.Node, edit int, mode string, above bool) (changed bool, err error) {
	g, left := n.Graph(), ir.Attrs[unitAttrs](n).Size
	fresh := func(suffix string, inputs ...string) *ir.Node {
		m, made := g.NewNode(ir.NodeSpec{
			Kind: "Unit", Name: fmt.Sprintf("%s_%s%d", n.Name, suffix, left), Inputs: inputs,
			Attrs: &unitAttrs{Mode: mode, Size: left},
		})
		err = made
		return m
	}
	switch edit {
	case 0:
		ir.Attrs[unitAttrs](n).Mode = mode
		return false, nil
	case 1: // a node next to it
		for _, m := range nextTo(n, above) {
			ir.Attrs[unitAttrs](m).Mode = mode
		}
		return false, nil
	case 2:
		if len(n.Inputs) == 1 && !slices.Contains(g.Outputs, n.Outputs[0]) {
			return true, g.Remove(n)
		}
		return false, nil
	case 3:
		if m := fresh("behind", n.Outputs[0]); err == nil {
			return true, g.Insert(m, nil, 0)
		}
	case 4:
		if m := fresh("before", n.Inputs[0]); err == nil {
			return true, g.Insert(m, n, 0)
		}
	case 5:
		first := fresh("first", n.Inputs...)
		if m := fresh("then", first.Outputs[0]); err == nil {
			return true, g.Replace(n, first, m)
		}
	case 6: // a node far away, which has to be named
		far := g.Nodes[len(g.Nodes)-1]
		ir.Attrs[unitAttrs](far).Mode = mode
		g.Touch(far)
		return false, nil
	case 7: // reads further up
		if p := g.Producer(n.Inputs[0]); len(p.Inputs) == 1 && p.Kind == "Unit" &&
			len(g.Consumers(p.Outputs[0])) > 1 {
			g.SetInput(n, 0, p.Inputs[0])
		}
		return false, nil
	}
	return true, err
}
