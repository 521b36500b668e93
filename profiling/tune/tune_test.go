package tune

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hlsgo/hlsgo/ir"
)

// TestApplyCopies: settings go into a copy, over what the section of the layer says, in any capitals.
func TestApplyCopies(t *testing.T) {
	c := &ir.Config{HLS: ir.HLSConfig{Names: []*ir.Section{{
		Name: "fc1", Precision: []ir.Precision{{Var: "accum", Text: "fixed<8,4>"}},
		Keys: []ir.Key{{Name: "table_size", Value: 512}},
	}}}}
	out := Apply(c, []Setting{
		{"fc1", "Precision.accum", "fixed<9,5>"}, {"fc1", "Precision.weight", "fixed<7,2>"},
		{"fc1", "TableSize", 2048}, {"fc2", "table_t", "fixed<10,2>"},
	})
	require.Equal(t, "fixed<8,4>", c.HLS.Names[0].Precision[0].Text)
	require.Len(t, c.HLS.Names, 1)
	fc1 := out.Layer("fc1")
	require.Equal(t, []ir.Precision{{Var: "accum", Text: "fixed<9,5>"}, {Var: "weight", Text: "fixed<7,2>"}},
		fc1.Precision)
	require.Equal(t, []ir.Key{{Name: "TableSize", Value: 2048}}, fc1.Keys)
	v, _ := out.Layer("fc2").Get("table_t")
	require.Equal(t, "fixed<10,2>", v)
}

// TestBits: integer bits with the sign's, of ends of ranges.
func TestBits(t *testing.T) {
	for _, row := range []struct {
		low, high float64
		want      int
	}{
		{0, 0, 1}, {0, 0.9, 1}, {0, 1, 2}, {0, 3.5, 3}, {-1, 0, 1}, {-1, 0.5, 1}, {-1.5, 0, 2}, {-4, 4, 4},
		{0, 0.2, -1}, {-0.25, 0.2, -1},
	} {
		require.Equal(t, row.want, bits(row.low, row.high), "%g..%g", row.low, row.high)
	}
}

// TestMeasure: samples of large and of small answers count alike, and the scale of a softmax changes its
// error and not its shape.
func TestMeasure(t *testing.T) {
	o := &answers{values: []float64{0.5, 0.5, 0.9, 0.1, 0.1, 0.9, 0.3, 0.7}, width: 2, row: 2, normed: true}
	o.settle()
	require.InDelta(t, 0.45, o.mean[0], 1e-12)
	var same, scaled tally
	same.add(o.values, o.values, o)
	y := make([]float64, len(o.values))
	for i, v := range o.values {
		y[i] = 0.8 * v
	}
	scaled.add(y, o.values, o)
	same.samples, scaled.samples = 4, 4
	require.Equal(t, Measure{Samples: 4, Agreement: 1, Accuracy: -1, Normed: true}, same.measure(true, false))
	m := scaled.measure(true, false)
	require.Equal(t, 1.0, m.Agreement)
	require.Greater(t, m.Error, 0.2)
	require.Less(t, m.Shape, 1e-12)
	require.InDelta(t, 0.2, m.DistDiff, 1e-12)

	// One sample in a thousand is a thousand times the others, and is right; the others are off by all.
	wide := &answers{width: 1}
	for i := range 1000 {
		wide.values = append(wide.values, math.Sin(float64(i)))
	}
	wide.values[7] = 1000
	wide.settle()
	var off tally
	zeros := make([]float64, 1000)
	zeros[7] = 1000
	off.add(zeros, wide.values, wide)
	off.samples = 1000
	require.Greater(t, off.measure(false, false).Error, 0.3)
}

// TestFine: as near as the widest types will do, but not much less where these are far off.
func TestFine(t *testing.T) {
	at := func(agreement, err float64) Measure {
		return Measure{Samples: 100, Agreement: agreement, Error: err, Shape: err, Normed: true}
	}
	require.True(t, fine(at(1, 0.009), exact))
	require.False(t, fine(at(1, 0.011), exact))
	require.False(t, fine(at(0.99, 0.001), exact))
	require.True(t, fine(at(0.98, 0.014), at(0.97, 0.01)))
	require.False(t, fine(at(0.98, 0.6), at(0.97, 0.5)))
	many := at(0.996, 0.03)
	many.Samples = 1000
	require.True(t, fine(many, exact))
}

// TestKeeper: layers and keys, by the names of configurations and by those that are printed.
func TestKeeper(t *testing.T) {
	keep := newKeeper([]string{"fc1", "fc2.accum_t", "fc3.Precision.weight", "act.TableSize"}).keeps
	for _, yes := range [][2]string{
		{"fc1", "Precision.weight"}, {"fc2", "Precision.accum"}, {"fc3", "Precision.weight"}, {"act", "TableSize"},
	} {
		require.True(t, keep(yes[0], yes[1]), yes)
	}
	require.False(t, keep("fc2", "Precision.weight"))
	require.False(t, keep("act", "table_t"))
}
