package graphplot

import (
	"cmp"
	"math"
	"slices"
)

// A long graph is folded as a text is into lines: its ranks fill one column after the other, and an edge that
// leaves a column at its end goes up beside it and enters the next one at its beginning. Where data flows to
// the right, columns are rows; the words are those of data that flows down.

// The lengths below were found by looking at the networks of the tests, small and large.
const (
	foldBeyond  = 1000 // a shorter graph stays in one column,
	foldShape   = 2.5  // and so does one less than so many times as long as wide
	goodShape   = 1.3  // width to height of a folded picture
	mostColumns = 64
	columnGap   = 44        // between columns, without the lanes of edges
	laneGap     = 12        // between edges side by side on their way to the next column
	laneRoom    = 26        // between a lane and the boxes that it passes
	cutCost     = 400 * 400 // of an edge more from column to column, in squared lengths
)

// turn is the way of an edge from the end of a column to the beginning of the next.
type turn struct{ leave, gutter, enter float64 }

// fold breaks the ranks into columns; 0: into as many as give the picture the shape, across to along, if it
// is long enough to be folded at all.
func (l *layout) fold(columns int, shape float64) {
	n := len(l.ranks)
	switch {
	case n < 2 || columns == 1:
		return
	case columns > 1:
		columns = min(columns, n, mostColumns)
		l.breakAt(l.breaks(columns)[columns])
		return
	case l.along < foldBeyond || l.along < foldShape*l.across:
		return
	}
	// Columns are narrower than the whole at most: more of them than these are never wanted.
	most := min(n, mostColumns, 2+2*int(math.Sqrt(shape*l.along/l.across)))
	best, least := []int(nil), math.Inf(1)
	for _, starts := range l.breaks(most)[1:] {
		if bad := l.badness(starts, shape); bad < least {
			best, least = starts, bad
		}
	}
	l.breakAt(best)
}

// badness grows with the distance of a folded picture from its shape, with the space that it takes, and with
// the edges that it cuts.
// Logarithms, because twice too wide is as bad as twice too high. The factor of the cuts was set by eye on
// the networks of the tests: ten cuts weigh as much as a picture 2.7 times as large.
func (l *layout) badness(starts []int, shape float64) float64 {
	cuts := 0
	for _, first := range starts[1:] {
		cuts += sources(l.cut(first)) - 1
	}
	s := l.foldedSize(starts)
	return math.Abs(math.Log(s.across/s.along/shape)) + math.Log(s.across*s.along) + 0.1*float64(cuts)
}

// breaks lists, for each number of columns up to most, the first ranks of the columns that are most alike in
// length and cut the fewest edges: the least sum of the squares of their lengths, and a cost for each edge
// that goes from one to the next beside the one that has to.
// This is the dynamic program of breaking a paragraph into lines: the best end of column c at rank r extends
// the best of column c-1 at some rank before. Squares of lengths are least when all lengths are equal.
func (l *layout) breaks(most int) [][]int {
	n := len(l.ranks)
	cost, from := make([][]float64, most+1), make([][]int, most+1)
	for c := range cost {
		cost[c], from[c] = make([]float64, n+1), make([]int, n+1)
		for end := range cost[c] {
			cost[c][end] = math.Inf(1)
		}
	}
	cost[0][0] = 0
	for c := 1; c <= most; c++ {
		for end := c; end <= n; end++ {
			for first := c - 1; first < end; first++ {
				long := l.begin[end-1] + l.depth[end-1] - l.begin[first]
				sum := cost[c-1][first] + long*long + l.cutCost(first)
				if sum <= cost[c][end] { // of equal ones that with longer columns first
					cost[c][end], from[c][end] = sum, first
				}
			}
		}
	}
	out := make([][]int, most+1)
	for c := 1; c <= most; c++ {
		starts := make([]int, c)
		for k, end := c, n; k > 0; k-- {
			end = from[k][end]
			starts[k-1] = end
		}
		out[c] = starts
	}
	return out
}

// cutCost is the cost of a column that begins with the rank.
func (l *layout) cutCost(rank int) float64 {
	if rank == 0 {
		return 0
	}
	return cutCost * float64(max(sources(l.cut(rank))-1, 0))
}

// sources is how many vertices the pieces come from. Those of one vertex share their way to the next column.
func sources(pieces [][2]int) int {
	n := 0
	for i, p := range pieces {
		if i == 0 || p[0] != pieces[i-1][0] {
			n++
		}
	}
	return n
}

