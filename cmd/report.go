package cmd

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hlsgo/hlsgo"
)

// writeReport writes a page about a model that has been profiled: it runs the samples again to count what
// becomes of them.
func (a *app) writeReport(
	c *cobra.Command, m *hlsgo.Model, p *hlsgo.Profile, args []string, f *profileFlags,
) error {
	d := hlsgo.ReportData{Version: version(), Profile: p}
	var err error
	if d.Health, err = a.reportHealth(c, m, args, f); err != nil {
		return err
	}
	if d.Comparison, err = a.reportComparison(c, m, p, args, f); err != nil {
		return err
	}
	if f.cure && d.Comparison == nil {
		return errors.New("--cure: got no samples that can be compared, want them with -i")
	}
	if f.cure {
		if err := a.reportCure(c, m, args, f, &d); err != nil {
			return err
		}
	}
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

// reportHealth counts what becomes of the values of the samples; none: nil.
func (a *app) reportHealth(
	c *cobra.Command, m *hlsgo.Model, args []string, f *profileFlags,
) (*hlsgo.Health, error) {
	line := a.progress("health")
	defer line.clear()
	if len(args) > 0 {
		o := hlsgo.ProfileOptions{Threads: f.threads, Progress: line.update}
		return m.HealthFiles(c.Context(), o, f.inputs...)
	}
	_, data, err := a.toolkit.LoadExample(exampleName, *f.override)
	if err != nil {
		return nil, err
	}
	return m.Health(c.Context(), data.X)
}

// comparedSamples is how many samples a report compares with the float model, from the first on.
// A comparison runs the samples once for each cure that it tries; a page should not take an hour.
const comparedSamples = 10000

// reportComparison compares the samples with the float model; none: nil. A page without a comparison is
// better than none, but who gives labels wants to see what they tell.
func (a *app) reportComparison(
	c *cobra.Command, m *hlsgo.Model, p *hlsgo.Profile, args []string, f *profileFlags,
) (*hlsgo.Comparison, error) {
	if p.Samples == 0 {
		return nil, nil
	}
	// The comparison would refuse them, while all other parts of the page are right without them.
	if p.BadInputs > 0 {
		a.warn([]string{"comparison: left out of the report: got inputs that are NaN or infinite"})
		return nil, nil
	}
	line := a.progress("compare")
	r, err := a.compareSamples(c, m, args, f, hlsgo.CompareOptions{
		Progress: line.phase, Samples: line.update,
	})
	line.clear()
	if err != nil && f.labels == "" && c.Context().Err() == nil {
		a.warn([]string{fmt.Sprintf("comparison: left out of the report: %v", err)})
		return nil, nil
	}
	return r, err
}

// reportCure looks for settings that make the model agree with the float model, and compares it with them.
func (a *app) reportCure(
	c *cobra.Command, m *hlsgo.Model, args []string, f *profileFlags, d *hlsgo.ReportData,
) error {
	line := a.progress("cure")
	defer line.clear()
	o := hlsgo.CureOptions{Progress: line.wait}
	var err error
	if len(args) > 0 {
		d.Cure, err = m.CureFiles(c.Context(), o, comparedSamples, f.labels, f.inputs...)
	} else {
		_, data, failed := a.toolkit.LoadExample(exampleName, *f.override)
		if failed != nil {
			return failed
		}
		o.Labels = data.Labels
		d.Cure, err = m.Cure(c.Context(), o, data.X)
	}
	if err != nil || len(d.Cure.Changes) == 0 {
		return err
	}
	d.Cured, err = a.compareSamples(c, m.Cured(d.Cure), args, f, hlsgo.CompareOptions{Progress: line.wait})
	return err
}

// compareSamples compares the samples of the command line, or those of the example.
func (a *app) compareSamples(
	c *cobra.Command, m *hlsgo.Model, args []string, f *profileFlags, o hlsgo.CompareOptions,
) (*hlsgo.Comparison, error) {
	if len(args) > 0 {
		return m.CompareFiles(c.Context(), o, comparedSamples, f.labels, f.inputs...)
	}
	_, data, err := a.toolkit.LoadExample(exampleName, *f.override)
	if err != nil {
		return nil, err
	}
	o.Labels = data.Labels
	return m.Compare(c.Context(), o, data.X)
}
