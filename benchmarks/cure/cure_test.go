package main

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo"
)

// TestTrainedNetworksAreCured wants the written configuration to answer samples that the cure has not seen as
// the float model does, to a point. HLSGO_FULL takes every configuration of every network.
func TestTrainedNetworksAreCured(t *testing.T) {
	some := map[string]string{
		"anomaly": "cut_types", "digits": "fixed_12_4", "friedman": "cut_accum", "jets": "cut_types",
		"qdigits": "fixed_24_14", "qjets": "cut_tables", "sentences": "cut_types", "waves": "fixed_16_6",
	}
	networks, err := openNetworks("networks", nil)
	require.NoError(t, err)
	require.Len(t, networks, 11)
	tk, err := hlsgo.New()
	require.NoError(t, err)
	dir, ran := t.TempDir(), 0
	for _, n := range networks {
		require.Len(t, n.variants, 7)
		for _, v := range n.variants {
			if some[n.name] != v && os.Getenv("HLSGO_FULL") == "" {
				continue
			}
			r, err := n.cure(t.Context(), tk, v, dir)
			require.NoError(t, err, n.config(v))
			t.Log(r)
			if !r.after.near(r.float) {
				t.Errorf("%s: not within a point of the float model: %s", n.config(v), r)
			}
			ran++
		}
	}
	require.GreaterOrEqual(t, ran, len(some))
}

// TestSomethingIsWrong wants the hand-cut types to be wrong: else there is nothing to cure.
func TestSomethingIsWrong(t *testing.T) {
	networks, err := openNetworks("networks", nil)
	require.NoError(t, err)
	tk, err := hlsgo.New()
	require.NoError(t, err)
	wrong := 0
	for _, n := range networks {
		for _, v := range n.variants {
			m, err := tk.Load(n.config(v), hlsgo.Overrides{})
			require.NoError(t, err)
			float, err := m.Reference(t.Context(), n.test)
			require.NoError(t, err)
			got, err := n.score(t.Context(), m, float[0].F64)
			require.NoError(t, err)
			if !got.near(n.judge(float[0].F64, float[0].F64)) {
				wrong++
			}
		}
	}
	require.GreaterOrEqual(t, wrong, 60, "of 77")
}

func TestJudge(t *testing.T) {
	samples := func(n int) *hlsgo.Array { return &hlsgo.Array{Shape: []int{n, 1}, F32: []float32{1, 2, 3, 4}} }
	for name, c := range map[string]struct {
		labels   []float32
		y, float []float64
		want     score
	}{
		"classes": {[]float32{0, 1, 0, 2}, []float64{3, 1, 2, 1, 5, 4, 9, 8, 7, 0, 1, 0},
			[]float64{3, 1, 2, 1, 5, 4, 9, 8, 7, 0, 0, 2}, score{0.75, 0.75}},
		"yes or no": {[]float32{0, 1, 0, 1}, []float64{0.1, 0.9, 0.7, 0.2}, []float64{0.2, 0.6, 0.4, 0.3},
			score{0.75, 0.5}},
		"numbers": {[]float32{1, 2, 3, 4}, []float64{1, 2, 3, 5}, []float64{1, 2, 3, 4},
			score{1 - math.Sqrt(0.2), 0.8}},
		"themselves": {nil, []float64{1, 2, 3, 4}, []float64{1, 2, 3, 4}, score{1, 1}},
	} {
		n := &network{test: samples(4), labels: c.labels}
		got := n.judge(c.y, c.float)
		require.InDelta(t, c.want.agreement, got.agreement, 1e-12, name)
		require.InDelta(t, c.want.accuracy, got.accuracy, 1e-12, name)
	}
	float := score{1, 0.95}
	require.True(t, score{0.99, 0.5}.near(float))
	require.True(t, score{0.5, 0.94}.near(float))
	require.False(t, score{0.98, 0.93}.near(float))
}

func TestUpdatePage(t *testing.T) {
	file := filepath.Join(t.TempDir(), "page.md")
	for text, want := range map[string]string{
		"a\n" + markBegin + "old\n" + markEnd + "b\n": "a\n" + markBegin + "new\n" + markEnd + "b\n",
		"no marks\n":        "",
		markEnd + markBegin: "",
	} {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		err := updatePage(file, "new\n")
		got, readErr := os.ReadFile(file)
		require.NoError(t, readErr)
		if want == "" {
			require.ErrorContains(t, err, "marks")
			want = text
		}
		require.Equal(t, want, string(got))
	}
}

func TestOpenNetworksSaysWhatIsMissing(t *testing.T) {
	_, err := openNetworks("networks", []string{"nothing"})
	require.ErrorContains(t, err, "got none")
	some, err := openNetworks("networks", []string{"jets"})
	require.NoError(t, err)
	require.Len(t, some, 1)
	require.True(t, slices.Contains(some[0].variants, "cut_types"))
	require.Equal(t, []int{1000, 16}, some[0].test.Shape)
}
