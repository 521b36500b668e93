package ir

import "slices"

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

	near bool // see Near
}

// Near marks passes that keep to their surroundings, so that a flow need not look at every node again after
// every change. Of such a pass
//   - Match looks at the node, at those that make what it reads or read what it makes, at the configuration,
//     and at what the graph has for inputs and outputs;
//   - Apply changes those nodes; others it changes by the methods of Graph, or names them with Graph.Touch;
//   - Whole changes nothing until it is done.
//
// Of a pass that is not marked a flow expects anything, and so looks everywhere once more.
func Near(passes ...Pass) []Pass {
	out := make([]Pass, len(passes))
	for i, p := range passes {
		out[i], out[i].near = p, true
	}
	return out
}

// Far undoes Near: the flow looks at every node after every change. The graph that results is the same.
func Far(passes ...Pass) []Pass {
	out := make([]Pass, len(passes))
	for i, p := range passes {
		out[i], out[i].near = p, false
	}
	return out
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
	names, err := newSweep(f, g, check).run()
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
