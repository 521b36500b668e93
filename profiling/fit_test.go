package profiling_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/fixed"
	"github.com/hlsgo/hlsgo/profiling"
)

func statsOf(values ...float64) *profiling.Stats {
	c := profiling.NewCollector(fixed.Auto)
	profiling.Add(c, values)
	s := c.Stats()
	return &s
}

// TestFit counts bits short and to spare, and the share below the step.
func TestFit(t *testing.T) {
	signed, unsigned := profiling.RangeOf(fixed.Fixed(8, 4)), profiling.RangeOf(fixed.UFixed(8, 4))
	for _, c := range []struct {
		values []float64
		in     *profiling.Range
		want   profiling.Fit
		words  string
	}{
		{[]float64{7.9, -1}, signed, profiling.Fit{}, ""},
		{[]float64{8}, signed, profiling.Fit{Short: 1}, "1 bit short"},
		{[]float64{-8, 7}, signed, profiling.Fit{}, ""}, // -2^n is the first value of a signed type
		{[]float64{-8}, signed, profiling.Fit{}, ""},
		{[]float64{-8, 8}, signed, profiling.Fit{Short: 1}, "1 bit short"},
		{[]float64{-8.1}, signed, profiling.Fit{Short: 1}, "1 bit short"},
		{[]float64{40, 1}, signed, profiling.Fit{Short: 3}, "3 bits short"},
		{[]float64{8}, unsigned, profiling.Fit{}, ""},
		{[]float64{0.25, 0}, signed, profiling.Fit{Spare: 4}, "4 bits spare"},
		{[]float64{3, 0.06, 0, 0}, signed, profiling.Fit{Spare: 1, Lost: 0.5}, "50.0 % below step"},
		{[]float64{3, 0.0625}, signed, profiling.Fit{Spare: 1}, ""},
		{[]float64{0.01}, signed, profiling.Fit{Spare: 9, Lost: 1}, "9 bits spare, 100 % below step"},
	} {
		f := statsOf(c.values...).FitTo(c.in)
		require.Equal(t, c.want, *f, c.values)
		require.Equal(t, c.words, f.String(), c.values)
	}
	require.Nil(t, statsOf(1).FitTo(nil))
	require.Nil(t, statsOf(0, 0).FitTo(signed))
	require.Equal(t, "", (*profiling.Fit)(nil).String())
}

// TestExports writes the same numbers as JSON and as CSV.
func TestExports(t *testing.T) {
	p := &profiling.Profile{Model: "m.yml", Samples: 2, Tensors: []profiling.Tensor{
		{
			Label: "fc/w", Layer: "fc", Kind: "Dense", Role: "weight", Group: profiling.Weights,
			Stage: profiling.After, Type: "fixed<8,4>", Range: &profiling.Range{Low: -4, High: 3},
			Stats: *statsOf(0.5, -3, 0), Fit: &profiling.Fit{Spare: 1},
		},
		{Label: "fc", Layer: "fc", Group: profiling.Activations, Stage: profiling.Before, Stats: *statsOf()},
	}}
	var b bytes.Buffer
	require.NoError(t, p.WriteJSON(&b))
	var back profiling.Profile
	require.NoError(t, json.Unmarshal(b.Bytes(), &back))
	require.Equal(t, p, &back)

	b.Reset()
	require.NoError(t, p.WriteCSV(&b))
	rows, err := csv.NewReader(&b).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 3)
	line := map[string]string{}
	for i, name := range rows[0] {
		line[name] = rows[1][i]
	}
	for name, want := range map[string]string{
		"label": "fc/w", "range_low": "-4", "count": "3", "zeros": "1", "min": "-3", "abs_median": "1.75",
		"abs_q1": "1.125", "bits_spare": "1", "partner": "",
	} {
		require.Equal(t, want, line[name], name)
	}

	b.Reset()
	require.NoError(t, p.WriteHistogramCSV(&b))
	rows, err = csv.NewReader(&b).ReadAll()
	require.NoError(t, err)
	require.Equal(t, [][]string{
		{"after", "weights", "fc/w", "-1", "1", "1", "0", "0", "0", "0", "0", "0", "0"},
		{"after", "weights", "fc/w", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0"},
		{"after", "weights", "fc/w", "1", "1", "0", "0", "0", "0", "1", "0", "0", "0"},
	}, rows[1:])
}
