package ir

import (
	"errors"
	"fmt"
	"slices"
)

// Pass is one rewriting step. Exactly one of Apply and Whole is set.
// Values in tables, not names in a registry: the compiler finds a pass that does not exist.
type Pass struct {
	Name string // hls4ml's name, such as "fuse_batch_normalization" or "vivado:init_dense"
	Doc  string // one line: what it does
	// Match says whether Apply works on the node.
	Match func(n *Node) bool
	// Apply changes the graph at n. restart makes the flow begin again at its first pass, as hls4ml does
	// when a transform returns True; it must be true whenever the list of nodes changed.
	Apply func(n *Node) (restart bool, err error)
	// Whole works on the whole graph; it runs in each sweep until it once returns done.
	Whole func(g *Graph) (done bool, err error)
}

// Flow is a named, ordered list of passes that runs after the flows it requires, once each.
type Flow struct {
	Name     string
	Requires []*Flow
	Passes   []Pass
}

// AllFlows lists flows and those they require, each once by name, required ones first.
func AllFlows(list ...*Flow) []*Flow {
	var out []*Flow
	for _, f := range list {
		for _, g := range append(AllFlows(f.Requires...), f) {
			if !slices.ContainsFunc(out, func(h *Flow) bool { return h.Name == g.Name }) {
				out = append(out, g)
			}
		}
	}
	return out
}

// AppliedFlow records which passes of a flow matched anything.
type AppliedFlow struct {
	Flow   string
	Passes []string
}

// maxSweeps bounds the restarts of one flow; hls4ml's largest real models need a few per node.
const maxSweeps = 1_000_000

// Run applies the flow and, first, the flows it requires that have not run on g. After each pass that
// changed something, check (when not nil) is called; tests pass a verifier.
func (f *Flow) Run(g *Graph, check func(*Graph, Pass) error) error {
	if g.applied(f.Name) {
		return nil
	}
	for _, r := range f.Requires {
		if err := r.Run(g, check); err != nil {
			return err
		}
	}
	names, err := f.sweep(g, check)
	if err != nil {
		return err
	}
	g.Applied = append(g.Applied, AppliedFlow{f.Name, names})
	return nil
}

func (g *Graph) applied(flow string) bool {
	for _, a := range g.Applied {
		if a.Flow == flow {
			return true
		}
	}
	return false
}

// sweep mirrors optimize_model of hls4ml's model/optimizer/optimizer.py: whenever a pass asks for it, the
// flow starts again from its first pass; it ends when one sweep asks for nothing.
func (f *Flow) sweep(g *Graph, check func(*Graph, Pass) error) ([]string, error) {
	var names []string
	applied := map[string]bool{}
	done := map[string]bool{}
	mark := func(p Pass) error {
		if !applied[p.Name] {
			applied[p.Name] = true
			names = append(names, p.Name)
		}
		if check != nil {
			return check(g, p)
		}
		return nil
	}
	for range maxSweeps {
		restart := false
		for _, p := range f.Passes {
			if p.Whole != nil {
				// A pass over the whole graph that has returned true is never asked again in this flow,
				// restarts included.
				if done[p.Name] {
					continue
				}
				ok, err := p.Whole(g)
				if err != nil {
					return nil, err
				}
				if done[p.Name] = ok; ok {
					if err := mark(p); err != nil {
						return nil, err
					}
				}
				continue
			}
			again, err := p.over(g, mark)
			if err != nil {
				return nil, err
			}
			if again {
				restart = true
				break
			}
		}
		if !restart {
			return names, nil
		}
	}
	return nil, fmt.Errorf("flow %q: got no end after %d sweeps, want one", f.Name, maxSweeps)
}

// over applies the pass to the nodes in order until one application asks for a restart. What is wrong with
// nodes up to there is reported together.
func (p Pass) over(g *Graph, mark func(Pass) error) (restart bool, err error) {
	var errs []error
	// Over a copy, as the pass may insert and remove nodes. A node that it has removed would still be
	// visited: passes that remove nodes ask for a restart.
	for _, n := range append([]*Node(nil), g.Nodes...) {
		if !p.Match(n) {
			continue
		}
		restart, err = p.Apply(n)
		if err != nil {
			// What is wrong with several layers is told at once.
			errs = append(errs, err)
			continue
		}
		if len(errs) > 0 {
			if restart {
				break
			}
			continue
		}
		if err := mark(p); err != nil {
			return false, err
		}
		if restart {
			return true, nil
		}
	}
	return false, errors.Join(errs...)
}
