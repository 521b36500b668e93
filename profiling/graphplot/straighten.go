package graphplot

import (
	"math"
	"slices"
)

// setDepths stacks the ranks along the flow of data.
func (l *layout) setDepths() {
	at := float64(margin)
	for _, rank := range l.ranks {
		depth := 0.0
		for _, v := range rank {
			depth = max(depth, l.vertices[v].along)
		}
		l.begin, l.depth = append(l.begin, at), append(l.depth, depth)
		at += depth + rankGap
	}
	l.along = max(at-rankGap, margin) + margin
}

// Pulls of an edge on its ends: main ways are straight whatever else leads to their boxes, then bends of one
// edge keep in line, then boxes with boxes.
const (
	pullMain  = 1000
	pullBends = 8
	pullBoxes = 3
	pullMixed = 1
)

// boxWeight is how much more a box counts than a bend where the two would touch: an edge that passes ranks
// goes round the boxes rather than push them aside.
const boxWeight = 200

func (l *layout) pull(a, b int) float64 {
	if l.vertices[a].next == b || l.vertices[b].next == a {
		return pullMain
	}
	switch x, y := l.vertices[a].bend, l.vertices[b].bend; {
	case x && y:
		return pullBends
	case !x && !y:
		return pullBoxes
	}
	return pullMixed
}

// straighten finds the place of every vertex across: as near to the middle of its neighbours as the order and
// the gaps of its rank allow, rank by rank, to and fro.
func (l *layout) straighten() {
	for _, rank := range l.ranks {
		at := 0.0
		for i, v := range rank {
			if i > 0 {
				at += l.gap(rank[i-1], v)
			}
			l.vertices[v].pos = at
		}
	}
	l.weigh()
	for s := range 2 * sweeps {
		for i := range l.ranks {
			r := i
			if s%2 == 1 {
				r = len(l.ranks) - 1 - i
			}
			l.settle(l.ranks[r], s%2 == 0)
		}
	}
	for _, way := range l.mainWays() {
		l.alignChain(way)
	}
	for _, e := range l.edges {
		l.alignChain(l.chains[e])
	}
	l.shift()
}

// mainWays lists the ways of boxes that are drawn straight, from their beginnings.
func (l *layout) mainWays() [][]int {
	inside := make([]bool, len(l.vertices))
	for _, v := range l.vertices {
		if v.next != none {
			inside[v.next] = true
		}
	}
	var out [][]int
	for v := range l.vertices {
		if inside[v] || l.vertices[v].next == none {
			continue
		}
		var way []int
		for at := v; at != none; at = l.vertices[at].next {
			way = append(way, at)
		}
		out = append(out, way)
	}
	return out
}

// alignChain puts the bends of an edge, or the boxes of a main way, in one line where their neighbours leave
// room for it.
// Each one for itself settles where its own rank has room; the median of those places moves the fewest of
// them.
func (l *layout) alignChain(chain []int) {
	lo, hi := math.Inf(-1), math.Inf(1)
	var all []float64
	for _, v := range chain {
		rank, i := l.ranks[l.vertices[v].rank], l.vertices[v].index
		if i > 0 {
			lo = max(lo, l.vertices[rank[i-1]].pos+l.gap(rank[i-1], v))
		}
		if i+1 < len(rank) {
			hi = min(hi, l.vertices[rank[i+1]].pos-l.gap(v, rank[i+1]))
		}
		all = append(all, l.vertices[v].pos)
	}
	if len(chain) == 0 || lo > hi {
		return
	}
	slices.Sort(all)
	line := min(max(all[len(all)/2], lo), hi)
	for _, v := range chain {
		l.vertices[v].pos = line
	}
}

// gap is the least distance between the middles of two vertices side by side.
func (l *layout) gap(a, b int) float64 {
	space := float64(boxGap)
	if l.vertices[a].bend || l.vertices[b].bend {
		space = bendGap
	}
	return l.vertices[a].across/2 + space + l.vertices[b].across/2
}

