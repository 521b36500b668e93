package cmd

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/hlsgo/hlsgo"
)

const predictLong = `Predicts what the firmware of CONFIG.yml (or of a MODEL with default settings)
will answer, bit for bit, without a compiler. With no model it runs the built-in
example, handwritten digits, and shows how it did.

X is (samples, shape...) or (samples, product of shape), float32 or float64,
.npy or .dat; several inputs are several -i in the model's order, and without -i
the InputData of the configuration is read. Each y is (samples, values), in the
type of the first input: .npy, or text with a line per sample, .csv, .dat or
.txt. A model with k outputs takes k times -o, or one -o y.npy that writes
y_0.npy, y_1.npy ...; without -o the answers go to standard output as CSV. Pipes
are read and written like files; "-" is standard input, or output as .npy.

Of a network that was trained in fixed point, with HGQ, it is told whether the
answers are the trained model's own in every bit, looking at the first samples.

--float gives the answers of the float model instead, as its framework does.

--health prints, for every tensor, how often its type wrapped, saturated or lost
values, worst first; answers are then written by -o alone. --strict ends with
exit code 3 when a type that wraps has changed a value: of an input, a weight, a
product, a finished sum, a result or a table's index; a partial sum that comes
back into range is none. --strict=sat counts saturation as well. The answers are
written all the same.`

const predictExample = `  hlsgo predict
  hlsgo predict config.yml -i X.npy -o y.npy
  hlsgo predict model.h5 -i X.npy --precision 'fixed<12,4>' > y.csv
  hlsgo predict config.yml -i X0.npy -i X1.npy -o y.npy --trace layers.npz
  hlsgo predict config.yml -i X.npy -o y_float.npy --float
  hlsgo predict config.yml -i X.npy -o y.npy --health --strict`

// predictFlags are the flags of `hlsgo predict`.
type predictFlags struct {
	override        *hlsgo.Overrides
	inputs, outputs []string
	trace           string
	threads         int
	float           bool
	health          bool
	strict          string // "": no, "wrap" or "sat"
	json            *bool
}

// newPredict is `hlsgo predict`.
func newPredict(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:     "predict [CONFIG.yml | MODEL] [flags]",
		Short:   "predict, bit for bit, what the firmware will answer",
		Long:    predictLong,
		Example: predictExample,
		Args:    predictArgs,
	}
	f := &predictFlags{}
	addInputs(c, &f.inputs)
	c.Flags().StringArrayVarP(&f.outputs, "output", "o", nil,
		"write answers to `y.npy`, .csv, .dat or .txt, one per output or one for all")
	c.Flags().BoolVar(&f.float, "float", false, "answer as the float model, not as the firmware")
	c.Flags().StringVar(&f.trace, "trace", "", "write what every layer answers to `t.npz`")
	addThreads(c, &f.threads)
	c.Flags().BoolVar(&f.health, "health", false, "show how every tensor fares in its type")
	c.Flags().StringVar(&f.strict, "strict", "", "exit code 3 when values wrapped; with =`sat`: or saturated")
	// --strict alone must work, so "sat" needs the equals sign: the word behind a blank would be an argument.
	c.Flags().Lookup("strict").NoOptDefVal = "wrap"
	f.json = c.Flags().Bool("json", false, "print JSON: of --health, or the example's results")
	f.override = addOverrides(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := f.check(c, len(args) > 0); err != nil {
			return err
		}
		switch {
		case len(args) > 0:
			return a.predict(c, args[0], f)
		case f.ofFiles():
			return a.predictExampleFiles(c, f)
		}
		return a.predictExample(c, f)
	}
	return c
}

// check refuses what is wrong with the flags whatever the model is.
func (f *predictFlags) check(c *cobra.Command, model bool) error {
	changed := c.Flags().Changed
	const noModel = "got no model, want a CONFIG.yml or MODEL ('hlsgo example digits' unpacks one)"
	if err := checkFlags(c, []flagRule{
		{"--threads", changed("threads") && f.threads < 1, got(f.threads, "1 or more")},
		{"--strict", f.strict != "" && f.strict != "wrap" && f.strict != "sat",
			fmt.Sprintf("got %q, want no value, or sat", f.strict)},
		// Refused rather than ignored: who gives -i wants to see answers to that file, not to the example's.
		{"--input", changed("input") && !model, noModel},
		{"--threads", changed("threads") && !model && !f.ofFiles(), noModel},
		{"--float", f.float && (f.health || f.strict != ""),
			"got --health or --strict too, want one of them: floating point has no overflow to count"},
		// JSON goes to Out, where the answers would be; two documents in one stream help nobody.
		{"--json", *f.json && !f.health && (model || f.ofFiles()),
			"got no --health, want it with --health, or with the built-in example alone"},
		{"-o -", f.health && slices.Contains(f.outputs, "-"),
			"got it with --health, which goes to standard output too, want a file"},
	}); err != nil {
		return err
	}
	if changed("trace") {
		if err := checkEnding(c, "--trace", f.trace, ".npz"); err != nil {
			return err
		}
	}
	for _, name := range f.outputs {
		if name == "-" {
			continue
		}
		if err := checkEnding(c, "-o", name, hlsgo.AnswerFormats()...); err != nil {
			return err
		}
	}
	return nil
}

