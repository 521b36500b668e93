package graphplot

import (
	"cmp"
	"slices"
)

// The layout is Sugiyama's: boxes get ranks along the flow of data, edges that pass ranks get a bend in each,
// the order within the ranks is chosen for few crossings, then coordinates for straight edges. Words of the
// layout: along is the way of the data, across the other axis.

const (
	rankGap = 40 // between ranks: room for arrows and bends
	boxGap  = 28 // between two boxes of a rank
	bendGap = 18 // between an edge and its neighbour
	margin  = 12 // round the picture
)

// size is the size of a box.
type size struct{ across, along float64 }

// position is a point of the layout, free of the direction in which data flows.
type position struct{ across, along float64 }

// layout is a graph on its way to coordinates.
type layout struct {
	edges         []edge
	vertices      []vertex // the boxes, then the bends
	ranks         [][]int  // vertices of each rank, in order across
	chains        map[edge][]int
	begin, depth  []float64       // of each rank, along
	across, along float64         // size of the whole
	turns         map[[2]int]turn // of pieces of edges between columns
}

// vertex is a box, or a bend of an edge that passes a rank.
type vertex struct {
	size
	bend   bool
	rank   int
	index  int     // in its rank
	mean   float64 // of the places of its neighbours
	pos    float64 // across
	weight float64 // where it would touch another
	before []int   // neighbours in the rank before
	after  []int
	next   int // the vertex behind it on the main way through the graph, or none
}

// none is no vertex.
const none = -1

// arrange lays boxes out whose edges lead from earlier to later ones.
func arrange(sizes []size, edges []edge) *layout {
	l := &layout{edges: edges, chains: map[edge][]int{}}
	for _, s := range sizes {
		l.vertices = append(l.vertices, vertex{size: s, next: none})
	}
	l.rank()
	l.addBends()
	l.findMainWays()
	l.order()
	l.setDepths()
	l.straighten()
	return l
}

// rank gives each box the length of the longest way to it, then pulls boxes with more readers than inputs
// towards their readers: a second input stands next to the layer that reads it.
// One pass over the boxes is enough in either direction, as edges lead from earlier boxes to later ones.
func (l *layout) rank() {
	in, out := make([][]int, len(l.vertices)), make([][]int, len(l.vertices))
	for _, e := range l.edges {
		in[e.to], out[e.from] = append(in[e.to], e.from), append(out[e.from], e.to)
	}
	for i := range l.vertices {
		for _, from := range in[i] {
			l.vertices[i].rank = max(l.vertices[i].rank, l.vertices[from].rank+1)
		}
	}
	for i := len(l.vertices) - 1; i >= 0; i-- {
		if len(out[i]) > len(in[i]) {
			next := l.vertices[out[i][0]].rank
			for _, to := range out[i] {
				next = min(next, l.vertices[to].rank)
			}
			l.vertices[i].rank = max(l.vertices[i].rank, next-1)
		}
	}
}

// addBends makes a vertex wherever an edge passes a rank, and lists the ranks.
// With them every edge joins neighbouring ranks only, which is what counting crossings and straightening
// need.
func (l *layout) addBends() {
	for i := range l.vertices {
		l.enter(i)
	}
	for _, e := range l.edges {
		last := e.from
		for r := l.vertices[e.from].rank + 1; r < l.vertices[e.to].rank; r++ {
			l.vertices = append(l.vertices, vertex{bend: true, rank: r, next: none})
			b := len(l.vertices) - 1
			l.enter(b)
			l.join(last, b)
			l.chains[e] = append(l.chains[e], b)
			last = b
		}
		l.join(last, e.to)
	}
}

// findMainWays joins boxes to ways that are drawn straight: from a box to the reader with the longest way
// behind it, where that reader has no input with a longer way before it. In residual networks they run
// through the layers that compute, and the short cuts go round them.
// Lengths are counted in boxes, since counted in ranks all ways between two boxes are equally long.
func (l *layout) findMainWays() {
	above, below := make([]int, len(l.vertices)), make([]int, len(l.vertices))
	for _, rank := range l.ranks {
		for _, v := range rank {
			above[v] = longest(above, l.vertices[v].before)
			if !l.vertices[v].bend {
				above[v]++
			}
		}
	}
	for _, rank := range slices.Backward(l.ranks) {
		for _, v := range rank {
			below[v] = longest(below, l.vertices[v].after)
			if !l.vertices[v].bend {
				below[v]++
			}
		}
	}
	for v := range l.vertices {
		next := first(below, l.vertices[v].after)
		if next == none || l.vertices[v].bend || l.vertices[next].bend {
			continue
		}
		if first(above, l.vertices[next].before) == v {
			l.vertices[v].next = next
		}
	}
}

