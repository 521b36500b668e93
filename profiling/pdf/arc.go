package pdf

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// The library draws an arc as a path of its own, and not where the path stands: boxes with round corners fall
// to pieces. So arcs are given to it as curves.

// Fill fills a path.
func (c canvas) Fill(p vg.Path) { c.Canvas.Fill(withoutArcs(p)) }

// Stroke draws a line along a path.
func (c canvas) Stroke(p vg.Path) { c.Canvas.Stroke(withoutArcs(p)) }

// withoutArcs is a path with curves in the place of arcs.
func withoutArcs(p vg.Path) vg.Path {
	var out vg.Path
	for _, part := range p {
		if part.Type != vg.ArcComp {
			out = append(out, part)
			continue
		}
		start := around(part, part.Start)
		if len(out) == 0 || out[len(out)-1].Type == vg.CloseComp {
			out.Move(start)
		} else {
			out.Line(start)
		}
		bend(&out, part)
	}
	return out
}

// around is the point of an arc's circle at an angle.
func around(arc vg.PathComp, angle float64) vg.Point {
	sin, cos := math.Sincos(angle)
	return vg.Point{X: arc.Pos.X + arc.Radius*vg.Length(cos), Y: arc.Pos.Y + arc.Radius*vg.Length(sin)}
}

// bend appends an arc as curves of a quarter of the circle at most, which differ from it by 0.03% of the
// radius.
func bend(out *vg.Path, arc vg.PathComp) {
	n := int(math.Ceil(math.Abs(arc.Angle) / (math.Pi / 2)))
	if n == 0 {
		return
	}
	turn := arc.Angle / float64(n)
	pull := arc.Radius * vg.Length(4.0/3*math.Tan(turn/4))
	for i := range n {
		from := arc.Start + float64(i)*turn
		to := from + turn
		a, b := around(arc, from), around(arc, to)
		sinA, cosA := math.Sincos(from)
		sinB, cosB := math.Sincos(to)
		out.CubeTo(
			vg.Point{X: a.X - pull*vg.Length(sinA), Y: a.Y + pull*vg.Length(cosA)},
			vg.Point{X: b.X + pull*vg.Length(sinB), Y: b.Y - pull*vg.Length(cosB)}, b)
	}
}