// ofFiles tells whether more is asked for than the summary of the built-in example.
func (f *predictFlags) ofFiles() bool {
	return f.health || f.float || f.trace != "" || len(f.outputs) > 0
}

// predictExampleFiles runs the built-in example as it would run from a folder of the user's.
func (a *app) predictExampleFiles(c *cobra.Command, f *predictFlags) error {
	config, remove, err := a.toolkit.TemporaryExample(exampleName)
	if err != nil {
		return err
	}
	defer remove()
	return a.predict(c, config, f)
}

// predictArgs wants at most one CONFIG.yml or MODEL. A word that is a value of --strict was meant for it.
func predictArgs(c *cobra.Command, args []string) error {
	if c.Flags().Changed("strict") {
		for _, value := range []string{"sat", "wrap"} {
			if slices.Contains(args, value) {
				return usage(c, "--strict: got %s behind a blank, want --strict=%[1]s", value)
			}
		}
	}
	return atMost(1, "at most one CONFIG.yml or MODEL")(c, args)
}

// predict runs a model on files.
func (a *app) predict(c *cobra.Command, path string, f *predictFlags) error {
	m, err := a.load(c, path, f.override)
	if err != nil {
		return err
	}
	if err := checkFiles(c, m, f); err != nil {
		return err
	}
	csv := a.Out
	if f.health {
		csv = nil // Out is the table's
	}
	line := a.progress("predict")
	report, err := m.PredictFiles(c.Context(), hlsgo.PredictJob{
		Inputs: f.inputs, Outputs: f.outputs, Trace: f.trace, CSV: csv, Threads: f.threads, Progress: line.update,
		Float: f.float, Health: f.health || f.strict != "", Exact: true,
	})
	line.clear()
	a.warn(m.Warnings())
	if err != nil {
		return err
	}
	// A warning and not an error: hls4ml predicts them too, and the answer is the same in every bit.
	if n := report.BadInputs; n > 0 {
		a.warn([]string{fmt.Sprintf("input: got %s that no hardware can see (NaN or infinite), "+
			"converted as the C++ does", count(n, "value"))})
	}
	if err := a.tellLayout(m); err != nil {
		return err
	}
	fmt.Fprintf(a.Err, "predicted %s in %.3g s\n", count(report.Samples, "sample"), report.Seconds)
	a.printExact(report)
	if f.health {
		if err := a.printHealth(report.Health, *f.json); err != nil {
			return err
		}
	}
	// Last, as the answers are to be there whatever it says.
	return strict(report.Health, f.strict)
}

// printExact says whether the firmware answers as the trained model; nothing of a network that was not
// trained in fixed point.
func (a *app) printExact(report hlsgo.PredictReport) {
	e := report.Exact
	if e == nil {
		return
	}
	text := "yes"
	if !e.Exact() {
		text = fmt.Sprintf("no: %s of %d differ", count(e.Different, "value"), e.Values)
		if e.Where != "" {
			text += fmt.Sprintf(", first in the quantizer %q", e.Where)
		}
		if e.Why != "" {
			text += ": " + e.Why
		}
	}
	if e.Samples < report.Samples {
		text += fmt.Sprintf(" (first %s)", count(e.Samples, "sample"))
	}
	fmt.Fprintln(a.Err, "bit-exact with the trained model:", text)
}

// checkFiles compares the number of data files with the model's inputs and outputs.
func checkFiles(c *cobra.Command, m *hlsgo.Model, f *predictFlags) error {
	if err := checkInputCount(c, f.inputs, len(m.Parsed().Inputs)); err != nil {
		return err
	}
	if k := len(m.Parsed().Outputs); len(f.outputs) > 1 && len(f.outputs) != k {
		return usage(c, "-o: got %s, want %d, one per output of the model, or one for all",
			count(len(f.outputs), "file"), k)
	}
	return nil
}
