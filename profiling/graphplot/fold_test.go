package graphplot

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// chain is a chain of n boxes, every third of them read by the one three behind as well.
func chain(n int, skips bool) ([]size, []edge) {
	var sizes []size
	var edges []edge
	for i := range n {
		sizes = append(sizes, size{across: 120 + 20*float64(i%3), along: 80 + 60*float64(i%2)})
		if i > 0 {
			edges = append(edges, edge{i - 1, i})
		}
		if skips && i > 0 && i%3 == 0 {
			edges = append(edges, edge{i - 3, i})
		}
	}
	return sizes, edges
}

// TestLongGraphsAreFolded wants long chains in the shape of a page, and short ones as they are.
func TestLongGraphsAreFolded(t *testing.T) {
	for _, shape := range []float64{goodShape, 1 / goodShape} {
		for n := 1; n <= 200; n += 7 {
			sizes, edges := chain(n, n%2 == 0)
			plain, l := arrange(sizes, edges), arrange(sizes, edges)
			l.fold(0, shape)
			if plain.along < foldBeyond {
				require.Equal(t, plain, l, "%d boxes", n)
				continue
			}
			require.NotNil(t, l.turns)
			off := math.Log2(l.across / l.along / shape)
			require.InDelta(t, 0, off, 0.8, "%d boxes: %.0f x %.0f", n, l.across, l.along)
			require.Less(t, l.across*l.along, 3*plain.across*plain.along, "%d boxes", n)
		}
	}
}

// TestFoldedInto wants as many columns as are asked for, as far as there are ranks.
func TestFoldedInto(t *testing.T) {
	sizes, edges := chain(12, false)
	for columns := 1; columns < 20; columns++ {
		l := arrange(sizes, edges)
		l.fold(columns, goodShape)
		tops := 0
		for r := range l.begin {
			if l.begin[r] == l.begin[0] {
				tops++
			}
		}
		require.Equal(t, min(columns, 12), tops)
		require.Len(t, l.turns, tops-1)
	}
}

// TestFoldsCutFewEdges folds where blocks end, which one tensor alone leaves.
func TestFoldsCutFewEdges(t *testing.T) {
	l := arrange(chain(60, true))
	l.fold(0, goodShape)
	for p := range l.turns {
		require.Zero(t, p[0]%3, "a block is torn")
		require.Less(t, p[0], 60, "an edge is torn that passes boxes")
	}
}

// TestFoldedLayoutKeepsItsDistances draws graphs at random and folds them: boxes stand apart, edges run from
// box to box, over none, inside the picture, and the pieces between two columns do not cross unless they did.
func TestFoldedLayoutKeepsItsDistances(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 80 {
		sizes, edges := drawn(r, 2+r.IntN(40))
		l := arrange(sizes, edges)
		l.fold(2+r.IntN(6), goodShape)
		boxes := make([][4]float64, len(sizes))
		for i, s := range sizes {
			c, x, y := l.centre(i), s.across/2, s.along/2
			boxes[i] = [4]float64{c.across - x, c.along - y, c.across + x, c.along + y}
			l.inside(t, position{boxes[i][0], boxes[i][1]})
			l.inside(t, position{boxes[i][2], boxes[i][3]})
			for k := range i {
				require.False(t, meet(boxes[i], boxes[k], 0), "boxes %d and %d", i, k)
			}
		}
		for _, e := range edges {
			way := l.route(e)
			require.InDelta(t, boxes[e.from][3], way[0].along, 1e-6)
			require.InDelta(t, boxes[e.to][1], way[len(way)-1].along, 1e-6)
			for i := 1; i < len(way); i++ {
				a, b := way[i-1], way[i]
				l.inside(t, b)
				segment := [4]float64{
					min(a.across, b.across), min(a.along, b.along), max(a.across, b.across), max(a.along, b.along),
				}
				for v := range boxes {
					require.False(t, meet(boxes[v], segment, 1e-6), "edge %v and box %d", e, v)
				}
			}
		}
	}
}

func (l *layout) inside(t *testing.T, p position) {
	t.Helper()
	const rim = margin / 2
	require.True(t, p.across >= rim && p.along >= rim && p.across <= l.across-rim && p.along <= l.along-rim,
		"%v in %.0f x %.0f", p, l.across, l.along)
}

// meet tells whether two rectangles overlap by more than slack.
func meet(a, b [4]float64, slack float64) bool {
	return a[0] < b[2]-slack && b[0] < a[2]-slack && a[1] < b[3]-slack && b[1] < a[3]-slack
}

// TestTurnsKeepTheirOrder leads several edges round one end of a column: side by side, without crossings.
func TestTurnsKeepTheirOrder(t *testing.T) {
	var sizes []size
	var edges []edge
	for i := range 12 {
		sizes = append(sizes, size{across: 90, along: 60})
		if i >= 3 {
			edges = append(edges, edge{i - 3, i})
		}
	}
	l := arrange(sizes, edges)
	l.fold(2, goodShape)
	require.Len(t, l.turns, 3)
	var ways [][]position
	for _, e := range edges {
		if _, ok := l.turns[[2]int{e.from, e.to}]; ok {
			ways = append(ways, l.route(e))
		}
	}
	for i, a := range ways {
		for _, b := range ways[:i] {
			require.False(t, cross(a, b))
		}
	}
}

// cross tells whether two ways of straight lines have a point in common.
func cross(a, b []position) bool {
	box := func(p, q position) [4]float64 {
		return [4]float64{
			min(p.across, q.across), min(p.along, q.along), max(p.across, q.across), max(p.along, q.along),
		}
	}
	for i := 1; i < len(a); i++ {
		for k := 1; k < len(b); k++ {
			if meet(box(a[i-1], a[i]), box(b[k-1], b[k]), -1e-6) {
				return true
			}
		}
	}
	return false
}
