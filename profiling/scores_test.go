package profiling

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"
)

// scored is a profile with scores of random answers on a coarse grid, as fixed point gives them, of which the
// last class has no samples.
func scored(t *testing.T, classes, samples int) *Profile {
	t.Helper()
	r := rand.New(rand.NewPCG(5, 6))
	width := classes
	if classes == 2 {
		width = 1
	}
	labels := make([]int, samples)
	var both [2]*Scores
	for i := range labels {
		labels[i] = r.IntN(max(classes-1, 2))
	}
	for m := range both {
		y := make([]float64, samples*width)
		for i := range y {
			y[i] = float64(r.IntN(40)) / 40
			if width > 1 && labels[i/width] == i%width {
				y[i] += float64(m) / 2
			}
		}
		s, err := Score(y, width, labels)
		require.NoError(t, err)
		both[m] = s
	}
	return &Profile{
		Model: "m.yml", Backend: "Vitis", IOType: "io_parallel", Samples: samples, Float: both[0], Fixed: both[1],
	}
}

// TestCurvesEncloseTheirAreas integrates the ROC curves: the area is the AUC, up to what left out points
// cost.
func TestCurvesEncloseTheirAreas(t *testing.T) {
	for _, samples := range []int{3, 50, 5000} {
		p := scored(t, 4, samples)
		for _, s := range []*Scores{p.Float, p.Fixed} {
			for k := range 4 {
				auc, roc, ok := s.Class(k)
				if k == 3 {
					require.False(t, ok, "a class without samples")
				}
				if !ok {
					require.Empty(t, roc)
					continue
				}
				require.Equal(t, Rates{0, 0}, roc[0])
				require.Equal(t, Rates{1, 1}, roc[len(roc)-1])
				area := 0.0
				for i := 1; i < len(roc); i++ {
					require.GreaterOrEqual(t, roc[i].False, roc[i-1].False)
					require.GreaterOrEqual(t, roc[i].True, roc[i-1].True)
					area += (roc[i].False - roc[i-1].False) * (roc[i].True + roc[i-1].True) / 2
				}
				require.InDelta(t, auc, area, rateStep)
				require.LessOrEqual(t, len(roc), int(2/rateStep)+2)
			}
		}
	}
	one := scored(t, 2, 40)
	_, _, ok := one.Float.Class(0)
	require.False(t, ok, "a model of one answer has the curve of class 1")
	_, roc, ok := one.Float.Class(1)
	require.True(t, ok)
	require.NotEmpty(t, roc)
}

// TestScoreFigures draws ROC curves and confusion of few and of many classes: no text leaves the picture or
// meets another, and classes without samples have no curve.
func TestScoreFigures(t *testing.T) {
	for _, c := range []struct {
		classes, samples int
		names            string
	}{
		{2, 30, "roc confusion"}, {4, 2000, "roc confusion"}, {30, 20_000, "roc roc_2 confusion"},
		{40, 900, "roc roc_2 confusion"}, {41, 900, "roc roc_2"},
	} {
		p := scored(t, c.classes, c.samples)
		var names []string
		drawn := 0
		for _, f := range p.Figures(PlotOptions{}) {
			names = append(names, f.Name)
			all := lettersOf(f)
			for i, a := range all {
				require.True(t, a.x0 >= 0 && a.x1 <= f.width && a.y0 >= 0 && a.y1 <= f.height, a.words)
				if strings.HasPrefix(a.words, "class ") {
					drawn++
				}
				for _, b := range all[:i] {
					const touch = vg.Length(0.01)
					apart := a.x0 >= b.x1-touch || b.x0 >= a.x1-touch || a.y0 >= b.y1 || b.y0 >= a.y1
					require.True(t, apart, "%s, %d classes: %q runs into %q", f.Name, c.classes, a.words, b.words)
				}
			}
			var b bytes.Buffer
			for _, format := range Formats() {
				require.NoError(t, f.Write(&b, format))
			}
		}
		require.Equal(t, c.names, strings.Join(names, " "))
		require.Equal(t, c.classes-1, drawn, "a curve per class with samples")
	}
}

// TestDoubt: what the float model has wrong, by its confusion.
func TestDoubt(t *testing.T) {
	of := func(confusion ...[]int) string {
		s := &Scores{Confusion: confusion}
		total := 0
		for l, row := range confusion {
			for answer, n := range row {
				total += n
				if answer == l {
					s.Accuracy += float64(n)
				}
			}
		}
		s.Accuracy /= float64(total)
		return s.Doubt()
	}
	require.Empty(t, of([]int{9, 1, 0}, []int{0, 10, 0}, []int{0, 0, 10}))
	require.Contains(t, of([]int{8, 2, 0}, []int{2, 8, 0}, []int{0, 2, 8}), "wrong in 20.0% of the samples, and")
	require.Contains(t, of([]int{3, 3, 4}, []int{3, 4, 3}, []int{3, 4, 3}), "and class 0 alone is 33.3% of them")
	require.Contains(t, of([]int{1, 9, 0}, []int{0, 1, 9}, []int{9, 1, 0}), "it answers one more than the label")
	require.Contains(t, of([]int{1, 0, 0}, []int{9, 0, 0}, []int{0, 9, 1}), "it answers one less than the label")
}
