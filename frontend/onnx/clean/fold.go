package clean

import (
	"cmp"
	"container/heap"
	"slices"

	"github.com/hlsgo/hlsgo/frontend/onnx/graph"
)

// quantizers stay where they are, even of constants: their types are what is wanted of them.
var quantizers = []string{
	"Quant", "IntQuant", "BipolarQuant", "Trunc", "FloatQuant", "QuantizeLinear", "DequantizeLinear",
}

// foldConstants computes what depends on constants and shapes alone, one node at a time, in the order of
// nodes, which changes with every one: which constant comes when decides the names of layers.
func foldConstants(g *graph.Graph) error {
	f, err := newFolder(g)
	if err != nil {
		return err
	}
	for f.queue.Len() > 0 {
		e := heap.Pop(&f.queue).(entry)
		n := e.place
		if n.gone || !f.foldable(n.node) {
			continue
		}
		if e.at != n.key { // it has moved since
			f.offer(n)
			continue
		}
		out, err := evaluate(g, n.node)
		if err != nil {
			return n.node.Errorf("%w", err)
		}
		if out == nil {
			continue // nobody here can compute it
		}
		f.replace(n, out)
	}
	g.Nodes = g.Nodes[:0]
	for _, p := range f.sorted() {
		g.Nodes = append(g.Nodes, p.node)
	}
	return tidy(g)
}

// key is a place in the order of nodes: by level, and within a level by when the node came to it.
type key struct{ level, turn int }

func (k key) compare(other key) int {
	return cmp.Or(cmp.Compare(k.level, other.level), cmp.Compare(k.turn, other.turn))
}

// place is a node with its place.
type place struct {
	node *graph.Node
	key  key
	gone bool
}

// folder keeps the order of nodes while they go one by one.
type folder struct {
	g       *graph.Graph
	places  []*place
	makers  map[string]*place
	readers map[string][]*place // by tensor
	queue   queue
	turn    int
}

func newFolder(g *graph.Graph) (*folder, error) {
	if err := tidy(g); err != nil {
		return nil, err
	}
	level, err := levels(g)
	if err != nil {
		return nil, err
	}
	f := &folder{g: g, makers: map[string]*place{}, readers: map[string][]*place{}}
	for _, n := range g.Nodes {
		f.turn++
		p := &place{node: n, key: key{level[n], f.turn}}
		f.places = append(f.places, p)
		for _, o := range n.Outputs {
			f.makers[o] = p
		}
		for _, in := range n.Inputs {
			f.readers[in] = append(f.readers[in], p)
		}
		f.offer(p)
	}
	return f, nil
}

// offer queues the node if it can go.
func (f *folder) offer(p *place) {
	if f.foldable(p.node) {
		heap.Push(&f.queue, entry{p, p.key})
	}
}

func (f *folder) foldable(n *graph.Node) bool {
	if slices.Contains(quantizers, n.Op) {
		return false
	}
	if dims := f.g.Shape(n.Input(0)); n.Is("Shape") && len(dims) > 0 && known(dims[1:]) {
		return true // a batch of any size is a zero, which a reshape takes for the size that there is
	}
	return !slices.ContainsFunc(n.Inputs, func(in string) bool { return in != "" && f.g.Init(in) == nil })
}

// replace puts constants in the place of a node.
func (f *folder) replace(p *place, out []*graph.Tensor) {
	p.gone = true
	var readers []*place
	for _, t := range out {
		f.g.SetInit(t)
		delete(f.makers, t.Name)
		readers = append(readers, f.readers[t.Name]...)
	}
	f.lower(readers)
	for _, t := range out {
		f.share(t)
	}
	f.reshape(readers)
	for _, r := range readers {
		f.offer(r)
	}
}

// share gives every reader of a new constant but the first a copy.
func (f *folder) share(t *graph.Tensor) {
	list := slices.Clone(f.readers[t.Name])
	slices.SortStableFunc(list, func(a, b *place) int { return a.key.compare(b.key) })
	first := true
	for _, p := range slices.Compact(list) {
		for i, in := range p.node.Inputs {
			if in != t.Name {
				continue
			}
			if !first {
				c := f.g.Fresh()
				p.node.Inputs[i] = c
				f.g.SetInit(t.Renamed(c))
				f.readers[c] = []*place{p}
			}
			first = false
		}
	}
}

// lower works out the levels of nodes anew, and of those behind them. Those that come to another level stand
// behind the others there, in the order in which they stood before.
func (f *folder) lower(start []*place) {
	old := map[*place]key{}
	for work := start; len(work) > 0; {
		p := work[0]
		work = work[1:]
		level := 0
		for _, in := range p.node.Inputs {
			if m := f.makers[in]; m != nil && !m.gone {
				level = max(level, m.key.level+1)
			}
		}
		if level == p.key.level {
			continue
		}
		if _, seen := old[p]; !seen {
			old[p] = p.key
		}
		p.key.level = level
		for _, o := range p.node.Outputs {
			work = append(work, f.readers[o]...)
		}
	}
	moved := make([]*place, 0, len(old))
	for p := range old {
		moved = append(moved, p)
	}
	slices.SortFunc(moved, func(a, b *place) int { return old[a].compare(old[b]) })
	for _, p := range moved {
		f.turn++
		p.key.turn = f.turn
	}
}

// reshape works out the shapes behind nodes anew, as far as they change.
func (f *folder) reshape(start []*place) {
	for work := slices.Clone(start); len(work) > 0; work = work[1:] {
		p := work[0]
		if p.gone || !inferNode(f.g, p.node) {
			continue
		}
		for _, o := range p.node.Outputs {
			for _, r := range f.readers[o] {
				work = append(work, r)
				f.offer(r) // it may ask for the shape
			}
		}
	}
}

func (f *folder) sorted() []*place {
	left := slices.DeleteFunc(f.places, func(p *place) bool { return p.gone })
	slices.SortFunc(left, func(a, b *place) int { return a.key.compare(b.key) })
	return left
}

// entry is a node in the queue, with the place that it had when it came.
type entry struct {
	*place
	at key
}

// queue is a heap of nodes by their places.
type queue []entry

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].at.compare(q[j].at) < 0 }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }

// Push implements heap.Interface.
func (q *queue) Push(x any) { *q = append(*q, x.(entry)) }

// Pop implements heap.Interface.
func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}
