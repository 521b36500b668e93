package cmd

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/hlsgo/hlsgo"
)

const profileLong = `Shows how the values of each weight and of each layer's answer are distributed,
in floating point and in the fixed point of the firmware, and how they fit their
types: which is short of bits, which has bits to spare. With no model it runs the
built-in example, handwritten digits.

--plot draws hls4ml's four pictures, weights and activations before and after
optimization: |x| of the values other than zero on a log2 axis, over the grey box
of what the type can hold. The numbers behind them are written beside them, as
profile.json, profile.csv and histogram.csv.

--html writes one page for the browser that needs nothing else: the graph with its
types, the distributions of each layer, the health of every tensor, the comparison
with the float model, accuracy where labels are given, and the settings with their
origins. Of large data the comparison takes the first 10000 samples.

X is as for 'hlsgo predict'; without -i the InputData of the configuration is
read, and without that the profile is of the weights alone. Memory does not grow
with the number of samples, unless --labels asks for the accuracy of both models.`

const profileExample = `  hlsgo profile --plot pictures
  hlsgo profile config.yml -i X.npy --labels y.npy --plot pictures
  hlsgo profile config.yml -i X.npy --labels y.npy --html report.html
  hlsgo profile config.yml -i X.npy --html report.html --cure
  hlsgo profile config.yml --plot pictures --kind violin --format svg,pdf
  hlsgo profile model.h5 --precision 'fixed<12,4>' -i X.npy --csv > profile.csv`

// profileFlags are the flags of `hlsgo profile`.
type profileFlags struct {
	override  *hlsgo.Overrides
	inputs    []string
	labels    string
	plot      string
	html      string
	cure      bool
	pictures  hlsgo.PictureOptions
	json, csv bool
	threads   int
}

// newProfile is `hlsgo profile`.
func newProfile(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:        "profile [CONFIG.yml | MODEL] [flags]",
		Short:      "show the distributions of weights and activations against their types",
		Long:       profileLong,
		Example:    profileExample,
		Args:       atMost(1, "at most one CONFIG.yml or MODEL"),
		SuggestFor: []string{"report", "html", "trace", "histogram"},
	}
	f := &profileFlags{}
	flags := c.Flags()
	addInputs(c, &f.inputs)
	flags.StringVar(&f.labels, "labels", "", "the samples' classes, `y.npy`")
	flags.StringVar(&f.plot, "plot", "", "write pictures and the numbers behind them into `DIR`")
	flags.StringVar(&f.html, "html", "", "write all that is known into one page, `report.html`")
	flags.BoolVar(&f.cure, "cure", false, "with --html: look for settings that make the model agree")
	flags.StringVar(&f.pictures.Kind, "kind", "box", "what the pictures show: `box`, violin or histogram")
	flags.StringSliceVar(&f.pictures.Formats, "format", []string{"png"}, "of the pictures: `png`, svg, pdf")
	flags.BoolVar(&f.pictures.Facet, "facet", false, "draw a picture with one facet per layer too")
	flags.BoolVar(&f.json, "json", false, "print all numbers as JSON instead of a table")
	flags.BoolVar(&f.csv, "csv", false, "print a line per tensor as CSV instead of a table")
	addThreads(c, &f.threads)
	f.override = addOverrides(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := checkProfile(a, c, f, len(args) > 0); err != nil {
			return err
		}
		if f.html != "" { // whose parts read the samples one after the other
			remove, err := a.hold(f.inputs, &f.labels)
			if err != nil {
				return err
			}
			defer remove()
		}
		return a.profile(c, args, f)
	}
	return c
}

// checkProfile refuses flags that can be judged without a model.
func checkProfile(a *app, c *cobra.Command, f *profileFlags, model bool) error {
	changed := c.Flags().Changed
	const noModel = "got no model, want a CONFIG.yml or MODEL"
	const noPlot = "got no --plot, want the folder of the pictures"
	if err := checkFlags(c, []flagRule{
		{"--threads", changed("threads") && f.threads < 1, got(f.threads, "1 or more")},
		{"--json", f.json && f.csv, "got it with --csv, want one of them"},
		{"--input", changed("input") && !model, noModel + " ('hlsgo example digits' unpacks one)"},
		{"--labels", changed("labels") && !model, noModel + "; the example brings its own"},
		{"--plot", changed("plot") && f.plot == "", "got no name, want a folder"},
		{"--html", changed("html") && f.html == "", "got no name, want a file"},
		{"--cure", f.cure && f.html == "", "got no --html, want the page that shows it"},
		{"--kind", changed("kind") && f.plot == "", noPlot},
		{"--format", changed("format") && f.plot == "", noPlot},
		{"--facet", changed("facet") && f.plot == "", noPlot},
	}); err != nil {
		return err
	}
	if err := f.pictures.Check(); err != nil {
		return usage(c, "%w", err)
	}
	if f.html != "" {
		if err := checkEnding(c, "--html", f.html, ".html", ".htm"); err != nil {
			return err
		}
	}
	return checkOverrides(a, c, f.override)
}

