package hlsgo_test

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
	"github.com/hlsgo/hlsgo/internal/oracletest"
)

// recorded is what hls4ml's profiling.compare saw in one case; see testdata/scripts/compare_dumps.py.
type recorded struct {
	Samples int `json:"samples"`
	Layers  []struct {
		Layer string  `json:"layer"`
		Norm  float64 `json:"norm_diff"`
		Dist  struct {
			Mean   float64 `json:"mean"`
			Q1     float64 `json:"q1"`
			Median float64 `json:"median"`
			Q3     float64 `json:"q3"`
			Max    float64 `json:"max"`
		} `json:"dist_diff"`
	} `json:"layers"`
}

// TestCompareEqualsHLS4ML compares both measures with those of hls4ml, to float32 rounding: a layer's
// values differ from Keras' in the last bits, which counts where fixed and float are as near. Layers with a
// batch normalization in their weights are apart: hls4ml compares them with the Keras layer without it.
func TestCompareEqualsHLS4ML(t *testing.T) {
	f, err := os.Open("testdata/compare.json.gz")
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	var cases map[string]recorded
	require.NoError(t, json.NewDecoder(z).Decode(&cases))
	require.GreaterOrEqual(t, len(cases), 9)
	tk, err := hlsgo.New()
	require.NoError(t, err)
	compared := 0
	for name, want := range cases {
		dir := filepath.Join("testdata/oracle/cases", name)
		m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{})
		require.NoError(t, err)
		in := oracletest.Arrays[hlsgo.Array](t, dir, "X")
		for _, x := range in {
			size := x.Len() / x.Samples()
			x.Shape = []int{want.Samples, size}
			if x.Double() {
				x.F64 = x.F64[:want.Samples*size]
			} else {
				x.F32 = x.F32[:want.Samples*size]
			}
		}
		c, err := m.Compare(t.Context(), hlsgo.CompareOptions{}, in...)
		require.NoError(t, err)
		got := map[string]int{}
		for i, l := range c.Layers {
			got[l.Layer] = i
		}
		for _, w := range want.Layers {
			i, ok := got[w.Layer]
			require.True(t, ok, "%s: layer %s", name, w.Layer)
			g := c.Layers[i]
			if len(g.Folded) > 0 {
				continue
			}
			compared++
			near := func(what string, want, got float64) {
				require.InDelta(t, want, got, 2e-5*(1+want), "%s: layer %s: %s", name, w.Layer, what)
			}
			near("norm_diff", w.Norm, g.Norm)
			near("dist_diff", w.Dist.Mean, g.Dist.Mean)
			near("first quartile", w.Dist.Q1, g.Dist.Q1)
			near("median", w.Dist.Median, g.Dist.Median)
			near("third quartile", w.Dist.Q3, g.Dist.Q3)
			near("largest", w.Dist.Max, g.Dist.Max)
		}
	}
	require.GreaterOrEqual(t, compared, 35)
}

// TestCompareFilesReadsAgain compares samples in files, which are read once for each run, with the same
// samples in memory, and wants files that do not tell their number of samples to give the same.
func TestCompareFilesReadsAgain(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	dir := "testdata/oracle/cases/doc_jets_namegran_vitis_stream"
	m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{})
	require.NoError(t, err)
	x := oracletest.Arrays[hlsgo.Array](t, dir, "X")[0]
	const n = 30
	width := x.Len() / x.Samples()
	require.Greater(t, x.Samples(), n)
	first := &hlsgo.Array{Shape: []int{n, width}, F32: x.F32[:n*width]}
	labels := make([]int, n)
	want, err := m.Compare(t.Context(), hlsgo.CompareOptions{Labels: labels}, first)
	require.NoError(t, err)
	require.NotEmpty(t, want.Suspects)
	require.NotNil(t, want.Suspects[0].Cure, "the samples have been read again")

	o := hlsgo.CompareOptions{Labels: labels}
	got, err := m.CompareFiles(t.Context(), o, n, "", filepath.Join(dir, "X.npy"))
	require.NoError(t, err)
	require.Equal(t, want, got)

	var text strings.Builder
	for i, v := range first.F32 {
		text.WriteString(strconv.FormatFloat(float64(v), 'g', -1, 32))
		text.WriteString(map[bool]string{true: "\n", false: " "}[i%width == width-1])
	}
	dat := filepath.Join(t.TempDir(), "X.dat")
	require.NoError(t, os.WriteFile(dat, []byte(text.String()), 0o600))
	got, err = m.CompareFiles(t.Context(), o, 1000, "", dat)
	require.NoError(t, err)
	require.Equal(t, want, got)

	bad := strings.Replace(text.String(), "\n", "\nnan ", 1)
	require.NoError(t, os.WriteFile(dat, []byte(bad), 0o600))
	_, err = m.CompareFiles(t.Context(), hlsgo.CompareOptions{}, 1000, "", dat)
	require.Error(t, err)
}

// TestCompareWhereATypeMustStay compares networks with a look-up by bit patterns: no other type of its input
// makes a network, so no part of it can be told from its inputs and a suspect may have no cure.
func TestCompareWhereATypeMustStay(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	for _, name := range []string{"hgq1_lut_vitis_parallel", "hgq1_lut_unsigned_vivado_parallel"} {
		dir := filepath.Join("testdata/oracle/cases", name)
		m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{})
		require.NoError(t, err)
		got, err := m.Compare(t.Context(), hlsgo.CompareOptions{}, oracletest.Arrays[hlsgo.Array](t, dir, "X")...)
		require.NoError(t, err)
		require.NotEmpty(t, got.Suspects)
		require.Contains(t, got.Suspects[0].Text, "bits short")
	}
}

// TestCompareEveryCase compares the recorded cases that have a float reference, all of them with HLSGO_FULL,
// else those whose layers are no networks by themselves: none stops a comparison.
func TestCompareEveryCase(t *testing.T) {
	names := []string{
		"keras2_timedist_dense_resource_unroll_vivado_parallel", "garnet_stack_by_vertices_vitis_parallel",
		"keras2_rnn_lstm_seq_vitis_stream",
	}
	if os.Getenv("HLSGO_FULL") != "" {
		names = oracletest.Names(t)
	}
	tk, err := hlsgo.New()
	require.NoError(t, err)
	for _, name := range names {
		dir := filepath.Join("testdata/oracle/cases", name)
		m, err := tk.Load(filepath.Join(dir, "hls4ml_config.yml"), hlsgo.Overrides{})
		require.NoError(t, err)
		got, err := m.Compare(t.Context(), hlsgo.CompareOptions{}, oracletest.Arrays[hlsgo.Array](t, dir, "X")...)
		if err != nil && strings.Contains(err.Error(), "reference") {
			continue
		}
		require.NoError(t, err, name)
		require.NotEmpty(t, got.Layers, name)
	}
}

// TestCompareTellsHowFar it is: each pass reads all samples, and there is more than one where a cure is
// tried.
func TestCompareTellsHowFar(t *testing.T) {
	tk, err := hlsgo.New()
	require.NoError(t, err)
	m, err := tk.Load("examples/digits/digits.yml", hlsgo.Overrides{Precision: "fixed<10,3>"})
	require.NoError(t, err)
	passes := 0
	o := hlsgo.CompareOptions{Samples: func(done, total int) {
		require.Equal(t, 360, total)
		require.LessOrEqual(t, done, total)
		if done == total {
			passes++
		}
	}}
	_, err = m.CompareFiles(t.Context(), o, 360, "")
	require.NoError(t, err)
	require.Greater(t, passes, 1)
}
