package ir

import (
	"cmp"
	"slices"
)

// index answers what a graph is asked at every step of every pass (who makes a tensor, who reads it, where a
// node stands) without a walk over all nodes. Every edit through the methods of Graph keeps it true. A graph
// whose nodes were put together by hand has none, or one that no longer fits: it is then walked instead.
type index struct {
	named   map[string][]*Node // nodes by name
	makers  map[string][]*Node // by tensor
	readers map[string][]*Node // by tensor, once per use

	// The list of nodes that the index describes, as far as is told in constant time: its length and where it
	// begins. A list that somebody else made differs in one of them.
	length int
	first  **Node

	// relabeled counts how often places were given anew, after which orders built on old ones mean nothing.
	relabeled int
}

// gap is the distance between the places of neighbours in a list of nodes. Nodes inserted halve it, so that
// some thirty fit in one spot before all places are given anew.
const gap = 1 << 32

// Reindex makes the index anew from the lists of nodes. A flow does so where it begins, and behind passes
// that may have changed the lists by hand.
func (g *Graph) Reindex() {
	ix := &index{
		named: map[string][]*Node{}, makers: map[string][]*Node{}, readers: map[string][]*Node{},
		relabeled: 1,
	}
	if g.ix != nil {
		ix.relabeled = g.ix.relabeled + 1
		for _, list := range g.ix.named { // nodes that have left the list by hand
			for _, n := range list {
				n.placed = false
			}
		}
	}
	g.ix = ix
	for i, n := range g.Nodes {
		n.place, n.placed = int64(i+1)*gap, true
		ix.add(n)
	}
	g.measure()
}

// indexed returns the index when it describes the nodes as they are, else nil.
func (g *Graph) indexed() *index {
	if ix := g.ix; ix != nil && ix.length == len(g.Nodes) && ix.first == beginning(g.Nodes) {
		return ix
	}
	return nil
}

func (g *Graph) measure() { g.ix.length, g.ix.first = len(g.Nodes), beginning(g.Nodes) }

func beginning(list []*Node) **Node {
	if len(list) == 0 {
		return nil
	}
	return &list[0]
}

func (ix *index) add(n *Node) {
	ix.named[n.Name] = append(ix.named[n.Name], n)
	ix.addTensors(n)
}

func (ix *index) drop(n *Node) {
	without(ix.named, n.Name, n)
	ix.dropTensors(n)
}

func (ix *index) addTensors(n *Node) {
	for _, t := range n.Outputs {
		ix.makers[t] = append(ix.makers[t], n)
	}
	for _, t := range n.Inputs {
		ix.readers[t] = append(ix.readers[t], n)
	}
}

func (ix *index) dropTensors(n *Node) {
	for _, t := range n.Outputs {
		without(ix.makers, t, n)
	}
	for _, t := range n.Inputs {
		without(ix.readers, t, n)
	}
}

func without(lists map[string][]*Node, key string, n *Node) {
	list := slices.DeleteFunc(lists[key], func(m *Node) bool { return m == n })
	if len(list) == 0 {
		delete(lists, key)
		return
	}
	lists[key] = list
}

// knows reports whether the index has n under its name and its tensors.
func (ix *index) knows(n *Node) bool {
	ok := n.placed && slices.Contains(ix.named[n.Name], n)
	for _, t := range n.Outputs {
		ok = ok && slices.Contains(ix.makers[t], n)
	}
	for _, t := range n.Inputs {
		ok = ok && slices.Contains(ix.readers[t], n)
	}
	return ok
}

// inOrder returns a copy of the list in the order of the graph; edits append in theirs.
func inOrder(list []*Node) []*Node {
	out := slices.Clone(list)
	slices.SortStableFunc(out, byPlace)
	return out
}

func byPlace(a, b *Node) int { return cmp.Compare(a.place, b.place) }

func earliest(list []*Node) *Node {
	if len(list) == 0 {
		return nil
	}
	return slices.MinFunc(list, byPlace)
}

