package pdf

import (
	"bytes"
	"compress/zlib"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"
)

// roundBox is a box of 0,0 to w,h with round corners.
func roundBox(w, h, r vg.Length) vg.Path {
	var p vg.Path
	p.Move(vg.Point{X: r})
	p.Arc(vg.Point{X: w - r, Y: r}, r, -math.Pi/2, math.Pi/2)
	p.Arc(vg.Point{X: w - r, Y: h - r}, r, 0, math.Pi/2)
	p.Arc(vg.Point{X: r, Y: h - r}, r, math.Pi/2, math.Pi/2)
	p.Arc(vg.Point{X: r, Y: r}, r, math.Pi, math.Pi/2)
	p.Close()
	return p
}

// TestArcsAreCurves: every point of a curve lies on the circle of the arc, and the path goes on from there.
func TestArcsAreCurves(t *testing.T) {
	for _, sweep := range []float64{0.1, math.Pi / 2, -math.Pi / 2, 2 * math.Pi, -3} {
		var p vg.Path
		p.Arc(vg.Point{X: 3, Y: -2}, 5, 0.7, sweep)
		out := withoutArcs(p)
		require.Equal(t, vg.MoveComp, out[0].Type, "nothing before it")
		at := out[0].Pos
		for _, c := range out[1:] {
			require.Equal(t, vg.CurveComp, c.Type)
			for i := range 11 {
				s := vg.Length(i) / 10
				u := 1 - s
				x := u*u*u*at.X + 3*u*u*s*c.Control[0].X + 3*u*s*s*c.Control[1].X + s*s*s*c.Pos.X
				y := u*u*u*at.Y + 3*u*u*s*c.Control[0].Y + 3*u*s*s*c.Control[1].Y + s*s*s*c.Pos.Y
				require.InDelta(t, 5, math.Hypot(float64(x-3), float64(y+2)), 0.002)
			}
			at = c.Pos
		}
		require.InDelta(t, 3+5*math.Cos(0.7+sweep), float64(at.X), 1e-9)
		require.InDelta(t, -2+5*math.Sin(0.7+sweep), float64(at.Y), 1e-9)
	}
}

// TestRoundBoxIsOnePath: in the file a box with round corners is one way round, which can be filled.
func TestRoundBoxIsOnePath(t *testing.T) {
	c, err := New(100, 80)
	require.NoError(t, err)
	vg.Initialize(c)
	c.Fill(roundBox(60, 40, 6))
	var b bytes.Buffer
	_, err = c.WriteTo(&b)
	require.NoError(t, err)
	text := drawing(t, b.Bytes())
	require.Len(t, regexp.MustCompile(` m\b`).FindAllString(text, -1), 1, text)
	require.Len(t, regexp.MustCompile(` c\b`).FindAllString(text, -1), 4, text)
	require.Len(t, regexp.MustCompile(`(?m)^\s*f\b`).FindAllString(text, -1), 1, text)
}

// drawing is the operators of the page of a file.
func drawing(t *testing.T, file []byte) string {
	for _, part := range bytes.Split(file, []byte("stream\n"))[1:] {
		r, err := zlib.NewReader(bytes.NewReader(part))
		if err != nil {
			continue
		}
		text, err := io.ReadAll(r)
		if err == nil && strings.Contains(string(text), " m") {
			return string(text)
		}
	}
	t.Fatal("the file draws nothing")
	return ""
}
