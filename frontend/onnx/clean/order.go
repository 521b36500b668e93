package clean

import (
	"errors"
	"fmt"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

// Sort puts nodes in the order of their levels: a node stands one level above the highest that it reads.
// Within a level they keep their order. Cycles are errors.
func Sort(g *graph.Graph) error {
	level, err := levels(g)
	if err != nil {
		return err
	}
	slices.SortStableFunc(g.Nodes, func(a, b *graph.Node) int { return level[a] - level[b] })
	return nil
}

// CheckOrder sorts nodes where one stands in front of another that it reads, and leaves other graphs as they
// are. Cycles are errors.
func CheckOrder(g *graph.Graph) error {
	producers := g.Producers()
	done := make(map[*graph.Node]bool, len(g.Nodes))
	for _, n := range g.Nodes {
		for _, in := range n.Inputs {
			if p := producers[in]; p != nil && !done[p] {
				return Sort(g)
			}
		}
		done[n] = true
	}
	return nil
}

// levels counts nodes that read no other node as 0.
func levels(g *graph.Graph) (map[*graph.Node]int, error) {
	producers := g.Producers()
	waits := make(map[*graph.Node]int, len(g.Nodes)) // inputs that are not made yet
	readers := map[*graph.Node][]*graph.Node{}
	var ready []*graph.Node
	for _, n := range g.Nodes {
		for _, in := range n.Inputs {
			if p := producers[in]; p != nil {
				waits[n]++
				readers[p] = append(readers[p], n)
			}
		}
		if waits[n] == 0 {
			ready = append(ready, n)
		}
	}
	level := make(map[*graph.Node]int, len(g.Nodes))
	done := 0
	for ; len(ready) > 0; ready = ready[1:] {
		n := ready[0]
		done++
		for _, r := range readers[n] {
			level[r] = max(level[r], level[n]+1)
			if waits[r]--; waits[r] == 0 {
				ready = append(ready, r)
			}
		}
	}
	if done < len(g.Nodes) {
		for _, n := range g.Nodes {
			if waits[n] > 0 {
				return nil, fmt.Errorf("graph: %w", n.Errorf("it waits for its own answer: got a cycle, want none"))
			}
		}
		return nil, errors.New("graph: got a cycle, want none")
	}
	return level, nil
}

// tidy is what follows every step: constants that nobody reads go, nodes are sorted, constants stand behind
// what is computed in sums and products, and each constant has one reader.
func tidy(g *graph.Graph) error {
	removeUnused(g)
	if err := Sort(g); err != nil {
		return err
	}
	constantsLast(g)
	uniqueConstants(g)
	return nil
}

// removeUnused takes out constants that no node reads, and inputs that are constants.
func removeUnused(g *graph.Graph) {
	used := map[string]bool{}
	for _, n := range g.Nodes {
		for _, in := range n.Inputs {
			used[in] = true
		}
	}
	g.KeepInits(func(name string) bool { return used[name] })
	g.Inputs = slices.DeleteFunc(g.Inputs, func(in string) bool { return g.Init(in) != nil })
}

// commutative are the operators whose constants stand last.
var commutative = []string{"Add", "Mul", "And", "Or", "Xor", "Sum"}

func constantsLast(g *graph.Graph) {
	for _, n := range g.Nodes {
		if !slices.Contains(commutative, n.Op) {
			continue
		}
		slices.SortStableFunc(n.Inputs, func(a, b string) int {
			return rankOf(g, a) - rankOf(g, b)
		})
	}
}

func rankOf(g *graph.Graph, tensor string) int {
	if g.Init(tensor) != nil {
		return 1
	}
	return 0
}

// uniqueConstants gives every reader of a constant but the first a copy.
func uniqueConstants(g *graph.Graph) {
	seen := map[string]bool{}
	for _, n := range g.Nodes {
		for i, in := range n.Inputs {
			t := g.Init(in)
			if t == nil {
				continue
			}
			if seen[in] {
				n.Inputs[i] = g.Fresh()
				g.SetInit(t.Renamed(n.Inputs[i]))
				continue
			}
			seen[in] = true
		}
	}
}
