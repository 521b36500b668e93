package cmd

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hlsgo/hlsgo"
)

const (
	exampleName = "digits"
	shownRows   = 5
	measureFor  = 500 * time.Millisecond
	copies      = 250 // of the samples in one measured prediction: 90,000, of 23 MB
)

// exampleReport is what `hlsgo predict` says about the built-in example.
type exampleReport struct {
	Example          string       `json:"example"`
	Samples          int          `json:"samples"`
	AccuracyFloat    float64      `json:"accuracy_float"`
	AccuracyFixed    float64      `json:"accuracy_fixed"`
	Agreement        float64      `json:"agreement"` // share of samples with the same answer
	SamplesPerSecond float64      `json:"samples_per_second"`
	Measured         int          `json:"samples_measured"`
	Cores            int          `json:"cores"`
	Rows             []exampleRow `json:"rows"`
}

// exampleRow is one sample: its label and what the two models say.
type exampleRow struct {
	Label int       `json:"label"`
	Float int       `json:"float"`
	Fixed int       `json:"fixed"`
	Value []float64 `json:"values"` // the fixed-point answer
}

// predictExample runs the built-in example.
func (a *app) predictExample(c *cobra.Command, f *predictFlags) error {
	if err := checkOverrides(a, c, f.override); err != nil {
		return err
	}
	m, data, err := a.toolkit.LoadExample(exampleName, *f.override)
	if err != nil {
		return err
	}
	r, err := runExample(c.Context(), m, data)
	a.warn(m.Warnings())
	if err != nil {
		return err
	}
	if *f.json {
		err = printJSON(a.Out, r)
	} else {
		err = r.print(a.Streams, data.Doc)
	}
	if err != nil || f.strict == "" {
		return err
	}
	h, err := m.Health(c.Context(), data.X)
	if err != nil {
		return err
	}
	return strict(h, f.strict)
}

// runExample predicts the example's samples with the float and the fixed-point model.
func runExample(ctx context.Context, m *hlsgo.Model, d *hlsgo.ExampleData) (*exampleReport, error) {
	fixed, err := m.Predict(ctx, d.X)
	if err != nil {
		return nil, err
	}
	float, err := m.Reference(ctx, d.X)
	if err != nil {
		return nil, err
	}
	r := &exampleReport{Example: d.Name, Samples: len(d.Labels)}
	ours, theirs := classes(fixed[0]), classes(float[0])
	r.AccuracyFixed, r.AccuracyFloat = share(ours, d.Labels), share(theirs, d.Labels)
	r.Agreement = share(ours, theirs)
	width := fixed[0].Shape[1]
	for i := range min(shownRows, r.Samples) {
		row := exampleRow{Label: d.Labels[i], Float: theirs[i], Fixed: ours[i], Value: make([]float64, width)}
		fixed[0].Row(row.Value, i)
		r.Rows = append(r.Rows, row)
	}
	return r, r.throughput(ctx, m, d.X)
}

// classes returns the place of the largest value of each sample, the first one of several.
func classes(y *hlsgo.Array) []int {
	row := make([]float64, y.Len()/y.Samples())
	out := make([]int, y.Samples())
	for i := range out {
		y.Row(row, i)
		for k, v := range row {
			if v > row[out[i]] {
				out[i] = k
			}
		}
	}
	return out
}

// share is the part of the samples on which a and b agree.
func share(a, b []int) float64 {
	n := 0
	for i := range a {
		if a[i] == b[i] {
			n++
		}
	}
	return float64(n) / float64(len(a))
}

// throughput predicts many copies of the samples, again and again, and notes the speed. Many copies, because
// a few hundred samples are over before all cores are awake; and once before the clock starts, because the
// first prediction prepares what the others find.
func (r *exampleReport) throughput(ctx context.Context, m *hlsgo.Model, x *hlsgo.Array) error {
	many := &hlsgo.Array{Shape: []int{copies * x.Shape[0], x.Shape[1]}, F32: slices.Repeat(x.F32, copies)}
	if _, err := m.Predict(ctx, many); err != nil {
		return err
	}
	begin := time.Now()
	for time.Since(begin) < measureFor {
		if _, err := m.Predict(ctx, many); err != nil {
			return err
		}
		r.Measured += many.Samples()
	}
	r.SamplesPerSecond = float64(r.Measured) / time.Since(begin).Seconds()
	r.Cores = runtime.GOMAXPROCS(0)
	return nil
}

// print shows the example's results. They are put together first, so that a broken pipe is one error.
func (r *exampleReport) print(s Streams, doc string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "  samples               %d\n", r.Samples)
	fmt.Fprintf(&b, "  accuracy, float       %.2f %%\n", 100*r.AccuracyFloat)
	fmt.Fprintf(&b, "  accuracy, fixed point %.2f %%  (what the firmware will answer, every bit)\n",
		100*r.AccuracyFixed)
	fmt.Fprintf(&b, "  same answer           %.2f %%\n", 100*r.Agreement)
	fmt.Fprintf(&b, "  throughput            %s samples/s  (of %s, on %s)\n\n", short(r.SamplesPerSecond),
		short(float64(r.Measured)), count(r.Cores, "core"))
	sayLine(s.Out, r.Example+": "+doc)
	if _, err := fmt.Fprint(s.Out, "\n"+b.String()); err != nil {
		return err
	}
	t := sheet{
		columns: []string{"sample", "label", "float", "fixed", "the firmware's probabilities"},
		right:   []string{"sample", "label", "float", "fixed"},
	}
	for i, row := range r.Rows {
		t.add(i, row.Label, row.Float, row.Fixed, probabilities(row.Value))
	}
	return t.print(s.Out, false)
}

// probabilities lists the classes that are not ruled out, the likeliest first.
func probabilities(v []float64) string {
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, k int) int { return cmp.Compare(v[k], v[i]) })
	var words []string
	for _, i := range order {
		if v[i] >= 0.0005 { // what would print as nothing
			words = append(words, fmt.Sprintf("%d: %.3f", i, v[i]))
		}
	}
	return strings.Join(words, ", ")
}