// profile runs a model, or the built-in example, and writes what was asked for: files first, the table last,
// so that what scrolls past does not hide it.
func (a *app) profile(c *cobra.Command, args []string, f *profileFlags) error {
	if err := f.canWrite(); err != nil {
		return err
	}
	defer lowerGC()()
	m, p, err := a.makeProfile(c, args, f)
	if m != nil {
		a.warn(m.Warnings()) // of a run that failed as well: they may say why
	}
	if err != nil {
		return err
	}
	if n := p.BadInputs; n > 0 {
		a.warn([]string{fmt.Sprintf("input: got %s that no hardware can see (NaN or infinite), "+
			"left out of the float model's numbers", count(n, "value"))})
	}
	if err := a.writePictures(c.Context(), p, f); err != nil {
		return err
	}
	if f.html != "" {
		if err := a.writeReport(c, m, p, args, f); err != nil {
			return err
		}
	}
	return a.showProfile(p, f)
}

// canWrite asks for trouble before the samples run, which may take hours, and not after.
func (f *profileFlags) canWrite() error {
	if f.plot != "" {
		if err := hlsgo.CanWriteProfile(f.plot); err != nil {
			return err
		}
	}
	if f.html != "" {
		return hlsgo.CanWrite(f.html)
	}
	return nil
}

// writePictures writes what --plot asks for, if it was given.
func (a *app) writePictures(ctx context.Context, p *hlsgo.Profile, f *profileFlags) error {
	if f.plot == "" {
		return nil
	}
	files, err := hlsgo.WriteProfile(ctx, p, f.plot, f.pictures)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.Err, "wrote %s\n", strings.Join(files, "\n      "))
	return nil
}

// showProfile prints the numbers in the form that was asked for. JSON and CSV hold the accuracy or are about
// tensors alone, so only the table is followed by it.
func (a *app) showProfile(p *hlsgo.Profile, f *profileFlags) error {
	switch {
	case f.json:
		return p.WriteJSON(a.Out)
	case f.csv:
		return p.WriteCSV(a.Out)
	}
	if err := a.printProfile(hlsgo.ProfileRows(p), p.Samples); err != nil {
		return err
	}
	if p.Float != nil {
		fmt.Fprintf(a.Err, "accuracy: float %.2f %%, fixed point %.2f %%\n",
			100*p.Float.Accuracy, 100*p.Fixed.Accuracy)
	}
	return nil
}

// makeProfile profiles the model of the command line, or the built-in example.
func (a *app) makeProfile(
	c *cobra.Command, args []string, f *profileFlags,
) (*hlsgo.Model, *hlsgo.Profile, error) {
	line := a.progress("profile")
	defer line.clear()
	o := hlsgo.ProfileOptions{Threads: f.threads, LabelFile: f.labels, Progress: line.update}
	if len(args) == 0 {
		m, data, err := a.toolkit.LoadExample(exampleName, *f.override)
		if err != nil {
			return nil, nil, err
		}
		o.Labels = data.Labels
		p, err := m.Profile(c.Context(), o, data.X)
		return m, p, err
	}
	m, err := a.load(c, args[0], f.override)
	if err != nil {
		return nil, nil, err
	}
	if err := checkInputCount(c, f.inputs, len(m.Parsed().Inputs)); err != nil {
		return m, nil, err
	}
	p, err := m.ProfileFiles(c.Context(), o, f.inputs...)
	return m, p, err
}

// profileLines is how many tensors fit one screen; of more, those with something to say come first.
const profileLines = 32

// printProfile prints a line per tensor of the final graph, one screen at most.
func (a *app) printProfile(rows []hlsgo.ProfileRow, samples int) error {
	short, spare := 0, 0
	for _, r := range rows {
		if r.Short > 0 {
			short++
		}
		if r.Spare {
			spare++
		}
	}
	shown, left := worst(rows, profileLines)
	s := sheet{
		columns: []string{"tensor", "type", "type holds", "float values", "zeros", "fit"}, right: []string{"zeros"},
		whole: []string{"type holds", "float values"}, spare: []string{"zeros", "type holds"},
	}
	for _, r := range shown {
		fit := marked{text: r.Fit}
		if r.Short > 0 {
			fit.style = bad
		}
		s.add(r.Tensor, r.Type, r.Range, r.Used, r.Zeros, fit)
	}
	if err := s.print(a.Out, false); err != nil {
		return err
	}
	if left > 0 {
		fmt.Fprintf(a.Err, "and %s with less to say (all: --csv, --json)\n", count(left, "more tensor"))
	}
	of := "weights only (-i X.npy adds what layers answer)"
	if samples > 0 {
		of = count(samples, "sample")
	}
	fmt.Fprintf(a.Err,
		"%s, %s: %d too narrow for their largest value, %d with 2 or more integer bits to spare\n",
		of, count(len(rows), "tensor"), short, spare)
	return nil
}

// worst picks n rows, those that are shortest of bits before those that waste them, and keeps their order.
func worst(rows []hlsgo.ProfileRow, n int) (shown []hlsgo.ProfileRow, left int) {
	if len(rows) <= n {
		return rows, 0
	}
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	weight := func(i int) int {
		switch r := rows[i]; {
		case r.Short > 0:
			return r.Short + 1
		case r.Fit != "":
			return 1
		}
		return 0
	}
	slices.SortStableFunc(order, func(i, j int) int { return weight(j) - weight(i) })
	order = order[:n]
	// Picked by need, shown in the order of the layers, which is how people read a network.
	slices.Sort(order)
	for _, i := range order {
		shown = append(shown, rows[i])
	}
	return shown, len(rows) - n
}
