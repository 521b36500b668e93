package ir

import (
	"errors"
	"fmt"
)

// sweep is one run of a flow over a graph. It mirrors optimize_model of hls4ml's
// model/optimizer/optimizer.py: whenever a pass asks for it, the flow starts again from its first pass, at
// the first node; it ends when one sweep asks for nothing. Numbers depend on that order.
//
// Done as written, n layers of which each makes the flow start again cost n sweeps over n nodes for each
// pass. Most of that work comes out as before: a pass did not match a node, and nothing that it looks at has
// changed since. So each pass that is Near keeps the nodes that it still has to look at, those it has not
// seen and those near a change, and takes them in the order of the graph. What is skipped is calls of Match
// that say no, and nothing else: which pass works on which node, when, is as if all were asked.
type sweep struct {
	flow    *Flow
	graph   *Graph
	check   func(*Graph, Pass) error
	pending []pending // one per pass

	names   []string // passes that matched, in the order in which they first did
	applied map[string]bool
	done    map[string]bool
}

func newSweep(f *Flow, g *Graph, check func(*Graph, Pass) error) *sweep {
	s := &sweep{
		flow: f, graph: g, check: check, pending: make([]pending, len(f.Passes)),
		applied: map[string]bool{}, done: map[string]bool{},
	}
	s.everywhere()
	return s
}

// everywhere makes the index anew and lets every pass look at every node once more.
func (s *sweep) everywhere() {
	s.graph.Reindex()
	for i := range s.pending {
		s.pending[i].all = true
	}
}

func (s *sweep) run() ([]string, error) {
	g := s.graph
	defer func() { g.watched, g.touched, g.shared = false, nil, nil }()
	for range maxSweeps {
		restart := false
		for i, p := range s.flow.Passes {
			g.shared = nil
			var err error
			switch {
			case p.Whole != nil:
				err = s.whole(p)
			case p.near:
				restart, err = s.near(i)
			default:
				restart, err = s.far(p)
			}
			if err != nil {
				return nil, err
			}
			if restart {
				break
			}
		}
		if !restart {
			return s.names, nil
		}
	}
	return nil, fmt.Errorf("flow %q: got no end after %d sweeps, want one", s.flow.Name, maxSweeps)
}

func (s *sweep) mark(p Pass) error {
	if !s.applied[p.Name] {
		s.applied[p.Name] = true
		s.names = append(s.names, p.Name)
	}
	if s.check != nil {
		return s.check(s.graph, p)
	}
	return nil
}

func (s *sweep) whole(p Pass) error {
	if s.done[p.Name] {
		return nil
	}
	var ok bool
	var err error
	if p.near {
		ok, err = p.Whole(s.graph)
	} else {
		s.apart(func() { ok, err = p.Whole(s.graph) })
	}
	if err != nil {
		return err
	}
	if ok {
		s.everywhere()
	}
	if s.done[p.Name] = ok; ok {
		return s.mark(p)
	}
	return nil
}

// near applies the pass, in order, to the nodes that it has to look at, until one application asks for a
// restart. What is wrong with nodes up to there is reported together.
func (s *sweep) near(i int) (restart bool, err error) {
	p, q := s.flow.Passes[i], &s.pending[i]
	var errs []error
	newest := s.graph.index
	q.begin(s.graph)
	defer q.end()
	for {
		n := q.next(s.graph)
		if n == nil {
			return false, errors.Join(errs...)
		}
		if n.Index > newest { // made meanwhile, by an application that failed half way
			q.keep(n)
			continue
		}
		if !p.Match(n) {
			continue
		}
		q.keep(n) // it may match in the next sweep too
		restart, err = s.apply(p, n)
		switch {
		case err != nil:
			errs = append(errs, err)
		case len(errs) > 0:
			if restart {
				return false, errors.Join(errs...)
			}
		default:
			if err := s.mark(p); err != nil {
				return false, err
			}
			if restart {
				return true, nil
			}
		}
	}
}

// apply runs a pass that is Near on a node, and lets all passes look again at what it may have changed and at
// the nodes next to that.
func (s *sweep) apply(p Pass, n *Node) (restart bool, err error) {
	g := s.graph
	g.watched, g.touched = true, g.around(n) // as it was before, and the edits add what they touch
	restart, err = p.Apply(n)
	g.watched = false
	changed := g.touched
	if g.indexed() == nil { // the pass made a list of its own all the same
		s.everywhere()
		return restart, err
	}
	g.step++
	for _, c := range changed {
		if !c.placed || c.seen == g.step {
			continue
		}
		c.seen = g.step
		for _, m := range g.around(c) {
			for i := range s.pending {
				s.pending[i].add(m)
			}
		}
	}
	return restart, err
}

// far applies the pass to the nodes in order until one application asks for a restart. It may look and change
// anywhere, lists of nodes included, by hand.
func (s *sweep) far(p Pass) (restart bool, err error) {
	var errs []error
	for _, n := range append([]*Node(nil), s.graph.Nodes...) {
		if !p.Match(n) {
			continue
		}
		s.apart(func() { restart, err = p.Apply(n) })
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if len(errs) > 0 {
			if restart {
				break
			}
			continue
		}
		if err := s.mark(p); err != nil {
			return false, err
		}
		if restart {
			return true, nil
		}
	}
	return false, errors.Join(errs...)
}

// apart runs what may change anything by hand: the index is put away meanwhile, and made anew.
func (s *sweep) apart(change func()) {
	ix := s.graph.ix
	s.graph.ix = nil
	change()
	s.graph.ix = ix
	s.everywhere()
}
