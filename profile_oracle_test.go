package hlsgo_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/internal/oracletest"
	"github.com/hlsgo/hlsgo/internal/tabletest"
	"github.com/hlsgo/hlsgo/profiling"
)

// seen is what hls4ml's profiling saw in a model; see testdata/scripts/profiling_dumps.py.
type seen struct {
	WeightsBefore        []summary             `json:"weights_before"`
	WeightsAfter         []summary             `json:"weights_after"`
	WeightsKeras         []summary             `json:"weights_keras"`
	ActivationsKeras     []summary             `json:"activations_keras"`
	ActivationsAfter     []summary             `json:"activations_after"`
	TypesAfter           map[string][2]int     `json:"types_after"`
	ActivationTypesAfter map[string][2]int     `json:"activation_types_after"`
	Longform             map[string][2]float64 `json:"longform"` // number of values, their sum
}

// summary is a row of hls4ml's figures.
type summary struct {
	Weight string    `json:"weight"`
	Min    float64   `json:"whislo"`
	Q1     float64   `json:"q1"`
	Median float64   `json:"med"`
	Q3     float64   `json:"q3"`
	Max    float64   `json:"whishi"`
	Share  []float64 `json:"share"` // of the histogram
	Edges  []float64 `json:"edges"` // log2 of the edges of its bins
}

func readSeen(t *testing.T) map[string]*seen {
	file, err := os.Open("testdata/profiling.json.gz")
	require.NoError(t, err)
	defer file.Close()
	r, err := gzip.NewReader(file)
	require.NoError(t, err)
	all := map[string]*seen{}
	require.NoError(t, json.NewDecoder(r).Decode(&all))
	return all
}

// TestProfileEqualsHLS4ML compares profiles with the numbers behind the figures of hls4ml's
// profiling.numerical, to float rounding.
func TestProfileEqualsHLS4ML(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	all := readSeen(t)
	require.Greater(t, len(all), 18)
	rows := tabletest.New(t)
	for name, want := range all {
		rows.Run(name, func(t *tabletest.T) {
			t.Parallel()
			dir := filepath.Join("testdata/oracle/cases", name)
			m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{})
			require.NoError(t, err)
			x := oracletest.Arrays[hlsgo.Array](t, dir, "X")
			p, err := m.Profile(context.Background(), hlsgo.ProfileOptions{}, x...)
			require.NoError(t, err)
			require.Equal(t, x[0].Samples(), p.Samples)
			compareSeen(t, p, want)
		})
	}
}

// exact is the relative tolerance of numbers that come from the same floats: numpy interpolates some
// quantiles in float32. rounded is that of floats that Keras added up in float32 and in another order,
// relative to the largest of the tensor.
const (
	exact   = 2e-7
	rounded = 2e-6
)

func compareSeen(t testing.TB, p *hlsgo.Profile, want *seen) {
	weights, after := profiling.Weights, profiling.After
	compareRows(t, p, weights, profiling.Before, want.WeightsBefore, exact)
	compareRows(t, p, weights, after, want.WeightsAfter, exact)
	compareRows(t, p, profiling.Activations, after, want.ActivationsAfter, exact)
	for _, x := range p.Select(weights, after) {
		r, ok := want.TypesAfter[x.Label]
		require.True(t, ok, x.Label)
		compareRange(t, x, r)
		n := x.Count - x.Zeros
		require.Equal(t, want.Longform[x.Label][0], float64(n), x.Label)
		if n > 0 {
			require.InEpsilon(t, want.Longform[x.Label][1], x.Abs.Mean*float64(n), 1e-6, x.Label)
		}
	}
	for _, x := range p.Select(profiling.Activations, after) {
		r, ok := want.ActivationTypesAfter[x.Label]
		require.True(t, ok, x.Label)
		compareRange(t, x, r)
	}
	compareKeras(t, p, want)
}

