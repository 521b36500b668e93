package hlsgo

import (
	"bytes"
	"path/filepath"

	"github.com/hlsgo/hlsgo/config"
	"github.com/hlsgo/hlsgo/profiling/report"
)

// ReportData is what a report page tells beyond the graph and the configuration; nil parts are left out.
type ReportData struct {
	Version string // of the program, for the page's foot
	Profile *Profile
	Health  *Health
	// Comparison is with the float model, and holds the scores where classes are known.
	Comparison *Comparison
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
	for _, s := range config.Explain(name, g) {
		r.Settings = append(r.Settings, report.Setting{
			Layer: s.Layer, Key: s.Key, Value: s.Value, Origin: s.Origin,
		})
	}
	var b bytes.Buffer
	err = report.Write(&b, r)
	return b.Bytes(), err
}
