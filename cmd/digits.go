package cmd

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/hlsgo/hlsgo"
)

const (
	exampleName = "digits"
	shownRows   = 5
	measureFor  = 200 * time.Millisecond
	copies      = 100 // of the samples in one measured prediction
)

// exampleReport is what `hlsgo predict` says about the built-in example.
type exampleReport struct {
	Example          string       `json:"example"`
	Samples          int          `json:"samples"`
	AccuracyFloat    float64      `json:"accuracy_float"`
	AccuracyFixed    float64      `json:"accuracy_fixed"`
	Agreement        float64      `json:"agreement"` // share of samples with the same answer
	SamplesPerSecond float64      `json:"samples_per_second"`
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
	// Refused rather than ignored: who gives -i wants to see answers to that file, not to the example's.
	for _, name := range []string{"input", "output", "trace", "threads", "health", "strict"} {
		if c.Flags().Changed(name) {
			return usage(c, "--%s: got no model, want a CONFIG.yml or MODEL ('hlsgo example digits' unpacks one)",
				name)
		}
	}
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
		return printJSON(a.Out, r)
	}
	return r.print(a.Streams, data.Doc)
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
	r.SamplesPerSecond, err = throughput(ctx, m, d.X)
	return r, err
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

// throughput predicts many copies of the samples and returns samples per second, preparation included.
// Many copies, because a few hundred samples are over before all cores are awake.
func throughput(ctx context.Context, m *hlsgo.Model, x *hlsgo.Array) (float64, error) {
	many := &hlsgo.Array{Shape: []int{copies * x.Shape[0], x.Shape[1]}, F32: slices.Repeat(x.F32, copies)}
	samples, begin := 0, time.Now()
	for time.Since(begin) < measureFor {
		if _, err := m.Predict(ctx, many); err != nil {
			return 0, err
		}
		samples += many.Samples()
	}
	return float64(samples) / time.Since(begin).Seconds(), nil
}

// print shows the example's results. They are put together first, so that a broken pipe is one error.
func (r *exampleReport) print(s Streams, doc string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", r.Example, doc)
	fmt.Fprintf(&b, "  samples               %d\n", r.Samples)
	fmt.Fprintf(&b, "  accuracy, float       %.2f %%\n", 100*r.AccuracyFloat)
	fmt.Fprintf(&b, "  accuracy, fixed point %.2f %%  (what the firmware will answer, every bit)\n",
		100*r.AccuracyFixed)
	fmt.Fprintf(&b, "  same answer           %.2f %%\n", 100*r.Agreement)
	fmt.Fprintf(&b, "  throughput            %.0f samples/s\n\n", r.SamplesPerSecond)
	if _, err := fmt.Fprint(s.Out, b.String()); err != nil {
		return err
	}
	t := sheet{columns: []string{"sample", "label", "float", "fixed", "the firmware's probability of 0 to 9"}}
	for i, row := range r.Rows {
		t.add(i, row.Label, row.Float, row.Fixed, values(row.Value))
	}
	return t.print(s.Out, false)
}

// values writes probabilities in as many digits as a terminal's width allows for ten of them.
func values(v []float64) string {
	words := make([]string, len(v))
	for i, x := range v {
		words[i] = fmt.Sprintf("%.3f", x)
	}
	return strings.Join(words, " ")
}
