package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hlsgo/hlsgo"
)

// cure runs the search of `hlsgo compare --cure` and writes its configuration where asked.
func (a *app) cure(c *cobra.Command, m *hlsgo.Model, f *compareFlags) error {
	line := a.progress("cure")
	r, err := m.CureFiles(c.Context(), hlsgo.CureOptions{
		Double: f.double, Keep: f.keep, Progress: line.wait,
	}, f.samples, f.labels, f.inputs...)
	// Before anything else is written to the terminal, or it would stand behind the bar.
	line.clear()
	a.warn(m.Warnings())
	if err != nil {
		return err
	}
	if err := a.printCure(r, *f.json); err != nil || f.write == "" {
		return err
	}
	text, err := m.CureText(hlsgo.ConfigOptions{}, r)
	if err != nil {
		return err
	}
	if err := hlsgo.WriteFile(f.write, text); err != nil {
		return err
	}
	fmt.Fprintf(a.Err, "wrote %s\n", f.write)
	return nil
}

// printCure shows a line per setting, what they do, and the flags that make them.
func (a *app) printCure(r *hlsgo.Cure, asJSON bool) error {
	if asJSON {
		return printJSON(a.Out, r)
	}
	if len(r.Changes) > 0 {
		s := sheet{
			columns: []string{"setting", "before", "after", "bits before", "bits after"},
			right:   []string{"bits before", "bits after"},
		}
		for _, c := range r.Changes {
			s.add(c.Path(), fmt.Sprint(c.Before), fmt.Sprint(c.Value), c.BitsBefore, c.Bits)
		}
		if err := s.print(a.Out, false); err != nil {
			return err
		}
	}
	if err := a.printMeasures(r); err != nil {
		return err
	}
	fmt.Fprintln(a.Out, verdict(r))
	for _, l := range r.Lines {
		fmt.Fprintln(a.Out, oneLine(l, longestLine))
	}
	if len(r.Changes) > 0 {
		fmt.Fprintln(a.Out, hlsgo.CureFlags(r))
	}
	return nil
}

// fewSamples are so few that others may well reach further.
const fewSamples = 200

// verdict is what a search found in one line.
func verdict(r *hlsgo.Cure) string {
	settings := count(len(r.Changes), "setting")
	text := ""
	switch {
	case r.Sound:
		return "nothing to change: the model agrees with the float model"
	case r.Cured:
		text = settings + " make the model agree with the float model"
		if len(r.Changes) == 1 {
			text = settings + " makes the model agree with the float model"
		}
	case len(r.Changes) > 0:
		text = "not cured: with " + settings + " the model is nearer to the float model, and does not agree"
	default:
		return "not cured"
	}
	if r.After.Samples < fewSamples {
		text += fmt.Sprintf("; seen on %s only: more make it safer", count(r.After.Samples, "sample"))
	}
	return text
}

// printMeasures shows how near the model is to the float model, before and after.
func (a *app) printMeasures(r *hlsgo.Cure) error {
	s := sheet{columns: []string{"", "before", "after"}, right: []string{"before", "after"}}
	row := func(name string, before, after float64) {
		if before >= 0 {
			s.add(name, digits(before), digits(after))
		}
	}
	percent := func(name string, before, after float64) {
		if before >= 0 {
			s.add(name, fmt.Sprintf("%.2f%%", 100*before), fmt.Sprintf("%.2f%%", 100*after))
		}
	}
	percent("same choice as the float model", r.Before.Agreement, r.After.Agreement)
	name := fmt.Sprintf("accuracy (float model %.2f%%)", 100*r.FloatAccuracy)
	percent(name, r.Before.Accuracy, r.After.Accuracy)
	row("error, relative to the float answers", r.Before.Error, r.After.Error)
	row("dist_diff of the answers", r.Before.DistDiff, r.After.DistDiff)
	s.add("bits of all types", r.BitsBefore, r.BitsAfter)
	return s.print(a.Out, false)
}
