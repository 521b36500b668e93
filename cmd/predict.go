package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/hlsgo/hlsgo"
)

const predictLong = `Predicts what the firmware of CONFIG.yml (or of a MODEL with default settings)
will answer, bit for bit, without a compiler. With no model it runs the built-in
example, handwritten digits, and shows how it did.

X is (samples, shape...) or (samples, product of shape), float32 or float64,
.npy or .dat; several inputs are several -i in the model's order, and without -i
the InputData of the configuration is read. Each y is (samples, values), in the
type of the first input. A model with k outputs takes k times -o, or one -o
y.npy that writes y_0.npy, y_1.npy ...; without -o the answers go to standard
output as CSV.

--health shows, for every tensor, how often its type wrapped, saturated or lost
values, worst first. --strict ends with exit code 3 when a type that wraps has
changed a value: of an input, a weight, a product, a finished sum, a result or a
table's index; a partial sum that comes back into range is none. --strict=sat
counts saturation as well. The answers are written all the same.`

const predictExample = `  hlsgo predict
  hlsgo predict config.yml -i X.npy -o y.npy
  hlsgo predict model.h5 -i X.npy --precision 'fixed<12,4>' > y.csv
  hlsgo predict config.yml -i X0.npy -i X1.npy -o y.npy --trace layers.npz
  hlsgo predict config.yml -i X.npy -o y.npy --health --strict`

// predictFlags are the flags of `hlsgo predict`.
type predictFlags struct {
	override        *hlsgo.Overrides
	inputs, outputs []string
	trace           string
	threads         int
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
		Args:    atMost(1, "at most one CONFIG.yml or MODEL"),
	}
	f := &predictFlags{}
	c.Flags().StringArrayVarP(&f.inputs, "input", "i", nil, "`X.npy`, one per input of the model")
	c.Flags().StringArrayVarP(&f.outputs, "output", "o", nil, "`y.npy`, one per output or one for all")
	c.Flags().StringVar(&f.trace, "trace", "", "write what every layer answers to `t.npz`")
	c.Flags().IntVar(&f.threads, "threads", 0, "threads to use (default: all cores)")
	c.Flags().BoolVar(&f.health, "health", false, "show how every tensor fares in its type")
	c.Flags().StringVar(&f.strict, "strict", "", "exit code 3 when values wrapped; =sat: or saturated")
	// --strict alone must work, so "sat" needs the equals sign: the word behind a blank would be an argument.
	c.Flags().Lookup("strict").NoOptDefVal = "wrap"
	f.json = c.Flags().Bool("json", false, "print JSON: health (with -o), or the example's results")
	f.override = addOverrides(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		if c.Flags().Changed("threads") && f.threads < 1 {
			return usage(c, "--threads: got %d, want 1 or more", f.threads)
		}
		if f.strict != "" && f.strict != "wrap" && f.strict != "sat" {
			return usage(c, "--strict: got %q, want no value, or sat", f.strict)
		}
		if len(args) == 0 {
			return a.predictExample(c, f)
		}
		// JSON goes to Out, where the answers would be without -o; two documents in one stream help nobody.
		if *f.json && (!f.health || len(f.outputs) == 0) {
			return usage(c, "--json: got a model, want --health and -o with it, or the built-in example")
		}
		return a.predict(c, args[0], f)
	}
	return c
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
	line := a.progress("predict")
	report, err := m.PredictFiles(c.Context(), hlsgo.PredictJob{
		Inputs: f.inputs, Outputs: f.outputs, Trace: f.trace, CSV: a.Out, Threads: f.threads, Progress: line.update,
		Health: f.health || f.strict != "",
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
	fmt.Fprintf(a.Err, "predicted %s in %.3g s\n", count(report.Samples, "sample"), report.Seconds)
	if f.health {
		if err := a.printHealth(report.Health, *f.json); err != nil {
			return err
		}
	}
	// Last, as the answers are to be there whatever it says.
	return strict(report, f.strict)
}

// checkFiles compares the number of data files with the model's inputs and outputs.
// After loading, as only the model knows the numbers, and still a matter of the command line: the error
// points to the help.
func checkFiles(c *cobra.Command, m *hlsgo.Model, f *predictFlags) error {
	inputs, outputs := len(m.Parsed().Inputs), len(m.Parsed().Outputs)
	switch {
	case len(f.inputs) > 0 && len(f.inputs) != inputs:
		return usage(c, "-i: got %s, want %d, one per input of the model", count(len(f.inputs), "file"), inputs)
	case len(f.outputs) > 1 && len(f.outputs) != outputs:
		return usage(c, "-o: got %s, want %d, one per output of the model, or one for all",
			count(len(f.outputs), "file"), outputs)
	}
	return nil
}

// count writes "1 sample", "2 samples".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
