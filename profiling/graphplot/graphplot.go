// Package graphplot draws a graph as a picture: one box per layer with its name, kind, shapes, types and
// reuse factor, joined by the tensors between them. Pictures are SVG, PNG or Graphviz' DOT; the first two are
// laid out here, in ranks, and need no other program. It does what hls4ml's plot_model does.
package graphplot

import (
	"fmt"

	"github.com/hlsgo/hlsgo/ir"
)

// Direction is the way that data flows in a picture, in Graphviz' words.
type Direction string

// The directions.
const (
	TopBottom Direction = "TB"
	LeftRight Direction = "LR"
)

// Mark is what a picture says about the health of a layer.
type Mark string

// The marks: nothing to say, something to know, something wrong.
const (
	MarkNone Mark = ""
	MarkWarn Mark = "warn"
	MarkBad  Mark = "bad"
)

// Options choose what the boxes tell.
type Options struct {
	Names  bool // names of the layers, else their kinds alone
	Shapes bool // of inputs and outputs, for one sample
	Types  bool // of results, weights and accumulators
	Reuse  bool // reuse factors and strategies
	// Direction is TopBottom when empty.
	Direction Direction
	// Mark colours the frame of a layer; nil: none.
	Mark func(n *ir.Node) Mark
	// Link is where a click on a layer leads in an SVG, "#part" of a page; nil: nowhere.
	Link func(n *ir.Node) string
}

// Everything shows all there is.
var Everything = Options{Names: true, Shapes: true, Types: true, Reuse: true}

// Picture is a graph laid out. Lengths are pixels of 1/96 inch from the upper left corner.
type Picture struct {
	Width, Height float64
	boxes         []*box
	edges         []edge
	routes        []route   // of the edges
	cuts          []float64 // along the flow of data, in the middle of the gaps between ranks
	direction     Direction
}

// New lays a graph out.
func New(g *ir.Graph, o Options) (*Picture, error) {
	switch o.Direction {
	case "":
		o.Direction = TopBottom
	case TopBottom, LeftRight:
	default:
		return nil, fmt.Errorf("picture: direction: got %q, want TB or LR", o.Direction)
	}
	p := &Picture{direction: o.Direction}
	at := map[string]int{} // tensor to box
	for i, n := range g.Nodes {
		p.boxes = append(p.boxes, newBox(n, o))
		for _, t := range n.Outputs {
			at[t] = i
		}
	}
	p.edges = edgesOf(g, at)
	p.place()
	return p, nil
}

// edge joins two boxes.
type edge struct{ from, to int }

// edgesOf lists who reads whom, once per pair.
func edgesOf(g *ir.Graph, at map[string]int) []edge {
	var edges []edge
	for to, n := range g.Nodes {
		seen := map[int]bool{}
		for _, t := range n.Inputs {
			if from, ok := at[t]; ok && from < to && !seen[from] {
				seen[from] = true
				edges = append(edges, edge{from, to})
			}
		}
	}
	return edges
}

// place runs the layout and takes its coordinates over. Picture and layout differ by a swap of axes when data
// flows from left to right.
func (p *Picture) place() {
	sizes := make([]size, len(p.boxes))
	for i, b := range p.boxes {
		sizes[i] = size{across: b.w, along: b.h}
		if p.direction == LeftRight {
			sizes[i] = size{across: b.h, along: b.w}
		}
	}
	l := arrange(sizes, p.edges)
	for i, b := range p.boxes {
		c := p.point(l.centre(i))
		b.x, b.y = c.x-b.w/2, c.y-b.h/2
	}
	for _, e := range p.edges {
		var r route
		for _, pt := range l.route(e) {
			r = append(r, p.point(pt))
		}
		p.routes = append(p.routes, r)
	}
	for r := 1; r < len(l.begin); r++ {
		p.cuts = append(p.cuts, l.begin[r]-rankGap/2)
	}
	end := p.point(place{l.across, l.along})
	p.Width, p.Height = end.x, end.y
}

// point turns a place of the layout into one of the picture.
func (p *Picture) point(at place) point {
	if p.direction == LeftRight {
		return point{at.along, at.across}
	}
	return point{at.across, at.along}
}

// point is a place in the picture.
type point struct{ x, y float64 }

// route is the way of an edge: its points, between which it runs straight along the flow of data (where two
// points share the other coordinate) or bends smoothly.
type route []point

// bend returns the control points of the curve from a to b, or false where the way is straight.
func (p *Picture) bend(a, b point) (point, point, bool) {
	if p.direction == LeftRight {
		mid := (a.x + b.x) / 2
		return point{mid, a.y}, point{mid, b.y}, a.y != b.y
	}
	mid := (a.y + b.y) / 2
	return point{a.x, mid}, point{b.x, mid}, a.x != b.x
}

// arrow returns the corners of the head of an edge that ends at tip.
func (p *Picture) arrow(tip point) [3]point {
	const long, half = 7, 3.5
	if p.direction == LeftRight {
		return [3]point{tip, {tip.x - long, tip.y - half}, {tip.x - long, tip.y + half}}
	}
	return [3]point{tip, {tip.x - half, tip.y - long}, {tip.x + half, tip.y - long}}
}
