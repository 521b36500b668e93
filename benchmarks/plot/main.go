// Command plot draws the ratios of results.json as bars on a logarithmic axis.
//
//	plot results.json performance.svg
package main

import (
	"encoding/json"
	"fmt"
	"image/color"
	"math"
	"os"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// row is one comparison; those with a unit are no ratio.
type row struct {
	Work   string  `json:"work"`
	Median float64 `json:"median"`
	Unit   string  `json:"unit"`
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "plot: arguments: want results.json performance.svg")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "plot:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var rows []row
	if err := json.Unmarshal(text, &rows); err != nil {
		return err
	}
	var names []string
	var values plotter.Values
	var labels plotter.XYLabels
	for i := len(rows) - 1; i >= 0; i-- { // the first on top
		r := rows[i]
		if r.Unit != "" {
			continue
		}
		// Ratios span four decades, so bars are logarithms; a bar of a ratio below one would grow to the left
		// of the axis, and its label is kept inside.
		x := math.Log10(math.Max(r.Median, 1e-3))
		labels.XYs = append(labels.XYs, plotter.XY{X: math.Max(x, 0), Y: float64(len(values))})
		labels.Labels = append(labels.Labels, " "+times(r.Median))
		names, values = append(names, "   "+r.Work), append(values, x) // the longest name keeps off the edge
	}
	return drawBars(names, values, labels, to)
}

// times writes 1.77x, 26x, 569x, 1760x.
func times(v float64) string {
	if v >= 100 {
		return fmt.Sprintf("%.0fx", v)
	}
	return fmt.Sprintf("%.3gx", v)
}

func drawBars(names []string, values plotter.Values, labels plotter.XYLabels, to string) error {
	p := plot.New()
	p.Title.Text = "hlsgo against hls4ml's predict() and against C++: times as fast"
	bars, err := plotter.NewBarChart(values, vg.Points(12))
	if err != nil {
		return err
	}
	bars.Horizontal = true
	bars.Color = color.RGBA{R: 0x1b, G: 0x7f, B: 0x8c, A: 0xff}
	bars.LineStyle.Width = 0
	marks, err := plotter.NewLabels(labels)
	if err != nil {
		return err
	}
	for i := range marks.TextStyle {
		marks.TextStyle[i].YAlign = draw.YCenter
	}
	p.Add(bars, marks)
	p.NominalY(names...)
	p.Title.Padding = vg.Points(12)
	p.Y.Max = float64(len(names)) - 0.4
	// Fixed, so that pictures of two versions can be laid side by side.
	p.X.Min, p.X.Max = 0, 4
	p.X.Tick.Marker = plot.ConstantTicks{
		{Value: 0, Label: "1"}, {Value: 1, Label: "10"}, {Value: 2, Label: "100"}, {Value: 3, Label: "1000"},
		{Value: 4, Label: "10000"},
	}
	return p.Save(vg.Points(760), vg.Points(float64(len(names))*26+80), to)
}