func compareRange(t testing.TB, x *profiling.Tensor, want [2]int) {
	require.NotNil(t, x.Range, x.Label)
	require.Equal(t, want, [2]int{x.Range.Low, x.Range.High}, x.Label)
}

// compareRows wants a tensor for each row, and rows for all tensors but those that hls4ml leaves out because
// they are all zero, and with them the weights of the same layer behind them.
func compareRows(
	t testing.TB, p *hlsgo.Profile, g profiling.Group, s profiling.Stage, rows []summary, tolerance float64,
) {
	found := map[string]bool{}
	for _, w := range rows {
		x := p.Find(g, s, w.Weight)
		require.NotNil(t, x, "%s %s %s", g, s, w.Weight)
		compareSummary(t, x, w, tolerance)
		found[w.Weight] = true
	}
	broken := ""
	for _, x := range p.Select(g, s) {
		if x.Abs == nil {
			broken = x.Layer
		}
		if x.Role != "input" && x.Layer != broken {
			require.True(t, found[x.Label], "%s %s %s: hls4ml has none", g, s, x.Label)
		}
	}
}

func compareSummary(t testing.TB, x *profiling.Tensor, w summary, tolerance float64) {
	require.NotNil(t, x.Abs, x.Label)
	require.Zero(t, x.QuantileError, x.Label)
	near := func(what string, want, got float64) {
		require.InDelta(t, want, got, tolerance*w.Max, "%s %s: %s", x.Stage, x.Label, what)
		if tolerance == exact {
			require.InEpsilon(t, want, got, tolerance, "%s %s: %s", x.Stage, x.Label, what)
		}
	}
	near("smallest", w.Min, x.Abs.Min)
	near("first quartile", w.Q1, x.Abs.Q1)
	near("median", w.Median, x.Abs.Median)
	near("third quartile", w.Q3, x.Abs.Q3)
	near("largest", w.Max, x.Abs.Max)
	if tolerance == exact {
		compareHistogram(t, x, w)
	}
}

// compareHistogram compares shares by octave. hls4ml's last bin holds its upper edge too: where the largest
// value is a power of two, our two last bins are its last.
func compareHistogram(t testing.TB, x *profiling.Tensor, w summary) {
	got := map[int]float64{}
	for _, b := range x.Bins {
		got[b.Log2] += float64(b.Count) / float64(x.Count-x.Zeros)
	}
	if f, e := math.Frexp(x.Abs.Max); f == 0.5 {
		got[e-2] += got[e-1]
		delete(got, e-1)
	}
	for i, share := range w.Share {
		require.InDelta(t, share, got[int(w.Edges[i])], 1e-12, "%s: 2^%g", x.Label, w.Edges[i])
		delete(got, int(w.Edges[i]))
	}
	require.Empty(t, got, x.Label)
}

// compareKeras compares the float model: a Keras layer answers what its activation answers, which is a layer
// of its own here.
func compareKeras(t testing.TB, p *hlsgo.Profile, want *seen) {
	last := map[string]*profiling.Tensor{}
	for _, x := range p.Select(profiling.Activations, profiling.Before) {
		last[x.Origin[0]] = x
	}
	for _, w := range want.ActivationsKeras {
		x := last[w.Weight]
		require.NotNil(t, x, w.Weight)
		compareSummary(t, x, w, rounded)
	}
	for _, w := range want.WeightsKeras {
		label := w.Weight
		if layer, ok := strings.CutSuffix(label, "/s"); ok { // the scale of a normalization
			label = layer + "/w"
		}
		x := p.Find(profiling.Weights, profiling.Before, label)
		require.NotNil(t, x, w.Weight)
		switch {
		case strings.HasPrefix(filepath.Base(t.Name()), "qkeras"): // here Keras shows what is not quantized
		case x.Kind == "BatchNormalization": // another formula
			compareSummary(t, x, w, rounded)
		default:
			compareSummary(t, x, w, exact)
		}
	}
}