// position is where n stands in the list of nodes; -1 when nowhere.
func (g *Graph) position(n *Node) int {
	if g.indexed() == nil {
		return slices.Index(g.Nodes, n)
	}
	if at, ok := slices.BinarySearchFunc(g.Nodes, n, byPlace); ok && g.Nodes[at] == n {
		return at
	}
	return -1
}

// insert puts nodes at a position of the list.
func (g *Graph) insert(at int, nodes ...*Node) {
	ix := g.indexed()
	g.Nodes = slices.Insert(g.Nodes, at, nodes...)
	if ix == nil {
		return
	}
	for _, n := range nodes {
		if n.place != 0 { // it was in the list before: orders that still hold it would move it
			ix.relabeled++
		}
		n.placed = true
		ix.add(n)
	}
	g.label(at, len(nodes))
	g.measure()
	g.touch(nodes...)
}

// label gives places to k nodes from position at on, between those before and behind; when there is no room,
// to all.
func (g *Graph) label(at, k int) {
	var low int64
	if at > 0 {
		low = g.Nodes[at-1].place
	}
	high := low + int64(k+1)*gap
	if at+k < len(g.Nodes) {
		high = g.Nodes[at+k].place
	}
	step := (high - low) / int64(k+1)
	if step == 0 {
		g.ix.relabeled++
		at, k, low, step = 0, len(g.Nodes), 0, gap
	}
	for i, n := range g.Nodes[at : at+k] {
		n.place = low + int64(i+1)*step
	}
}

// takeAway removes the node at a position from the list.
func (g *Graph) takeAway(at int) {
	n, ix := g.Nodes[at], g.indexed()
	g.Nodes = slices.Delete(g.Nodes, at, at+1)
	if ix == nil {
		return
	}
	n.placed = false
	ix.drop(n)
	g.measure()
}

// rewire changes the tensors that nodes of the list name.
func (g *Graph) rewire(n *Node, change func()) {
	ix := g.indexed()
	if ix == nil || !n.placed {
		change()
		return
	}
	ix.dropTensors(n)
	change()
	ix.addTensors(n)
	g.touch(n)
}

// Node returns the node called name, or nil.
func (g *Graph) Node(name string) *Node {
	if ix := g.indexed(); ix != nil {
		return earliest(ix.named[name])
	}
	return g.first(func(n *Node) bool { return n.Name == name })
}

// Producer returns the node that makes the tensor, or nil.
func (g *Graph) Producer(tensor string) *Node {
	if ix := g.indexed(); ix != nil {
		return earliest(ix.makers[tensor])
	}
	return g.first(func(n *Node) bool { return slices.Contains(n.Outputs, tensor) })
}

func (g *Graph) first(is func(n *Node) bool) *Node {
	if i := slices.IndexFunc(g.Nodes, is); i >= 0 {
		return g.Nodes[i]
	}
	return nil
}

// Consumers lists the nodes that read the tensor, once per use.
func (g *Graph) Consumers(tensor string) []*Node {
	if ix := g.indexed(); ix != nil {
		return inOrder(ix.readers[tensor])
	}
	var out []*Node
	for _, n := range g.Nodes {
		for _, in := range n.Inputs {
			if in == tensor {
				out = append(out, n)
			}
		}
	}
	return out
}

// around lists n and the nodes next to it: those that make what it reads, and those that read what it makes.
func (g *Graph) around(n *Node) []*Node {
	out := []*Node{n}
	ix := g.indexed()
	for _, t := range n.Inputs {
		out = append(out, ix.makers[t]...)
	}
	for _, t := range n.Outputs {
		out = append(out, ix.readers[t]...)
	}
	return out
}

// uses lists the nodes that make or read the tensor.
func (g *Graph) uses(tensor string) []*Node {
	if ix := g.indexed(); ix != nil {
		return slices.Concat(ix.makers[tensor], ix.readers[tensor])
	}
	return g.Nodes
}

// Touch says that a pass changed n, far from the node that it was called for. Edits of the graph, the node
// itself and the nodes next to it need no word: see Near.
func (g *Graph) Touch(n *Node) { g.touch(n) }

func (g *Graph) touch(nodes ...*Node) {
	if g.watched {
		g.touched = append(g.touched, nodes...)
	}
}
