package hlsgo

import (
	"bytes"
	"fmt"
	"path/filepath"

	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/ir"
	"github.com/hlsgo/hlsgo/profiling/report"
)

// ReportData is what a report page tells beyond the graph and the configuration; nil parts are left out.
type ReportData struct {
	Version string // of the program, for the page's foot
	Profile *Profile
	Health  *Health
	// Comparison is with the float model, and holds the scores where classes are known.
	Comparison *Comparison
	// Cure is a set of settings, and Cured the comparison of the model with them.
	Cure  *Cure
	Cured *Comparison
	// Other is a model of another configuration, to stand beside this one, and OtherComparison its comparison
	// with the float model.
	Other           *Model
	OtherComparison *Comparison
}

// Report returns a page of HTML about the model's numbers: the graph with its types, distributions, health
// and the comparison with the float model as far as given, and the effective settings with their origins. The
// page is one file that needs nothing else.
func (m *Model) Report(d ReportData) ([]byte, error) {
	g, err := m.Graph()
	if err != nil {
		return nil, err
	}
	name := filepath.Base(m.name)
	r := report.Report{
		Model: name, Version: d.Version, Graph: g, Warnings: m.Warnings(),
		Profile: d.Profile, Health: d.Health, Comparison: d.Comparison,
	}
	r.Settings = reportSettings(name, g)
	if o := d.Other; o != nil {
		second, err := o.Graph()
		if err != nil {
			return nil, err
		}
		otherName := filepath.Base(o.name)
		r.Other = &report.Other{
			Model: otherName, Graph: second, Comparison: d.OtherComparison,
			Settings: reportSettings(otherName, second),
		}
	}
	if r.Cure, err = d.cure(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = report.Write(&b, r)
	return b.Bytes(), err
}

func reportSettings(name string, g *ir.Graph) []report.Setting {
	var out []report.Setting
	for _, s := range config.Explain(name, g) {
		out = append(out, report.Setting{Layer: s.Layer, Key: s.Key, Value: s.Value, Origin: s.Origin})
	}
	return out
}

// cure is what the page tells of the settings.
func (d ReportData) cure() (*report.Cure, error) {
	c := d.Cure
	if c == nil {
		return nil, nil
	}
	out := &report.Cure{Notes: c.Lines}
	for _, s := range c.Changes {
		before := fmt.Sprint(s.Before)
		if before == "" {
			before = "derived"
		}
		out.Changes = append(out.Changes, report.Change{
			Setting: s.Path(), Before: before, After: fmt.Sprint(s.Value), BitsBefore: s.BitsBefore, BitsNow: s.Bits,
		})
	}
	measure := func(name, format string, before, after float64) {
		if before >= 0 { // those that do not apply are -1
			out.Measures = append(out.Measures, report.Measure{
				Name: name, Before: fmt.Sprintf(format, before), After: fmt.Sprintf(format, after),
			})
		}
	}
	measure("same choice as the float model, %", "%.2f", 100*c.Before.Agreement, 100*c.After.Agreement)
	measure("accuracy, %", "%.2f", 100*c.Before.Accuracy, 100*c.After.Accuracy)
	measure("error, relative to the float answers", "%.3g", c.Before.Error, c.After.Error)
	measure("dist_diff of the answers", "%.3g", c.Before.DistDiff, c.After.DistDiff)
	measure("bits of all types", "%.0f", float64(c.BitsBefore), float64(c.BitsAfter))
	if d.Comparison != nil && d.Cured != nil {
		out.Before, out.After = d.Comparison.Layers, d.Cured.Layers
	}
	out.Flags = CureFlags(c)
	var err error
	out.YAML, err = config.Only(cureSettings(c)...)
	return out, err
}
