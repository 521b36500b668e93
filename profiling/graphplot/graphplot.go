// Package graphplot draws a graph as a picture: one box per layer with its name, kind, shapes, types and
// reuse factor, joined by the tensors between them. Pictures are SVG, PNG, PDF or Graphviz' DOT; the first
// three are laid out here, in ranks, and need no other program. It does what hls4ml's plot_model does.
package graphplot

import (
	"fmt"
	"math"

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
	// Title stands above the picture, and Subtitle below it in small letters; with a title comes a legend.
	Title, Subtitle string
	Names           bool // names of the layers, else their kinds alone
	Shapes          bool // of inputs and outputs, for one sample
	Types           bool // of results, weights and accumulators
	Reuse           bool // reuse factors and strategies
	// Direction is TopBottom when empty.
	Direction Direction
	// Columns is how many columns a long graph is folded into, rows where data flows to the right; 0: as many
	// as make it readable, 1: no folding.
	Columns int
	// Mark colours the frame of a layer; nil: none.
	Mark func(n *ir.Node) Mark
	// Link is where a click on a layer leads in an SVG, "#part" of a page; nil: nowhere.
	Link func(n *ir.Node) string
}

// Everything shows all there is.
func Everything() Options { return Options{Names: true, Shapes: true, Types: true, Reuse: true} }

// Picture is a graph laid out. Lengths are pixels of 1/96 inch from the upper left corner.
type Picture struct {
	Width, Height float64
	boxes         []*box
	edges         []edge
	routes        []route   // of the edges
	cuts          []float64 // of a picture of one column: in the middle of the gaps between ranks
	direction     Direction
	title         string
	heads         []line
	legend        []sign
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
	if o.Columns < 0 {
		return nil, fmt.Errorf("picture: columns: got %d, want 1 or more, or 0 for as many as make it readable",
			o.Columns)
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
	p.place(o.Columns)
	if o.Title != "" {
		p.frame(o.Title, o.Subtitle)
	}
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
			// Graphs are in the order of computation, so from < to holds; asking keeps a broken graph, which
			// one may well want to look at, from sending the layout round in circles. A layer that reads a
			// tensor twice gets one line.
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
func (p *Picture) place(columns int) {
	sizes := make([]size, len(p.boxes))
	for i, b := range p.boxes {
		sizes[i] = size{across: b.w, along: b.h}
		if p.direction == LeftRight {
			sizes[i] = size{across: b.h, along: b.w}
		}
	}
	l := arrange(sizes, p.edges)
	shape := goodShape
	if p.direction == LeftRight {
		shape = 1 / goodShape
	}
	l.fold(columns, shape)
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
	for r := 1; r < len(l.begin) && l.turns == nil; r++ {
		p.cuts = append(p.cuts, l.begin[r]-rankGap/2)
	}
	end := p.point(position{l.across, l.along})
	p.Width, p.Height = end.x, end.y
}

// point turns a place of the layout into one of the picture.
func (p *Picture) point(at position) point {
	if p.direction == LeftRight {
		return point{at.along, at.across}
	}
	return point{at.across, at.along}
}

// point is a place in the picture.
type point struct{ x, y float64 }

// route is the way of an edge: its points, between which it runs straight where they share a coordinate, or
// bends smoothly.
type route []point

// leg is a piece of the line of an edge: a straight one, or a curve with two control points.
type leg struct {
	curved bool
	c1, c2 point
	to     point
}

// turnRadius is how round the corners of an edge are.
const turnRadius = 9

// legs are the pieces behind the first point.
func (p *Picture) legs(r route) []leg {
	var out []leg
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		if a.x != b.x && a.y != b.y {
			out = append(out, p.bend(a, b))
			continue
		}
		if i+1 == len(r) || !corner(a, b, r[i+1]) {
			out = append(out, leg{to: b})
			continue
		}
		// An S of two corners shares what lies between them.
		radius := min(turnRadius, apart(a, b)/2, apart(b, r[i+1])/2)
		in, on := towards(b, a, radius), towards(b, r[i+1], radius)
		out = append(out, leg{to: in},
			leg{curved: true, c1: towards(in, b, 0.55*radius), c2: towards(on, b, 0.55*radius), to: on})
	}
	return out
}

// bend is a smooth step aside from a to b.
// The control points stand halfway, so the line leaves and arrives along the flow of data.
func (p *Picture) bend(a, b point) leg {
	if p.direction == LeftRight {
		mid := (a.x + b.x) / 2
		return leg{true, point{mid, a.y}, point{mid, b.y}, b}
	}
	mid := (a.y + b.y) / 2
	return leg{true, point{a.x, mid}, point{b.x, mid}, b}
}

// corner tells whether straight lines from a to b and from b to c meet at a right angle.
func corner(a, b, c point) bool {
	return a.x == b.x && b.y == c.y && b.x != c.x || a.y == b.y && b.x == c.x && b.y != c.y
}

func apart(a, b point) float64 { return math.Hypot(b.x-a.x, b.y-a.y) }

// towards is the point that lies so far from a on the way to b.
func towards(a, b point, far float64) point {
	d := apart(a, b)
	if d == 0 {
		return a
	}
	return point{a.x + (b.x-a.x)*far/d, a.y + (b.y-a.y)*far/d}
}

// arrow returns the corners of the head of an edge that ends at tip.
func (p *Picture) arrow(tip point) [3]point {
	const long, half = 7, 3.5
	if p.direction == LeftRight {
		return [3]point{tip, {tip.x - long, tip.y - half}, {tip.x - long, tip.y + half}}
	}
	return [3]point{tip, {tip.x - half, tip.y - long}, {tip.x + half, tip.y - long}}
}