// cut lists the pieces of edges that lead to the vertices of a rank from the rank before, in their order
// across.
func (l *layout) cut(rank int) [][2]int {
	var out [][2]int
	for _, v := range l.ranks[rank-1] {
		for _, to := range l.vertices[v].after {
			out = append(out, [2]int{v, to})
		}
	}
	slices.SortStableFunc(out, func(a, b [2]int) int {
		return cmp.Or(cmp.Compare(l.vertices[a[0]].pos, l.vertices[b[0]].pos),
			cmp.Compare(l.vertices[a[1]].pos, l.vertices[b[1]].pos))
	})
	return out
}

// column is a part of the ranks.
type column struct {
	first, end  int // ranks
	left, right float64
	enter       [][2]int // the pieces of edges that come from the column before
}

func (l *layout) columns(starts []int) []column {
	out := make([]column, len(starts))
	for i, first := range starts {
		c := column{first: first, end: len(l.ranks), left: math.Inf(1), right: math.Inf(-1)}
		if i+1 < len(starts) {
			c.end = starts[i+1]
		}
		for _, rank := range l.ranks[c.first:c.end] {
			for _, v := range rank {
				x := &l.vertices[v]
				c.left, c.right = min(c.left, x.pos-x.across/2), max(c.right, x.pos+x.across/2)
			}
		}
		if i > 0 {
			c.enter = l.cut(first)
		}
		out[i] = c
	}
	return out
}

// length is how long a column is, without the lanes.
func (l *layout) length(c column) float64 {
	return l.begin[c.end-1] + l.depth[c.end-1] - l.begin[c.first]
}

// lanes is the room that pieces of edges need between the boxes and the rim.
func lanes(pieces [][2]int) float64 {
	if len(pieces) == 0 {
		return 0
	}
	return laneRoom + float64(sources(pieces)-1)*laneGap
}

// gutter is the room between a column that the pieces enter and the one before.
func gutter(pieces [][2]int) float64 {
	return columnGap + float64(max(sources(pieces)-1, 0))*laneGap
}

// foldedSize is the size of the picture when columns begin with these ranks.
func (l *layout) foldedSize(starts []int) size {
	var s size
	above := 0.0
	all := l.columns(starts)
	for i, c := range all {
		s.across += c.right - c.left
		below := 0.0
		if i > 0 {
			s.across += gutter(c.enter)
			above = max(above, lanes(c.enter))
		}
		if i+1 < len(all) {
			below = lanes(all[i+1].enter)
		}
		s.along = max(s.along, l.length(c)+below)
	}
	return size{across: s.across + 2*margin, along: s.along + above + 2*margin}
}

// breakAt moves the ranks to columns that begin with the given ones, and finds the ways between the columns.
// Ranks keep the order and distances that the layout gave them, so folding never makes an edge cross another
// within a column.
func (l *layout) breakAt(starts []int) {
	all := l.columns(starts)
	total := l.foldedSize(starts)
	above := 0.0
	for _, c := range all {
		above = max(above, lanes(c.enter))
	}
	l.turns = map[[2]int]turn{}
	left, top, before := float64(margin), margin+above, 0.0
	for i, c := range all {
		if i > 0 {
			left += gutter(c.enter)
			l.turn(c.enter, before, left, top)
		}
		before = top + l.length(c)
		down := top - l.begin[c.first]
		for r := c.first; r < c.end; r++ {
			l.begin[r] += down
			for _, v := range l.ranks[r] {
				l.vertices[v].pos += left - c.left
			}
		}
		left += c.right - c.left
	}
	l.across, l.along = total.across, total.along
}

// turn leads edges from below a column that ends at bottom to the next one, whose boxes begin at left and
// top.
// The first across goes round all others, twice, so that none crosses another.
func (l *layout) turn(pieces [][2]int, bottom, left, top float64) {
	outer := float64(sources(pieces) - 1)
	for i, p := range pieces {
		lane := float64(sources(pieces[:i+1]) - 1)
		l.turns[p] = turn{
			leave:  bottom + laneRoom + (outer-lane)*laneGap,
			gutter: left - columnGap/2 - lane*laneGap,
			enter:  top - laneRoom - lane*laneGap,
		}
	}
}
