package cmd

import (
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
