package hlsgo

import (
	"bytes"
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/profiling/graphplot"
)

// PlotOptions say what the picture of a graph shows, and how.
type PlotOptions struct {
	// Names, Shapes, Types and Reuse choose what stands in the boxes: hls4ml's show_layer_names, show_shapes and
	// show_precision, and reuse factors with strategies.
	Names, Shapes, Types, Reuse bool
	Direction                   string // "TB", the default, or "LR": hls4ml's rankdir
	// Columns is how many columns a long graph is folded into, rows with "LR"; 0: as many as make it readable,
	// 1: no folding.
	Columns int
	After   string // draw the graph as GraphAfter gives it; "": the final graph
	DPI     int    // of a PNG; 0: 96
	// Untitled leaves out the title, which is the name of the model, and the legend.
	Untitled bool
}

// PlotFormats are the kinds of files that Plot writes.
func PlotFormats() []string { return []string{"svg", "png", "pdf", "dot"} }

// Plot draws the graph in one of PlotFormats. It does what hls4ml's plot_model does, without Graphviz; DOT is
// for those who want Graphviz' own layout.
func (m *Model) Plot(format string, o PlotOptions) ([]byte, error) {
	if !slices.Contains(PlotFormats(), format) {
		return nil, fmt.Errorf("picture: format: got %q, want one of %s", format, strings.Join(PlotFormats(), ", "))
	}
	g, err := m.Graph()
	if o.After != "" {
		g, err = m.GraphAfter(o.After)
	}
	if err != nil {
		return nil, err
	}
	look := graphplot.Options{
		Names: o.Names, Shapes: o.Shapes, Types: o.Types, Reuse: o.Reuse,
		Direction: graphplot.Direction(o.Direction), Columns: o.Columns,
	}
	if !o.Untitled {
		look.Title, look.Subtitle = filepath.Base(m.name), subtitle(g, o.After)
	}
	p, err := graphplot.New(g, look)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	switch format {
	case "svg":
		err = p.WriteSVG(&b)
	case "png":
		err = p.WritePNG(&b, cmp.Or(o.DPI, graphplot.DPI))
	case "pdf":
		err = p.WritePDF(&b)
	case "dot":
		err = p.WriteDOT(&b)
	}
	return b.Bytes(), err
}

// subtitle says what a picture of a graph is of.
func subtitle(g *ir.Graph, after string) string {
	layers := fmt.Sprintf("%d layers", len(g.Nodes))
	if len(g.Nodes) == 1 {
		layers = "1 layer"
	}
	words := []string{g.Config.Backend, string(g.Config.IOType), g.Config.Part, layers}
	if after != "" {
		words = append(words, "after "+after)
	}
	return strings.Join(slices.DeleteFunc(words, func(s string) bool { return s == "" }), ", ")
}