// longest is the length of the longest of the ways to the vertices, 0 without any.
func longest(length, of []int) int {
	n := 0
	for _, v := range of {
		n = max(n, length[v])
	}
	return n
}

// first is the vertex with the longest way, the first of several; none without any.
func first(length, of []int) int {
	best := none
	for _, v := range of {
		if best == none || length[v] > length[best] {
			best = v
		}
	}
	return best
}

func (l *layout) enter(v int) {
	r := l.vertices[v].rank
	for len(l.ranks) <= r {
		l.ranks = append(l.ranks, nil)
	}
	l.vertices[v].index = len(l.ranks[r])
	l.ranks[r] = append(l.ranks[r], v)
}

func (l *layout) join(a, b int) {
	l.vertices[a].after = append(l.vertices[a].after, b)
	l.vertices[b].before = append(l.vertices[b].before, a)
}

// sweeps is how often the ranks are sorted by their neighbours, to and fro.
const sweeps = 12

// order sorts each rank by the mean place of its neighbours, from the first rank to the last and back, and
// keeps the order with the fewest crossings.
// The least number of crossings is NP-hard to find. Sorting by the mean of the neighbours (the barycentre) is
// the usual heuristic; it may make things worse on the way, hence the best order seen is kept.
func (l *layout) order() {
	best, fewest := l.copyRanks(), l.crossings()
	for s := 0; s < sweeps && fewest > 0; s++ {
		for i := range l.ranks {
			r := i
			if s%2 == 1 {
				r = len(l.ranks) - 1 - i
			}
			l.sortRank(r, s%2 == 0)
		}
		if c := l.crossings(); c < fewest {
			best, fewest = l.copyRanks(), c
		}
	}
	l.ranks = best
	l.number()
}

func (l *layout) copyRanks() [][]int {
	out := make([][]int, len(l.ranks))
	for i, r := range l.ranks {
		out[i] = slices.Clone(r)
	}
	return out
}

func (l *layout) number() {
	for _, r := range l.ranks {
		for i, v := range r {
			l.vertices[v].index = i
		}
	}
}

// sortRank sorts by the neighbours before or after; vertices without any keep their place.
func (l *layout) sortRank(r int, byBefore bool) {
	for i, v := range l.ranks[r] {
		near := l.neighbours(v, byBefore)
		l.vertices[v].mean = float64(i)
		if len(near) > 0 {
			sum := 0
			for _, n := range near {
				sum += l.vertices[n].index
			}
			l.vertices[v].mean = float64(sum) / float64(len(near))
		}
	}
	// Stable, or equal means would change places in each sweep and the picture from run to run.
	slices.SortStableFunc(l.ranks[r], func(a, b int) int {
		return cmp.Compare(l.vertices[a].mean, l.vertices[b].mean)
	})
	for i, v := range l.ranks[r] {
		l.vertices[v].index = i
	}
}

func (l *layout) neighbours(v int, before bool) []int {
	if before {
		return l.vertices[v].before
	}
	return l.vertices[v].after
}

// crossings counts pairs of edges that cross: inversions of the ends in the next rank when the edges are
// sorted by their beginnings.
func (l *layout) crossings() int {
	total := 0
	for _, rank := range l.ranks {
		var ends []int
		for _, v := range rank {
			begin := len(ends)
			for _, a := range l.vertices[v].after {
				ends = append(ends, l.vertices[a].index)
			}
			slices.Sort(ends[begin:])
		}
		total += inversions(ends)
	}
	return total
}

// inversions counts pairs in the wrong order, by merging; v is sorted on return.
// By merging, in n log n: a rank of a wide network has hundreds of edges, and this runs a dozen times per
// rank.
func inversions(v []int) int {
	if len(v) < 2 {
		return 0
	}
	a, b := slices.Clone(v[:len(v)/2]), slices.Clone(v[len(v)/2:])
	n := inversions(a) + inversions(b)
	for i := range v {
		if len(b) == 0 || len(a) > 0 && a[0] <= b[0] {
			v[i], a = a[0], a[1:]
		} else {
			v[i], b = b[0], b[1:]
			n += len(a)
		}
	}
	return n
}
