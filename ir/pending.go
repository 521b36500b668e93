package ir

import "slices"

// pending holds the nodes that a pass of a flow still has to look at: a heap, the first in the order of the
// graph on top. A node may be in it several times.
type pending struct {
	all  bool // every node of the graph
	heap []*Node
	// relabeled is the count of the index at the last look: places given since then may break the heap.
	relabeled int

	kept  []*Node // for the next sweep
	last  *Node   // the node that next returned last
	place int64   // its place, which stays when the node leaves the graph
}

// begin starts a sweep at the first node.
func (q *pending) begin(g *Graph) {
	q.last, q.place = nil, 0
	if q.all {
		q.all, q.heap, q.relabeled = false, slices.Clone(g.Nodes), g.ix.relabeled // sorted, and so a heap
	}
}

// end keeps what next has put aside for the next sweep.
func (q *pending) end() {
	for _, n := range q.kept {
		q.add(n)
	}
	q.kept = q.kept[:0]
}

// keep lets the pass look at the node in the next sweep.
func (q *pending) keep(n *Node) { q.kept = append(q.kept, n) }

// next takes the next node in the order of the graph out; nil when there is none. Nodes at which the sweep
// has passed by wait for the next one.
func (q *pending) next(g *Graph) *Node {
	q.settle(g)
	for len(q.heap) > 0 {
		n := q.pop()
		switch {
		case !n.placed || n == q.last:
		case n.place < q.place:
			if k := len(q.kept); k == 0 || q.kept[k-1] != n {
				q.keep(n)
			}
		default:
			q.last, q.place = n, n.place
			return n
		}
	}
	return nil
}

// settle puts the heap in order again when places were given anew.
func (q *pending) settle(g *Graph) {
	if q.relabeled == g.ix.relabeled {
		return
	}
	q.relabeled = g.ix.relabeled
	q.heap = slices.DeleteFunc(q.heap, func(n *Node) bool { return !n.placed })
	slices.SortFunc(q.heap, byPlace)
	q.heap = slices.Compact(q.heap)
	if q.last != nil && q.last.placed {
		q.place = q.last.place
	}
}

// add puts a node into the heap.
func (q *pending) add(n *Node) {
	if q.all {
		return
	}
	q.heap = append(q.heap, n)
	for i := len(q.heap) - 1; i > 0; {
		up := (i - 1) / 2
		if q.heap[up].place <= q.heap[i].place {
			break
		}
		q.heap[up], q.heap[i] = q.heap[i], q.heap[up]
		i = up
	}
}

func (q *pending) pop() *Node {
	top, end := q.heap[0], len(q.heap)-1
	q.heap[0] = q.heap[end]
	q.heap = q.heap[:end]
	for i := 0; ; {
		down := 2*i + 1
		if down >= end {
			return top
		}
		if down+1 < end && q.heap[down+1].place < q.heap[down].place {
			down++
		}
		if q.heap[i].place <= q.heap[down].place {
			return top
		}
		q.heap[i], q.heap[down] = q.heap[down], q.heap[i]
		i = down
	}
}