// settle moves one rank. Each vertex wants the weighted median of its neighbours before or after; where they
// would touch, groups of vertices meet at the mean of what they want: isotonic regression.
// Taking off the offsets turns "in order and so far apart" into "ascending", and pooling neighbours that
// violate it gives the least sum of weighted squared moves (the pool-adjacent-violators algorithm), in one
// pass.
func (l *layout) settle(rank []int, byBefore bool) {
	type group struct {
		want, weight float64
		first, n     int
	}
	offset := make([]float64, len(rank)) // of vertex i from the first, when all stand close together
	var groups []group
	for i, v := range rank {
		if i > 0 {
			offset[i] = offset[i-1] + l.gap(rank[i-1], v)
		}
		g := group{l.wish(v, byBefore) - offset[i], l.vertices[v].weight, i, 1}
		for len(groups) > 0 && groups[len(groups)-1].want > g.want {
			last := groups[len(groups)-1]
			groups = groups[:len(groups)-1]
			sum := last.weight + g.weight
			g = group{(last.want*last.weight + g.want*g.weight) / sum, sum, last.first, last.n + g.n}
		}
		groups = append(groups, g)
	}
	for _, g := range groups {
		for i := g.first; i < g.first+g.n; i++ {
			l.vertices[rank[i]].pos = g.want + offset[i]
		}
	}
}

// weigh sets how much each vertex counts where two would touch.
func (l *layout) weigh() {
	for i := range l.vertices {
		v := &l.vertices[i]
		// Not zero: vertices without neighbours take part in means too.
		v.weight = 0.1
		for _, n := range v.before {
			v.weight += l.pull(i, n)
		}
		for _, n := range v.after {
			v.weight += l.pull(i, n)
		}
		if !v.bend {
			v.weight *= boxWeight
		}
	}
}

// wish is where a vertex would like to be. A vertex without neighbours on one side stays.
// The median and not the mean: it puts a box in line with one of its neighbours, so that at least one edge is
// straight.
func (l *layout) wish(v int, byBefore bool) float64 {
	near := l.neighbours(v, byBefore)
	switch len(near) {
	case 0:
		return l.vertices[v].pos
	case 1:
		return l.vertices[near[0]].pos
	}
	near = slices.Clone(near)
	slices.SortFunc(near, func(a, b int) int {
		return int(math.Copysign(1, l.vertices[a].pos-l.vertices[b].pos))
	})
	total, sum := 0.0, 0.0
	for _, n := range near {
		total += l.pull(v, n)
	}
	for i, n := range near {
		sum += l.pull(v, n)
		switch {
		case 2*sum > total:
			return l.vertices[n].pos
		case 2*sum == total:
			return (l.vertices[n].pos + l.vertices[near[i+1]].pos) / 2
		}
	}
	panic("BUG: graphplot: a median outside its values")
}

// shift moves the whole to the margin.
func (l *layout) shift() {
	left, right := math.Inf(1), math.Inf(-1)
	for _, v := range l.vertices {
		left, right = min(left, v.pos-v.across/2), max(right, v.pos+v.across/2)
	}
	if len(l.vertices) == 0 {
		left, right = 0, 0
	}
	for i := range l.vertices {
		l.vertices[i].pos += margin - left
	}
	l.across = right - left + 2*margin
}

// centre is the middle of a vertex.
func (l *layout) centre(v int) position {
	r := l.vertices[v].rank
	return position{l.vertices[v].pos, l.begin[r] + l.depth[r]/2}
}

// kink is the step aside that an edge does not take: it ends beside the middle of its box rather than bend
// for so little.
const kink = 9

// route is the way of an edge: out of its first box, straight through every rank that it passes, round the
// ends of columns, into its last box.
func (l *layout) route(e edge) []position {
	var out []position
	last := e.from
	add := func(v int, along float64) {
		p := position{l.vertices[v].pos, along}
		if n := len(out); n > 0 && math.Abs(out[n-1].across-p.across) < kink {
			p.across = out[n-1].across
		}
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	reach := func(v int) {
		if t, ok := l.turns[[2]int{last, v}]; ok {
			from, to := out[len(out)-1].across, l.vertices[v].pos
			out = append(out,
				position{from, t.leave}, position{t.gutter, t.leave}, position{t.gutter, t.enter}, position{to, t.enter})
		}
		add(v, l.begin[l.vertices[v].rank])
		last = v
	}
	from, to := l.vertices[e.from], l.vertices[e.to]
	add(e.from, l.centre(e.from).along+from.along/2)
	add(e.from, l.begin[from.rank]+l.depth[from.rank])
	for _, b := range l.chains[e] {
		reach(b)
		r := l.vertices[b].rank
		add(b, l.begin[r]+l.depth[r])
	}
	reach(e.to)
	add(e.to, l.centre(e.to).along-to.along/2)
	return out
}
