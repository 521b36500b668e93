package hlsgo_test

import (
	"bytes"
	"image/png"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
)

// TestPlot draws a model in every format, and refuses others.
func TestPlot(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	m, err := tk.Load("benchmarks/jets.yml", hlsgo.Overrides{})
	require.NoError(t, err)
	for _, format := range hlsgo.PlotFormats() {
		_, err := m.Plot(format, hlsgo.PlotOptions{})
		require.NoError(t, err, format)
	}
	small, err := m.Plot("png", hlsgo.PlotOptions{Names: true})
	require.NoError(t, err)
	large, err := m.Plot("png", hlsgo.PlotOptions{Names: true, DPI: 192})
	require.NoError(t, err)
	a, err := png.DecodeConfig(bytes.NewReader(small))
	require.NoError(t, err)
	b, err := png.DecodeConfig(bytes.NewReader(large))
	require.NoError(t, err)
	require.InDelta(t, 2*a.Width, b.Width, 1)

	_, err = m.Plot("gif", hlsgo.PlotOptions{})
	require.EqualError(t, err, `picture: format: got "gif", want one of svg, png, pdf, dot`)
	_, err = m.Plot("svg", hlsgo.PlotOptions{Direction: "up"})
	require.EqualError(t, err, `picture: direction: got "up", want TB or LR`)
	_, err = m.Plot("svg", hlsgo.PlotOptions{After: "nosuch"})
	require.ErrorContains(t, err, `pass "nosuch": unknown`)
}

// TestReportNeedsNoMeasurements writes the page of a model of which nothing is known but the graph.
func TestReportNeedsNoMeasurements(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	m, err := tk.Load("benchmarks/jets.yml", hlsgo.Overrides{})
	require.NoError(t, err)
	page, err := m.Report(hlsgo.ReportData{})
	require.NoError(t, err)
	require.Contains(t, string(page), "<h1>jets.yml</h1>")
	require.Contains(t, string(page), "jets.yml:", "settings say where they come from")
	require.NotContains(t, string(page), `id="health"`)
}
