package cmd

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hlsgo/hlsgo"
)

const plotLong = `Draws the final graph, or the graph as it is after one pass: a box per layer with
its name, kind, shapes, types and reuse factor. The extension of the file says
how: .svg, .png, .pdf, or .dot for Graphviz, which is not needed for the others.
Without -o the SVG goes to standard output. A long graph is folded into columns,
or rows with --rankdir LR, that are read one after the other.`

// newPlot is `hlsgo plot`.
func newPlot(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "plot CONFIG.yml | MODEL [flags]",
		Short: "draw the graph as a picture",
		Long:  plotLong,
		Example: `  hlsgo plot config.yml -o model.svg
  hlsgo plot model.h5 -o model.png --types=false --dpi 192
  hlsgo plot config.yml -o model.pdf --rankdir LR
  hlsgo plot config.yml -o model.dot`,
		Args: oneModel,
	}
	file := c.Flags().StringP("output", "o", "", "write `model.svg`, .png, .pdf or .dot")
	var p hlsgo.PlotOptions
	c.Flags().BoolVar(&p.Names, "names", true, "show names of layers")
	c.Flags().BoolVar(&p.Shapes, "shapes", true, "show shapes of inputs and outputs")
	c.Flags().BoolVar(&p.Types, "types", true, "show types of results, weights and accumulators")
	c.Flags().BoolVar(&p.Reuse, "reuse", true, "show reuse factors and strategies")
	c.Flags().StringVar(&p.Direction, "rankdir", "TB", "`TB`: data flows down; LR: to the right")
	c.Flags().IntVar(&p.Columns, "columns", 0,
		"fold a long graph into `N` columns, or rows (default: as it needs)")
	c.Flags().StringVar(&p.After, "after", "", "draw the graph as it is after this `pass`")
	c.Flags().BoolVar(&p.Untitled, "untitled", false, "leave out the title and the legend")
	c.Flags().IntVar(&p.DPI, "dpi", 96, "`pixels` per inch of a .png")
	o := addOverrides(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		format, err := checkPlot(c, *file, p)
		if err != nil {
			return err
		}
		if err := a.checkPass(c, p.After); err != nil {
			return err
		}
		m, err := a.load(c, args[0], o)
		if err != nil {
			return err
		}
		// The whole picture is made before the file is opened.
		picture, err := m.Plot(format, p)
		a.warn(m.Warnings())
		if err != nil {
			return err
		}
		if *file == "" {
			_, err = a.Out.Write(picture)
			return err
		}
		return hlsgo.WriteFile(*file, picture)
	}
	return c
}

// checkPlot returns the format of the file.
func checkPlot(c *cobra.Command, file string, p hlsgo.PlotOptions) (string, error) {
	// A picture on standard output is meant for a file or a browser, and SVG is text.
	format := "svg"
	if file != "" {
		format = strings.ToLower(strings.TrimPrefix(filepath.Ext(file), "."))
	}
	changed, formats := c.Flags().Changed, hlsgo.PlotFormats()
	err := checkFlags(c, []flagRule{
		{"-o", !slices.Contains(formats, format),
			fmt.Sprintf("got %q, want a file that ends in .%s", file, strings.Join(formats, ", ."))},
		{"--rankdir", p.Direction != "TB" && p.Direction != "LR",
			fmt.Sprintf("got %q, want TB or LR", p.Direction)},
		{"--columns", changed("columns") && p.Columns < 1, got(p.Columns, "1 or more")},
		{"--columns", changed("columns") && format == "dot",
			"got a .dot, which Graphviz lays out, want it with .svg, .png or .pdf"},
		{"--dpi", p.DPI < 1, got(p.DPI, "1 or more")},
		{"--dpi", changed("dpi") && format != "png", got("a ."+format, "it with a .png only")},
	})
	return format, err
}
