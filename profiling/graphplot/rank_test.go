package graphplot

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// drawn makes a graph of n boxes: a chain with more edges over random distances.
func drawn(r *rand.Rand, n int) ([]size, []edge) {
	sizes := make([]size, n)
	var edges []edge
	for i := range sizes {
		sizes[i] = size{across: 90 + 200*r.Float64(), along: 40 + 120*r.Float64()}
		seen := map[int]bool{}
		for range r.IntN(4) {
			if from := r.IntN(i + 1); from < i && !seen[from] {
				seen[from] = true
				edges = append(edges, edge{from, i})
			}
		}
	}
	return sizes, edges
}

// TestLayoutKeepsItsDistances draws graphs at random: boxes of a rank stand apart, every edge runs with the
// data, from box to box and not over another.
func TestLayoutKeepsItsDistances(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		sizes, edges := drawn(r, 1+r.IntN(40))
		l := arrange(sizes, edges)
		for _, rank := range l.ranks {
			for i := 1; i < len(rank); i++ {
				a, b := rank[i-1], rank[i]
				require.GreaterOrEqual(t, l.vertices[b].pos-l.vertices[a].pos, l.gap(a, b)-1e-6)
			}
		}
		for _, v := range l.vertices {
			require.GreaterOrEqual(t, v.pos-v.across/2, margin-1e-6)
			require.LessOrEqual(t, v.pos+v.across/2, l.across-margin+1e-6)
		}
		for _, e := range edges {
			require.Less(t, l.vertices[e.from].rank, l.vertices[e.to].rank)
			l.checkRoute(t, e, len(sizes))
		}
	}
}

// checkRoute follows an edge. It may leave a rank only straight on, and pass no box nearer than half a gap.
func (l *layout) checkRoute(t *testing.T, e edge, boxes int) {
	t.Helper()
	way := l.route(e)
	from, to := l.centre(e.from), l.centre(e.to)
	require.InDelta(t, from.across, way[0].across, kink)
	require.InDelta(t, to.across, way[len(way)-1].across, kink)
	require.InDelta(t, from.along+l.vertices[e.from].along/2, way[0].along, 1e-6)
	require.InDelta(t, to.along-l.vertices[e.to].along/2, way[len(way)-1].along, 1e-6)
	for i := 1; i < len(way); i++ {
		a, b := way[i-1], way[i]
		require.GreaterOrEqual(t, b.along, a.along-1e-6)
		for v := range boxes {
			c, s := l.centre(v), l.vertices[v].size
			near, far := c.along-s.along/2+1e-6, c.along+s.along/2-1e-6
			if v == e.from || v == e.to || b.along <= near || a.along >= far {
				continue
			}
			require.Equal(t, a.across, b.across, "a bend beside a box")
			require.Greater(t, math.Abs(a.across-c.across), s.across/2+bendGap/2-1)
		}
	}
}

// TestStraightChains wants chains in one line, with the edges that pass them beside.
func TestStraightChains(t *testing.T) {
	var sizes []size
	var edges []edge
	for i := range 12 {
		sizes = append(sizes, size{across: 100 + 20*float64(i%3), along: 50})
		if i > 0 {
			edges = append(edges, edge{i - 1, i})
		}
		if i > 0 && i%3 == 0 {
			edges = append(edges, edge{i - 3, i})
		}
	}
	l := arrange(sizes, edges)
	for i := range sizes {
		require.InDelta(t, l.vertices[0].pos, l.vertices[i].pos, kink)
	}
	for _, e := range edges {
		way := l.route(e)
		for i := 2; i < len(way)-1; i++ {
			require.Equal(t, way[1].across, way[i].across, "edge %v bends once on each side, or not at all", e)
		}
	}
}

// TestMainWaysAreStraight wants the layers that compute in one line, whatever goes round them: short cuts,
// projections, and branches as wide as the line itself.
func TestMainWaysAreStraight(t *testing.T) {
	for _, wide := range []float64{60, 110, 300} {
		var sizes []size
		var edges []edge
		var line []int
		add := func(across float64, from ...int) int {
			sizes = append(sizes, size{across: across, along: 50})
			for _, f := range from {
				edges = append(edges, edge{f, len(sizes) - 1})
			}
			return len(sizes) - 1
		}
		last := add(90)
		line = append(line, last)
		for i := range 8 {
			a := add(100, last)
			b := add(140+30*float64(i%3), a)
			short := last
			if i%3 != 1 {
				short = add(wide, last)
			}
			last = add(80, b, short)
			line = append(line, a, b, last)
		}
		l := arrange(sizes, edges)
		for _, v := range line {
			require.InDelta(t, l.vertices[line[0]].pos, l.vertices[v].pos, 0.5, "wide %v, box %d", wide, v)
		}
	}
}

// TestOrderUncrosses undoes a graph whose natural order crosses all edges.
func TestOrderUncrosses(t *testing.T) {
	sizes := make([]size, 8)
	edges := []edge{{0, 7}, {1, 6}, {2, 5}, {3, 4}}
	l := &layout{edges: edges, chains: map[edge][]int{}, vertices: make([]vertex, len(sizes))}
	l.rank()
	l.addBends()
	require.Equal(t, 6, l.crossings())
	l.order()
	require.Zero(t, l.crossings())
}

// TestSecondInputStandsNextToItsReader wants a late input near, not at the top.
func TestSecondInputStandsNextToItsReader(t *testing.T) {
	l := arrange(make([]size, 5), []edge{{0, 1}, {1, 2}, {2, 4}, {3, 4}})
	require.Equal(t, l.vertices[2].rank, l.vertices[3].rank)
	require.Empty(t, l.chains)
}

// TestArrangeNothing draws a graph of nothing.
func TestArrangeNothing(t *testing.T) {
	l := arrange(nil, nil)
	require.Equal(t, position{2 * margin, 2 * margin}, position{l.across, l.along})
}

// TestWrap breaks texts at the limit, behind the end of a word where there is one.
func TestWrap(t *testing.T) {
	require.Equal(t, []string{""}, wrap("", styleRow, 50))
	require.Equal(t, []string{"short"}, wrap("short", styleRow, 50))
	parts := wrap("one/two/three/four/five", styleRow, 60)
	require.Equal(t, []string{"one/two/", "three/four/", "five"}, parts)
	for _, part := range wrap("WWWWWWWWWWWWWWWWWWWWWWWWWWWWW", styleTitle, 60) {
		require.LessOrEqual(t, width(part, styleTitle), 60.0)
	}
	require.Equal(t, []string{"W", "W"}, wrap("WW", styleTitle, 1), "a letter wider than the limit")
	require.Equal(t, []string{"a\ufffdb"}, wrap("a\x00b", styleRow, 60))
	require.InDelta(t, 24, width("漢字", styleRow), 1e-9)
}
