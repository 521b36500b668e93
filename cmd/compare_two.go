package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hlsgo/hlsgo"
)

// oneModelOrTwo asks for a CONFIG.yml or MODEL, and takes a second one.
func oneModelOrTwo(c *cobra.Command, args []string) error {
	if len(args) == 2 {
		return nil
	}
	if len(args) > 2 {
		return usage(c, "got %d arguments, want a CONFIG.yml or MODEL, and a second one at most", len(args))
	}
	return oneModel(c, args)
}

// check refuses what does not go with a page, with a cure or with a second configuration.
func (f *compareFlags) check(c *cobra.Command, models int) error {
	changed := c.Flags().Changed
	cures := f.cure || f.write != ""
	if err := checkFlags(c, []flagRule{
		{"--html", changed("html") && f.html == "", "got no name, want a file"},
		{"--html", f.html != "" && cures, "got it with --cure; 'hlsgo profile --html' shows cures"},
		{"--cure", cures && models > 1, "got two configurations, want one"},
		{"--write", changed("write") && f.write == "", "got no name, want a file"},
		{"--keep", len(f.keep) > 0 && !cures, "got no --cure, want it with --cure or --write"},
	}); err != nil {
		return err
	}
	// Before the samples run, which may take long.
	if f.write != "" {
		if err := checkEnding(c, "--write", f.write, ".yml", ".yaml"); err != nil {
			return err
		}
		return hlsgo.CanWrite(f.write)
	}
	if f.html == "" {
		return nil
	}
	if err := checkEnding(c, "--html", f.html, ".html", ".htm"); err != nil {
		return err
	}
	return hlsgo.CanWrite(f.html)
}

// compareModel compares one model with its float model.
func (a *app) compareModel(c *cobra.Command, m *hlsgo.Model, f *compareFlags) (*hlsgo.Comparison, error) {
	line := a.progress("compare")
	r, err := m.CompareFiles(c.Context(), hlsgo.CompareOptions{
		Double: f.double, Progress: line.phase, Samples: line.update,
	}, f.samples, f.labels, f.inputs...)
	// Before anything else is written to the terminal, or it would stand behind the bar.
	line.clear()
	a.warn(m.Warnings())
	return r, err
}

// writeComparison writes the page that --html asks for, if it was given.
func (a *app) writeComparison(m *hlsgo.Model, d hlsgo.ReportData, f *compareFlags) error {
	if f.html == "" {
		return nil
	}
	d.Version = version()
	page, err := m.Report(d)
	if err != nil {
		return err
	}
	if err := hlsgo.WriteFile(f.html, page); err != nil {
		return err
	}
	fmt.Fprintf(a.Err, "wrote %s\n", f.html)
	return nil
}

// bothComparisons is what --json prints of two configurations.
type bothComparisons struct {
	First  *hlsgo.Comparison `json:"first"`
	Second *hlsgo.Comparison `json:"second"`
}

// compareTwo compares two configurations with the float model, and with each other.
func (a *app) compareTwo(c *cobra.Command, m *hlsgo.Model, path string, f *compareFlags) error {
	second, err := a.load(c, path, f.override)
	if err != nil {
		return err
	}
	if err := checkInputCount(c, f.inputs, len(second.Parsed().Inputs)); err != nil {
		return err
	}
	var both bothComparisons
	if both.First, err = a.compareModel(c, m, f); err != nil {
		return err
	}
	if both.Second, err = a.compareModel(c, second, f); err != nil {
		return err
	}
	if err := a.writeComparison(m, hlsgo.ReportData{
		Comparison: both.First, Other: second, OtherComparison: both.Second,
	}, f); err != nil {
		return err
	}
	if *f.json {
		return printJSON(a.Out, both)
	}
	return a.printBoth(both)
}

// printBoth shows a line per layer, with what both configurations make of it.
func (a *app) printBoth(both bothComparisons) error {
	s := sheet{
		columns: []string{"layer", "type, first", "type, second", "dist_diff, first", "dist_diff, second", ""},
		right:   []string{"dist_diff, first", "dist_diff, second"},
	}
	second := map[string]int{}
	for i, l := range both.Second.Layers {
		second[l.Layer] = i
	}
	for _, l := range both.First.Layers {
		i, ok := second[l.Layer]
		if !ok {
			s.add(l.Layer, l.Type, "–", digits(l.Dist.Mean), "–", "")
			continue
		}
		o := both.Second.Layers[i]
		delete(second, l.Layer)
		mark := ""
		if l.Type != o.Type {
			mark = "type differs"
		}
		s.add(l.Layer, l.Type, o.Type, digits(l.Dist.Mean), digits(o.Dist.Mean), mark)
	}
	for _, o := range both.Second.Layers {
		if _, left := second[o.Layer]; left {
			s.add(o.Layer, "–", o.Type, "–", digits(o.Dist.Mean), "")
		}
	}
	if err := s.print(a.Out, false); err != nil {
		return err
	}
	if x, y := both.First, both.Second; x.Float != nil && y.Float != nil {
		fmt.Fprintf(a.Out, "accuracy: float %.4f, fixed %.4f (first), %.4f (second)\n",
			x.Float.Accuracy, x.Fixed.Accuracy, y.Fixed.Accuracy)
	}
	return nil
}
